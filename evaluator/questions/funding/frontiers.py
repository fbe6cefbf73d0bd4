"""Pareto frontiers: the objective against subsidy cost, or against another cost."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import pandas as pd

from evaluator.allocation.model.reserve import committed_now
from evaluator.allocation.model.variation import rows_of, with_limit, with_most
from evaluator.allocation.variations import (
    Answer,
    Case,
    answered,
    begun_from,
    broken,
    described,
    of_study,
    prepare,
    silent,
)
from evaluator.errors import UsageError
from evaluator.model.base import Citation
from evaluator.model.financing import Limit
from evaluator.model.study import Study
from evaluator.progress import Progress
from evaluator.questions.funding.findings import BestUnderSubsidyCaps
from evaluator.questions.funding.tables import FRONTIER_SUBSIDY
from evaluator.questions.question import Question
from evaluator.results.evaluation import Evaluation, ExtendedTable, Status
from evaluator.results.findings import Finding, Findings
from evaluator.results.schema import Table

MADE = Citation(title="Cap of a frontier", confidence="illustrative")
_MOST = 10**15
"""USD: more than any subsidy."""


@dataclass(frozen=True)
class Frontier:
    """Allocations none of which is better on one count without being worse on the other."""

    against: str
    """What the objective is weighed against."""
    status: Status
    """Of the allocation without a cap."""
    points: pd.DataFrame
    """One row a point, the best objective first: cap (missing at the first), objective, share (of
    the best objective), for concentration largest_share and largest_group, given_usd,
    subsidy_usd, supported, entered, left (since the row before), status, gap."""
    allocations: tuple[pd.DataFrame, ...]
    """By row of points: whole dollars, packages x tools."""
    certificate: Findings
    """Limits and caps that any of the allocations breaks; empty when all hold."""
    rule: Finding
    """How the points were found."""


@dataclass(frozen=True)
class Found:
    """An answer on the way to a frontier."""

    answer: Answer
    cost: Fraction | int
    """What it is judged by beside the objective, exactly."""
    cap: float | None = None
    about: tuple[tuple[str, object], ...] = ()
    """More columns of its row."""


def subsidy_frontier(
    study: Study,
    scores: Mapping[str, float],
    designated: Collection[str],
    points: int = 12,
    step_usd: int | None = None,
    progress: Progress = silent,
) -> Frontier:
    """Return the Pareto frontier of objective against subsidy cost.

    The epsilon-constraint method (Haimes, Lasdon & Wismer 1971): the best objective under a
    falling cap on subsidy. Each point is also of the least subsidy at its objective, within the
    scenario's tie tolerance, and the next cap lies a step below the subsidy found, so that no
    point is dominated or found twice; Mavrotas (2009) reaches the same by an augmented objective.
    step_usd: least difference between neighbours, in place of a number of points; with 1 the
    frontier is complete where all amounts are all-or-nothing.

    Raises ValueError for fewer than 2 points or a step below 1, UsageError where the scenario
    ignores all limits of law.
    """
    enough(points, step_usd, 1)
    limit = Limit(
        id="subsidy",
        label="Cap on subsidy",
        kind="law",
        tools=("*",),
        measure="subsidy",
        at_most=_MOST,
        citation=MADE,
    )
    study = committed_now(study)
    varied, name = with_limit(study, limit)
    case = prepare(varied, scores, designated)
    row = capped(case, name)

    def under(cap: int, before: Answer) -> Answer:
        bounded, _ = with_limit(study, limit.model_copy(update={"at_most": cap}))
        begun = begun_from(case, before.table)
        return answered(of_study(begun, bounded), with_most(case.compiled.program, row, cap))

    answer = answered(case)
    found = [Found(answer, answer.subsidy_usd)]
    least = _least_subsidy(case) if answer.solved else answer.subsidy_usd
    width = step_usd or max(1, math.ceil((answer.subsidy_usd - least) / (points - 1)))
    while answer.found and answer.subsidy_usd > least:
        cap = max(answer.subsidy_usd - width, least)
        progress(f"subsidy of at most {cap:,}")
        answer = under(cap, answer)
        found.append(Found(answer, answer.subsidy_usd, cap))
    return frontier_of(FRONTIER_SUBSIDY, "subsidy", case, found, BestUnderSubsidyCaps(width))


def enough(points: int, step: float | None, least: float) -> None:
    """Raise ValueError where a frontier is asked for too few points or too small a step."""
    if points < 2:
        raise ValueError(f"points is {points}: a frontier has at least 2.")
    if step is not None and not step >= least:
        raise ValueError(f"the step is {step:g}: {least:g} or more is needed.")


def capped(case: Case, name: str) -> int:
    """Return the first row of a frontier's cap. Raises UsageError where the scenario ignores it."""
    rows = rows_of(case.compiled, name)
    if not rows:
        raise UsageError("the scenario ignores all limits of law, the cap of a frontier with them.")
    return rows[0]


def _least_subsidy(case: Case) -> int:
    program = case.compiled.program
    point = case.solver(replace(program, cost=program.subsidy), case.settings)
    cost = float(program.subsidy @ point.values) * program.unit if point.found else 0.0
    # a dollar of room, so that whole dollars fit under the cap
    return 0 if cost < 0.5 else math.ceil(cost) + 1


def frontier_of(
    table: Table, against: str, case: Case, found: Sequence[Found], rule: Finding
) -> Frontier:
    """Return the points that no cheaper one equals, within the tolerances of the solves."""
    best = found[0].answer.objective
    tolerance = max(case.tie, case.settings.gap) * max(1.0, found[0].answer.gained)
    kept: list[Found] = []
    rows: list[dict[str, object]] = []
    for one in found:
        least = one.answer.objective - tolerance
        if not one.answer.found or any(
            other.answer.found and other.cost < one.cost and other.answer.objective >= least
            for other in found
        ):
            continue
        rows.append(
            {
                "cap": one.cap,
                "objective": one.answer.objective,
                "share": one.answer.objective / best if best > 0 else 1.0,
                **dict(one.about),
                "given_usd": int(one.answer.table.to_numpy().sum()),
                **described(one.answer, kept[-1].answer if kept else None),
            }
        )
        kept.append(one)
    answers = [one.answer for one in kept]
    return Frontier(
        against,
        found[0].answer.status,
        table.frame(rows),
        tuple(answer.table for answer in answers),
        broken(answers),
        rule,
    )


def _answer(evaluation: Evaluation, progress: Progress) -> Mapping[str, ExtendedTable]:
    frontier = subsidy_frontier(
        evaluation.study, evaluation.scores, evaluation.designated, progress=progress
    )
    return {"frontier_subsidy": ExtendedTable((frontier.rule,), frontier.points)}


QUESTION = Question("subsidy_frontier", _answer)
