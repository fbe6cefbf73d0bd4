"""The k best different portfolios: sets of supported packages, and what sets them apart."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from evaluator.allocation.model.columns import Layout
from evaluator.allocation.model.exact.rows import ONE, Row
from evaluator.allocation.model.reserve import committed_now
from evaluator.allocation.model.variation import with_rows
from evaluator.allocation.variations import (
    Answer,
    answered,
    broken,
    described,
    moved,
    of_study,
    prepare,
    silent,
)
from evaluator.model.study import Study
from evaluator.progress import Progress
from evaluator.questions.funding.findings import DifferInSupport
from evaluator.questions.funding.tables import BEST_PORTFOLIOS
from evaluator.questions.question import Question
from evaluator.results.evaluation import Evaluation, ExtendedTable, Status
from evaluator.results.findings import Findings

_ANY = 1e-15
"""A minimum support that asks for no dollar more than what counts as support at all."""


@dataclass(frozen=True)
class Portfolios:
    """Different sets of supported packages, best first."""

    status: Status
    """Of the best."""
    table: pd.DataFrame
    """By rank: objective, lost (against the best), lost_share, entered, left (against the best),
    moved_usd (dollars that change hands against the best), given_usd, subsidy_usd, supported,
    status, gap. Where there is no allocation, one row, of which the status alone is known."""
    membership: pd.DataFrame
    """Packages that any of them supports x ranks: whether it is supported."""
    allocations: tuple[pd.DataFrame, ...]
    """By rank: whole dollars, packages x tools."""
    certificate: Findings
    """Limits that any of the allocations breaks; empty when all hold."""
    complete: bool
    """Whether there are no more portfolios than these."""


def best_portfolios(
    study: Study,
    scores: Mapping[str, float],
    designated: Collection[str],
    count: int = 5,
    progress: Progress = silent,
) -> Portfolios:
    """Return the best portfolios that differ in the set of packages supported.

    Each but the first is the optimum of the program in which every set found before is cut off:
    at least one package has to enter or to leave (a canonical cut on the support binaries, Balas
    & Jeroslow 1972). Amounts are those of the least subsidy at its objective. Portfolios whose
    objectives differ by less than the gap and the tie tolerance stand in no particular order.
    Raises ValueError for a count below 1.
    """
    if count < 1:
        raise ValueError(f"count is {count}: at least 1 portfolio has to be asked for.")
    study = committed_now(study)
    case = of_study(prepare(_chosen_one_by_one(study), scores, designated), study)
    layout = case.compiled.layout
    program = case.compiled.program
    found: list[Answer] = []
    complete = False
    for rank in range(1, count + 1):
        progress(f"portfolio {rank} of {count}")
        answer = answered(case, program)
        if not answer.found and found:
            complete = answer.status == "infeasible"
            break
        found.append(answer)
        if not answer.solved:
            complete = answer.status in ("infeasible", "nothing")
            break
        program = with_rows(program, [_cut(layout, answer.supported, rank)])
    best = sorted(found, key=lambda one: -one.objective)
    names = sorted({package for one in best for package in one.supported})
    member = {rank: [p in one.supported for p in names] for rank, one in enumerate(best, 1)}
    return Portfolios(
        best[0].status,
        BEST_PORTFOLIOS.frame(
            {"rank": rank, **_row(one, best[0])} for rank, one in enumerate(best, 1)
        ).set_index("rank"),
        pd.DataFrame(member, index=pd.Index(names, name="package", dtype="str")),
        tuple(one.table for one in best),
        broken(best),
        complete,
    )


def _chosen_one_by_one(study: Study) -> Study:
    """Return a study whose program has a binary for the support of every package."""
    least = study.scenario.allocation.minimum_support or _ANY
    return study.with_allocation(minimum_support=least)


def _cut(layout: Layout, supported: Collection[str], rank: int) -> Row:
    terms = {
        column: -ONE if package in supported else ONE
        for package, column in layout.supported.items()
    }
    least = Fraction(1 - len(supported))
    return Row("another portfolio", f"than {rank}", "rule", "at_least", terms, least, "count")


def _row(answer: Answer, best: Answer) -> dict[str, object]:
    if not answer.found:
        reached = ("objective", "lost", "lost_share", "moved_usd", "given_usd")
        return {**dict.fromkeys(reached), **described(answer, best)}
    lost = best.objective - answer.objective
    return {
        "objective": answer.objective,
        "lost": lost,
        "lost_share": lost / best.objective if best.objective > 0 else 0.0,
        "moved_usd": moved(best.table, answer.table),
        "given_usd": int(answer.table.to_numpy().sum()),
        **described(answer, best),
    }


def _answer(evaluation: Evaluation, progress: Progress) -> Mapping[str, ExtendedTable]:
    best = best_portfolios(
        evaluation.study, evaluation.scores, evaluation.designated, progress=progress
    )
    table = best.table.reset_index()
    return {"best_portfolios": ExtendedTable((DifferInSupport(),), table)}


QUESTION = Question("best_portfolios", _answer)
