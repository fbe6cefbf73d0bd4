"""Every named decision of a run: what, who, why, and what it costs, for all media."""

from __future__ import annotations

from evaluator.questions.funding.findings import OverrideStands
from evaluator.questions.funding.overrides import overrides
from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.once import once
from evaluator.report.formatting.phrases import sentence
from evaluator.report.messages import say
from evaluator.results.evaluation import Evaluation

_NOTHING = "Nothing was decided by name: the rule stands throughout."


@once
def named_decisions(evaluation: Evaluation) -> tuple[OverrideStands, ...]:
    """Return the decisions of a run, of the base as well as of changes, with what each costs.

    A decision whose cost the run has not worked out stands without it.
    """
    asked = (evaluation.extended.tables if evaluation.extended else {}).get("override_costs")
    rows = asked.table["sentence"].tolist() if asked else []
    costs = {(one.kind, one.subject): one for found in rows for one in found}
    return tuple(costs.get((one.kind, one.subject), one) for one in overrides(evaluation.study))


def by_name(evaluation: Evaluation) -> list[str]:
    """Return what was decided by name against the rule, a sentence each; that nothing was.

    Nothing at all where there is no rule to decide against.
    """
    decided, names = named_decisions(evaluation), names_of(evaluation)
    ruled = evaluation.study.parts & {"designation", "allocation"}
    return [sentence(say(one, names)) for one in decided] or ([_NOTHING] if ruled else [])
