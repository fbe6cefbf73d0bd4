"""What the questions find, beside their tables: how it was found, what is left out, what failed."""

from __future__ import annotations

from evaluator.results.findings import Finding


class QuestionFailed(Finding):
    """A question without an answer; the run stands."""

    question: str
    error: str
    """The kind of error; empty for one that says what to do."""
    reason: str


class NothingStands(Finding):
    """Nothing is compared, since there is no allocation to compare with."""

    status: str


class ClocksFrom(Finding):
    """The day from which clocks of notices run, unless a package states one of its own."""

    day: str


class ToldAmounts(Finding):
    """Of a notice: the dollars of each of its tools."""

    amounts: tuple[tuple[str, int], ...]


class ToldTitle(Finding):
    """Of a notice: the title of a package."""

    package: str


class ToldEntities(Finding):
    """Of a notice: who is behind a package."""

    entities: tuple[str, ...]


class ToldCountries(Finding):
    """Of a notice: where a package goes."""

    countries: tuple[str, ...]


class ToldFact(Finding):
    """Of a notice: a fact of a package, by its column."""

    column: str
    value: bool | float | str


class ToldNothing(Finding):
    """Of a notice: what it has to tell is missing, for a reason."""

    of: str
    because: str


class StrategyMet(Finding):
    """How many targets a strategy has, and which of them no priority package reaches, by name."""

    targets: int
    uncovered: tuple[str, ...]
