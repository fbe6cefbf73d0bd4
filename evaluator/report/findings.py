"""What of a report could not be made; the run stands."""

from __future__ import annotations

from evaluator.results.findings import Finding


class FigureFailed(Finding):
    """A figure that could not be drawn."""

    figure: str
    error: str
    """The kind of error; empty for one that says what to do."""
    reason: str


class BriefFailed(Finding):
    """A brief that could not be set."""

    error: str
    """The kind of error; empty for one that says what to do."""
    reason: str


class LettersWithoutFont(Finding):
    """No font of the system sets these letters; figures and brief have boxes in their place."""

    letters: tuple[str, ...]


class DocumentsWithoutFont(Finding):
    """No font of the system sets these letters; documents in PDF have boxes in their place."""

    letters: tuple[str, ...]
