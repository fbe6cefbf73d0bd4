"""What the next dollars of a tool buy: a real re-solve, beside what its shadow price foretells."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from evaluator.allocation.model.limits.limits import all_limits, subsidy_budget
from evaluator.allocation.model.variation import rows_of
from evaluator.allocation.variations import (
    Answer,
    Case,
    amounts_in,
    begun_from,
    broken,
    described,
    listed,
    prepare,
    silent,
)
from evaluator.errors import UsageError, did_you_mean
from evaluator.model.study import Study
from evaluator.progress import Progress
from evaluator.questions.findings import NothingStands
from evaluator.questions.funding.easing import answered_with_more, in_the_way
from evaluator.questions.funding.findings import (
    AllIsGiven,
    BoundsNoRequest,
    HeldBack,
    HeldBackByOthers,
    NextDollars,
    NextDollarsUntold,
)
from evaluator.questions.funding.tables import NEXT_AMOUNTS
from evaluator.questions.question import Question
from evaluator.results.evaluation import Allocation, Evaluation, ExtendedTable
from evaluator.results.findings import Finding, Findings

MILLION = 1_000_000


@dataclass(frozen=True)
class Buys:
    """What more of each tool, or of a subsidy budget, would buy; one at a time."""

    table: pd.DataFrame
    """One row a tool or budget: subject, label, amount_usd, gained (objective, by the re-solve),
    shadow_price (points a USD more of the bound, at the packages chosen now), together (limits
    that have to be raised as well before anything is gained), price_holds_usd (how much
    more the price holds for; missing without end), foretold (shadow price x amount), used_usd
    (more of the tool given, or of the budget used, room that is left now among it), total_usd
    (more given over all tools), subsidy_more_usd, capped_by (what keeps the rest of the tool's
    requests back), sentence, subsidy_usd, supported, entered, left, status, gap. Where time stopped
    the re-solve before it found anything, what it would have shown is missing."""
    allocations: tuple[pd.DataFrame, ...]
    """By row of table: whole dollars, packages x tools."""
    certificate: Findings
    """Limits other than the one raised that any of the allocations breaks; empty when all hold."""
    notes: Findings
    """What is left out, and why."""


def marginal_value(
    study: Study,
    scores: Mapping[str, float],
    designated: Collection[str],
    standing: Allocation,
    amount: int = 100 * MILLION,
    budget_amount: int = 10 * MILLION,
    subjects: Sequence[str] | None = None,
    progress: Progress = silent,
) -> Buys:
    """Solve again with one envelope more by `amount`, or one subsidy budget by `budget_amount`.

    standing: the allocation of the study. subjects: tools, or upper limits of law over the whole
    program that are no share of a sum, by full id; all tools and subsidy budgets if None. The
    shadow price is local, a linear program's at the packages chosen now; the re-solve may admit
    others. Raises UsageError for an unknown subject, ValueError for an amount below 1.
    """
    for value in (amount, budget_amount):
        if value < 1:
            raise ValueError(f"the amount is {value}: at least 1 is needed.")
    if standing.status not in ("optimal", "feasible"):
        return _buys([], [], [NothingStands(standing.status)])
    case = begun_from(prepare(study, scores, designated), standing.amounts)
    rows, answers = [], []
    notes: list[Finding] = []
    for subject in subjects if subjects is not None else _all_subjects(study):
        name = _limit_of(study, subject)
        places = rows_of(case.compiled, name)
        terms = case.compiled.program.rows[places[0]].terms if places else {}
        if not terms:
            notes.append(BoundsNoRequest(subject))
            continue
        progress(f"next dollars of {subject}")
        more = amount if subject in study.tools else budget_amount
        answer = answered_with_more(case, {places[0]: more})
        rows.append(_row(case, subject, name, more, answer, standing))
        answers.append(answer)
    return _buys(rows, answers, notes)


def _buys(rows: list[dict[str, object]], answers: list[Answer], notes: list[Finding]) -> Buys:
    table = NEXT_AMOUNTS.frame(rows)
    return Buys(table, tuple(one.table for one in answers), broken(answers), tuple(notes))


def _all_subjects(study: Study) -> list[str]:
    budgets = [name for name, limit in study.limits.items() if subsidy_budget(limit) is not None]
    return [*study.tools, *budgets]


def _limit_of(study: Study, subject: str) -> str:
    if subject in study.tools:
        return f"{subject}.envelope"
    limit = all_limits(study).get(subject)
    if limit is None:
        hint = did_you_mean(subject, [*study.tools, *study.limits])
        raise UsageError(f"'{subject}' is neither a tool nor a limit. {hint}")
    one = limit.kind == "law" and limit.per == "program" and isinstance(limit.at_most, int | str)
    if not one:
        fact = "is no upper limit of law over the whole program with an amount as its bound"
        raise UsageError(f"'{subject}' {fact}: more of it cannot be bought.")
    return subject


def _row(
    case: Case, subject: str, name: str, more: int, answer: Answer, standing: Allocation
) -> dict[str, object]:
    now = standing.limits.set_index("limit").loc[name]
    price, end = now["shadow_price"], now["price_high"]
    holds: float | None = (
        None if pd.isna(end) or not price else max(0.0, float(end) - float(now["bound"]))
    )
    foretold: float | None = None if pd.isna(price) else float(price) * more
    labelled = case.study.tools if subject in case.study.tools else case.study.limits
    raised = {
        "subject": subject,
        "label": labelled[subject].label,
        "amount_usd": more,
        "shadow_price": None if pd.isna(price) else float(price),
        "together": now["together"],
        "price_holds_usd": holds,
        "foretold": foretold,
    }
    if not answer.found:
        unknown = ("gained", "used_usd", "total_usd", "subsidy_more_usd")
        why = (NextDollarsUntold(subject, more, answer.status),)
        told = {"capped_by": (), "sentence": why, **described(answer, None)}
        return {**raised, **dict.fromkeys(unknown), **told}
    before, after = standing.amounts, answer.table
    if subject in case.study.tools:
        used = int(after[subject].sum()) - int(before[subject].sum())
    else:
        used = _used(case, name, answer) - _used(case, name, standing)
    entered = set(answer.supported) - set(standing.supported)
    left = set(standing.supported) - set(answer.supported)
    gained = answer.objective - standing.objective
    capped = _capped(case, name, answer) if used < more else ()
    bought = NextDollars(
        subject, more, gained, used, foretold, holds, listed(entered), listed(left)
    )
    return {
        **raised,
        "gained": gained,
        "used_usd": used,
        "total_usd": int(after.to_numpy().sum()) - int(before.to_numpy().sum()),
        "subsidy_more_usd": answer.subsidy_usd - standing.subsidy_usd,
        "capped_by": capped,
        "sentence": (bought, *capped),
        **described(answer, None),
        "entered": listed(entered),
        "left": listed(left),
    }


def _used(case: Case, name: str, of: Answer | Allocation) -> int:
    """Return whole dollars of a budget that an allocation uses, rounded down."""
    compiled = case.compiled
    amounts = of.amounts if isinstance(of, Answer) else amounts_in(compiled, of.amounts)
    left = next(row.left for row in compiled.limits if row.limit == name)
    return int(sum(use * amounts[column] for column, use in left.items()))


def _capped(case: Case, name: str, answer: Answer) -> Findings:
    """Name what keeps back the requests of a tool, or under a budget, that are not met."""
    left = next(row.left for row in case.compiled.limits if row.limit == name)
    short = [c for c in left if answer.amounts[c] < case.compiled.layout.pairs[c].cap]
    if not short:
        return (AllIsGiven(),)
    ways = in_the_way(case.compiled, answer.amounts, short, whole=False)
    rows = [case.compiled.program.rows[places[0]] for places in ways.values()]
    limits = tuple((row.name, row.group) for row in rows if row.name != name)
    return (HeldBack(limits) if limits else HeldBackByOthers(),)


def _answer(evaluation: Evaluation, progress: Progress) -> Mapping[str, ExtendedTable]:
    buys = marginal_value(
        evaluation.study,
        evaluation.scores,
        evaluation.designated,
        evaluation.allocation,
        progress=progress,
    )
    return {"next_amounts": ExtendedTable(buys.notes, buys.table)}


QUESTION = Question("marginal_value", _answer)
