"""Parts of a report that could not be made, in words."""

from __future__ import annotations

from evaluator.report.findings import BriefFailed, FigureFailed
from evaluator.report.formatting.names import Names
from evaluator.report.messages import message


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
