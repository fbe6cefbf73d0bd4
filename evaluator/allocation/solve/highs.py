"""HiGHS by its arrays, in memory."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from evaluator.allocation.model.program import Floats, Program
from evaluator.allocation.solve.point import Point, Settings, Termination, finer, proven
from evaluator.disk.scratch import scratch
from evaluator.linear import Rows, highspy, load, silence_banner

_FEASIBLE = 2
PRESOLVE_ABOVE = 500
"""Binaries below which a live model is solved as it is: presolving it each time takes longer."""
_SEARCH_ABOVE = 1_000
"""Binaries above which HiGHS searches for points by smaller programs within the program, and
begins anew where its root grew smaller: for fewer that took most of the time, since a few nodes
decide them."""
_NO_SEARCH: dict[str, object] = {
    "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_allow_restart": False,
    "mip_root_presolve_only": True,
}


def options(settings: Settings, log: Path | None = None) -> dict[str, object]:
    """Return the options that make a solve repeatable and silent; log: the file to write one to."""
    logged: dict[str, object] = {"output_flag": False}
    if log is not None:
        logged = {"output_flag": True, "log_to_console": False, "log_file": str(log)}
    return {
        **logged,
        "threads": 1,
        "parallel": "off",
        "random_seed": settings.seed,
        "mip_rel_gap": settings.gap,
        "mip_abs_gap": settings.absolute,
        "time_limit": settings.time_limit_s,
        "mip_feasibility_tolerance": settings.tolerance,
        "objective_target": settings.enough,
        **({} if settings.nodes is None else {"mip_max_nodes": settings.nodes}),
    }


def _search(program: Program) -> dict[str, object]:
    """Return the options of the search within, by the binaries that are not held."""
    free = int((program.integer & (program.lower < program.upper)).sum())
    return _NO_SEARCH if free <= _SEARCH_ABOVE else {}


def solve(program: Program, settings: Settings, start: Floats | None = None) -> Point:
    """Solve a program; `start` is a point to begin from."""
    silence_banner()
    if not settings.logged:
        return _solved(program, settings, start, None)
    with scratch() as folder:
        log = folder / "highs.log"
        point = _solved(program, settings, start, log)
        text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    return replace(point, log=text)


def _solved(program: Program, settings: Settings, start: Floats | None, log: Path | None) -> Point:
    solver = highspy.Highs()
    for name, value in (options(settings, log) | _search(program)).items():
        solver.setOptionValue(name, value)
    _load(solver, program)
    return _run(solver, program, start)


def _run(solver: Any, program: Program, start: Floats | None) -> Point:
    """Solve what is loaded, a variation of a program, and return what came out."""
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = list(start)
        solver.setSolution(solution)
    solver.run()
    found, status = solver.getSolution(), solver.getModelStatus()
    duals = None if program.mixed else np.array(found.row_dual, dtype=np.float64)
    return Point(
        _outcome(solver, status),
        str(solver.modelStatusToString(status)),
        np.array(found.col_value, dtype=np.float64),
        best_bound(solver, mixed=program.mixed),
        duals,
    )


def live(program: Program, settings: Settings) -> Callable[[Program, Floats | None], Point]:
    """Load a program once; return a function that solves variations of it from a start or None.

    A variation has the same rows and coefficients; costs and bounds may differ. Nothing is kept
    of the solve before, so an answer does not depend on the order of questions. One live model
    serves one thread; several of them run side by side. Raises ValueError for other coefficients.
    """
    silence_banner()
    solver = highspy.Highs()
    settled = options(settings)
    if int(program.integer.sum()) <= PRESOLVE_ABOVE:
        settled["presolve"] = "off"
    for name, value in (settled | _search(program)).items():
        solver.setOptionValue(name, value)
    _load(solver, program)
    columns = np.arange(len(program.cost), dtype=np.int32)
    rows = np.arange(len(program.row_lower), dtype=np.int32)

    def run(within: Settings, start: Floats | None) -> Point:
        solver.setOptionValue("mip_rel_gap", within.gap)
        solver.setOptionValue("mip_abs_gap", within.absolute)
        solver.clearSolver()
        return _run(solver, program, start)

    def resolve(variation: Program, start: Floats | None = None) -> Point:
        if variation.value is not program.value or (variation.mixed and not program.mixed):
            raise ValueError("the program has other coefficients than the one loaded; load it.")
        solver.changeColsCost(len(columns), columns, variation.cost)
        solver.changeColsBounds(len(columns), columns, variation.lower, variation.upper)
        solver.changeRowsBounds(len(rows), rows, variation.row_lower, variation.row_upper)
        first = run(settings, start)
        if first.status != "optimal" or proven(variation, first, settings.gap):
            return first
        return run(finer(variation, first, settings), first.values)

    return resolve


def _load(solver: Any, program: Program) -> None:
    load(
        solver,
        program.cost,
        Rows(program.starts, program.index, program.value),
        (program.row_lower, program.row_upper),
        (program.lower, program.upper),
        program.integer,
    )


def _outcome(solver: Any, status: Any) -> Termination:
    statuses = highspy.HighsModelStatus
    if status in (statuses.kOptimal, statuses.kModelEmpty):
        return "optimal"
    if status in (statuses.kInfeasible, statuses.kUnboundedOrInfeasible):
        return "infeasible"
    found = solver.getInfo().primal_solution_status == _FEASIBLE
    return "feasible" if found else "no_solution"


def best_bound(solver: Any, *, mixed: bool) -> float:
    """Return the cost below which no point can be; minus infinity if none is known."""
    info = solver.getInfo()
    if mixed:
        return float(info.mip_dual_bound)
    optimal = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(info.objective_function_value) if optimal else -np.inf


class Priced(NamedTuple):
    """The optimum of a linear program, and what holds around it."""

    values: Floats
    duals: Floats
    """By row: cost gained by a unit more of its bound."""
    ranges: tuple[Floats, Floats] | None
    """Row bounds between which the duals hold, where they are known."""


def pricing(program: Program) -> Callable[[Floats, Floats], Priced | None]:
    """Load a linear program once; return what prices its rows at other bounds of them.

    The least and most of each row are given, shape (m,) each. None where there is no optimum. Each
    solve begins where the one before ended.
    """
    silence_banner()
    solver = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", 1), ("parallel", "off")):
        solver.setOptionValue(name, value)
    _load(solver, program)
    places = np.arange(len(program.row_lower), dtype=np.int32)

    def priced(least: Floats, most: Floats) -> Priced | None:
        solver.changeRowsBounds(len(places), places, least, most)
        solver.run()
        if _outcome(solver, solver.getModelStatus()) != "optimal":
            return None
        found = solver.getSolution()
        values, duals = (
            np.array(one, dtype=np.float64) for one in (found.col_value, found.row_dual)
        )
        return Priced(values, duals, _ranges(solver))

    return priced


def _ranges(solver: Any) -> tuple[Floats, Floats] | None:
    with suppress(AttributeError):
        status, ranging = solver.getRanging()
        if status == highspy.HighsStatus.kOk and ranging.valid:
            low = np.array(ranging.row_bound_dn.value_, dtype=np.float64)
            high = np.array(ranging.row_bound_up.value_, dtype=np.float64)
            return low, high
    return None
