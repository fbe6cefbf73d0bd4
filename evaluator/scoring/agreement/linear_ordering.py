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
from math import inf
from time import monotonic

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, vstack
from scipy.sparse.csgraph import connected_components

from evaluator.scoring.agreement.arrays import Bools, Floats, Ints

TOLERANCE = 1e-6
"""Regrets closer than this share of the largest margin count as equal."""

LARGEST_TIER = 150
"""Items in one tier that the exact method takes; the number of its rows grows with the cube."""

_WHOLE = 1e-6
_SCALE = 100.0  # of the largest cost: the solver's absolute gap of 1e-6 stays below TOLERANCE


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


def least_regret(margins: Floats, *, deadline: float = inf, cutoff: float = inf) -> Ordering | None:
    """An order of least regret for `margins` (n, n); None if it is proven to be above `cutoff`.

    Integer programs stop at `deadline`, in seconds of `time.monotonic`: the order is then the
    best one found, and its `regret` may be above its `bound`. Raises ValueError for a tier of
    more than `LARGEST_TIER` items.
    """
    groups = tiers(margins)
    inside = [margins[np.ix_(group, group)] for group in groups]
    relaxed = [_relax(part) for part in inside]
    if sum(part.bound for part in relaxed) > cutoff:
        return None
    solved = [_order_tier(m, r, deadline) for m, r in zip(inside, relaxed, strict=True)]
    settled = np.zeros(margins.shape, dtype=np.bool_)
    for position, group in enumerate(groups):
        settled[np.ix_(group, group)] = solved[position].settled
        for later in groups[position + 1 :]:
            settled[np.ix_(group, later)] = True
    return Ordering(
        np.concatenate([g[part.order] for g, part in zip(groups, solved, strict=True)]),
        sum(part.regret for part in solved),
        sum(part.bound for part in solved),
        settled,
    )


def _order_tier(margins: Floats, relaxed: _Relaxation, deadline: float) -> Ordering:
    before, bound = relaxed.before, relaxed.bound
    if (np.abs(before - np.round(before)) > _WHOLE).any():
        before, bound = _integer_program(margins, relaxed, deadline)
    order = _order_of(before, len(margins))
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
    if len(margins) > LARGEST_TIER:
        raise ValueError(
            f"{len(margins)} packages beat one another in cycles; the exact order is computed "
            f"for at most {LARGEST_TIER}: rank fewer packages, or use Borda or Copeland"
        )
    pairs = _triangles(len(margins))
    largest = float(margins.max(initial=0.0))
    cost = -margins[pairs.first, pairs.second]
    if largest == 0.0:
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
            _SCALE * cost / largest,
            A_ub=vstack([upper, -lower], format="csr"),
            b_ub=np.concatenate([np.ones(upper.shape[0]), np.zeros(lower.shape[0])]),
            bounds=(0, 1),
            method="highs",
        )
        if found.status != 0:
            raise RuntimeError(f"the ordering relaxation was not solved: {found.message}")
        before = found.x
        reduced = (found.lower.marginals + found.upper.marginals) * largest / _SCALE


def _integer_program(
    margins: Floats, relaxed: _Relaxation, deadline: float
) -> tuple[Floats, float]:
    """The exact program over all triangles: (before, bound); the rounding where time ran out."""
    pairs = _triangles(len(margins))
    largest = float(margins.max())
    cost = -margins[pairs.first, pairs.second]
    constant = np.minimum(cost, 0.0).sum()
    rows = _rows(pairs, np.ones(len(pairs.legs), dtype=np.bool_))
    seconds = max(deadline - monotonic(), 0.0)
    found = milp(
        _SCALE * cost / largest,
        constraints=LinearConstraint(rows, 0, 1),
        bounds=Bounds(0, 1),
        integrality=np.ones(len(cost)),
        options={"mip_rel_gap": 0.0, "time_limit": seconds},
    )
    if found.status not in (0, 1):
        raise RuntimeError(f"the ordering program was not solved: {found.message}")
    bound = relaxed.bound
    if found.mip_dual_bound is not None:
        bound = max(bound, float(found.mip_dual_bound) * largest / _SCALE - constant)
    return (relaxed.before if found.x is None else found.x), bound


def _order_of(before: Floats, size: int) -> Ints:
    """Items by how many others they stand before; ties (of a fractional `before`) by index."""
    pairs = _triangles(size)
    ahead = np.zeros(size)
    np.add.at(ahead, pairs.first, before)
    np.add.at(ahead, pairs.second, 1.0 - before)
    return np.argsort(-np.round(ahead, 6), kind="stable").astype(np.int64)


def _rows(pairs: _Triangles, chosen: Bools) -> csr_array:
    """before_ij + before_jk - before_ik for the chosen triangles, one row each."""
    legs = pairs.legs[chosen]
    rows = np.repeat(np.arange(len(legs)), 3)
    signs = np.tile([1.0, 1.0, -1.0], len(legs))
    return csr_array((signs, (rows, legs.ravel())), shape=(len(legs), len(pairs.first)))


@lru_cache(maxsize=32)
def _triangles(size: int) -> _Triangles:
    first, second = np.triu_indices(size, 1)
    place = np.zeros((size, size), dtype=np.int64)
    place[first, second] = np.arange(len(first))
    index = np.arange(size)
    ascending = (index[:, None, None] < index[:, None]) & (index[:, None] < index)
    i, j, k = np.nonzero(ascending)
    return _Triangles(first, second, np.stack([place[i, j], place[j, k], place[i, k]], axis=1))
