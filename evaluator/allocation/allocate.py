"""The referral envelope: build, solve, bring to whole dollars, check, explain."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version

import pandas as pd

from evaluator import linear
from evaluator.allocation.explain.clocks import acts, clocks, not_in_time
from evaluator.allocation.explain.conflicts import conflicts, plainly_broken
from evaluator.allocation.explain.findings import (
    CutByTime,
    GapLeft,
    NoAllocation,
    NotProven,
    OtherSolver,
    StoppedEarly,
)
from evaluator.allocation.explain.notices import notice_table, notices_due
from evaluator.allocation.explain.prices import prices
from evaluator.allocation.explain.reasons import explained, same_for_all, supported
from evaluator.allocation.explain.tables import amounts_table, limit_table, request_table
from evaluator.allocation.model.build import Compiled, compile_study
from evaluator.allocation.model.findings import AuthorityLapsed
from evaluator.allocation.model.program import Program
from evaluator.allocation.model.requests.facts import Facts
from evaluator.allocation.model.reserve import committed_now, reserved
from evaluator.allocation.solve.clock import Clock, searching
from evaluator.allocation.solve.point import TOLERANCE, WHOLE, Settings
from evaluator.allocation.solve.rounding import whole_dollars
from evaluator.allocation.solve.sharing import shared_equally
from evaluator.allocation.solve.solve import Solved, path_for, solve, solver_for
from evaluator.allocation.variations import gained_of, most_of, objective_of, subsidy_of
from evaluator.allocation.verify.certificate import certify
from evaluator.model.scenario import AllocationSettings
from evaluator.model.study import Study
from evaluator.results.evaluation import Allocation, Conflict, Status
from evaluator.results.findings import Finding, Findings, codes
from evaluator.results.schema.allocation import ALLOCATION, LIMITS

_SEED = 0


def allocate(study: Study, scores: Mapping[str, float], designated: Collection[str]) -> Allocation:
    """Spread the tools of a study over its designated packages.

    scores: 0..100 by package id; of designated packages at least. The program maximises score
    times coverage (or dollars) less the cost of missed goals; then, among ties, takes the least
    subsidy; interchangeable packages get the same where that is as good. Amounts are whole
    dollars that keep every limit exactly, checked by `certify`. A
    reserve that the scenario keeps for late packages is not given.

    An infeasible program, and one that was stopped before any allocation was found, give amounts
    of 0 and say so in `status`; so does a study in which there is nothing to allocate. Raises
    ValueError for an unknown package or a score that is missing, and SolverError for a point that
    breaks the program.
    """
    if "allocation" not in study.parts:
        return nothing(study)
    found = _of_all(committed_now(study), scores, designated)
    kept = reserved(study)
    if kept is None:
        return found
    return replace(found, notes=(kept, *found.notes))


def nothing(study: Study) -> Allocation:
    """Return what stands for the allocation of a study that lacks financing or requests."""
    amounts = pd.DataFrame(
        0,
        index=pd.Index([p.id for p in study.packages], name="package"),
        columns=list(study.tools),
        dtype="int64",
    )
    return Allocation(
        amounts=amounts,
        table=ALLOCATION.frame(()),
        limits=LIMITS.frame(()),
        supported=(),
        status="nothing",
        termination="",
        objective=0.0,
        bound=0.0,
        gap=0.0,
        subsidy_usd=0,
        certificate=(),
        conflicts=(),
        solver={},
        log="",
    )


def _of_all(study: Study, scores: Mapping[str, float], designated: Collection[str]) -> Allocation:
    settled = study.scenario.allocation
    clock = Clock(settled.time_limit_s)
    compiled = compile_study(study, scores, designated)
    settings = Settings(searching(clock), settled.gap, _SEED)
    path = path_for(settled.solver)
    solver = solver_for(path)
    about = _about(settled, path, compiled.program)
    if compiled.impossible or plainly_broken(compiled.program):
        found = conflicts(compiled, settings, solver, clock)
        return _empty(study, compiled, designated, "infeasible", found, about, clock)
    if not compiled.layout.pairs and not compiled.miss_of:
        return _empty(study, compiled, designated, "nothing", (), about, clock)
    solved = solve(compiled.program, settings, solver, settled.tie_tolerance, clock)
    if solved.point.status == "infeasible":
        found = conflicts(compiled, settings, solver, clock)
        return _empty(study, compiled, designated, "infeasible", found, about, clock, solved)
    if solved.point.status == "no_solution":
        return _empty(study, compiled, designated, "no_solution", (), about, clock, solved)
    rest = replace(settings, time_limit_s=max(1.0, clock.left))
    amounts = whole_dollars(compiled.program, compiled.layout, solved.point.values, rest, solver)
    shared = shared_equally(compiled, compiled.program, amounts)
    return _filled(study, compiled, designated, solved, shared, about, clock)


def _about(settled: AllocationSettings, path: str, program: Program) -> dict[str, object]:
    cbc = path == "pulp+cbc"
    modeller = f"PuLP {version('pulp')}" if cbc else "none"
    return {
        "asked": settled.solver,
        "name": "CBC" if cbc else "HiGHS",
        "version": f"with {modeller}" if cbc else linear.version(),
        "path": path,
        "modeller": modeller,
        "rows": len(program.rows),
        "columns": len(program.columns),
        "binaries": int(program.integer.sum()),
        "second_stage_starts_at_first": not cbc,
        "threads": 1,
        "seed": _SEED,
        "time_limit_s": settled.time_limit_s,
        "relative_gap": settled.gap,
        "tie_tolerance": settled.tie_tolerance,
        "row_tolerance": TOLERANCE,
        "integrality_tolerance": WHOLE,
    }


def _notes(study: Study, compiled: Compiled, about: Mapping[str, object]) -> Findings:
    """Another solver, lapsed authorities; limits that are ignored, not in force, or lack a fact."""
    absent = about["asked"] == "highs" and about["name"] != "HiGHS"
    other = [OtherSolver("HiGHS", str(about["name"]))] if absent else []
    lapsed = [
        AuthorityLapsed(i.institution, i.authority.lapses_on.isoformat())
        for tool, i in study.institution_of.items()
        if study.lapsed(tool) and i.authority is not None
    ]
    noted = [
        x.note
        for x in compiled.limits
        if x.note is not None and (x.left or x.spec.when or x.spec.from_ or x.spec.until)
    ]
    return tuple(dict.fromkeys([*other, *lapsed, *noted]))


def _filled(
    study: Study,
    compiled: Compiled,
    designated: Collection[str],
    solved: Solved,
    amounts: Sequence[int],
    about: Mapping[str, object],
    clock: Clock,
) -> Allocation:
    objective = objective_of(compiled, amounts)
    bound = max(objective, min(-solved.bound, most_of(compiled)))
    table = amounts_table(study, compiled, amounts)
    status: Status = "optimal" if solved.point.status == "optimal" else "feasible"
    gap = (bound - objective) / max(1.0, gained_of(compiled, amounts))
    settled = study.scenario.allocation
    loose = status == "optimal" and gap > settled.gap + settled.tie_tolerance
    rounded = (GapLeft(gap),) if loose else ()
    seconds = settled.time_limit_s if solved.stopped else None
    unproven = (NotProven(gap, seconds),) if status == "feasible" else ()
    broken = certify(study, table, designated)
    told = _told(study, table, compiled.eligibility.every.facts)
    why = explained(study, compiled, amounts)
    requests = request_table(study, compiled, amounts, why.reasons)
    # last, since they are what may be cut
    priced = prices(compiled, amounts, clock)
    limits = limit_table(compiled, amounts, priced, why.in_the_way)
    short = requests["allocated"] < requests["eligible"]
    return Allocation(
        amounts=table,
        table=requests.assign(reason=_with(requests["reason"], short, unproven)),
        limits=limits.assign(note=_with(limits["note"], limits["binding"], unproven)),
        supported=tuple(sorted(supported(compiled, amounts))),
        status=status,
        termination=solved.point.termination,
        objective=objective,
        bound=bound,
        gap=gap,
        subsidy_usd=subsidy_of(compiled, amounts),
        certificate=broken,
        conflicts=(),
        solver=about,
        log=solved.log,
        notes=(
            *unproven,
            *rounded,
            *_cut(clock),
            *_notes(study, compiled, about),
            *told,
        ),
        cut_by_time=clock.cut,
    )


def _told(study: Study, amounts: pd.DataFrame, facts: Facts) -> Findings:
    """What cannot be acted on in time, and what is to be reported."""
    notices = notice_table(study, amounts, facts)
    late = not_in_time(study, acts(study, amounts, clocks(study, amounts, notices)))
    return (*late, *notices_due(study, notices))


def _cut(clock: Clock) -> Findings:
    """Tell what time cut, beside the search, of which the gap tells."""
    parts = tuple(part for part in clock.cut if part != "search")
    return (CutByTime(parts, clock.whole),) if parts else ()


def _with(findings: pd.Series, rows: pd.Series, more: Findings) -> pd.Series:
    """Return a column of findings with more of them in some rows."""
    told = zip(findings, rows, strict=True)
    every = [(*found, *more) if here else found for found, here in told]
    return pd.Series(every, index=findings.index, dtype=object)


def _empty(
    study: Study,
    compiled: Compiled,
    designated: Collection[str],
    status: Status,
    found: tuple[Conflict, ...],
    about: Mapping[str, object],
    clock: Clock,
    solved: Solved | None = None,
) -> Allocation:
    """Return what is known where nothing is given: no amount is told of an allocation not there.

    Nothing binds; the certificate tells which musts go unmet.
    """
    amounts = [0] * len(compiled.layout.pairs)
    why: dict[Status, Finding] = {"infeasible": NoAllocation(), "no_solution": StoppedEarly()}
    table = amounts_table(study, compiled, amounts)
    reasons = same_for_all(compiled, why.get(status)).reasons
    requests = request_table(study, compiled, amounts, reasons)
    limits = limit_table(compiled, amounts, {}).assign(binding=False)
    if status != "nothing":
        requests = ALLOCATION.held(requests.assign(allocated=None))
        limits = LIMITS.held(limits.assign(**dict.fromkeys(("used", "slack", "missed"))))
    objective = objective_of(compiled, amounts)
    bound = objective
    if status == "no_solution" and solved is not None:
        bound = max(objective, min(-solved.bound, most_of(compiled)))
    return Allocation(
        amounts=table,
        table=requests,
        limits=limits,
        supported=(),
        status=status,
        termination=solved.point.termination if solved is not None else "",
        objective=objective,
        bound=bound,
        gap=bound - objective,
        subsidy_usd=0,
        certificate=certify(study, table, designated),
        conflicts=found,
        solver=about,
        log=solved.log if solved is not None else _unasked(status, found),
        notes=(
            *_cut(clock),
            *_notes(study, compiled, about),
        ),
        cut_by_time=clock.cut,
    )


def _unasked(status: Status, found: Sequence[Conflict]) -> str:
    """The log of a program that no solver was given: it shows what it is by its rows alone."""
    told = [f"No solver was asked: {status}.", *(codes(conflict.members) for conflict in found)]
    return "\n".join([*told, ""])
