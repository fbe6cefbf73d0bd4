"""Weights from the data alone, to compare stated weights with: entropy and CRITIC."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import scipy
from numpy.typing import ArrayLike

from evaluator.scoring.findings import WeightingVariant
from evaluator.scoring.weighting.checks import finite_matrix, sign_vector
from evaluator.scoring.weighting.result import Bools, Floats, Weighting, to_weights

CostTreatment = Literal["ignored", "reciprocal"]

_CONSTANT = 1e-12


def entropy(
    matrix: ArrayLike, directions: ArrayLike | None = None, cost: CostTreatment = "ignored"
) -> Weighting:
    """Return entropy weights (m,) from a performance matrix (n, m) of non-negative values.

    With shares p_ij = x_ij / sum_i x_ij, entropy E_j = - sum_i p_ij ln p_ij / ln n (0 ln 0 = 0);
    weights are proportional to 1 - E_j. A constant column weighs 0. `cost` says what is done
    with columns of direction -1: `ignored` takes them as they are (the usual reading), and
    `reciprocal` takes 1/x first.

    Raises:
        ValueError: a negative cell, a column of zeros, a zero where 1/x is taken, directions
            missing for `reciprocal`, or all columns constant.

    Source: Hwang & Yoon 1981, Multiple Attribute Decision Making.
    """
    if cost not in get_args(CostTreatment):
        raise ValueError(f"Entropy: unknown cost {cost!r}; use one of {get_args(CostTreatment)}.")
    table = _without_costs(finite_matrix(matrix), directions, cost)
    _refuse_cells(table, table < 0, "entropy takes values of 0 or more")
    totals = table.sum(axis=0)
    if not totals.all():
        raise ValueError(f"Entropy: column {int(np.argmin(totals))} is all zeros; leave it out.")
    shares = table / totals
    disorder = -scipy.special.xlogy(shares, shares).sum(axis=0) / np.log(len(table))
    divergence = np.where(_constant(table), 0.0, np.maximum(0.0, 1.0 - disorder))
    if not divergence.any():
        raise ValueError("Entropy: every column is constant, so the data say nothing of weights.")
    return Weighting(
        weights=to_weights(divergence),
        variant=WeightingVariant(
            "entropy",
            (("normalisation", "share_of_column"), ("cost", cost)),
            "Hwang & Yoon 1981",
        ),
    )


def critic(matrix: ArrayLike, directions: ArrayLike | None = None) -> Weighting:
    """Return CRITIC weights (m,) from a performance matrix (n, m).

    Columns are scaled to 0..1 between worst and best; weights are proportional to standard
    deviation x sum_k (1 - Pearson correlation with k). With `directions` (m,) of +1/-1 a cost
    column is turned round, as in the paper; without them every column counts as a benefit. A
    constant column weighs 0 and is left out of the others' sums.

    Raises:
        ValueError: all columns constant, or all others perfectly correlated.

    Source: Diakoulaki, Mavrotas & Papayannakis 1995, Computers & OR 22(7), 763-770.
    """
    table = finite_matrix(matrix)
    size = table.shape[1]
    signs = np.ones(size) if directions is None else sign_vector(directions, size)
    varying = np.flatnonzero(~_constant(table))
    importance = np.zeros(size)
    if varying.size > 1:
        oriented = table[:, varying] * signs[varying]
        scaled = (oriented - oriented.min(axis=0)) / np.ptp(oriented, axis=0)
        conflict = 1.0 - np.corrcoef(scaled, rowvar=False)
        conflict[conflict < _CONSTANT] = 0.0
        importance[varying] = scaled.std(axis=0) * conflict.sum(axis=0)
    if not importance.any():
        raise ValueError(
            "CRITIC: no two columns vary independently (constant or perfectly correlated), so "
            "the data say nothing of weights."
        )
    treated = "ignored" if directions is None else "turned_round"
    return Weighting(
        weights=to_weights(importance),
        variant=WeightingVariant(
            "critic",
            (
                ("normalisation", "minmax"),
                ("correlation", "Pearson"),
                ("cost", treated),
            ),
            "Diakoulaki, Mavrotas & Papayannakis 1995",
        ),
    )


def _without_costs(table: Floats, directions: ArrayLike | None, cost: CostTreatment) -> Floats:
    if directions is None and cost == "reciprocal":
        raise ValueError("Entropy: cost='reciprocal' needs directions (+1 or -1 a column).")
    if directions is None:
        return table
    costs = sign_vector(directions, table.shape[1]) < 0
    if cost == "ignored":
        return table
    _refuse_cells(table, costs & (table <= 0), "1/x of a cost column takes values above 0")
    return np.where(costs, 1.0 / np.where(costs, table, 1.0), table)


def _refuse_cells(table: Floats, faulty: Bools, remedy: str) -> None:
    for row, column in np.argwhere(faulty):
        raise ValueError(
            f"Performance matrix: row {row}, column {column} is {table[row, column]:g}; {remedy}."
        )


def _constant(table: Floats) -> Bools:
    """Tell which columns (m,) vary by no more than rounding."""
    spread: Floats = np.ptp(table, axis=0)
    size: Floats = np.abs(table).max(axis=0)
    return np.asarray(spread <= _CONSTANT * size)
