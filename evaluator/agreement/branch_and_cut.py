"""The linear ordering program, solved exactly by branch and cut.

minimise sum of c_ij x_ij over pairs i < j, x_ij in {0, 1}: 1 where i stands before j, subject to
0 <= x_ij + x_jk - x_ik <= 1 for i < j < k (no cycles). `margins` (n, n) is antisymmetric:
`[i, j] > 0` is what it costs to put j before i. The *regret* of an order is the sum of what it
pays. Inequalities enter as a relaxation violates them (Groetschel, Juenger & Reinelt, Operations
Research 32, 1984); the relaxations are solved by HiGHS. For the rankings of a few agencies the
relaxation is whole, or nearly so, and few nodes are needed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic
from typing import NamedTuple

import numpy as np

from evaluator.agreement.arrays import Bools, Floats, Ints
from evaluator.linear import Rows, minimise

TOLERANCE = 1e-6
"""Regrets closer than this share of the largest margin count as equal."""

LARGEST = 150
"""Items that the program takes: the number of its inequalities grows with the cube."""

_WHOLE = 1e-6
_SIGNS = np.array([1.0, 1.0, -1.0])


@dataclass(frozen=True)
class Relaxation:
    """Optimum of the relaxation over all inequalities: its value and solution, per pair.

    `reduced` costs, in the unit of the margins: an order that differs from `before` on a set of
    pairs has a regret of at least `bound` plus the |reduced| of that set. `cuts` (2, triangles):
    the upper and the lower inequalities that were needed.
    """

    bound: float
    before: Floats
    reduced: Floats
    cuts: Bools


@dataclass(frozen=True)
class Solution:
    """The best `order` found, its `regret`, and the `bound` below which no order's is."""

    order: Ints
    regret: float
    bound: float


class _Node(NamedTuple):
    bound: float
    lower: Floats
    upper: Floats


def regret(margins: Floats, order: Ints) -> float:
    """What `order` pays: the sum of margins[j, i] > 0 over i placed before j."""
    placed = margins[np.ix_(order, order)]
    return float(-np.minimum(np.triu(placed, 1), 0.0).sum())


def relax(margins: Floats) -> Relaxation:
    """The relaxation of the program for `margins` (n, n).

    Raises ValueError for more than `LARGEST` items.
    """
    pairs = len(margins) * (len(margins) - 1) // 2
    if not margins.any():  # ties only: every order is without regret
        return Relaxation(0.0, np.ones(pairs), np.zeros(pairs), np.zeros((2, 0), dtype=np.bool_))
    if len(margins) > LARGEST:
        raise ValueError(
            f"{len(margins)} packages beat one another in cycles; the exact order is computed "
            f"for at most {LARGEST}: rank fewer packages, or use Borda or Copeland"
        )
    cuts = np.zeros((2, len(_triangles(len(margins)))), dtype=np.bool_)
    found = _relax_node(margins, _unbranched(pairs, 0.0), cuts)
    if found is None:
        raise RuntimeError("the ordering relaxation has no solution, which cannot be")
    return found


def branch_and_cut(margins: Floats, root: Relaxation, cutoff: float, deadline: float) -> Solution:
    """The order of least regret, searched for below `cutoff` only.

    `root` is the relaxation of `margins` (n, n). Where the least regret is above `cutoff`, the
    `bound` is too, and `order` is any order. At `deadline` (seconds of `time.monotonic`) the
    search stops: `bound` is then what was proven until there.
    """
    tolerance = TOLERANCE * float(margins.max(initial=0.0))
    order, cuts = order_of(root.before, len(margins)), root.cuts
    paid = regret(margins, order)
    unseen = cutoff + tolerance  # orders above are given up without being looked at
    open_nodes = list(_children(_unbranched(len(root.before), root.bound), root, min(paid, unseen)))
    while open_nodes and monotonic() <= deadline:
        node = open_nodes.pop()
        if node.bound > min(cutoff, paid - tolerance):
            continue
        found = _relax_node(margins, node, cuts)
        if found is None:
            continue
        cuts, rounded = found.cuts, order_of(found.before, len(margins))
        if regret(margins, rounded) < paid:
            order, paid = rounded, regret(margins, rounded)
        open_nodes.extend(_children(node, found, min(paid, unseen)))
    return Solution(order, paid, min([paid, unseen, *(node.bound for node in open_nodes)]))


def is_whole(before: Floats) -> bool:
    """True where every pair of a relaxation's solution is decided: it is then an order."""
    return not (np.abs(before - np.round(before)) > _WHOLE).any()


def order_of(before: Floats, size: int) -> Ints:
    """Items by how many others they stand before; ties (of a fractional `before`) by index."""
    first, second = _pairs(size)
    ahead = np.bincount(first, before, size) + np.bincount(second, 1.0 - before, size)
    return np.argsort(-np.round(ahead, 6), kind="stable").astype(np.int64)


def settled_pairs(root: Relaxation, size: int, slack: float) -> Bools:
    """[i, j]: every order whose regret is at most `root.bound + slack` has i before j."""
    first, second = _pairs(size)
    settled = np.zeros((size, size), dtype=np.bool_)
    settled[first, second] = root.reduced < -slack
    settled[second, first] = root.reduced > slack
    return settled


def _unbranched(pairs: int, bound: float) -> _Node:
    return _Node(bound, np.zeros(pairs), np.ones(pairs))


def _children(node: _Node, found: Relaxation, allowed: float) -> Iterator[_Node]:
    """The two halves of a node, the likelier one last, without orders of more than `allowed`."""
    if is_whole(found.before):
        return
    slack = allowed - found.bound + TOLERANCE * float(np.abs(found.reduced).max())
    lower = np.where((found.reduced < -slack) & (found.before > 0.5), 1.0, node.lower)
    upper = np.where((found.reduced > slack) & (found.before < 0.5), 0.0, node.upper)
    pair = int(np.argmin(np.abs(found.before - 0.5)))
    ahead, behind = lower.copy(), upper.copy()
    ahead[pair], behind[pair] = 1.0, 0.0
    halves = [_Node(found.bound, ahead, upper), _Node(found.bound, lower, behind)]
    yield from halves if found.before[pair] < 0.5 else reversed(halves)


def _relax_node(margins: Floats, node: _Node, cuts: Bools) -> Relaxation | None:
    """The relaxation within the node's bounds; None where no order lies within them."""
    legs = _triangles(len(margins))
    cost = -margins[_pairs(len(margins))]
    constant = float(np.minimum(cost, 0.0).sum())  # following every majority pays nothing
    before = np.clip(np.where(cost <= 0, 1.0, 0.0), node.lower, node.upper)
    reduced, new = cost, _violated(legs, before)
    while new.any():
        cuts = cuts | new
        found = _linear_program(legs, cost, node, cuts)
        if found is None:
            return None
        before, reduced = found
        new = _violated(legs, before) & ~cuts
    return Relaxation(float(cost @ before) - constant, before, reduced, cuts)


def _violated(legs: Ints, before: Floats) -> Bools:
    value = before[legs] @ _SIGNS
    return np.stack([value > 1 + _WHOLE, value < -_WHOLE])


def _linear_program(
    legs: Ints, cost: Floats, node: _Node, cuts: Bools
) -> tuple[Floats, Floats] | None:
    upper, lower = cuts
    chosen = upper | lower
    scale = float(np.abs(cost).max())
    found = minimise(
        cost / scale,
        _rows(legs[chosen]),
        (np.where(lower[chosen], 0.0, -np.inf), np.where(upper[chosen], 1.0, np.inf)),
        (node.lower, node.upper),
    )
    return None if found is None else (found.x, scale * found.reduced)


def _rows(legs: Ints) -> Rows:
    """x_ij + x_jk - x_ik, one row for each triangle of `legs`."""
    starts = np.arange(0, legs.size + 1, 3, dtype=np.int32)
    return Rows(starts, legs.ravel().astype(np.int32), np.tile(_SIGNS, len(legs)))


@lru_cache(maxsize=8)
def _pairs(size: int) -> tuple[Ints, Ints]:
    """The pairs i < j, in the order of the program's variables."""
    first, second = np.triu_indices(size, 1)
    return first, second


@lru_cache(maxsize=8)
def _triangles(size: int) -> Ints:
    """For each i < j < k the places of ij, jk and ik among the pairs."""
    place = np.zeros((size, size), dtype=np.int64)
    place[_pairs(size)] = np.arange(size * (size - 1) // 2)
    index = np.arange(size)
    i, j, k = np.nonzero((index[:, None, None] < index[:, None]) & (index[:, None] < index))
    return np.stack([place[i, j], place[j, k], place[i, k]], axis=1)
