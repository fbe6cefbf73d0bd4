"""Weights from comparisons with the best and the worst criterion (Rezaei 2015, 2016)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from evaluator.errors import SolverError
from evaluator.linear import minimise, sparse
from evaluator.scoring.findings import Doubt, TiedForBest, TiedForWorst, WeightingVariant
from evaluator.scoring.weighting.checks import ROUNDING, called, finite_vector, label, refuse
from evaluator.scoring.weighting.result import Floats, Weighting, to_weights

BestWorstModel = Literal["linear", "nonlinear"]

_SOURCES: dict[BestWorstModel, str] = {
    "linear": "Rezaei 2016, Omega 64, 126-130, the linear model",
    "nonlinear": "Rezaei 2015, Omega 53, 49-57; intervals: Rezaei 2016, Omega 64, 126-130",
}


@dataclass(frozen=True, eq=False, kw_only=True)
class BestWorstWeighting(Weighting):
    """Best-worst weights (m,) with their consistency.

    `inconsistency`: xi, the least largest deviation, 0 if fully consistent. In weight for the
    linear model, where it is itself the indicator; in ratios of weights for the nonlinear model.
    `consistency_ratio`: nonlinear model only: xi / consistency index of the best over the worst
    (Rezaei 2015). It can exceed 1 where the best over the worst is below 3.
    `input_consistency_ratio`: largest |a_Bj a_jW - a_BW| / (a_BW^2 - a_BW), of the judgements
    alone (Liang, Brunelli & Rezaei 2020, Omega 96, 102175).
    `most_inconsistent`: the criterion where it is largest, None if fully consistent.
    `intervals`: nonlinear model only: least and largest weight (m, 2) over all optima.
    """

    inconsistency: float
    consistency_ratio: float | None
    input_consistency_ratio: float
    most_inconsistent: int | None
    best: int
    worst: int
    intervals: Floats | None


def best_worst(
    best_to_others: ArrayLike,
    others_to_worst: ArrayLike,
    model: BestWorstModel = "linear",
    *,
    names: Sequence[str] | None = None,
) -> BestWorstWeighting:
    """Return weights from two vectors (m,) on the scale 1..9: best over each, each over worst.

    The best criterion is the 1 of best_to_others, the worst the 1 of others_to_worst. The
    `linear` model minimises the largest |w_B - a_Bj w_j|, |w_j - a_jW w_W| and has one optimum.
    The `nonlinear` model minimises the largest |w_B / w_j - a_Bj|, |w_j / w_W - a_jW|; of its
    optima the one is chosen in which each criterion's own largest deviation is least.

    Raises:
        ValueError: an unknown model, a value outside 1..9, no best or no worst criterion, the
            two statements of the best over the worst disagree, or a judgement exceeds it.

    Source: Rezaei 2015, Omega 53, 49-57 (nonlinear); Rezaei 2016, Omega 64, 126-130 (linear).
    """
    if model not in get_args(BestWorstModel):
        raise ValueError(
            f"Best-worst: unknown model {model!r}; use one of {get_args(BestWorstModel)}."
        )
    over, under, best, worst = _statements(best_to_others, others_to_worst, names)
    span = float(over[worst])
    solve = _linear if model == "linear" else _nonlinear
    importance, deviation, intervals = solve(over, under, best, worst)
    misfit = np.abs(over * under - span) / (span * span - span) if span > 1 else np.zeros(over.size)
    return BestWorstWeighting(
        weights=to_weights(importance),
        variant=WeightingVariant("best_worst", _parameters(model), _SOURCES[model]),
        warnings=tuple(_tie_warnings(over, under, best, worst, names)),
        inconsistency=deviation,
        consistency_ratio=_consistency_ratio(deviation, span) if model == "nonlinear" else None,
        input_consistency_ratio=float(misfit.max()),
        most_inconsistent=int(misfit.argmax()) if misfit.max() > ROUNDING else None,
        best=best,
        worst=worst,
        intervals=intervals,
    )


def _parameters(model: BestWorstModel) -> tuple[tuple[str, str | float], ...]:
    if model == "linear":
        return (("model", model), ("optimum", "unique"))
    return (
        ("model", model),
        ("optimum", "least_own_deviations"),
        ("consistency_index", "Rezaei 2015"),
    )


def _statements(
    best_to_others: ArrayLike, others_to_worst: ArrayLike, names: Sequence[str] | None
) -> tuple[Floats, Floats, int, int]:
    over = _scale_vector(best_to_others, "Best to others", names)
    under = _scale_vector(others_to_worst, "Others to worst", names)
    if over.size != under.size:
        raise ValueError(
            f"Best-worst: {over.size} comparisons with the best, {under.size} with the worst."
        )
    best, worst = _best_and_worst(over, under, names)
    span = over[worst]
    for vector, what in ((over, "Best to others"), (under, "Others to worst")):
        remedy = f"no judgement can exceed {span:g}, the best over the worst"
        refuse(vector, vector > span, what, remedy, names)
    return over, under, best, worst


def _scale_vector(values: ArrayLike, what: str, names: Sequence[str] | None) -> Floats:
    vector = finite_vector(values, what, names)
    refuse(vector, (vector < 1) | (vector > 9), what, "the scale is 1..9", names)
    return vector


def _best_and_worst(over: Floats, under: Floats, names: Sequence[str] | None) -> tuple[int, int]:
    bests, worsts = np.flatnonzero(over == 1), np.flatnonzero(under == 1)
    if bests.size == 0:
        raise ValueError("Best to others: no 1; the best criterion compared with itself is 1.")
    if worsts.size == 0:
        raise ValueError("Others to worst: no 1; the worst criterion compared with itself is 1.")
    pairs = [(int(b), int(w)) for b in bests for w in worsts if b != w or over.size == 1]
    agreeing = [(b, w) for b, w in pairs if over[w] == under[b]]
    if not pairs:
        raise ValueError(f"Best-worst: {label(names, bests[0])} is both the best and the worst.")
    if not agreeing:
        b, w = pairs[0]
        raise ValueError(
            f"Best-worst: the best over the worst is {over[w]:g} in best to others "
            f"({label(names, w)}) but {under[b]:g} in others to worst ({label(names, b)}); "
            "it is one judgement and must agree."
        )
    return max(agreeing, key=lambda pair: float(over[pair[1]]))


def _tie_warnings(
    over: Floats, under: Floats, best: int, worst: int, names: Sequence[str] | None
) -> Iterator[Doubt]:
    for vector, chosen, kind in ((over, best, TiedForBest), (under, worst, TiedForWorst)):
        tied = tuple(called(names, i) for i in np.flatnonzero(vector == 1))
        if len(tied) > 1:
            yield kind(tied=tied, taken=called(names, chosen))


def _linear(over: Floats, under: Floats, best: int, worst: int) -> tuple[Floats, float, None]:
    size = over.size
    from_best, to_worst = -np.diag(over), np.eye(size)
    from_best[:, best] += 1.0
    to_worst[:, worst] -= under
    gaps = np.vstack((from_best, to_worst))
    slack = np.ones((2 * size, 1))
    whole = np.append(np.ones(size), 0.0)
    rows = sparse(np.block([[gaps, -slack], [gaps, slack], [whole[np.newaxis, :]]]))
    zeros, free = np.zeros(2 * size), np.full(2 * size, np.inf)
    found = minimise(
        1.0 - whole,
        rows,
        (np.concatenate([-free, zeros, [1.0]]), np.concatenate([zeros, free, [1.0]])),
        (np.zeros(size + 1), np.full(size + 1, np.inf)),
    )
    if found is None:
        raise SolverError("Best-worst: the linear program has no solution, which cannot be.")
    optimum = np.maximum(0.0, found.x)
    return optimum[:size], float(optimum[size]), None


def _nonlinear(over: Floats, under: Floats, best: int, worst: int) -> tuple[Floats, float, Floats]:
    """Solve in closed form, scaled so that the worst weighs 1 and the best weighs r.

    For a deviation xi, w_j must lie in [r / (a_Bj + xi), r / (a_Bj - xi)] and in
    [a_jW - xi, a_jW + xi], and r in [a_BW - xi, a_BW + xi]: so xi allows every r between the
    largest (a_Bj - xi)(a_jW - xi) or a_BW - xi and the least (a_Bj + xi)(a_jW + xi) or a_BW + xi.
    The least xi is where the two meet, which fixes r and leaves each w_j its own interval.
    """
    span = float(over[worst])
    inner = np.setdiff1d(np.arange(over.size), (best, worst))
    a, c = over[inner], under[inner]
    deviation = _least_deviation(a, c, span)
    ratio = min([span + deviation, *((a + deviation) * (c + deviation))])
    importance = np.ones(over.size)
    importance[best] = ratio
    importance[inner] = (c - a + np.sqrt((c - a) ** 2 + 4.0 * ratio)) / 2.0
    low, high = importance.copy(), importance.copy()
    ceiling = np.full(a.size, np.inf)
    np.divide(ratio, a - deviation, out=ceiling, where=a > deviation)
    low[inner] = np.maximum(ratio / (a + deviation), c - deviation)
    high[inner] = np.minimum(ceiling, c + deviation)
    weights = importance / importance.sum()
    least = np.minimum(weights, low / (low + high.sum() - high))
    largest = np.maximum(weights, high / (high + low.sum() - low))
    intervals = np.column_stack((least, largest))
    intervals.setflags(write=False)
    return importance, deviation, intervals


def _least_deviation(a: Floats, c: Floats, span: float) -> float:
    """Return the least xi: of each criterion against a_BW, and of each pair of criteria."""
    if a.size == 0:
        return 0.0
    product, total = a * c, a + c
    root = np.sqrt((total + 1.0) ** 2 + 4.0 * (span - product))
    alone = 2.0 * np.abs(product - span) / (total + 1.0 + root)
    paired = (product[:, np.newaxis] - product) / (total[:, np.newaxis] + total)
    return float(max(alone.max(), paired.max()))


def _consistency_ratio(deviation: float, span: float) -> float:
    """Divide by the consistency index: xi^2 - (1 + 2 a_BW) xi + a_BW^2 - a_BW = 0."""
    if deviation == 0.0:
        return 0.0
    return deviation / ((2.0 * span + 1.0 - math.sqrt(8.0 * span + 1.0)) / 2.0)
