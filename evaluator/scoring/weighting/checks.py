"""Checks that the elicitation methods share. Positions in messages count from 0."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import SupportsIndex

import numpy as np
from numpy.typing import ArrayLike

from evaluator.scoring.weighting.result import Bools, Floats

ROUNDING = 1e-9
"""A sum may miss its total by this share: rounding of decimals, never a renormalisation."""


def label(names: Sequence[str] | None, index: SupportsIndex) -> str:
    """Return how a message calls a criterion: by its name, else by its position from 0."""
    return f"position {index}" if names is None else repr(names[int(index)])


def called(names: Sequence[str] | None, index: SupportsIndex) -> str:
    """Return the name of a criterion, or else its position from 0."""
    return str(int(index)) if names is None else names[int(index)]


def finite_vector(values: ArrayLike, what: str, names: Sequence[str] | None) -> Floats:
    """Return values as a new array (m,), m >= 1.

    Raises:
        ValueError: not one-dimensional, empty, not finite, or not as many as the names.
    """
    vector = np.array(values, dtype=np.float64)
    if vector.ndim != 1 or vector.size == 0:
        raise ValueError(
            f"{what}: expected one number per criterion, got an array of shape {vector.shape}."
        )
    if names is not None and len(names) != vector.size:
        raise ValueError(f"{what}: {vector.size} values for {len(names)} names; give one each.")
    refuse(vector, ~np.isfinite(vector), what, "give a finite number", names)
    return vector


def refuse(
    vector: Floats,
    faulty: Bools,
    what: str,
    remedy: str,
    names: Sequence[str] | None,
) -> None:
    """Raise a ValueError that names every faulty entry of a vector (m,), if there is one."""
    if faulty.any():
        found = ", ".join(f"{label(names, i)} is {vector[i]:g}" for i in np.flatnonzero(faulty))
        raise ValueError(f"{what}: {found}; {remedy}.")


def finite_matrix(matrix: ArrayLike) -> Floats:
    """Return a performance matrix as a new array (n, m), n >= 2 and m >= 1.

    Raises:
        ValueError: another shape, or a cell that is not finite.
    """
    table = np.array(matrix, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] < 2 or table.shape[1] < 1:
        raise ValueError(
            "Performance matrix: expected at least two alternatives (rows) and one criterion "
            f"(column), got shape {table.shape}."
        )
    for row, column in np.argwhere(~np.isfinite(table)):
        raise ValueError(
            f"Performance matrix: row {row}, column {column} is {table[row, column]:g}; "
            "weights from data need every cell, so settle missing values first."
        )
    return table


def sign_vector(directions: ArrayLike, criteria: int) -> Floats:
    """Return directions (m,) of +1 (more is better) and -1 (less is better).

    Raises:
        ValueError: another length, or an entry other than +1 and -1.
    """
    signs = finite_vector(directions, "Directions", None)
    if signs.size != criteria:
        raise ValueError(f"Directions: {signs.size} given for {criteria} criteria; give one each.")
    refuse(signs, np.abs(signs) != 1, "Directions", "give +1 or -1", None)
    return signs


def equal_up_to_rounding(numbers: Iterable[float], total: float) -> bool:
    """Tell whether numbers add up to a total, but for the rounding of decimals."""
    return math.isclose(math.fsum(numbers), total, rel_tol=ROUNDING, abs_tol=0.0)
