"""Which criteria decide: what would change without each of them, solved again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from evaluator.allocation.variations import Answer, answered, moved, prepare, silent
from evaluator.decision.designation import DesignationRule, decide, ranked_packages, rule_of
from evaluator.decision.ordering import Ordering, ordering_in
from evaluator.decision.ties import Floats, competition_ranks
from evaluator.progress import Progress
from evaluator.questions.weighing.tables import DECIDING_CRITERIA
from evaluator.results.evaluation import Allocated, Scored

_ORDER = ("all", "priority", "money", "ranks", "nothing")


@dataclass(frozen=True)
class _Outcome:
    ranks: Any
    """(n,)."""
    members: frozenset[str]
    answer: Answer | None


@dataclass(frozen=True)
class _Case:
    scored: Scored
    names: tuple[str, ...]
    values: Floats
    rule: DesignationRule
    ordering: Ordering
    allocate: bool

    def outcome(self, weights: Floats, influence: Floats) -> _Outcome:
        """Rank, designate and, where that is asked, allocate under some weights."""
        order = self.ordering.scores(self.values, influence @ weights)
        if self.ordering.separate:
            agencies, overall = self.ordering.scores(self.values, weights), order
        else:
            agencies = weights @ self.values.T
            overall = influence @ agencies
        found = decide(self.rule, overall, agencies, order, self.ordering.span)
        ranks = competition_ranks(order, self.ordering.span)
        members = frozenset(self.names[row] for row in np.flatnonzero(found.members).tolist())
        answer = None
        if self.allocate:
            scores = dict(zip(self.names, overall.tolist(), strict=True))
            answer = answered(prepare(self.scored.study, scores, members))
        return _Outcome(ranks, members, answer)


def deciding_criteria(evaluation: Scored, progress: Progress = silent) -> pd.DataFrame:
    """Return, a row a criterion, what would change without it; those that decide most first.

    Its weight is 0 with every agency, whose others grow in proportion; an agency that weighs no
    other falls away, and the others' influence grows in proportion. Packages are ranked anew by
    the method, designated by the rule, and, of an evaluation that allocates, allocated anew. Gates
    and red flags stay. Columns: `DECIDING_CRITERIA`. Raises ValueError where the method refuses the
    values.
    """
    names = ranked_packages(evaluation.ranking)
    case = _Case(
        evaluation,
        tuple(names),
        evaluation.values.loc[names].to_numpy(dtype=np.float64),
        rule_of(evaluation.study, evaluation.ranking, evaluation.values),
        ordering_in(evaluation.study, names, evaluation.values),
        isinstance(evaluation, Allocated) and evaluation.allocation.exists and bool(names),
    )
    weights = evaluation.weights.to_numpy(dtype=np.float64)
    influence = evaluation.influence.to_numpy(dtype=np.float64)
    before = case.outcome(weights, influence) if names else None
    rows = []
    for column, criterion in enumerate(map(str, evaluation.weights.columns)):
        progress(f"without {criterion}")
        agencies = [
            str(a)
            for a, w in zip(evaluation.weights.index, weights[:, column], strict=True)
            if w > 0
        ]
        row: dict[str, Any] = {
            "criterion": criterion,
            "label": evaluation.study.criteria[criterion].label,
            "agencies": tuple(map(str, agencies)),
            "weight": float(influence @ weights[:, column]),
            **_NOTHING,
        }
        without = _without(weights, influence, column)
        if before is not None and row["weight"] > 0:
            if without is None:
                row["decides"] = "all"
            else:
                row |= _changes(before, case.outcome(*without))
        elif case.allocate and before is not None and before.answer is not None:
            row |= {"moved_usd": 0, "status": before.answer.status}
        rows.append(row)
    rows.sort(key=_weightiest)
    return DECIDING_CRITERIA.frame(rows)


_NOTHING: dict[str, Any] = {
    **dict.fromkeys(("entered", "left", "funded_in", "funded_out"), ()),
    **{"decides": "nothing", "ranks": 0, "furthest": 0, "moved_usd": None, "status": ""},
}


def _without(weights: Floats, influence: Floats, column: int) -> tuple[Floats, Floats] | None:
    """Return weights and influence without a criterion; None where nothing is left."""
    rest = weights.copy()
    rest[:, column] = 0.0
    sums = rest.sum(axis=1)
    stays = sums > 0
    share = np.where(stays, influence, 0.0)
    if not share.sum() > 0:
        return None
    rest[stays] /= sums[stays, None]
    rest[~stays] = weights[~stays]  # it has no influence left
    return rest, share / share.sum()


def _changes(before: _Outcome, after: _Outcome) -> dict[str, Any]:
    moves = np.abs(after.ranks - before.ranks)
    found: dict[str, Any] = {
        "ranks": int((moves > 0).sum()),
        "furthest": int(moves.max(initial=0)),
        "entered": tuple(sorted(after.members - before.members)),
        "left": tuple(sorted(before.members - after.members)),
    }
    if before.answer is not None and after.answer is not None:
        found["status"] = after.answer.status
        if before.answer.found and after.answer.found:
            then, now = set(before.answer.supported), set(after.answer.supported)
            found["funded_in"] = tuple(sorted(now - then))
            found["funded_out"] = tuple(sorted(then - now))
            found["moved_usd"] = moved(before.answer.table, after.answer.table)
    return {**found, "decides": next(_decides(found, before, after))}


def _decides(found: dict[str, Any], before: _Outcome, after: _Outcome) -> Iterator[str]:
    if found["entered"] or found["left"]:
        yield "priority"
    if found.get("moved_usd") or (
        before.answer and after.answer and before.answer.found != after.answer.found
    ):
        yield "money"
    if found["ranks"]:
        yield "ranks"
    yield "nothing"


def _weightiest(row: dict[str, Any]) -> tuple[Any, ...]:
    entering = len(row["entered"]) + len(row["left"])
    return (
        *(_ORDER.index(row["decides"]), -entering, -(row["moved_usd"] or 0)),
        *(-row["ranks"], -row["weight"], row["criterion"]),
    )
