"""Linear programs of real variables, by HiGHS; by SciPy's, which is slower, where it is absent.

The only file that imports highspy.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

from evaluator.errors import SolverError

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

highspy: Any
try:
    highspy = import_module("highspy")
except ImportError:  # SciPy and CBC can do without it
    highspy = None

_ROWWISE, _MINIMISE = 2, 1
_QUIET: dict[str, object] = {"output_flag": False, "threads": 1, "parallel": "off"}
_STARTING = Lock()
"""No thread starts HiGHS anew while another solves."""


class Rows(NamedTuple):
    """A sparse matrix by rows: row i has `values` in the `columns`, both from `starts[i]` on."""

    starts: Ints
    columns: Ints
    values: Floats


@dataclass(frozen=True, slots=True)
class Optimum:
    """An optimum x (n,) of a linear program, and the `reduced` costs (n,) that prove it."""

    x: Floats
    reduced: Floats


def sparse(matrix: Floats) -> Rows:
    """Return a matrix (m, n) by its rows."""
    row, column = np.nonzero(matrix)
    starts = np.searchsorted(row, np.arange(len(matrix) + 1)).astype(np.int32)
    return Rows(starts, column.astype(np.int32), matrix[row, column])


def minimise(
    cost: Floats,
    rows: Rows,
    row_bounds: tuple[Floats, Floats],
    bounds: tuple[Floats, Floats],
    tolerance: float = 1e-7,
) -> Optimum | None:
    """Minimise cost @ x (n,) within bounds, and within row bounds of the rows; None: infeasible.

    `tolerance` is by how much a bound may be missed. Raises SolverError where there is no answer.
    """
    if highspy is None:
        return _by_scipy(cost, rows, row_bounds, bounds, tolerance)
    solver = _quiet(tolerance)
    load(solver, cost, rows, row_bounds, bounds, np.zeros(len(cost), dtype=np.bool_))
    solver.run()
    return _optimum(solver)


def varied(
    cost: Floats, rows: Rows, bounds: tuple[Floats, Floats]
) -> Callable[[Floats, Floats], Floats | None]:
    """Load a linear program once; return what minimises it within any row bounds; None: infeasible.

    The least and most of each row are given, shape (m,) each; the answer has shape (n,). It raises
    SolverError where there is none, such as where the cost has no least. Not for several threads.
    """
    if highspy is None:

        def by_scipy(least: Floats, most: Floats) -> Floats | None:
            found = _by_scipy(cost, rows, (least, most), bounds, 1e-7)
            return None if found is None else found.x

        return by_scipy
    solver = _quiet(1e-7)
    none = np.full(len(rows.starts) - 1, np.inf)
    load(solver, cost, rows, (-none, none), bounds, np.zeros(len(cost), dtype=np.bool_))
    places = np.arange(len(none), dtype=np.int32)

    def by_highs(least: Floats, most: Floats) -> Floats | None:
        solver.changeRowsBounds(len(places), places, least, most)
        solver.run()
        found = _optimum(solver)
        return None if found is None else found.x

    return by_highs


def _quiet(tolerance: float) -> Any:
    silence_banner()
    solver = highspy.Highs()
    for name, value in (_QUIET | {"primal_feasibility_tolerance": tolerance}).items():
        solver.setOptionValue(name, value)
    return solver


def _optimum(solver: Any) -> Optimum | None:
    status = solver.getModelStatus()
    # a program of nothing is solved by nothing
    if status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty):
        found = solver.getSolution()
        return Optimum(np.array(found.col_value), np.array(found.col_dual))
    if status == highspy.HighsModelStatus.kInfeasible:
        return None
    raise SolverError(f"a linear program was not solved: {solver.modelStatusToString(status)}.")


def load(
    solver: Any,
    cost: Floats,
    rows: Rows,
    row_bounds: tuple[Floats, Floats],
    bounds: tuple[Floats, Floats],
    integer: NDArray[np.bool_],
) -> None:
    """Hand a program as `minimise` takes it to a HiGHS, in whole numbers where `integer` (n,)."""
    starts, columns, values = rows
    shape = len(cost), len(starts) - 1, len(columns)
    solver.passModel(
        *shape, _ROWWISE, _MINIMISE, 0.0, cost, *bounds, *row_bounds, starts[:-1], columns, values,
        integer.astype(np.int32),
    )  # fmt: skip


def _by_scipy(
    cost: Floats,
    rows: Rows,
    row_bounds: tuple[Floats, Floats],
    bounds: tuple[Floats, Floats],
    tolerance: float,
) -> Optimum | None:
    shape = len(rows.starts) - 1, len(cost)
    matrix = scipy.sparse.csr_array((rows.values, rows.columns, rows.starts), shape=shape)
    lower, upper = row_bounds
    least, most = np.isfinite(lower), np.isfinite(upper)
    linprog: Any = scipy.optimize.linprog  # its stubs know fewer options than it takes
    found = linprog(
        cost,
        A_ub=scipy.sparse.vstack([matrix[most], -matrix[least]], format="csr"),
        b_ub=np.concatenate([upper[most], -lower[least]]),
        bounds=np.column_stack(bounds),
        method="highs",
        options={"primal_feasibility_tolerance": tolerance},
    )
    if found.status == 2:
        return None
    if found.x is None:
        raise SolverError(f"a linear program was not solved: {found.message}")
    return Optimum(found.x, found.lower.marginals + found.upper.marginals)


def available() -> bool:
    """Return whether HiGHS can be used."""
    return highspy is not None


def version() -> str:
    """Return the version of HiGHS in use."""
    silence_banner()
    return str(highspy.Highs().version())


def silence_banner() -> None:
    """Create the first HiGHS of ours with standard output closed to it, and threads of its own.

    HiGHS prints its banner there before any option can forbid it, and would break output that
    is read by a program. Where somebody else in the process has used it with more threads, it
    would refuse to solve with one.
    """
    with _STARTING:
        _start()


@cache
def _start() -> None:
    with _no_standard_output():
        highspy.Highs.resetGlobalScheduler(True)
        highspy.Highs()


@contextmanager
def _no_standard_output() -> Iterator[None]:
    try:
        kept = os.dup(1)
    except OSError:  # standard output is closed: nothing to spoil
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
