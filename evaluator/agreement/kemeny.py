"""The Kemeny consensus: the ranking with the least pairwise disagreement."""

from dataclasses import dataclass
from time import monotonic

import numpy as np
from numpy.typing import ArrayLike

from evaluator.agreement.arrays import (
    Floats,
    Ints,
    levels,
    weights_of_agencies,
)
from evaluator.agreement.branch_and_cut import TOLERANCE, regret
from evaluator.agreement.findings import KemenyRanking
from evaluator.agreement.linear_ordering import Ordering, least_regret, tiers
from evaluator.agreement.preferences import majority_margins, pairwise_preferences
from evaluator.decision.ties import POINTS
from evaluator.results.findings import Finding


@dataclass(frozen=True)
class Kemeny:
    """A Kemeny consensus ranking and what is known about it.

    `order` (n,) package indices, best first; `ranks` (n,) of the packages, 1 to n.
    `disagreements`: weight of the (agency, pair) disagreements that remain, a tie half.
    `lower_bound`: no ranking has fewer; `proven`: the two are equal.
    `unique`: no other ranking is as good; None where time ran out before that was known.
    `alternative`: another ranking as good, if there is one.
    `canonical`: of the rankings as good, `order` is the first in index order.
    `tiers`: groups of packages that every best ranking keeps apart, best first.
    `by_agency` (k,): pairs on which the ranking goes against each agency, unweighted, a tie half.
    """

    order: Ints
    ranks: Ints
    disagreements: float
    lower_bound: float
    proven: bool
    unique: bool | None
    alternative: Ints | None
    canonical: bool
    tiers: tuple[tuple[int, ...], ...]
    by_agency: Floats
    variant: Finding


def kemeny(
    scores: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    span: float = POINTS,
    time_limit: float = 60.0,
) -> Kemeny:
    """The strict ranking that disagrees least with the agencies, with a proof.

    `scores` (k, n); `weights` (k,) say how much each agency's disagreements count, 1 each unless
    given. Disagreement: a pair placed one way by the agency and the other way by the ranking
    counts 1, a pair the agency ties counts 1/2 either way. Totals closer than 1e-6 of the largest
    majority count as equal. Of several best rankings: the first in index order.

    `time_limit`: seconds for the proof and the search for other best rankings together, looked at
    between two relaxations; where it runs out, the result says what is not known. Raises
    ValueError. Kemeny, Daedalus 88 (1959); the integer program of Conitzer, Davenport &
    Kalagnanam (AAAI 2006), by branch and cut.
    """
    array = levels(scores, span)
    weight = weights_of_agencies(weights, len(array), "weights")
    preferences = pairwise_preferences(array, weight, span)
    margins = majority_margins(preferences)
    unavoidable = float(np.triu(np.minimum(preferences, preferences.T)).sum())
    deadline = monotonic() + time_limit
    best = least_regret(margins, deadline=deadline)
    tolerance = TOLERANCE * float(margins.max())
    proven = best.regret - best.bound <= tolerance
    search = (
        _first_in_index_order(margins, best, tolerance, deadline)
        if proven
        else _Search(best.order, None, complete=False)
    )
    return Kemeny(
        order=search.order,
        ranks=np.argsort(search.order) + 1,
        disagreements=unavoidable + regret(margins, search.order),
        lower_bound=unavoidable + (regret(margins, search.order) if proven else best.bound),
        proven=proven,
        unique=_unique(search),
        alternative=search.other,
        canonical=search.complete,
        tiers=tuple(tuple(int(i) for i in group) for group in tiers(margins)),
        by_agency=disagreements_by_agency(array, search.order, span),
        variant=KemenyRanking(weights is not None),
    )


def disagreements_by_agency(scores: ArrayLike, order: ArrayLike, span: float = POINTS) -> Floats:
    """Pairs on which each agency's ranking goes against `order`, a pair it ties counting 1/2.

    `scores` (k, n), `order` (n,) a permutation, best first. Returns (k,); the agency's full
    agreement is 0, full reversal n (n - 1) / 2. Raises ValueError.
    """
    array = levels(scores, span)
    places = np.asarray(order)
    if sorted(places.tolist()) != list(range(array.shape[1])):
        raise ValueError(f"order must name each of the {array.shape[1]} packages once")
    first, second = np.triu_indices(array.shape[1], 1)
    placed = array[:, places]
    against: Floats = (0.5 - 0.5 * np.sign(placed[:, first] - placed[:, second])).sum(axis=1)
    return against


@dataclass(frozen=True)
class _Search:
    order: Ints
    other: Ints | None
    complete: bool


def _unique(search: _Search) -> bool | None:
    if search.other is not None:
        return False
    return True if search.complete else None


def _first_in_index_order(
    margins: Floats, best: Ordering, tolerance: float, deadline: float
) -> _Search:
    """Try, place by place, whether another package can stand there in an equally good order.

    Smaller indices are tried to make the order the first one, larger ones only as long as no
    second order is known: if none can stand anywhere, the order is unique.
    """
    order, other = best.order, None
    for place in range(len(order)):
        for candidate in np.sort(order[place + 1 :]):
            if other is not None and candidate > order[place]:
                break
            spare = best.regret + tolerance - regret(margins, order)
            try:
                rest = _completion(margins, best, order[place:], candidate, spare, deadline)
            except TimeoutError:
                return _Search(order, other, complete=False)
            if rest is None:
                continue
            found = np.concatenate([order[:place], rest])
            order, other = (order, found) if candidate > order[place] else (found, order)
            break
    return _Search(order, other, complete=True)


def _completion(
    margins: Floats,
    best: Ordering,
    remaining: Ints,
    candidate: int,
    spare: float,
    deadline: float,
) -> Ints | None:
    """`remaining` with `candidate` first at no more than `spare` above its regret, or None.

    Raises TimeoutError if the deadline passes before that is decided.
    """
    if monotonic() > deadline:
        raise TimeoutError
    others = np.sort(remaining[remaining != candidate])
    if best.settled[others, candidate].any():
        return None
    paid = float(np.maximum(margins[others, candidate], 0.0).sum())
    allowed = regret(margins, remaining) + spare - paid
    found = least_regret(margins[np.ix_(others, others)], cutoff=allowed, deadline=deadline)
    if found.bound > allowed:
        return None
    if found.regret > allowed:
        raise TimeoutError
    return np.concatenate([[candidate], others[found.order]])
