"""What the questions on weights find, in words."""

from __future__ import annotations

from evaluator.questions.weighing import findings as kinds
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import general
from evaluator.report.messages import message


@message(kinds.SharesMoveInProportion)
def _in_proportion(finding: kinds.SharesMoveInProportion, names: Names) -> str:
    w = names.words
    return (
        f"each {w.agency}'s influence moves, the others in proportion, and everything is "
        "solved again:"
        f" outward in steps of {general(finding.step, 3)}, then halved to"
        f" {general(finding.tolerance, 3)}; a change within a step may go unseen"
    )
