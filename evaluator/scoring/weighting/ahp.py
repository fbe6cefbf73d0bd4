"""Weights from pairwise comparison: the analytic hierarchy process (Saaty 1980)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from evaluator.scoring.findings import BeyondScale, Doubt, Inconsistent, WeightingVariant
from evaluator.scoring.weighting.checks import called
from evaluator.scoring.weighting.random_index import RandomIndex, index_for
from evaluator.scoring.weighting.result import Floats, Weighting, to_weights

ACCEPTABLE_RATIO = 0.10

_RECIPROCITY = 1e-6
_BEYOND = 1 / 0.11 * (1 + _RECIPROCITY)
"""Saaty's scale ends at 9 and at 1/9, which is written as 0.11."""


@dataclass(frozen=True)
class Judgement:
    """One cell of a pairwise matrix, beside what the rest of the matrix says of it.

    `row`, `column`: positions, row < column. `value`: as judged. `consistent_value`: what the
    other judgements imply (Harker 1987: the principal eigenvector without this judgement).
    `error_ratio`: value x w_column / w_row, 1 if consistent (Saaty 2003).
    """

    row: int
    column: int
    value: float
    consistent_value: float
    error_ratio: float


@dataclass(frozen=True, eq=False, kw_only=True)
class AhpWeighting(Weighting):
    """AHP weights (m,) with their consistency; `acceptable`: the ratio is at most 0.10."""

    principal_eigenvalue: float
    consistency_index: float
    consistency_ratio: float
    random_index: RandomIndex
    acceptable: bool
    most_inconsistent: Judgement | None


def ahp(
    pairwise: ArrayLike,
    random_index: str = "saaty",
    *,
    names: Sequence[str] | None = None,
) -> AhpWeighting:
    """Return weights from a reciprocal matrix (m, m) of pairwise judgements.

    Cell (i, j) says how many times i outweighs j. Weights are the principal right eigenvector.
    CI = (lambda_max - m) / (m - 1); the ratio is CI / random index, 0 for m < 3. A ratio over
    0.10 is no error: it is a warning that names the judgement to look at first.

    Raises:
        ValueError: not square, a cell not positive, a diagonal other than 1, two cells that are
            not reciprocal (row, column and both values are named), or an unknown or too short
            random index.

    Source: Saaty 1980; Saaty 2003, EJOR 145, 85-91 (the judgement to blame).
    """
    matrix = _reciprocal_matrix(pairwise, names)
    size = len(matrix)
    index = index_for(random_index, size)
    eigenvalue, importance = _principal_eigenpair(matrix)
    weights = to_weights(importance)
    blamed = _most_inconsistent(matrix, weights) if size > 2 else None
    # No reciprocal matrix has a principal eigenvalue below its size (Saaty 1980): rounding only.
    consistency = max(0.0, (eigenvalue - size) / (size - 1)) if blamed else 0.0
    ratio = consistency / index.value if blamed else 0.0
    return AhpWeighting(
        weights=weights,
        variant=WeightingVariant(
            "ahp",
            (("priorities", "principal_eigenvector"), ("random_index", index.name)),
            f"Saaty 1980; random index: {index.source}",
        ),
        warnings=tuple(_warnings(matrix, ratio, index, blamed, names)),
        principal_eigenvalue=eigenvalue,
        consistency_index=consistency,
        consistency_ratio=ratio,
        random_index=index,
        acceptable=ratio <= ACCEPTABLE_RATIO,
        most_inconsistent=blamed,
    )


def pairwise_from_judgements(
    ids: Sequence[str], judgements: Mapping[tuple[str, str], float]
) -> Floats:
    """Return the reciprocal matrix (m, m), in the order of ids, of one judgement for each pair.

    `judgements[i, j]` says how many times i outweighs j; either order of a pair will do.

    Raises:
        ValueError: a pair missing, judged twice, of one criterion with itself, of an unknown
            criterion, or judged by a number that is not positive; every such pair is named.
    """
    position = {name: i for i, name in enumerate(ids)}
    if len(position) != len(ids):
        raise ValueError(f"Pairwise judgements: the ids repeat themselves: {', '.join(ids)}.")
    faults: list[str] = []
    matrix = np.eye(len(ids))
    for (first, second), value in judgements.items():
        pair = f"({first}, {second})"
        if unknown := [name for name in (first, second) if name not in position]:
            faults.append(f"{pair}: {', '.join(unknown)} is not a criterion")
        elif first == second:
            faults.append(f"{pair} compares a criterion with itself")
        elif not 0 < value < math.inf:
            faults.append(f"{pair} is {value:g}, not a positive number")
        elif matrix[position[first], position[second]]:
            faults.append(f"{pair} is judged twice")
        else:
            matrix[position[first], position[second]] = value
            matrix[position[second], position[first]] = 1.0 / value
    judged = {frozenset(pair) for pair in judgements}
    missing = [(a, b) for a, b in combinations(ids, 2) if frozenset((a, b)) not in judged]
    faults += [f"({first}, {second}) is missing" for first, second in missing]
    if faults:
        raise ValueError("Pairwise judgements: " + "; ".join(faults) + ".")
    return matrix


def _reciprocal_matrix(pairwise: ArrayLike, names: Sequence[str] | None) -> Floats:
    matrix = np.array(pairwise, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.size == 0:
        raise ValueError(f"Pairwise matrix: expected (m, m), got shape {matrix.shape}.")
    if names is not None and len(names) != len(matrix):
        raise ValueError(f"Pairwise matrix: {len(matrix)} rows for {len(names)} names.")
    faults = list(_cell_faults(matrix, names))
    if faults:
        raise ValueError("Pairwise matrix: " + "; ".join(faults) + ".")
    return matrix


def _cell_faults(matrix: Floats, names: Sequence[str] | None) -> Iterator[str]:
    positive = np.isfinite(matrix) & (matrix > 0)
    for i, j in np.argwhere(~positive):
        yield f"{_cell(i, j, names)} is {matrix[i, j]:g}, not a positive number"
    for i in range(len(matrix)):
        if positive[i, i] and matrix[i, i] != 1:
            yield f"{_cell(i, i, names)} is {matrix[i, i]:g}: a criterion against itself is 1"
    for i, j in combinations(range(len(matrix)), 2):
        product = matrix[i, j] * matrix[j, i]
        if positive[i, j] and positive[j, i] and abs(product - 1.0) > _RECIPROCITY:
            yield (
                f"{_cell(i, j, names)} is {matrix[i, j]:g} but {_cell(j, i, names)} is "
                f"{matrix[j, i]:g}, not its reciprocal {1 / matrix[i, j]:.7g} (give it to seven "
                "digits, or judge each pair once)"
            )


def _cell(row: int, column: int, names: Sequence[str] | None) -> str:
    if names is None:
        return f"row {row}, column {column}"
    return f"row {names[row]!r}, column {names[column]!r}"


def _principal_eigenpair(matrix: Floats) -> tuple[float, Floats]:
    values, vectors = np.linalg.eig(matrix)
    first = int(np.argmax(values.real))
    return float(values[first].real), np.abs(vectors[:, first].real)


def _most_inconsistent(matrix: Floats, weights: Floats) -> Judgement | None:
    ratios = matrix * weights[np.newaxis, :] / weights[:, np.newaxis]
    rows, columns = np.triu_indices(len(matrix), k=1)
    errors = np.abs(np.log(ratios[rows, columns]))
    if errors.max() <= _RECIPROCITY:
        return None
    # Judgements equally to blame differ by rounding alone: take the first in reading order.
    blamed = int(np.flatnonzero(errors >= errors.max() - _RECIPROCITY)[0])
    i, j = int(rows[blamed]), int(columns[blamed])
    without = matrix.copy()
    without[[i, j], [j, i]] = 0.0
    without[[i, j], [i, j]] = 2.0
    rest = _principal_eigenpair(without)[1]
    return Judgement(i, j, float(matrix[i, j]), float(rest[i] / rest[j]), float(ratios[i, j]))


def _warnings(
    matrix: Floats,
    ratio: float,
    index: RandomIndex,
    blamed: Judgement | None,
    names: Sequence[str] | None,
) -> Iterator[Doubt]:
    if ratio > ACCEPTABLE_RATIO and blamed is not None:
        yield Inconsistent(
            ratio=ratio,
            limit=ACCEPTABLE_RATIO,
            index=index.name,
            first=called(names, blamed.row),
            second=called(names, blamed.column),
            judged=blamed.value,
            implied=blamed.consistent_value,
            size=len(matrix),
        )
    for i, j in np.argwhere(matrix > _BEYOND):
        judged = float(matrix[i, j])
        yield BeyondScale(first=called(names, i), second=called(names, j), judged=judged)
