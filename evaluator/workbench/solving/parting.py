"""Where agencies part and what is open in the ratings, worked out where it is solved."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.questions.weighing.open_ratings import OpenRating, open_ratings
from evaluator.questions.weighing.parting import Parting, met, parting, side_against
from evaluator.report.viewmodel.agencies.views import SPLIT
from evaluator.workbench.solving.effect import Effect, effect
from evaluator.workbench.solving.keeping import Kept, Values
from evaluator.workbench.solving.standing import stood

_SOLVED = 6
"""Open values whose amounts are solved at both ends: a second or two."""
_SHARES = "influence.shares"


@dataclass(frozen=True)
class PartingOf:
    """Asks where an agency parts from another, or from the others together."""

    values: Values
    one: str
    other: str

    def answer(self, kept: Kept) -> Parting:
        """Return it. Raises UsageError for agencies that there are not."""
        return parting(kept.allocated(self.values), self.one, self.other)


@dataclass(frozen=True)
class SidesOf:
    """Asks what the second side alone would do against the first alone."""

    values: Values
    one: str
    other: str

    def answer(self, kept: Kept) -> Effect:
        """Return it. Raises SolverError."""
        influence = kept.allocated(self.values).influence
        theirs = side_against(influence, self.one, self.other).to_dict()
        nothing = dict.fromkeys(map(str, influence.index), 0.0)
        sides = (nothing | {self.one: 1.0}, nothing | theirs)
        one, other = (stood(kept.allocated({**self.values, _SHARES: side})) for side in sides)
        return effect(one, other, kept.titles)


@dataclass(frozen=True)
class MetOf:
    """Asks what comes of it where two sides meet half-way on a criterion."""

    values: Values
    one: str
    other: str
    criterion: str

    def answer(self, kept: Kept) -> Effect:
        """Return it. Raises UsageError for a criterion that there is not, SolverError."""
        now = kept.allocated(self.values)
        after = met(now, self.one, self.other, self.criterion)
        return effect(stood(now), stood(after), kept.titles)


@dataclass(frozen=True)
class OpenOf:
    """Asks what is missing or split in the ratings, and what hangs on it."""

    values: Values

    def answer(self, kept: Kept) -> tuple[OpenRating, ...]:
        """Return it. Raises SolverError."""
        return open_ratings(kept.allocated(self.values), SPLIT, _SOLVED)
