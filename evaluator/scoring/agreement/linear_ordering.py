"""The linear ordering problem: the order that goes against the least weight of pairs.

`margins` (n, n) is antisymmetric: `[i, j] > 0` is what it costs to put j before i. The *regret*
of an order is the sum of what it pays; an order without regret exists where no majority cycle
does. Method: tiers by strongly connected components (Truchon 1998), in each tier the relaxation
over the 3-dicycle inequalities, added as they are violated (Groetschel, Juenger & Reinelt,
Operations Research 32, 1984), and the integer program where the relaxation stays fractional.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from evaluator.scoring.agreement.arrays import Bools, Floats, Ints

TOLERANCE = 1e-6
"""Regrets closer than this share of the largest margin count as equal."""

_WHOLE = 1e-6


@dataclass(frozen=True)
class Ordering:
    """An order (n,), best first, its `regret`, and the `bound` below which no order's can be.

    `settled[i, j]`: i stands before j in every order of least regret (proven by reduced costs or
    by the tiers; False says nothing).
    """

    order: Ints
    regret: float
    bound: float
    settled: Bools


@dataclass(frozen=True)
class _Relaxation:
    bound: float
    before: Floats
    reduced: Floats


@dataclass(frozen=True)
class _Triangles:
    """Pairs i < j of n items, and for each i < j < k the places of ij, jk, ik among them."""

    first: Ints
    second: Ints
    legs: Ints


def regret(margins: Floats, order: Sequence[int] | Ints) -> float:
    """What `order` pays: the sum of margins[j, i] > 0 over i placed before j."""
    placed = margins[np.ix_(order, order)]
    return float(-np.minimum(np.triu(placed, 1), 0.0).sum())


def tiers(margins: Floats) -> list[Ints]:
    """Groups, best first; every member of one beats every member of the later ones.

    The strongly connected components of 'beats or ties with', items ascending within each. Every
    order of least regret keeps the groups apart (extended Condorcet criterion, Truchon 1998).
    """
    _, labels = connected_components(csr_array(margins >= 0), connection="strong")
    wins = (margins > 0).sum(axis=1)
    groups = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    return sorted(groups, key=lambda group: -float(wins[group].mean()))


def relaxed_bound(margins: Floats) -> float:
    """A bound below the least regret: the sum over the tiers of the relaxation's value."""
    return sum(_relax(margins[np.ix_(t, t)]).bound for t in tiers(margins) if len(t) > 2)


def least_regret(margins: Floats, time_limit: float | None = None) -> Ordering:
    """An order of least regret for `margins` (n, n).

    `time_limit` is in seconds for each tier's integer program. Where it runs out, `regret` is
    above `bound` and `settled` holds nothing within that tier.
    """
    groups = tiers(margins)
    settled = np.zeros(margins.shape, dtype=np.bool_)
    parts = []
    paid = bound = 0.0
    for position, group in enumerate(groups):
        within = _order_tier(margins[np.ix_(group, group)], time_limit)
        parts.append(group[within.order])
        paid, bound = paid + within.regret, bound + within.bound
        settled[np.ix_(group, group)] = within.settled
        for later in groups[position + 1 :]:
            settled[np.ix_(group, later)] = True
    return Ordering(np.concatenate(parts), paid, bound, settled)


def _order_tier(margins: Floats, time_limit: float | None) -> Ordering:
    size = len(margins)
    if size <= 2:  # one item, or two that tie: any order is without regret
        return Ordering(np.arange(size), 0.0, 0.0, np.zeros((size, size), dtype=np.bool_))
    relaxed = _relax(margins)
    before, bound = relaxed.before, relaxed.bound
    if np.abs(before - np.round(before)).max() > _WHOLE:
        before, bound = _integer_program(margins, relaxed, time_limit)
    order = _order_of(before, size)
    paid = regret(margins, order)
    slack = paid - relaxed.bound + TOLERANCE * margins.max()
    return Ordering(order, paid, min(bound, paid), _settled(relaxed.reduced, order, slack))


def _settled(reduced: Floats, order: Ints, slack: float) -> Bools:
    """Pairs whose reversal alone would cost more than `slack` above the relaxation."""
    size = len(order)
    pairs = _triangles(size)
    forced = np.zeros((size, size), dtype=np.bool_)
    forced[pairs.first, pairs.second] = reduced < -slack
    forced[pairs.second, pairs.first] = reduced > slack
    return forced


def _relax(margins: Floats) -> _Relaxation:
    """The linear relaxation; `reduced` < 0 where a pair wants to be 1, in the unit of margins."""
    pairs = _triangles(len(margins))
    scale = float(margins.max())
    cost = -margins[pairs.first, pairs.second]
    if scale == 0.0:
        return _Relaxation(0.0, np.ones(len(cost)), cost)
    constant = np.minimum(cost, 0.0).sum()  # an order that takes every majority pays nothing
    before, reduced = np.where(cost <= 0, 1.0, 0.0), cost
    above = below = np.zeros(len(pairs.legs), dtype=np.bool_)
    while True:
        value = before[pairs.legs] @ np.array([1.0, 1.0, -1.0])
        new_above, new_below = (value > 1 + _WHOLE) & ~above, (value < -_WHOLE) & ~below
        if not (new_above.any() or new_below.any()):
            return _Relaxation(float(cost @ before - constant), before, reduced)
        above, below = above | new_above, below | new_below
        upper, lower = _rows(pairs, above), _rows(pairs, below)
        found = linprog(
            cost / scale,
            A_ub=_stack(upper, -lower),
            b_ub=np.concatenate([np.ones(upper.shape[0]), np.zeros(lower.shape[0])]),
            bounds=(0, 1),
            method="highs",
        )
        if found.status != 0:
            raise RuntimeError(f"the ordering relaxation was not solved: {found.message}")
        before = found.x
        reduced = scale * (found.lower.marginals + found.upper.marginals)


def _integer_program(
    margins: Floats, relaxed: _Relaxation, time_limit: float | None
) -> tuple[Floats, float]:
    """The exact program over all triangles: (before, bound); the rounding where time ran out."""
    pairs = _triangles(len(margins))
    scale = float(margins.max())
    cost = -margins[pairs.first, pairs.second]
    constant = np.minimum(cost, 0.0).sum()
    rows = _rows(pairs, np.ones(len(pairs.legs), dtype=np.bool_))
    options = {"mip_rel_gap": 0.0} | ({} if time_limit is None else {"time_limit": time_limit})
    found = milp(
        cost / scale,
        constraints=LinearConstraint(rows, 0, 1),
        bounds=Bounds(0, 1),
        integrality=np.ones(len(cost)),
        options=options,
    )
    if found.status not in (0, 1):
        raise RuntimeError(f"the ordering program was not solved: {found.message}")
    bound = relaxed.bound
    if found.mip_dual_bound is not None:
        bound = max(bound, scale * float(found.mip_dual_bound) - constant)
    return (relaxed.before if found.x is None else found.x), bound
