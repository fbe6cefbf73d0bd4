"""Over which influence of each agency the same packages are funded, by solving again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pandas as pd

from evaluator.allocation.variations import begun_from, funded, silent
from evaluator.progress import Progress
from evaluator.questions.question import Question
from evaluator.questions.sweep.judging import judge, setting_of
from evaluator.questions.sweep.lines import Cases, case_of
from evaluator.questions.weighing.findings import SharesMoveInProportion
from evaluator.questions.weighing.tables import FUNDED_STABILITY
from evaluator.results.evaluation import Allocated, Evaluation, ExtendedTable
from evaluator.uncertainty.stability import in_proportion, standing_by_solving

_STEP, _TOLERANCE = 0.05, 0.01


def funded_stability(scored: Allocated, progress: Progress = silent) -> pd.DataFrame:
    """Return, by agency, the interval of its influence over which the funded set is today's.

    An agency's share moves, the others in proportion, and the packages are ranked by the study's
    method, designated and allocated anew: outward in steps of 0.05, then halved to 0.01, so that a
    change within a step may go unseen. differs_below and differs_above: the nearest share at which
    another set is funded, missing where there is none. No row where there is one agency, whose
    influence cannot move.
    """
    agencies, shares = list(map(str, scored.influence.index)), scored.influence.to_numpy()
    setting, cases = setting_of(scored.study, scored), Cases()
    rows: list[dict[str, object]] = []

    def funded_at(position: int, share: float) -> tuple[str, ...]:
        moved = in_proportion(shares, position, share).tolist()
        (judged,) = judge(setting, [dict(zip(agencies, moved, strict=True))])
        return funded(begun_from(case_of(judged, cases), scored.allocation.amounts))

    for position, agency in enumerate(agencies if len(agencies) > 1 else []):
        progress(f"funded set: {agency}, {position + 1} of {len(agencies)}")
        standing = standing_by_solving(
            partial(funded_at, position), float(shares[position]), step=_STEP, tolerance=_TOLERANCE
        )
        rows.append(
            {
                "agency": agency,
                "present": float(shares[position]),
                "low": standing.lower,
                "high": standing.upper,
                "differs_below": standing.lower_differs,
                "differs_above": standing.upper_differs,
                "solves": standing.solves,
            }
        )
    return FUNDED_STABILITY.frame(rows)


def _answer(evaluation: Evaluation, progress: Progress) -> Mapping[str, ExtendedTable]:
    table = funded_stability(evaluation, progress)
    rules = (SharesMoveInProportion(_STEP, _TOLERANCE),)
    return {"funded_stability": ExtendedTable(rules, table)}


QUESTION = Question("funded_stability", _answer, part="agencies")
