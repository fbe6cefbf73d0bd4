"""Parts of a report that could not be made, in words."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.letters import called
from evaluator.report.findings import (
    BriefFailed,
    DocumentsWithoutFont,
    FigureFailed,
    LettersWithoutFont,
)
from evaluator.report.formatting.names import Names
from evaluator.report.messages import message

_SHOWN = 5


def because(error: str, reason: str) -> str:
    """Return why a part of a run is not there."""
    return f"{error}: {reason}" if error else reason


@message(FigureFailed)
def _figure(finding: FigureFailed, names: Names) -> str:
    what = finding.figure.replace("_", " ")
    return f"the figure '{what}' could not be drawn: {because(finding.error, finding.reason)}"


@message(BriefFailed)
def _brief(finding: BriefFailed, names: Names) -> str:
    return f"the brief could not be set: {because(finding.error, finding.reason)}"


@message(LettersWithoutFont)
def _letters(finding: LettersWithoutFont, names: Names) -> str:
    return _unset(finding.letters, "the brief and figures show boxes")


@message(DocumentsWithoutFont)
def _documents(finding: DocumentsWithoutFont, names: Names) -> str:
    return _unset(finding.letters, "the PDF shows boxes")


def _unset(letters: Sequence[str], boxes: str) -> str:
    shown = ", ".join(f"{letter} ({called(letter)})" for letter in letters[:_SHOWN])
    more = len(letters) - _SHOWN
    return (
        f"no font of this system sets {shown}{f' and {more:,} more letters' if more > 0 else ''}: "
        f"{boxes}; install a font that has them, such as Noto"
    )
