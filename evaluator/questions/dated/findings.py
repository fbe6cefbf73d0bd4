"""What the questions on law by date find."""

from __future__ import annotations

from evaluator.results.findings import Finding


class Standing(Finding):
    """Whether a limit, a requirement or an authority is in force."""

    in_force: bool


class FactsDiffer(Finding):
    """The countries of which a fact changes."""

    column: str
    countries: tuple[str, ...]


class ToldOfLimit(Finding):
    """What is told of a limit."""

    limit: str
    told: Finding


class ValueUntold(Finding):
    """What moves with a value is not known: solving again failed."""

    error: str
    """The kind of error; empty for one that says what to do."""
    reason: str


class StandingOn(Finding):
    """The day on which values are said to be in force, past or ahead."""

    day: str


class NotRead(Finding):
    """Values are told that were not read in their source."""
