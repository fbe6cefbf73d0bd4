"""An order of least regret, tier by tier."""

from dataclasses import dataclass
from math import inf

import numpy as np

from evaluator.agreement.arrays import Bools, Floats, Ints
from evaluator.agreement.branch_and_cut import (
    TOLERANCE,
    Relaxation,
    Solution,
    branch_and_cut,
    is_whole,
    order_of,
    regret,
    relax,
    settled_pairs,
)


@dataclass(frozen=True)
class Ordering:
    """An order (n,), best first, its `regret`, and the `bound` below which no order's is.

    `settled[i, j]`: i stands before j in every order of least regret (proven by the tiers or by
    reduced costs; False says nothing).
    """

    order: Ints
    regret: float
    bound: float
    settled: Bools


def tiers(margins: Floats) -> list[Ints]:
    """Groups, best first: every member of one beats every member of the later ones.

    The strongly connected components of 'beats or ties with', items ascending within each. Every
    order of least regret keeps the groups apart: Truchon, An Extension of the Condorcet Criterion
    and Kemeny Orders (1998).
    """
    within = _reaches(margins >= 0)
    labels = (within & within.T).argmax(axis=1)
    wins = (margins > 0).sum(axis=1)
    groups = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    return sorted(groups, key=lambda group: -float(wins[group].mean()))


def _reaches(beats: Bools) -> Bools:
    """[i, j]: a chain of steps leads from i to j, of length 0 at least."""
    reached = beats | np.eye(len(beats), dtype=np.bool_)
    while True:
        further: Bools = reached.astype(np.float32) @ reached.astype(np.float32) > 0
        if (further == reached).all():
            return reached
        reached = further


def least_regret(margins: Floats, *, cutoff: float = inf, deadline: float = inf) -> Ordering:
    """An order of least regret for `margins` (n, n), searched for at or below `cutoff` only.

    If the least regret is above `cutoff`, the `bound` is too, and the order may be any. At
    `deadline` (seconds of `time.monotonic`) the search stops with the best order found and the
    bound proven by then. Raises ValueError for a tier of more items than the program takes.
    """
    groups = tiers(margins)
    inside = [margins[np.ix_(group, group)] for group in groups]
    roots = [relax(part) for part in inside]
    bound = sum(root.bound for root in roots)
    solved: list[Solution] = []
    for part, root in zip(inside, roots, strict=True):
        solved.append(_solve_tier(part, root, cutoff - (bound - root.bound), deadline))
        bound += solved[-1].bound - root.bound
    return Ordering(
        np.concatenate([group[part.order] for group, part in zip(groups, solved, strict=True)]),
        sum(part.regret for part in solved),
        bound,
        _settled(groups, inside, roots, solved),
    )


def _solve_tier(margins: Floats, root: Relaxation, cutoff: float, deadline: float) -> Solution:
    if not is_whole(root.before):
        return branch_and_cut(margins, root, cutoff, deadline)
    order = order_of(root.before, len(margins))
    paid = regret(margins, order)
    return Solution(order, paid, paid)


def _settled(
    groups: list[Ints], inside: list[Floats], roots: list[Relaxation], solved: list[Solution]
) -> Bools:
    size = sum(len(group) for group in groups)
    settled = np.zeros((size, size), dtype=np.bool_)
    for position, group in enumerate(groups):
        tolerance = TOLERANCE * float(inside[position].max(initial=0.0))
        slack = solved[position].regret - roots[position].bound + tolerance
        settled[np.ix_(group, group)] = settled_pairs(roots[position], len(group), slack)
        for later in groups[position + 1 :]:
            settled[np.ix_(group, later)] = True
    return settled
