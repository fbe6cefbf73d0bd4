"""The checks that every function of this room makes on its arrays."""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.decision.ties import levelled

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]


def matrix(values: ArrayLike, name: str) -> Floats:
    """`values` as a finite (rows, columns) array of floats with at least one cell.

    Raises ValueError naming `name` and the first cell that is not a finite number.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 2 or array.size == 0:
        raise ValueError(
            f"{name} has shape {array.shape}; give a table with two dimensions "
            "and at least one row and one column"
        )
    return _finite(array, name)


def levels(scores: ArrayLike, span: float) -> Floats:
    """`scores` (k, n) of agencies on a scale of this span, tied ones of a row equal.

    Raises ValueError as `matrix`.
    """
    return levelled(matrix(scores, "scores"), span)


def vector(values: ArrayLike, name: str, length: int) -> Floats:
    """`values` as a finite (length,) array of floats.

    Raises ValueError naming `name`, the shape found and the one wanted.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.shape != (length,):
        raise ValueError(f"{name} has shape {array.shape}; give {length} numbers, one per agency")
    return _finite(array, name)


def weights_of_agencies(values: ArrayLike | None, agencies: int, name: str) -> Floats:
    """Non-negative weights (agencies,), not all zero; ones where `values` is None.

    Nothing is scaled: the sum is what the caller gave. Raises ValueError.
    """
    if values is None:
        return np.ones(agencies)
    array = vector(values, name, agencies)
    if (array < 0).any():
        at = int(np.argmax(array < 0))
        raise ValueError(f"{name}[{at}] is {array[at]:g}; give weights of 0 or more")
    if not array.any():
        raise ValueError(f"{name} are all 0; give at least one agency a weight above 0")
    return array


def agency(index: int, agencies: int) -> int:
    """`index` if it names one of the `agencies` rows. Raises ValueError."""
    if not 0 <= index < agencies:
        raise ValueError(f"there is no agency {index}; the rows are 0 to {agencies - 1}")
    return index


def _finite(array: Floats, name: str) -> Floats:
    wrong = ~np.isfinite(array)
    if wrong.any():
        cell = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise ValueError(
            f"{name}{list(cell)} is {array[cell]}; every cell must be a finite number "
            "(decide what a missing score counts as before calling)"
        )
    return array
