"""The program as a PuLP model, to solve by CBC. The only file that imports PuLP."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pulp

from evaluator.allocation.model.program import Floats, Program
from evaluator.allocation.solve.model_file import column_names, row_names, written_rows
from evaluator.allocation.solve.point import Point, Settings, Termination
from evaluator.disk.scratch import scratch
from evaluator.errors import SolverError
from evaluator.signals import held, if_stopped

_GRACE_S = 30.0
"""Seconds that CBC has beyond its limit: it looks at the time only now and then."""
_STOPPED = re.compile(r"^Lower bound:\s+(\S+)", re.MULTILINE)
_WORDS = re.compile(r"^Result - (.+)$", re.MULTILINE)


def model(program: Program) -> tuple[Any, list[Any]]:
    """Return the PuLP problem and its variables in the order of columns.

    Names are generated (PuLP maps different names to one); numbers are padded, so that PuLP's
    alphabetical order is the order of columns. Rows without terms are left out.
    """
    problem = pulp.LpProblem("allocation", pulp.LpMinimize)
    names = row_names(program)
    variables = [
        problem.add_variable(
            name,
            float(low) if np.isfinite(low) else None,
            float(high) if np.isfinite(high) else None,
            pulp.LpInteger if whole else pulp.LpContinuous,
        )
        for name, low, high, whole in zip(
            column_names(program), program.lower, program.upper, program.integer, strict=True
        )
    ]
    problem += _sum(zip(variables, program.cost.tolist(), strict=True))
    index, value, starts = program.index.tolist(), program.value.tolist(), program.starts.tolist()
    least, most = program.row_lower.tolist(), program.row_upper.tolist()
    for row in written_rows(program).tolist():
        low, high = least[row], most[row]
        left = _sum((variables[index[k]], value[k]) for k in range(starts[row], starts[row + 1]))
        if low == high:
            problem += (left == high, names[row])
        else:
            problem += (left <= high if np.isfinite(high) else left >= low, names[row])
    return problem, variables


def _sum(pairs: Iterable[tuple[Any, float]]) -> Any:
    return pulp.LpAffineExpression(list(pairs))


def solve_by_cbc(program: Program, settings: Settings) -> Point:
    """Solve the PuLP model with CBC, which states a bound only where it stops early."""
    solver = pulp.COIN_CMD(path=_cbc(), msg=False)
    if not solver.available():
        raise SolverError("CBC is not here. Choose solver: highs, or install CBC.")
    problem, variables = model(program)
    with scratch() as folder:
        start = time.monotonic()
        text = _run_cbc(solver, problem, settings, folder)
        spent = time.monotonic() - start
    status = _status(problem)
    if status == "infeasible" and spent >= settings.time_limit_s:
        # stopped while it prepares, CBC says 'infeasible or unbounded' of a program that is neither
        status = "no_solution"
    values = _values(variables)
    duals = None if program.mixed else _duals(program, problem)
    words = _WORDS.findall(text)
    stated = _STOPPED.findall(text)
    bound = float(stated[-1]) if status != "infeasible" and stated else -np.inf
    return Point(status, words[-1] if words else status, values, bound, duals, text)


def _run_cbc(solver: Any, problem: Any, settings: Settings, folder: Path) -> str:
    """Let CBC solve a problem in a folder, and return its log.

    PuLP would wait for it without end. Raises SolverError where it gives no answer.
    """
    given, answer, log = (folder / name for name in ("cbc.mps", "cbc.sol", "cbc.log"))
    objective = problem.fixObjective()  # CBC knows no objective of nothing
    columns, *names, _ = problem.writeMPS(str(given), rename=1)
    options = (
        *("-sec", settings.time_limit_s, "-randomSeed", settings.seed),
        *("-randomCbcSeed", settings.seed, "-ratio", settings.gap, "-allow", settings.absolute),
        *("-timeMode", "elapsed", "-solve", "-printingOptions", "all", "-solution", answer),
    )
    _wait_for([solver.path, given, *options], log, settings.time_limit_s + _GRACE_S)
    text = log.read_text(encoding="utf-8", errors="replace")
    if not answer.exists():
        raise SolverError("CBC broke off without an answer. Choose solver: highs.")
    status, values, reduced, prices, slacks, found = solver.readsol_MPS(
        str(answer), problem, columns, *names
    )
    problem.assignVarsVals(values)
    problem.assignVarsDj(reduced)
    problem.assignConsPi(prices)
    problem.assignConsSlack(slacks, activity=True)
    problem.assignStatus(status, found)
    problem.restoreObjective(*objective)
    return text


def _wait_for(command: Sequence[object], log: Path, seconds: float) -> None:
    """Run another program; one that does not end in time, as it is stopped or hangs, is ended.

    Raises SolverError where it fails, or was ended.
    """
    with log.open("wb") as told, ExitStack() as ending:
        with held():  # no signal comes between its start and the promise to end it
            process = subprocess.Popen(  # noqa: S603  the solver that PuLP brings
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=told,
            )
            ending.enter_context(if_stopped(process.kill))
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            fact = f"CBC did not end within {seconds:,.0f} seconds, and was ended."
            raise SolverError(f"{fact} Choose solver: highs.") from None
        finally:
            process.kill()
            process.wait()
    if code != 0:
        raise SolverError("CBC broke off without an answer. Choose solver: highs.")


def _cbc() -> str | None:
    """Return the path of the CBC that PuLP brings."""
    path: str | None = pulp.PULP_CBC_CMD.pulp_cbc_path
    return path


def _status(problem: Any) -> Termination:
    """Read the outcome: PuLP calls a solve that time cut short 'Optimal' in `status`."""
    optimal = problem.sol_status == pulp.LpSolutionOptimal
    infeasible = problem.status == pulp.LpStatusInfeasible
    found = optimal or problem.sol_status == pulp.LpSolutionIntegerFeasible
    if infeasible:
        return "infeasible"
    if not found:
        return "no_solution"
    return "optimal" if optimal else "feasible"


def _values(variables: Iterable[Any]) -> Floats:
    found = [v.varValue for v in variables]
    return np.array([np.nan if value is None else value for value in found], dtype=np.float64)


def _duals(program: Program, problem: Any) -> Floats:
    """All solvers agree on the sign of duals where the objective is minimised, as it is here."""
    names = row_names(program)
    duals = np.zeros(len(program.row_lower))
    for row in written_rows(program).tolist():
        price = problem.get_constraint_by_name(names[row]).pi
        duals[row] = 0.0 if price is None else price
    return duals
