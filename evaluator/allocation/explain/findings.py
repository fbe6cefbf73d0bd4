"""What an explanation finds: what capped a request, what is open, what is to be reported.

Ids are those of the study; amounts are US dollars, shares 0..1.
"""

from __future__ import annotations

from typing import Literal

from evaluator.allocation.model.findings import Stated
from evaluator.model.calendar import Reading
from evaluator.results.findings import Finding


class InFull(Finding):
    """It gets all that is eligible."""


class NoAllocation(Finding):
    """No allocation keeps every limit and override."""


class StoppedEarly(Finding):
    """The solve was stopped before any allocation was found."""


class HeldByOverride(Finding):
    """A named decision stands in the way: that this package must not be supported, or that another
    must be, or is included."""

    kind: Literal["must_not", "must", "include"]
    package: str
    because: str
    by: str
    date: str


class RequiredUnserved(Finding):
    """It is supported only with another package, which is not."""

    package: str


class SupportedInstead(Finding):
    """Of its exclusive group another package is supported."""

    rival: str
    group: str


class AlternativeServed(Finding):
    """Another tool of the same group of alternatives is served."""

    tool: str


class Tied(Finding):
    """Packages that get other amounts though they could be swapped for this one: the program would
    be the same."""

    packages: tuple[str, ...]


class LimitBinds(Finding):
    """A limit leaves no room; own: it bounds this package alone."""

    limit: str
    group: str
    own: bool


class GainsMoreElsewhere(Finding):
    """A limit leaves no room, and all that others get under it gains more there."""

    limit: str
    group: str


class LimitHoldsAtZero(Finding):
    """A limit allows nothing, for it lacks a fact."""

    limit: str
    group: str
    fact: Stated


class LimitShutsOut(Finding):
    """A limit leaves less than the least that would be of use."""

    limit: str
    group: str
    least: int


class AllowsNothing(Finding):
    """A limit whose bound is 0."""

    limit: str


class EnoughWithout(Finding):
    """Without the limit the package would be supported."""

    limit: str


class NotEnough(Finding):
    """No amount of the limit alone is enough."""

    limit: str


class CountsZero(Finding):
    """The score counts 0, so that support would add nothing."""


class MinimumSupport(Finding):
    """So much would be needed at once, a share of all that the package may get."""

    least: int
    share: float


class HeldBackForGoals(Finding):
    """Goals would be missed by more, each a limit and the group that it is for."""

    goals: tuple[tuple[str, str], ...]


class WithinGap(Finding):
    """It was left out within the gap of the solve."""


class OtherSolver(Finding):
    """Another solver answered than was asked for, which is not installed."""

    asked: str
    used: str


class NotProven(Finding):
    """The allocation is the best that was found; a better one is not excluded."""

    gap: float
    """To the bound, relative to the points gained."""
    seconds: float | None
    """After which the solver was stopped; None where it ended without a bound within the gap."""


class CutByTime(Finding):
    """What the time limit cut short, beside the search for something better."""

    parts: tuple[Literal["ties", "amounts", "prices", "conflicts"], ...]
    seconds: float


class GapLeft(Finding):
    """Whole dollars and ties leave a gap to the bound, relative to the objective."""

    gap: float


class NoticeDue(Finding):
    """Commitments above a threshold of notice: by group, the amount and the threshold.

    fact: what a threshold lacks, where it is not known. reached: whether a commitment of just the
    threshold counts as well.
    """

    notice: str
    citation: str
    amounts: tuple[tuple[str, float, float | None], ...]
    fact: Stated | None
    reached: bool


class NotInTime(Finding):
    """Amounts whose notices may need more days than an institution's authority has left.

    late, timely, unknown: the readings of its clocks by which they cannot, and can, be acted on in
    time, and by which that is not known. Nothing is taken from the amounts.
    """

    institution: str
    start: str
    """The day from which the clocks run of which a package states no day of its own."""
    lapses_on: str
    packages: tuple[tuple[str, int], ...]
    """With what the institution is to give each of them."""
    late: tuple[Reading, ...]
    timely: tuple[Reading, ...]
    unknown: tuple[Reading, ...]


class OnlyTogether(Finding):
    """More of a limit gains nothing unless others are raised as well."""

    limits: tuple[tuple[str, str], ...]
    """Those others: limit, and the group that it bounds."""
    gain: float
    """Points gained by a dollar more of each of them and of the limit itself."""
