"""Over which influence of each agency the same packages are funded, by solving again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial

import pandas as pd

from evaluator.allocation.explain.reasons import supported
from evaluator.allocation.variations import Case, begun_from, best, silent
from evaluator.progress import Progress
from evaluator.questions.question import Question
from evaluator.questions.sweep.judging import Judged, judge, setting_of
from evaluator.questions.sweep.lines import Cases, between, case_of
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

    Where somebody who is funded today is not designated, another set is funded: nothing is solved.
    Where today's amounts are optimal at the last share that designates as today does, they are so
    on the way there, as far as scores move in a straight line (`sweep.lines`).
    """
    agencies, shares = list(map(str, scored.influence.index)), scored.influence.to_numpy()
    setting, cases, today = setting_of(scored.study, scored), Cases(), scored.allocation.supported
    sure = scored.allocation.status == "optimal" and not scored.allocation.cut_by_time

    @cache
    def at(position: int, share: float) -> Judged:
        moved = in_proportion(shares, position, share).tolist()
        (judged,) = judge(setting, [dict(zip(agencies, moved, strict=True))])
        return judged

    def designated_at(position: int, share: float) -> tuple[str, ...]:
        designated: tuple[str, ...] = at(position, share).row["designated"]
        return designated

    def begun(position: int, share: float) -> Case:
        return begun_from(case_of(at(position, share), cases), scored.allocation.amounts)

    def same(position: int, share: float) -> bool:
        case = begun(position, share)
        found = best(case)
        return found.proven and found.amounts == case.start

    def funded_at(position: int, span: tuple[float, float], share: float) -> tuple[str, ...]:
        designated = designated_at(position, share)
        if not {*today} <= {*designated}:
            return designated
        if sure and between(*(at(position, one) for one in (*span, share))):
            return today
        case = begun(position, share)
        return tuple(sorted(supported(case.compiled, best(case).amounts)))

    rows: list[dict[str, object]] = []
    for position, agency in enumerate(agencies if len(agencies) > 1 else []):
        progress(f"funded set: {agency}, {position + 1} of {len(agencies)}")
        present = float(shares[position])
        stands = partial(standing_by_solving, present=present, step=_STEP, tolerance=_TOLERANCE)
        alike = stands(partial(designated_at, position))
        low, high = (
            end if sure and end != present and same(position, end) else present
            for end in (alike.lower, alike.upper)
        )
        standing = stands(partial(funded_at, position, (low, high)))
        rows.append(
            {
                "agency": agency,
                "present": present,
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
