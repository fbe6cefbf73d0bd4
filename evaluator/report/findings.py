"""What of a report could not be made; the run stands."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.results.findings import Finding


@dataclass(frozen=True)
class FigureFailed(Finding):
    """A figure that could not be drawn."""

    figure: str
    error: str
    """The kind of error; empty for one that says what to do."""
    reason: str


@dataclass(frozen=True)
class BriefFailed(Finding):
    """A brief that could not be set."""

    error: str
    """The kind of error; empty for one that says what to do."""
    reason: str
