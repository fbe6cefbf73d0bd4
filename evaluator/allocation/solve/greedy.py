"""A whole point without a search: packages as prices have them, less those that do not fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy

from evaluator.allocation.model.program import Floats, Program
from evaluator.allocation.solve.packages import Places
from evaluator.allocation.solve.point import TOLERANCE, Point, faults

_ROUNDS = 200
"""Of dropping packages from all rows that are broken."""


def dropped(program: Program, points: Any, packages: Places) -> Floats | None:
    """Return a point that keeps the program, shape (n,); None where dropping does not lead to one.

    points: one of each of some packages, that keeps the rows about it alone, as columns of a sparse
    matrix (n, q). packages: whose they are, shape (q,). Where a row has too little room, those go
    of which what they use of it gains least (Senju & Toyoda, Management Science 15, 1968); a sum
    that bounds are shares of shrinks with them, so that this is done until every row holds.
    """
    shape = (len(program.row_lower), len(program.cost))
    matrix = scipy.sparse.csr_array((program.value, program.index, program.starts), shape=shape)
    uses = (matrix @ points).tocsr()
    gains = -(points.T @ program.cost)
    on = np.ones(len(packages), dtype=np.bool_)
    values = _completed(program, matrix, points @ on.astype(np.float64))
    for _ in range(_ROUNDS):
        used = program.activity(values)
        size = program.by_row(np.abs(program.value * values[program.index]))
        over = used - program.row_upper - TOLERANCE / 2 * np.maximum(1.0, size)
        broken = np.flatnonzero(over > 0)
        if not len(broken):
            break
        before = on.copy()
        for row in broken.tolist():
            part = slice(uses.indptr[row], uses.indptr[row + 1])
            among, use = uses.indices[part], uses.data[part]
            taking = (use > 0) & on[among]
            among, use = among[taking], use[taking]
            order = np.argsort(gains[among] / use, kind="stable")
            # one at least, so that each round drops something where it can
            enough = int(np.searchsorted(np.cumsum(use[order]), over[row])) + 1
            on[among[order[:enough]]] = False
        if np.array_equal(on, before):
            return None
        values = _completed(program, matrix, points @ on.astype(np.float64))
    whole = Point("feasible", "", values, -np.inf)
    return None if faults(program, whole) else values


def _completed(program: Program, matrix: Any, values: Floats) -> Floats:
    """Return a point with its sums, and with what is missed of goals."""
    kinds = np.array([column.kind for column in program.columns])
    one_sided = program.row_lower != program.row_upper
    side = np.where(np.isfinite(program.row_lower), program.row_lower, program.row_upper)
    for kind in ("sum", "missed"):
        columns = np.flatnonzero(kinds == kind)
        own = matrix[:, columns].tocoo()
        tied = one_sided[own.row] == (kind == "missed")
        row, column, by = own.row[tied], columns[own.col[tied]], own.data[tied]
        lacking = (side - matrix @ values)[row] / by
        values[column] = lacking if kind == "sum" else np.maximum(0.0, lacking)
    return values
