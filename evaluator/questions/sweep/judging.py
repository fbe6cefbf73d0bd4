"""Scenarios that differ in influence alone -> who is designated, as matrices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluator.decision.designation import Designated, decide, ranked_packages, rule_of
from evaluator.decision.ordering import ordering_in
from evaluator.decision.ties import levelled
from evaluator.model.study import Study
from evaluator.results.evaluation import Scored

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Row = dict[str, Any]
"""Columns of the table `sweep` without those of the keys, which follow from its number."""

_SUM = 1e-9


@dataclass(frozen=True, eq=False)
class Setting:
    """What scenarios that differ in influence alone share: n ranked packages, k agencies."""

    study: Study
    names: tuple[str, ...]
    values: Floats
    """(n, m)."""
    weights: Floats
    """(k, m)."""
    scores: Floats
    """Of the agencies, (k, n)."""
    base: Scored


def setting_of(study: Study, base: Scored) -> Setting:
    """Return what scenarios share whose gates, values and weights are those of `base`."""
    names = ranked_packages(base.ranking)
    values = base.values.loc[names].to_numpy()
    weights = base.weights.to_numpy()
    scores = base.agency_scores.loc[names].to_numpy(dtype=np.float64).T
    return Setting(study, tuple(names), values, weights, scores, base)


@dataclass(frozen=True, eq=False)
class Judged:
    """A scenario as far as its designation; no setting where it is refused."""

    row: Row
    setting: Setting | None = None
    influence: Floats = field(default_factory=lambda: np.zeros(0))
    """(k,)."""
    overall: Floats = field(default_factory=lambda: np.zeros(0))
    """(n,), in the order of the setting's names."""


def judge(one: Setting, shares: Sequence[Mapping[str, float]]) -> Iterator[Judged]:
    """Give scenarios that differ in influence, each with the shares that are stated."""
    influence, reasons = influences(stated_influence(one.study), shares)
    ordering = ordering_in(one.study, one.names, one.values)
    overall = weighted(influence, one.scores)
    order = (
        overall
        if ordering.additive
        else ordering.scores(one.values, weighted(influence, one.weights))
    )
    overall = order if ordering.separate else overall
    rule = rule_of(one.study, one.base.ranking, one.base.values)
    found = decide(rule, overall, one.scores, order, ordering.span)
    levels = levelled(order, ordering.span)
    first = levels == levels.max(axis=1, keepdims=True)
    for place, reason in enumerate(reasons):
        if reason:
            yield Judged(refused(reason))
        else:
            row = _designated(one, found, first, place)
            yield Judged(row, one, influence[place], overall[place])


def stated_influence(study: Study) -> dict[str, float]:
    """Return the influence that a scenario states, in the order of the agencies."""
    shares = study.influence
    return {one.agency: shares[one.agency] for one in study.agencies}


def influences(
    stated: Mapping[str, float], shares: Sequence[Mapping[str, float]]
) -> tuple[Floats, list[str]]:
    """Return influence (b, k) where some shares are others, and why a row cannot be ("" if it can).

    stated: the scenario's own, by agency, in the order of the columns. The shares not named shrink
    or grow in proportion, so that all sum to 1.
    """
    found = np.tile(np.array(list(stated.values()), dtype=np.float64), (len(shares), 1))
    columns = {agency: column for column, agency in enumerate(stated)}
    refused = []
    for row, given in zip(found, shares, strict=True):
        named = [columns[agency] for agency in given]
        row[named] = list(given.values())
        rest = np.ones(len(row), dtype=np.bool_)
        rest[named] = False
        left, others = 1.0 - row[named].sum(), row[rest].sum()
        reason = ""
        if named and left < -_SUM:
            reason = "the shares of influence that vary sum to more than 1."
        elif named and others > 0:
            row[rest] *= max(left, 0.0) / others
        elif named and abs(left) > _SUM:
            reason = "the shares of influence sum to less than 1, and no other share can grow."
        refused.append(reason)
    return found, refused


def weighted(influence: Floats, scores: Floats) -> Floats:
    """Return influence (b, k) x scores (k, n), added up agency by agency.

    Unlike a product of matrices that is the same to the last bit however many rows are together.
    """
    total: Floats = influence[:, :1] * scores[0]
    for agency in range(1, len(scores)):
        total += influence[:, agency, None] * scores[agency]
    return total


def _designated(one: Setting, found: Designated, first: Bools, place: int) -> Row:
    def named(who: Bools) -> tuple[str, ...]:
        return tuple(sorted(one.names[n] for n in np.flatnonzero(who[place]).tolist()))

    return {
        "status": "designated",
        "leader": named(first),
        "designated": named(found.members),
        "contested": named(found.contested),
    }


def refused(reason: str) -> Row:
    """Return the row of a scenario whose values do not go together."""
    return {"status": "refused", "refused": reason}
