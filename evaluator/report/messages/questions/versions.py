"""What the questions over several studies find, in words."""

from __future__ import annotations

from evaluator.questions.versions import findings as kinds
from evaluator.report.formatting.names import Names
from evaluator.report.messages import message


@message(kinds.DesignationStands)
def _designation_stands(finding: kinds.DesignationStands, names: Names) -> str:
    return (
        f"the designation of {finding.scenario} stands in every scenario:"
        f" {names.words.packages_counted(finding.packages)}"
    )


@message(kinds.DesignatedByAll)
def _designated_by_all(finding: kinds.DesignatedByAll, names: Names) -> str:
    w = names.words
    return f"only {w.packages} count that every scenario designates: {finding.packages}"


@message(kinds.OneFeasibleSet)
def _one_feasible_set(finding: kinds.OneFeasibleSet, names: Names) -> str:
    w = names.words
    kept = "the limits of all" if finding.limits_of_all else "its limits"
    measure = "the objective given for it" if finding.given else "the best of that set under its"
    measure += "" if finding.given else " scores"
    return (
        f"all portfolios come from one feasible set: the {w.packages} designated, {kept}, "
        "the goals of"
        f" {finding.goals_of}; a regret is against {measure}"
    )
