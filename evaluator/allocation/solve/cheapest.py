"""The cheapest point of each package at some prices.

Every subset of a package's requests is looked at (they are few). Within a subset the amounts are
those of a polymatroid, own caps being nested or apart, so that the greedy order is optimal
(Edmonds, Submodular functions, matroids, and certain polyhedra, 1970).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from evaluator.allocation.model.program import Flags, Floats
from evaluator.allocation.solve.packages import ROUNDING, Group, Places


@dataclass(frozen=True, eq=False)
class Best:
    """The cheapest point of each package of a group at some prices."""

    cost: Floats
    """Shape (g,); 0 or less, since nothing is one of them."""
    amounts: Floats
    """Shape (g, k)."""
    chosen: Flags
    """Which requests are served, shape (g, k)."""
    others: Floats
    """Cost of the cheapest point of each subset, shape (g, 2 ** k); infinite where none is."""


def cheapest(group: Group, cost: Floats) -> Best:
    """Return the point of each package at which its columns cost least, shape (n,) all of them."""
    count, size = group.amount.shape
    by = cost[group.amount]
    fixed = np.where(group.served >= 0, cost[group.served], 0.0)
    support = np.where(group.support >= 0, cost[group.support], 0.0)
    subsets, given, left, feasible = (one.copy() for one in group.least_alone)
    total = given.sum(axis=2)
    order = np.argsort(by, axis=1, kind="stable")
    package = np.arange(count)
    for step in range(size):
        at = order[:, step]
        inside = group.caps[package, :, at]
        most = group.most[package, at] - group.least[package, at]
        room = np.where(inside[:, None, :], left, np.inf).min(axis=2, initial=np.inf)
        more = np.minimum(most[:, None], np.maximum(room, 0.0))
        dear = by[package, at] >= 0
        lacking = np.maximum(group.floor[:, None] - total, 0.0)
        more = np.where(dear[:, None], np.minimum(more, lacking), more)
        more = np.where(subsets[:, at].T, np.maximum(more, 0.0), 0.0)
        given[package, :, at] += more
        left -= more[:, :, None] * inside[:, None, :]
        total += more
    feasible &= total >= group.floor[:, None] * (1 - ROUNDING)
    feasible[:, 0] = True
    costs = np.einsum("gsk,gk->gs", given, by) + fixed @ subsets.T + support[:, None]
    hit = (np.arange(2**size)[None, :, None] & group.any_of[:, None, :]) != 0
    costs += (hit * np.where(group.counted >= 0, cost[group.counted], 0.0)[:, None, :]).sum(axis=2)
    costs[:, 0] = 0.0
    costs = np.where(feasible, costs, np.inf)
    best = costs.argmin(axis=1)
    return Best(
        costs[package, best], given[package, best] * (best > 0)[:, None], subsets[best], costs
    )


class Points(NamedTuple):
    """Points of some packages, coefficient by coefficient."""

    package: Places
    """Whose each point is, shape (q,)."""
    point: Places
    """The point of each coefficient."""
    column: Places
    value: Floats


def points_of(group: Group, best: Best) -> Points:
    """Return the points of the packages that get anything."""
    on = np.flatnonzero(best.chosen.any(axis=1))
    chosen = best.chosen[on]
    bits = chosen @ (1 << np.arange(chosen.shape[1]))
    counts = (group.any_of[on] & bits[:, None]) != 0
    amount, served, counted = (
        np.nonzero(where) for where in (chosen, chosen & (group.served[on] >= 0), counts)
    )
    support = np.flatnonzero(group.support[on] >= 0)
    binaries = [group.served[on][served], group.support[on][support], group.counted[on][counted]]
    ones = np.ones(sum(len(one) for one in binaries))
    return Points(
        group.package[on],
        np.concatenate([amount[0], served[0], support, counted[0]]),
        np.concatenate([group.amount[on][amount], *binaries]),
        np.concatenate([best.amounts[on][amount], ones]),
    )
