"""Compensating methods: weighted sum, weighted product, and WASPAS between the two."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluator.scoring.findings import MethodVariant
from evaluator.scoring.methods.normalization import Normalization, normalize
from evaluator.scoring.methods.problem import (
    Bools,
    Floats,
    Scored,
    blocks,
    checked_directions,
    checked_share,
    checked_values,
    checked_weights,
    decision_problem,
    unbatched,
    weigh,
)

_SUM_SOURCE = "Fishburn 1967, Operations Research 15(3)"
_PRODUCT_SOURCE = "Bridgman 1922; Miller & Starr 1969"
_WASPAS_SOURCE = (
    "Zavadskas, Turskis, Antucheviciene & Zakarevicius 2012, Elektronika ir elektrotechnika 122(6)"
)

_NEAR_ZERO = 1e-100


def weighted_sum(
    matrix: ArrayLike,
    weights: ArrayLike,
    directions: ArrayLike,
    *,
    normalization: Normalization = "none",
) -> Scored:
    """Score by the sum of weight x value.

    Shapes: matrix (n, m), weights (m,) or (draws, m), directions (m,) of +1 / -1 -> scores (n,)
    or (draws, n). With normalization none, a cost column counts negatively, and the matrix may
    be (draws, n, m), one for each draw: scores are (draws, n).
    Raises ValueError for malformed input or a column that the normalisation cannot take.
    Source: Fishburn 1967, Operations Research 15(3), 537-542.

    >>> weighted_sum([[80, 20], [50, 60]], [0.75, 0.25], [1, 1]).scores
    array([65. , 52.5])
    """
    variant = MethodVariant("weighted_sum", normalization, (), _SUM_SOURCE)
    if np.ndim(matrix) == 3:
        return Scored(_sum_of_drawn_values(matrix, weights, directions, normalization), variant)
    problem = decision_problem(matrix, weights, directions)
    if normalization == "none":
        sums = weigh(problem.matrix, problem.weights * problem.directions)
    else:
        values = normalize(problem.matrix, problem.directions, normalization)
        sums = weigh(values, problem.weights)
    return Scored(unbatched(sums, problem.single), variant)


def weighted_product(
    matrix: ArrayLike,
    weights: ArrayLike,
    directions: ArrayLike,
    *,
    normalization: Normalization = "none",
) -> Scored:
    """Score by the product of value to the power of weight, the weighted geometric mean.

    Shapes: matrix (n, m), weights (m,) or (draws, m), directions (m,) of +1 / -1 -> scores (n,)
    or (draws, n). With normalization none, a cost column counts with the power -weight. A value
    of 0 makes the score 0 wherever its criterion has a weight (0 to the power 0 is 1).
    Raises ValueError for malformed input, a negative value, or a zero that would be divided by.
    Source: Bridgman 1922, Dimensional Analysis; Miller & Starr 1969, Executive Decisions and
    Operations Research.

    >>> weighted_product([[4, 9], [6, 6]], [0.5, 0.5], [1, 1]).scores
    array([6., 6.])
    """
    problem = decision_problem(matrix, weights, directions)
    if normalization == "none":
        values, exponents = problem.matrix, problem.directions
    else:
        values = normalize(problem.matrix, problem.directions, normalization)
        exponents = np.ones_like(problem.directions)
    logs = _logs(values, exponents)
    scores = np.empty((problem.draws, len(values)))
    for block in blocks(problem.draws, len(values)):
        scores[block] = _products(logs, problem.weights[block])
    variant = MethodVariant("weighted_product", normalization, (), _PRODUCT_SOURCE)
    return Scored(unbatched(scores, problem.single), variant)


def waspas(
    matrix: ArrayLike,
    weights: ArrayLike,
    directions: ArrayLike,
    *,
    balance: float = 0.5,
    normalization: Normalization = "max",
) -> Scored:
    """Score by balance x weighted sum + (1 - balance) x weighted product of the same values.

    Shapes: matrix (n, m), weights (m,) or (draws, m), directions (m,) of +1 / -1 -> scores (n,)
    or (draws, n). Balance, the paper's lambda, lies between 0 (product) and 1 (sum).
    Raises ValueError for malformed input, a column that the normalisation cannot take, or a
    cost column with normalization none: a sum and a product turn it in different ways.
    Source: Zavadskas, Turskis, Antucheviciene & Zakarevicius 2012, Elektronika ir
    elektrotechnika 122(6), 3-6.
    """
    problem = decision_problem(matrix, weights, directions)
    share = checked_share(balance, "balance")
    if normalization == "none" and (problem.directions < 0).any():
        column = int(np.argmax(problem.directions < 0))
        raise ValueError(
            f"column {column} is a cost, which normalization none leaves as it is; "
            "use max, minmax, sum or vector."
        )
    values = normalize(problem.matrix, problem.directions, normalization)
    logs = _logs(values, np.ones_like(problem.directions))
    scores = np.empty((problem.draws, len(values)))
    for block in blocks(problem.draws, len(values)):
        rows = problem.weights[block]
        scores[block] = share * weigh(values, rows) + (1 - share) * _products(logs, rows)
    variant = MethodVariant("waspas", normalization, (("balance", share),), _WASPAS_SOURCE)
    return Scored(unbatched(scores, problem.single), variant)


def _sum_of_drawn_values(
    matrix: ArrayLike, weights: ArrayLike, directions: ArrayLike, normalization: str
) -> Floats:
    if normalization != "none":
        raise ValueError(
            f"a (draws, n, m) matrix cannot have normalization {normalization!r}: "
            "normalise each draw before."
        )
    values = checked_values(matrix, "matrix", ("draws", "alternatives", "criteria"))
    draws, _, criteria = values.shape
    signs = checked_directions(directions, criteria)
    rows, single = checked_weights(weights, criteria)
    if not single and len(rows) != draws:
        raise ValueError(
            f"the matrix holds {draws} draws, the weights {len(rows)}; give as many, or one vector."
        )
    signed = np.broadcast_to(rows * signs, (draws, criteria))
    return unbatched(np.einsum("dnj,dj->dn", values, signed), single=False)


@dataclass(frozen=True, slots=True)
class _Logs:
    """Logarithms (n, m) of the factors of a product, 0 in place of the logarithm of a `zero`."""

    logs: Floats
    zero: Floats


def _logs(values: Floats, exponents: Floats) -> _Logs:
    _refuse_columns(np.any(values < 0, axis=0), "has a negative value")
    near_zero = np.any(values <= _NEAR_ZERO, axis=0)
    _refuse_columns(near_zero & (exponents < 0), "is a cost with a zero")
    zero = values == 0
    return _Logs(np.log(np.where(zero, 1.0, values)) * exponents, zero.astype(np.float64))


def _products(factors: _Logs, weights: Floats) -> Floats:
    products: Floats = np.exp(weigh(factors.logs, weights))
    if factors.zero.any():
        with_weight = (weights > 0).astype(np.float64)
        products[weigh(factors.zero, with_weight) > 0] = 0.0
    return products


def _refuse_columns(columns: Bools, fact: str) -> None:
    if columns.any():
        column = int(np.argmax(columns))
        raise ValueError(
            f"a product cannot take column {column}: it {fact}; normalise, or mend the column."
        )
