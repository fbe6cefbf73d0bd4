"""What other envelopes would buy: budget sweeps."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

import pandas as pd

from evaluator.allocation.model.variation import rows_of, with_envelopes, with_most
from evaluator.allocation.variations import (
    Answer,
    Case,
    answer_of,
    answered,
    begun_from,
    broken,
    described,
    prepare,
    silent,
)
from evaluator.model.study import Study
from evaluator.progress import Progress
from evaluator.questions.funding.findings import BoundsNoRequest
from evaluator.questions.funding.tables import BUDGET_SWEEP
from evaluator.questions.question import Question
from evaluator.results.evaluation import Evaluation, ExtendedTable, Status
from evaluator.results.findings import Finding, Findings

MILLION = 1_000_000
FACTORS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
_OF_A_RUN = (0.5, 0.75, 1.0, 1.25, 1.5)


@dataclass(frozen=True)
class Sweep:
    """What other envelopes would buy, one tool at a time."""

    status: Status
    """Of the envelopes as they are."""
    points: pd.DataFrame
    """One row a tool and factor: tool, factor, envelope_usd, given_usd (of the tool), total_usd,
    objective, change (from the envelope as it is), per_million (objective gained by a million of
    envelope since the factor before; missing at the first), subsidy_usd, supported, entered,
    left, status, gap. Of an envelope without an allocation its status alone is known."""
    allocations: tuple[pd.DataFrame, ...]
    """By row of points: whole dollars, packages x tools."""
    certificate: Findings
    """Limits that any of the allocations breaks; empty when all hold."""
    notes: Findings
    """Tools that are left out, and why."""


def budget_sweep(
    study: Study,
    scores: Mapping[str, float],
    designated: Collection[str],
    factors: Sequence[float] = FACTORS,
    tools: Sequence[str] | None = None,
    progress: Progress = silent,
) -> Sweep:
    """Solve one compiled program again with each tool's envelope times each factor.

    All else stays as it is, appropriations for subsidy among it, so that a larger envelope may
    buy nothing. Raises UsageError for an unknown tool, ValueError for a negative factor.
    """
    if any(not math.isfinite(factor) or factor < 0 for factor in factors):
        raise ValueError(f"factors are {tuple(factors)}: finite numbers of 0 or more are needed.")
    case = prepare(study, scores, designated)
    study = case.study
    present = answered(case)
    case = begun_from(case, present.table)
    rows: list[dict[str, object]] = []
    answers: list[Answer] = []
    notes: list[Finding] = []
    for tool in tools if tools is not None else study.tools:
        with_envelopes(study, {tool: 0})  # refuses unknown tools
        found = rows_of(case.compiled, f"{tool}.envelope")
        if not found or not case.compiled.program.rows[found[0]].terms:
            notes.append(BoundsNoRequest(tool))
            continue
        progress(f"sweep of {tool}")
        amount = study.tools[tool].envelope.amount
        envelopes = {one: math.floor(amount * Fraction(str(one))) for one in sorted(set(factors))}
        by_envelope = _with_envelopes(case, tool, found[0], envelopes.values(), present)
        before: tuple[int, float] | None = None
        for factor, envelope in envelopes.items():
            answer = by_envelope[envelope]
            rows.append(_swept(tool, factor, envelope, answer, present, before))
            answers.append(answer)
            before = (envelope, answer.objective) if answer.found else None
    return Sweep(
        present.status,
        BUDGET_SWEEP.frame(rows),
        tuple(answer.table for answer in answers),
        broken(answers),
        tuple(notes),
    )


def _with_envelopes(
    case: Case, tool: str, row: int, envelopes: Iterable[int], present: Answer
) -> Mapping[int, Answer]:
    """Return the answer by envelope of a tool, each certified under it.

    From the largest down: what is best under one and fits under a lower one is best there as well,
    ties among it, and its bound holds. Only what does not fit is solved.
    """
    amount = case.study.tools[tool].envelope.amount
    found: dict[int, Answer] = {}
    above: Answer | None = None
    for envelope in sorted({*envelopes}, reverse=True):
        varied = replace(case, certify=partial(case.certify, envelopes={tool: envelope}))
        if envelope <= amount and (above is None or amount < min(found)):
            above = present
        if above is not None and above.status == "optimal" and above.table[tool].sum() <= envelope:
            answer = answer_of(varied, above.amounts, above.status, above.bound)
        else:
            answer = answered(varied, with_most(case.compiled.program, row, envelope))
        above = found[envelope] = answer
    return found


def _swept(
    tool: str,
    factor: float,
    envelope: int,
    answer: Answer,
    present: Answer,
    before: tuple[int, float] | None,
) -> dict[str, object]:
    tried = {"tool": tool, "factor": factor, "envelope_usd": envelope}
    reached = ("given_usd", "total_usd", "objective", "change", "per_million")
    if not answer.found:
        return {**tried, **dict.fromkeys(reached), **described(answer, present)}
    step = (envelope - before[0]) / MILLION if before else 0.0
    return {
        **tried,
        "given_usd": int(answer.table[tool].sum()),
        "total_usd": int(answer.table.to_numpy().sum()),
        "objective": answer.objective,
        "change": answer.objective - present.objective if present.found else None,
        "per_million": (answer.objective - before[1]) / step if before and step else None,
        **described(answer, present if present.found else None),
    }


def _answer(evaluation: Evaluation, progress: Progress) -> Mapping[str, ExtendedTable]:
    sweep = budget_sweep(
        evaluation.study,
        evaluation.scores,
        evaluation.designated,
        _OF_A_RUN,
        progress=progress,
    )
    return {"budget_sweep": ExtendedTable(sweep.notes, sweep.points)}


QUESTION = Question("budget_sweep", _answer)
