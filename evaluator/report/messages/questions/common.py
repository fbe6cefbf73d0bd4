"""What a question finds whatever it asks, in words; each room of questions has a file."""

from __future__ import annotations

from evaluator.questions import findings as kinds
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.phrases import ENDED
from evaluator.report.messages import message
from evaluator.report.messages.failures import because


@message(kinds.QuestionFailed)
def _failed(finding: kinds.QuestionFailed, names: Names) -> str:
    what = finding.question.replace("_", " ")
    return f"the question '{what}' has no answer: {because(finding.error, finding.reason)}"


@message(kinds.NothingStands)
def _nothing_stands(finding: kinds.NothingStands, names: Names) -> str:
    return f"nothing is compared, for nothing stands: {ENDED[finding.status]}"
