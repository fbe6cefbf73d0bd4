"""What all methods share: the checked decision problem, the named variant, the weighing step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.scoring.findings import MethodVariant

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Integers = NDArray[np.intp]
Array = TypeVar("Array", bound=NDArray[Any])

SLACK = 1e-12
"""Numbers closer than this, relative to their scale, count as equal: rounding decides nothing."""

_LARGEST = 1e100
"""Squares and sums of larger magnitudes may overflow."""

_SUM_TOLERANCE = 1e-9

BATCH_CELLS = 2**18
"""Cells of one block of draws: two megabytes of floats, which fit the processor's cache."""

ROW_CELLS = 2**14
"""Cells of one block of rows: larger temporaries cost more in memory pages than in arithmetic."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of one method: (n,) for one weight vector, (draws, n) for a batch."""

    scores: Floats
    variant: MethodVariant


@dataclass(frozen=True, slots=True)
class DecisionProblem:
    """Checked input: `matrix` (n, m), `weights` always (draws, m), `directions` (m,) of +1 / -1."""

    matrix: Floats
    weights: Floats
    directions: Floats
    single: bool

    @property
    def draws(self) -> int:
        """Return the number of weight vectors."""
        return len(self.weights)


def decision_problem(
    matrix: ArrayLike, weights: ArrayLike, directions: ArrayLike
) -> DecisionProblem:
    """Check and convert the three arrays that every method takes.

    Shapes: matrix (n, m), weights (m,) or (draws, m), directions (m,).
    Raises ValueError for a wrong shape, a value that is not finite or too large, a negative
    weight, weights that do not sum to 1 within 1e-9, a direction other than +1 or -1.
    """
    values = checked_values(matrix, "matrix", ("alternatives", "criteria"))
    signs = checked_directions(directions, values.shape[-1])
    rows, single = checked_weights(weights, values.shape[-1])
    return DecisionProblem(values, rows, signs, single)


def checked_values(values: ArrayLike, name: str, axes: tuple[str, ...]) -> Floats:
    """Return the array as contiguous floats, or raise ValueError naming the cell at fault."""
    numbers = np.ascontiguousarray(values, dtype=np.float64)
    if numbers.ndim != len(axes) or numbers.size == 0:
        raise ValueError(
            f"{name} has shape {numbers.shape}; give a non-empty ({', '.join(axes)}) array."
        )
    if not (numbers.min() >= -_LARGEST and numbers.max() <= _LARGEST):
        cell = tuple(int(i) for i in np.argwhere(~(np.abs(numbers) <= _LARGEST))[0])
        raise ValueError(
            f"{name}{list(cell)} is {numbers[cell]}; give finite numbers up to {_LARGEST:g}: "
            "fill missing values first, or change the criterion's unit."
        )
    return numbers


def checked_directions(directions: ArrayLike, criteria: int) -> Floats:
    """Return directions (m,) as floats, or raise ValueError."""
    signs = np.asarray(directions, dtype=np.float64)
    if signs.shape != (criteria,):
        raise ValueError(
            f"directions have shape {signs.shape}, the matrix has {criteria} criteria; "
            "give one +1 or -1 for each criterion."
        )
    wrong = np.abs(signs) != 1
    if wrong.any():
        column = int(np.argmax(wrong))
        raise ValueError(
            f"directions[{column}] is {signs[column]:g}; "
            "use +1 where higher is better, -1 where lower is better."
        )
    return signs


def checked_weights(weights: ArrayLike, criteria: int) -> tuple[Floats, bool]:
    """Return weights as (draws, m) and whether one vector was given, or raise ValueError."""
    given = np.ascontiguousarray(weights, dtype=np.float64)
    if given.ndim not in (1, 2) or given.size == 0 or given.shape[-1] != criteria:
        raise ValueError(
            f"weights have shape {given.shape}, the matrix has {criteria} criteria; "
            f"give ({criteria},) or (draws, {criteria})."
        )
    rows = given.reshape(-1, criteria)
    if not rows.min() >= 0:
        cell = tuple(int(i) for i in np.argwhere(~(given >= 0))[0])
        raise ValueError(f"weights{list(cell)} is {given[cell]}; give numbers of 0 or more.")
    sums = rows.sum(axis=1)
    wrong = ~(np.abs(sums - 1) <= _SUM_TOLERANCE)
    if wrong.any():
        draw = int(np.argmax(wrong))
        which = "weights" if given.ndim == 1 else f"weights[{draw}]"
        raise ValueError(
            f"{which} sum to {sums[draw]:.12g}, not 1; they are not renormalised here: "
            "correct them, or divide them by their sum on purpose."
        )
    return rows, given.ndim == 1


def checked_share(value: float, name: str) -> float:
    """Return a number between 0 and 1, or raise ValueError."""
    if not 0 <= value <= 1:
        raise ValueError(f"{name} is {value}; give a number from 0 to 1.")
    return float(value)


def per_criterion(values: ArrayLike, name: str, criteria: int) -> Floats:
    """Return one number for each criterion (m,) from a scalar or (m,), or raise ValueError."""
    given = np.asarray(values, dtype=np.float64)
    if given.ndim == 0:
        return np.full(criteria, float(given))
    if given.shape != (criteria,):
        raise ValueError(
            f"{name} has shape {given.shape}; give one number, or one for each "
            f"of the {criteria} criteria."
        )
    return given


def on_criterion(column: int, *stated: ArrayLike | None) -> str:
    """Return which criterion a message is about: none where one number is stated for them all."""
    return f" on criterion {column}" if any(np.ndim(x) for x in stated if x is not None) else ""


def weigh(values: Floats, weights: Floats) -> Floats:
    """Return the weighted sums (draws, n) of values (n, m) under weights (draws, m).

    Each sum adds its terms in the same order wherever the alternative or the draw stands, so
    equal alternatives tie exactly and a batch equals its draws one by one; a matrix product of
    the BLAS promises neither.
    """
    sums: Floats = np.einsum("dj,nj->dn", weights, values)
    return sums


def blocks(length: int, cells: int, at_once: int = BATCH_CELLS) -> Iterator[slice]:
    """Yield slices over `length` items of `cells` cells each, about `at_once` cells a slice."""
    size = max(1, at_once // cells)
    for start in range(0, length, size):
        yield slice(start, min(start + size, length))


def unbatched(array: Array, single: bool) -> Array:
    """Return the array read-only, without its draws axis if one weight vector was given."""
    result: Array = array[0] if single else array
    result.flags.writeable = False
    return result


def as_parameter(values: Floats) -> float | tuple[float, ...]:
    """Return numbers of the criteria as a variant quotes them: once if they are all the same."""
    numbers = tuple(float(value) for value in values)
    return numbers[0] if len(set(numbers)) == 1 else numbers
