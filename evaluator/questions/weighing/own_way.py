"""What would change if one agency had all the influence: ranked, designated and allocated again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from evaluator.allocation.variations import Answer, answered, begun_from, listed, moved, silent
from evaluator.errors import EvaluatorError
from evaluator.progress import Progress
from evaluator.questions.question import Question
from evaluator.questions.sweep.judging import judge, setting_of
from evaluator.questions.sweep.lines import Cases, case_of
from evaluator.questions.weighing.tables import OWN_WAY
from evaluator.results.evaluation import Allocated, Evaluation, ExtendedTable


def own_way(scored: Allocated, progress: Progress = silent) -> pd.DataFrame:
    """Return `OWN_WAY`, by agency, what would change if it alone had influence.

    Floors, named decisions, limits and the money stay; packages are ranked by the study's method,
    designated and allocated anew. Against the allocation of `scored`, which has to exist.
    """
    agencies = [str(agency) for agency in scored.influence.index]
    alone = [{other: float(other == agency) for other in agencies} for agency in agencies]
    return OWN_WAY.frame(_rows(scored, agencies, alone, progress))


def _rows(
    scored: Allocated,
    agencies: list[str],
    alone: list[dict[str, float]],
    progress: Progress,
) -> Iterator[dict[str, object]]:
    cases: Cases = {}
    for agency, judged in zip(
        agencies, judge(setting_of(scored.study, scored), alone), strict=True
    ):
        progress(f"by {agency} alone")
        then, now = set(scored.designated), set(judged.row["designated"])
        row = {
            "agency": agency,
            "entered": listed(now - then),
            "left": listed(then - now),
            **dict.fromkeys(("funded_in", "funded_out"), ()),
            "moved_usd": None,
        }
        try:
            answer = answered(begun_from(case_of(judged, cases), scored.allocation.amounts))
        except EvaluatorError:
            yield {**row, "status": "no_solution"}
        else:
            yield {**row, **_money(scored, answer), "status": answer.status}


def _money(scored: Allocated, answer: Answer) -> dict[str, object]:
    if not answer.found:
        return {}
    then, now = set(scored.allocation.supported), set(answer.supported)
    return {
        "funded_in": listed(now - then),
        "funded_out": listed(then - now),
        "moved_usd": moved(scored.allocation.amounts, answer.table),
    }


def _answer(evaluation: Evaluation, progress: Progress) -> Mapping[str, ExtendedTable]:
    return {"own_way": ExtendedTable((), own_way(evaluation, progress))}


QUESTION = Question("own_way", _answer, part="agencies")
