"""Over which influence of each agency the same packages are funded, by solving again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from evaluator.allocation.variations import silent
from evaluator.model.study import Study
from evaluator.pipeline import evaluate
from evaluator.progress import Progress
from evaluator.questions.findings import SharesMoveInProportion
from evaluator.questions.question import Question
from evaluator.questions.tables import FUNDED_STABILITY
from evaluator.results.evaluation import Evaluation, ExtendedTable
from evaluator.uncertainty.stability import in_proportion, standing_by_solving

_STEP, _TOLERANCE = 0.05, 0.01


def funded_stability(
    study: Study, influence: Mapping[str, float], progress: Progress = silent
) -> pd.DataFrame:
    """Return, by agency, the interval of its influence over which the funded set is today's.

    influence: by agency, summing to 1. Its share moves, the others in proportion, and the study is
    scored, designated and allocated anew by the method that ranks: outward in steps of 0.05, then
    halved to 0.01, so that a change within a step may go unseen. differs_below and differs_above:
    the nearest share at which another set is funded, missing where there is none. No row where
    there is one agency, whose influence cannot move.
    """
    agencies, shares = list(influence), np.array(list(influence.values()))
    rows: list[dict[str, object]] = []

    def funded(position: int, share: float) -> tuple[str, ...]:
        moved = in_proportion(shares, position, share).tolist()
        by_agency = dict(zip(agencies, moved, strict=True))
        return evaluate(study.with_influence(by_agency), only="allocation").allocation.supported

    for position, agency in enumerate(agencies if len(agencies) > 1 else []):
        progress(f"funded set: {agency}, {position + 1} of {len(agencies)}")
        standing = standing_by_solving(
            partial(funded, position), float(shares[position]), step=_STEP, tolerance=_TOLERANCE
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
    shares = {str(agency): float(share) for agency, share in evaluation.influence.items()}
    table = funded_stability(evaluation.study, shares, progress)
    rules = (SharesMoveInProportion(_STEP, _TOLERANCE),)
    return {"funded_stability": ExtendedTable(rules, table)}


QUESTION = Question("funded_stability", _answer)
