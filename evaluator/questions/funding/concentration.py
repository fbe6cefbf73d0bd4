"""The Pareto frontier of the objective against concentration on one group."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from evaluator.allocation.model.columns import Column
from evaluator.allocation.model.exact.rows import total
from evaluator.allocation.model.limits.families import Terms
from evaluator.allocation.model.program import Floats, Program, with_objective_at_least
from evaluator.allocation.model.variation import with_limit
from evaluator.allocation.variations import Answer, Case, answered, prepare, silent
from evaluator.errors import UsageError, did_you_mean
from evaluator.model.financing import Limit, ShareOf, SumOf
from evaluator.model.study import Study
from evaluator.progress import Progress
from evaluator.questions.funding.findings import BestUnderShareCaps
from evaluator.questions.funding.frontiers import MADE, Found, Frontier, capped, enough, frontier_of
from evaluator.questions.funding.tables import FRONTIER_CONCENTRATION
from evaluator.questions.question import Question
from evaluator.results.evaluation import Evaluation, ExtendedTable

_PER = ("bloc", "country", "entity", "anchor", "package")
_GRAIN = 1_000_000
"""Caps are whole millionths."""
_ROUNDS = 20


def concentration_frontier(
    study: Study,
    scores: Mapping[str, float],
    designated: Collection[str],
    per: str = "bloc",
    points: int = 12,
    step: float | None = None,
    progress: Progress = silent,
) -> Frontier:
    """Return the Pareto frontier of objective against the largest share of one group.

    per: bloc, country, entity, anchor, package, or a text column of packages. The share is of all
    dollars given, so a cap on it is linear: what each group gets is at most so much of the total.
    The epsilon-constraint method (Haimes, Lasdon & Wismer 1971) over a falling cap; at each
    point's objective the least share is then found by the algorithm for the largest of several
    ratios (Crouzeix, Ferland & Schaible 1985), so that no point is dominated or found twice.
    step: least difference between neighbours, in place of a number of points, a millionth or more.
    The frontier ends where a lower cap would leave nothing to give.

    Raises ValueError for fewer than 2 points or a step too small, UsageError for an unknown group
    and where the scenario ignores all limits of law.
    """
    enough(points, step, 1 / _GRAIN)
    _known(study, per)

    def under(cap: int) -> Case:
        return prepare(with_limit(study, _limit(per, cap))[0], scores, designated)

    case = under(_GRAIN)
    groups = _groups(case, with_limit(study, _limit(per, _GRAIN))[1])
    width = _up(Fraction(step).limit_denominator(10**9)) if step is not None else 0
    found = [_spread(case, answered(case), groups, under, None)]
    if not width:
        least = Fraction(1, max(1, len(groups)))
        width = max(1, _up((Fraction(found[0].cost) - least) / (points - 1)))
    while found[-1].answer.solved and found[-1].cost * _GRAIN > width:
        cap = _up(Fraction(found[-1].cost)) - width
        progress(f"share of one {per} of at most {cap / _GRAIN:.2%}")
        lower = under(cap)
        answer = answered(lower)
        if not answer.supported:
            break
        found.append(_spread(lower, answer, groups, under, cap / _GRAIN))
    rule = BestUnderShareCaps(per, width / _GRAIN)
    return frontier_of(FRONTIER_CONCENTRATION, f"concentration by {per}", case, found, rule)


def _known(study: Study, per: str) -> None:
    texts = [one.id for one in study.package_attributes if one.type == "text"]
    if per not in (*_PER, *texts):
        raise UsageError(f"no group '{per}'. {did_you_mean(per, [*_PER, *texts])}")


def _limit(per: str, cap: int) -> Limit:
    """Return the limit that no group gets more than so many millionths of all dollars."""
    return Limit(
        id="concentration",
        label=f"Cap on the share of one {per}",
        kind="law",
        tools=("*",),
        per=per,
        at_most=ShareOf(share=cap / _GRAIN, of=SumOf(tools=("*",))),
        citation=MADE,
    )


def _groups(case: Case, name: str) -> Mapping[str, Terms]:
    if case.compiled.layout.pairs:
        capped(case, name)
    return {row.group: row.left for row in case.compiled.limits if row.limit == name and row.left}


def _largest(groups: Mapping[str, Terms], amounts: Sequence[int]) -> tuple[Fraction, str]:
    """Return the greatest share of one group in all dollars given, and the group."""
    given = sum(amounts)
    if not given or not groups:
        return Fraction(0), ""
    shares = {group: Fraction(total(left, amounts)) / given for group, left in groups.items()}
    group = max(shares, key=lambda one: shares[one])
    return shares[group], group


def _up(share: Fraction) -> int:
    return math.ceil(share * _GRAIN)


def _spread(
    case: Case,
    answer: Answer,
    groups: Mapping[str, Terms],
    under: Callable[[int], Case],
    cap: float | None,
) -> Found:
    """Return an answer of the least largest share that keeps the objective of the one given."""
    if answer.solved and answer.supported:
        largest, _ = _largest(groups, answer.amounts)
        least = _least_share(case, answer, groups, float(largest))
        trial = answered(under(least)) if least < _up(largest) else answer
        answer = trial if trial.supported else answer
    largest, group = _largest(groups, answer.amounts)
    about = (("largest_share", float(largest)), ("largest_group", group))
    return Found(answer, largest, cap, about)


def _least_share(case: Case, answer: Answer, groups: Mapping[str, Terms], share: float) -> int:
    """Return the least cap, in millionths, under which the objective can be kept."""
    count = len(case.compiled.layout.pairs)
    uses = np.zeros((len(groups), count))
    for row, left in enumerate(groups.values()):
        uses[row, list(left)] = [float(use) for use in left.values()]
    kept = -answer.objective + max(case.tie, 1e-9) * max(1.0, answer.gained)
    within = with_objective_at_least(case.compiled.program, kept)
    for _ in range(_ROUNDS):
        point = case.solver(_room(within, uses - share), case.settings)
        if not point.found:
            break
        amounts = point.values[:count]
        now = float((uses @ amounts).max() / max(amounts.sum(), 1e-12))
        if now > share - 0.5 / _GRAIN:
            break
        share = now
    return math.ceil(round(share * _GRAIN, 3))


def _room(program: Program, uses: Floats) -> Program:
    """Return the program that seeks the most room under the caps, the same for every group."""
    groups, count = uses.shape
    column = len(program.cost)
    coefficients = np.hstack([uses, np.ones((groups, 1))])
    index = np.tile(np.append(np.arange(count), column), (groups, 1))
    ends = program.starts[-1] + (count + 1) * np.arange(1, groups + 1)
    return replace(
        program,
        columns=(*program.columns, Column("missed", "room")),
        cost=np.append(np.zeros(column), -1.0),
        subsidy=np.append(program.subsidy, 0.0),
        lower=np.append(program.lower, 0.0),
        upper=np.append(program.upper, np.inf),
        integer=np.append(program.integer, False),
        starts=np.append(program.starts, ends).astype(np.int32),
        index=np.append(program.index, index.ravel()).astype(np.int32),
        value=np.append(program.value, coefficients.ravel()),
        row_lower=np.append(program.row_lower, np.full(groups, -np.inf)),
        row_upper=np.append(program.row_upper, np.zeros(groups)),
    )


def _answer(evaluation: Evaluation, progress: Progress) -> Mapping[str, ExtendedTable]:
    frontier = concentration_frontier(
        evaluation.study, evaluation.scores, evaluation.designated, progress=progress
    )
    return {"frontier_concentration": ExtendedTable((frontier.rule,), frontier.points)}


QUESTION = Question("concentration_frontier", _answer, part="countries")
