"""One variation of a program: solved, brought to whole dollars, checked by the certificate."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import pandas as pd

from evaluator.allocation.explain.conflicts import plainly_broken
from evaluator.allocation.explain.reasons import supported
from evaluator.allocation.explain.tables import amounts_table
from evaluator.allocation.model.build import Compiled, compile_study, with_scores
from evaluator.allocation.model.exact.rows import ZERO
from evaluator.allocation.model.program import Floats, Program
from evaluator.allocation.model.reserve import committed_now
from evaluator.allocation.solve import highs
from evaluator.allocation.solve.clock import Clock
from evaluator.allocation.solve.point import Point, Settings, checked
from evaluator.allocation.solve.rounding import complete, floats, whole_dollars
from evaluator.allocation.solve.sharing import shared_equally
from evaluator.allocation.solve.solve import Solver, path_for, solve, solver_for
from evaluator.allocation.verify.certificate import Certifier, certifier
from evaluator.model.study import Study
from evaluator.results.evaluation import Status
from evaluator.results.findings import Findings

Resolve = Callable[[Program, Floats | None], Point]
"""Solves a variation of a program, from a start where there is one."""
_SEED = 0


@dataclass(frozen=True)
class Case:
    """A study's program, ready to be solved again and again."""

    study: Study
    certify: Certifier
    """The certificate of the study's amounts."""
    designated: tuple[str, ...]
    compiled: Compiled
    settings: Settings
    solver: Solver
    tie: float
    start: tuple[int, ...] | None = None
    """Whole dollars by pair of the layout to begin from, if there are any."""


@dataclass(frozen=True)
class Answer:
    """Whole-dollar amounts of one variation; all 0 where the status says that there are none."""

    status: Status
    amounts: tuple[int, ...]
    """By pair of the layout."""
    table: pd.DataFrame
    """Whole dollars, packages x tools of the study."""
    objective: float
    bound: float
    """No allocation can be better than this; NaN where that is not known."""
    gained: float
    """Points that the amounts gain, before the cost of missed goals."""
    subsidy_usd: int
    supported: tuple[str, ...]
    certificate: Findings
    cut: tuple[str, ...] = ()
    """What the time limit cut; see `Allocation.cut_by_time`."""

    @property
    def found(self) -> bool:
        """Whether there is an allocation, be it of nothing."""
        return self.status in ("optimal", "feasible", "nothing")

    @property
    def solved(self) -> bool:
        """Whether a solver found it."""
        return self.status in ("optimal", "feasible")

    @property
    def gap(self) -> float:
        """How far the bound is above the objective, relative to what is gained."""
        return (self.bound - self.objective) / max(1.0, self.gained)


def prepare(study: Study, scores: Mapping[str, float], designated: Collection[str]) -> Case:
    """Return the program of a study for repeated solves.

    The case's study is the one given, less the reserve that its scenario keeps. Raises ValueError
    for a designated package that is unknown or has no finite score.
    """
    study = committed_now(study)
    settled = study.scenario.allocation
    return Case(
        study,
        certifier(study, designated),
        tuple(sorted(designated)),
        compile_study(study, scores, designated),
        Settings(settled.time_limit_s, settled.gap, _SEED, logged=False),
        solver_for(path_for(settled.solver)),
        settled.tie_tolerance,
    )


def of_study(case: Case, study: Study) -> Case:
    """Return a case whose certificate is that of another study, with the same program."""
    return replace(case, study=study, certify=certifier(study, case.designated))


def begun_from(case: Case, standing: pd.DataFrame) -> Case:
    """Return a case whose solves begin from an allocation: whole dollars, packages x tools."""
    return replace(case, start=amounts_in(case.compiled, standing))


def amounts_in(compiled: Compiled, table: pd.DataFrame) -> tuple[int, ...]:
    """Return the amounts of an allocation, packages x tools, by pair of the layout."""
    given = table.to_dict("index")
    return tuple(int(given[pair.package][pair.tool]) for pair in compiled.layout.pairs)


def rescored(case: Case, scores: Mapping[str, float]) -> Case:
    """Return a case for other scores of the same designated packages.

    Raises ValueError for one that has no finite score.
    """
    compiled = with_scores(case.study, case.compiled, scores, case.designated)
    return replace(case, compiled=compiled)


def resolver(case: Case, program: Program) -> Resolve:
    """Return a function for many variations of one program: a live HiGHS, or the case's solver.

    One function serves one thread. Its points are checked.
    """
    if path_for(case.study.scenario.allocation.solver) == "highs":
        solve_live = highs.live(program, case.settings)
        return lambda changed, start: checked(changed, solve_live(changed, start))
    return lambda changed, start: case.solver(changed, case.settings)


def answered(case: Case, program: Program | None = None) -> Answer:
    """Solve a case, or a variation of its program that has the same columns.

    Raises SolverError for a point that breaks the program.
    """
    found = best(case, program)
    return replace(answer_of(case, found.amounts, found.status, found.bound), cut=found.cut)


def beginning(case: Case, program: Program) -> Floats | None:
    """Return the point that solves of a variation of a case begin from, shape (n,), if any."""
    if case.start is None:
        return None
    return floats(program, complete(program, case.compiled.layout, case.start))


class Best(NamedTuple):
    """What a solver found, in whole dollars by pair; all 0 where there is no allocation."""

    status: Status
    amounts: tuple[int, ...]
    bound: float
    cut: tuple[str, ...] = ()

    @property
    def proven(self) -> bool:
        """Whether nothing is better, and nothing as good of less subsidy."""
        return self.status == "optimal" and not self.cut


def best(case: Case, program: Program | None = None) -> Best:
    """Return the amounts alone of what `answered` tells of a case or a variation of it."""
    compiled = case.compiled
    chosen = compiled.program if program is None else program
    nothing = (0,) * len(compiled.layout.pairs)
    if compiled.impossible or plainly_broken(chosen):
        return Best("infeasible", nothing, -math.inf)
    if not compiled.layout.pairs and not compiled.miss_of:
        return Best("nothing", nothing, -math.inf)
    clock = Clock(case.settings.time_limit_s)
    solved = solve(chosen, case.settings, case.solver, case.tie, clock, beginning(case, chosen))
    if not solved.point.found:
        stopped = solved.point.status == "no_solution"
        return Best("no_solution" if stopped else "infeasible", nothing, -math.inf, clock.cut)
    rest = replace(case.settings, time_limit_s=max(1.0, clock.left))
    amounts = whole_dollars(chosen, compiled.layout, solved.point.values, rest, case.solver)
    amounts = shared_equally(compiled, chosen, amounts)
    status: Status = "optimal" if solved.point.status == "optimal" else "feasible"
    return Best(status, amounts, min(-solved.bound, most_of(compiled)), clock.cut)


def answer_of(
    case: Case, amounts: Sequence[int], status: Status, bound: float = math.nan
) -> Answer:
    """Return whole-dollar amounts with what is worked out from them."""
    table = amounts_table(case.study, case.compiled, amounts)
    objective = objective_of(case.compiled, amounts)
    return Answer(
        status,
        tuple(amounts),
        table,
        objective,
        bound if math.isnan(bound) else max(objective, bound),
        gained_of(case.compiled, amounts),
        subsidy_of(case.compiled, amounts),
        tuple(sorted(supported(case.compiled, amounts))),
        case.certify(table),
    )


def objective_of(compiled: Compiled, amounts: Sequence[int]) -> float:
    """Return points gained less the cost of missed goals."""
    values = complete(compiled.program, compiled.layout, amounts)
    missed = math.fsum(
        float(compiled.program.cost[column] * values[column]) / compiled.program.unit
        for column in compiled.miss_of.values()
    )
    return gained_of(compiled, amounts) - missed


def gained_of(compiled: Compiled, amounts: Sequence[int]) -> float:
    """Return the points that amounts gain, before the cost of missed goals."""
    return math.fsum(gain * usd for gain, usd in zip(compiled.gains, amounts, strict=True))


def most_of(compiled: Compiled) -> float:
    """Return the objective if every request were served: what no allocation exceeds."""
    return gained_of(compiled, [pair.cap for pair in compiled.layout.pairs])


def subsidy_of(compiled: Compiled, amounts: Sequence[int]) -> int:
    """Return the credit-reform cost of amounts, rounded up to whole dollars."""
    pairs = zip(compiled.layout.pairs, amounts, strict=True)
    return math.ceil(sum((pair.rate * amount for pair, amount in pairs), ZERO))


def moved(old: pd.DataFrame, new: pd.DataFrame) -> int:
    """Return the dollars that change hands, over all tools: the greater of given and taken."""
    change = new - old
    return int(((change.abs().sum() + change.sum().abs()) // 2).sum())


def listed(packages: Iterable[str]) -> tuple[str, ...]:
    """Return a set of packages as a cell of a table has it."""
    return tuple(sorted(packages))


def described(answer: Answer, before: Answer | None) -> dict[str, object]:
    """Return the columns that describe an answer, and who entered and left since another.

    Where there is no allocation its status alone is known.
    """
    if not answer.found:
        unknown = dict.fromkeys(("subsidy_usd", "supported", "gap"))
        return {**unknown, "entered": (), "left": (), "status": answer.status}
    now, then = set(answer.supported), set(before.supported if before else ())
    return {
        "subsidy_usd": answer.subsidy_usd,
        "supported": len(now),
        "entered": listed(now - then) if before else (),
        "left": listed(then - now),
        "status": answer.status,
        "gap": answer.gap,
    }


def broken(answers: Iterable[Answer]) -> Findings:
    """Return the limits that any of the answers shown breaks; empty when all certificates hold."""
    return tuple(dict.fromkeys(fault for one in answers if one.found for fault in one.certificate))


def silent(step: str) -> None:
    """Tell nobody."""
