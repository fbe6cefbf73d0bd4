"""What the certificate finds broken, and by how much.

Ids are those of the study; amounts are US dollars.
"""

from __future__ import annotations

from typing import Literal

from evaluator.results.findings import Finding


class OtherTable(Finding):
    """The table's packages or tools are not those of the study; some that differ."""

    what: Literal["packages", "tools"]
    differing: tuple[str, ...]


class NoWholeDollars(Finding):
    """Amounts of a tool are not whole."""

    tool: str


class AmountBelowZero(Finding):
    """An amount of a tool is below 0."""

    tool: str


class GivenUndesignated(Finding):
    """A package that is not designated gets an amount."""

    package: str
    tool: str
    amount: int


class GivenUnasked(Finding):
    """A package gets an amount of a tool that it does not ask for."""

    package: str
    tool: str
    amount: int


class OverEligible(Finding):
    """An amount is above what is eligible."""

    package: str
    tool: str
    amount: int
    most: int


class UnderMinimum(Finding):
    """An amount is above 0 and below its minimum."""

    package: str
    tool: str
    amount: int
    least: int


class WithoutRequired(Finding):
    """A package is supported without one that it requires."""

    package: str
    other: str


class ExclusiveTogether(Finding):
    """Packages of one exclusive group are supported together."""

    group: str
    packages: tuple[str, ...]


class AlternativesTogether(Finding):
    """Alternatives of a package are served together."""

    package: str
    group: str
    tools: tuple[str, ...]


class UnderMinimumSupport(Finding):
    """A supported package gets less in all than it needs."""

    package: str
    amount: int
    least: float


class MustUnmet(Finding):
    """A package that must be supported gets less than it must."""

    package: str
    amount: int
    least: int


class MustNotBroken(Finding):
    """A package that must not be supported gets something."""

    package: str
    amount: int


class LimitBroken(Finding):
    """The amounts under a limit are beyond its bound; None: a bound that is not known."""

    limit: str
    group: str
    sense: Literal["at_most", "at_least"]
    amount: float
    bound: float | None
    by: float
