"""Normalisations: raw performances to comparable ones, higher is better."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

import numpy as np

from evaluator.scoring.methods.problem import ROW_CELLS, SLACK, Floats, blocks

Normalization = Literal["none", "max", "minmax", "sum", "vector"]


def normalize(matrix: Floats, directions: Floats, normalization: str) -> Floats:
    """Return the matrix (n, m) normalised so that higher is better in every column.

    none: x; -x for cost. max: x / max; min / x for cost. minmax: (x - worst) / (best - worst).
    sum: x / sum of x; with 1/x in place of x for cost. vector: x / length; 1 - x / length for
    cost (length: the root of the sum of squares).
    A constant column, a column of zeros among them, says nothing and gets what any constant gets
    in the limit: 1 in max and minmax, 1/n in sum, 1/sqrt(n) in vector (1 - 1/sqrt(n) for cost).
    Raises ValueError naming the column for a negative number in max and sum, and for a zero
    among other numbers in a cost column there.
    """
    if normalization not in _RULES:
        known = ", ".join(_RULES)
        raise ValueError(f"normalization is {normalization!r}; known here: {known}.")
    return _RULES[normalization](matrix, directions)


def extremes(matrix: Floats) -> tuple[Floats, Floats]:
    """Return the least and the greatest value (m,) of each column."""
    # Along the rows of a transposed copy this takes half the time of along columns.
    lows, highs = [], []
    for rows in blocks(len(matrix), matrix.shape[1], ROW_CELLS):
        columns = np.ascontiguousarray(matrix[rows].T)
        lows.append(columns.min(axis=1))
        highs.append(columns.max(axis=1))
    return np.minimum.reduce(lows), np.maximum.reduce(highs)


def _signed(matrix: Floats, directions: Floats) -> Floats:
    signed: Floats = matrix * directions
    return signed


def _minmax(matrix: Floats, directions: Floats) -> Floats:
    low, high = extremes(matrix)
    span = high - low
    constant = span <= SLACK * np.maximum(np.abs(low), np.abs(high))
    shares: Floats = matrix - np.where(directions > 0, low, high)
    shares /= np.where(constant, 1.0, directions * span)
    if constant.any():
        shares[:, constant] = 1.0
    return shares


def _ratios(matrix: Floats, directions: Floats) -> Floats:
    low, high = extremes(matrix)
    if low.min() < 0:
        raise _unfit(int(low.argmin()), "has a negative number")
    zero = high == 0
    if zero.any():
        matrix, low, high = (np.where(zero, 1.0, each) for each in (matrix, low, high))
    ratios: Floats = matrix / high
    costs = np.flatnonzero(directions < 0)
    if costs.size:
        if low[costs].min() == 0:
            raise _unfit(int(costs[low[costs].argmin()]), "is a cost and has a zero")
        ratios[:, costs] = low[costs] / matrix[:, costs]
    return ratios


def _sum(matrix: Floats, directions: Floats) -> Floats:
    shares = _ratios(matrix, directions)
    shares /= shares.sum(axis=0)
    return shares


def _vector(matrix: Floats, directions: Floats) -> Floats:
    low, high = extremes(matrix)
    top = np.maximum(high, -low)
    zero = top == 0
    if zero.any():
        matrix, top = np.where(zero, 1.0, matrix), np.where(zero, 1.0, top)
    units: Floats = matrix / top
    units /= np.sqrt(np.einsum("nj,nj->j", units, units))
    costs = directions < 0
    if costs.any():
        units[:, costs] = 1.0 - units[:, costs]
    return units


def _unfit(column: int, fact: str) -> ValueError:
    return ValueError(
        f"column {column} {fact}, which max and sum cannot take; "
        "use minmax or vector, or mend the column."
    )


_RULES: Mapping[str, Callable[[Floats, Floats], Floats]] = MappingProxyType(
    {"none": _signed, "max": _ratios, "minmax": _minmax, "sum": _sum, "vector": _vector}
)
