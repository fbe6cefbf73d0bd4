"""What is to be known of how an allocation was solved, in words."""

from __future__ import annotations

from evaluator.allocation.explain.findings import CutByTime, NotProven, OtherSolver
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import general
from evaluator.report.messages import message


@message(OtherSolver)
def _other_solver(finding: OtherSolver, names: Names) -> str:
    return f"{finding.asked} was asked for and is not installed: {finding.used} gave the answer"


@message(NotProven)
def _not_proven(finding: NotProven, names: Names) -> str:
    why = "no bound within the gap is known"
    if finding.seconds is not None:
        why = f"the solver was stopped after {general(finding.seconds, 3)} s"
    by = f"by up to {general(finding.gap, 2)} of the points gained"
    return f"{why}: a better allocation is not excluded, {by}"


_CUT = {
    "ties": "allocations as good with a lower subsidy cost were not looked for to the end",
    "amounts": "the amounts may not be the best for the {packages} chosen",
    "prices": "prices of some limits are not known",
    "conflicts": "more than what is told may stand in the way",
}


@message(CutByTime)
def _cut_by_time(finding: CutByTime, names: Names) -> str:
    told = "; ".join(names.words.fill(_CUT[part]) for part in finding.parts)
    return f"the time limit of {general(finding.seconds, 3)} s ended some of the work: {told}"
