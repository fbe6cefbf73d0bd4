"""Parts of a report that could not be made, in words."""

from __future__ import annotations

from evaluator.letters import called
from evaluator.report.findings import BriefFailed, FigureFailed, LettersWithoutFont
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
    shown = ", ".join(f"{letter} ({called(letter)})" for letter in finding.letters[:_SHOWN])
    more = len(finding.letters) - _SHOWN
    return (
        f"no font of this system sets {shown}{f' and {more:,} more letters' if more > 0 else ''}: "
        "the brief and figures show boxes; install a font that has them, such as Noto"
    )
