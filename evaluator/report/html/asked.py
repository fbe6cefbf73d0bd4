"""What the folds below the first screen need: an answer each to what leaders ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evaluator.report.viewmodel.agencies.objections import objected
from evaluator.report.viewmodel.decision.before_money import before_money
from evaluator.report.viewmodel.decision.contested import contested
from evaluator.report.viewmodel.decision.leadership import more_money
from evaluator.report.viewmodel.decision.rests import weak_kinds
from evaluator.report.viewmodel.money.envelope import matrix
from evaluator.results.evaluation import Evaluation


def asked(evaluation: Evaluation) -> Mapping[str, Any]:
    """Return the context of `sections/asked.html.j2`."""
    return {
        "matrix": matrix(evaluation),
        "contested": contested(evaluation),
        "more": more_money(evaluation),
        "full": evaluation.study.scenario.extent == "full",
        "titles": evaluation.ranking["title"],
        "objected": objected(evaluation),
        "before": before_money(evaluation),
        "weak": weak_kinds(evaluation),
    }
