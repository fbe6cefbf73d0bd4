"""Over which influence of each agency the same packages are funded, by solving again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

import pandas as pd

from evaluator.allocation.explain.reasons import supported
from evaluator.allocation.variations import Best, Case, begun_from, best, silent
from evaluator.progress import Progress
from evaluator.questions.question import Question
from evaluator.questions.sweep.judging import Judged, Setting, judge, setting_of
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
    setting, cases = setting_of(scored.study, scored), Cases()
    rows: list[dict[str, object]] = []
    for position, agency in enumerate(agencies if len(agencies) > 1 else []):
        progress(f"funded set: {agency}, {position + 1} of {len(agencies)}")
        present, line = float(shares[position]), _Line(scored, setting, cases, position)
        standing_of = partial(
            standing_by_solving, present=present, step=_STEP, tolerance=_TOLERANCE
        )
        alike = standing_of(line.designated)
        low, high = (
            end if end != present and line.stands(end) else present
            for end in (alike.lower, alike.upper)
        )
        standing = standing_of(partial(line.funded, low, high))
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


@dataclass(frozen=True, eq=False)
class _Line:
    """Scenarios in which one agency's share moves, the others in proportion."""

    scored: Allocated
    setting: Setting
    cases: Cases
    position: int
    judged: dict[float, Judged] = field(default_factory=dict)
    """Those looked at so far."""

    def at(self, share: float) -> Judged:
        if share not in self.judged:
            influence = self.scored.influence
            moved = in_proportion(influence.to_numpy(), self.position, share).tolist()
            shares = dict(zip(map(str, influence.index), moved, strict=True))
            (self.judged[share],) = judge(self.setting, [shares])
        return self.judged[share]

    def designated(self, share: float) -> tuple[str, ...]:
        found: tuple[str, ...] = self.at(share).row["designated"]
        return found

    def best(self, share: float) -> tuple[Case, Best]:
        case = case_of(self.at(share), self.cases)
        case = begun_from(case, self.scored.allocation.amounts)
        return case, best(case)

    @property
    def sure(self) -> bool:
        """Whether today's amounts are known to be optimal today."""
        today = self.scored.allocation
        return today.status == "optimal" and not today.cut_by_time

    def stands(self, share: float) -> bool:
        """Whether today's amounts are optimal at a share that designates as today does."""
        if not self.sure:
            return False
        case, found = self.best(share)
        return found.proven and found.amounts == case.start

    def funded(self, low: float, high: float, share: float) -> tuple[str, ...]:
        """Return who is funded at a share; today's amounts are optimal at the low and high one."""
        today, designated = self.scored.allocation.supported, self.designated(share)
        if not {*today} <= {*designated}:
            return designated
        if self.sure and between(self.at(low), self.at(high), self.at(share)):
            return today
        case, found = self.best(share)
        return tuple(sorted(supported(case.compiled, found.amounts)))


def _answer(evaluation: Evaluation, progress: Progress) -> Mapping[str, ExtendedTable]:
    table = funded_stability(evaluation, progress)
    rules = (SharesMoveInProportion(_STEP, _TOLERANCE),)
    return {"funded_stability": ExtendedTable(rules, table)}


QUESTION = Question("funded_stability", _answer, part="agencies")
