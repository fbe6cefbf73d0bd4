"""How solvers are run: silent, repeatable, checked, and never believed over our own check."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

from evaluator import linear
from evaluator.allocation import allocate, build_program
from evaluator.allocation.explain.findings import CutByTime, StoppedEarly
from evaluator.allocation.model.program import Floats, Program
from evaluator.allocation.solve import pulp_model
from evaluator.allocation.solve import solve as solving
from evaluator.allocation.solve.clock import Clock, searching
from evaluator.allocation.solve.point import Point, Settings, checked
from evaluator.allocation.solve.solve import path_for, solve, solver_for
from evaluator.errors import SolverError
from evaluator.model.study import Study
from tests.allocation.small import M, ask, changed, package, random_study, scores_of, study, tool
from tests.processes import lives

Start = Floats | None
CASE = study(
    [
        package("A", ask("bank.loan", 60 * M)),
        package("B", ask("bank.loan", 50 * M, minimum_usd=20 * M)),
    ],
    [tool("loan", 90 * M)],
)
SCORES = {"A": 60.0, "B": 70.0}


def program() -> Program:
    return build_program(CASE, SCORES, ["A", "B"])


def hard(size: int = 60) -> Study:
    """All-or-nothing requests over three envelopes: many near-optimal subsets."""
    packages = [
        package(
            f"P{n:02d}",
            *(
                ask(f"bank.t{k}", (37 * n * (k + 3) % 83 + 20) * 1_009_003, all_or_nothing=True)
                for k in range(3)
            ),
        )
        for n in range(size)
    ]
    return study(
        packages,
        [tool(f"t{k}", size * 13 * M) for k in range(3)],
        minimum_support=0.7,
        gap=0,
        time_limit_s=0.3,
    )


def test_standard_output_stays_clean() -> None:
    text = (
        "import json\n"
        "from tests.allocation.test_solver_conduct import CASE, SCORES\n"
        "from evaluator.allocation import allocate\n"
        "found = allocate(CASE, SCORES, list(SCORES))\n"
        "print(json.dumps({'status': found.status, 'subsidy': found.subsidy_usd}))\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, check=True, cwd=root
    )
    assert json.loads(done.stdout) == {"status": "optimal", "subsidy": 0}
    assert done.stderr == ""


def test_another_s_use_of_the_solver_in_the_process_does_no_harm() -> None:
    text = (
        "import highspy\n"
        "other = highspy.Highs()\n"
        "other.setOptionValue('threads', 2)\n"
        "other.addVar(0, 1)\n"
        "other.changeColIntegrality(0, highspy.HighsVarType.kInteger)\n"
        "other.run()\n"
        "from tests.allocation.test_solver_conduct import CASE, SCORES\n"
        "from evaluator.allocation import allocate\n"
        "print(allocate(CASE, SCORES, list(SCORES)).status)\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, check=True, cwd=root
    )
    assert done.stdout.splitlines()[-1] == "optimal"


def test_cbc_is_asked_where_wanted_or_without_highs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert path_for("highs") == "highs"
    assert path_for("cbc") == "pulp+cbc"
    monkeypatch.setattr(linear, "highspy", None)
    assert path_for("highs") == "pulp+cbc"


def test_without_highs_cbc_gives_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    first = allocate(CASE, SCORES, ["A", "B"])
    monkeypatch.setattr(linear, "highspy", None)
    second = allocate(CASE, SCORES, ["A", "B"])
    assert (first.solver["name"], second.solver["name"]) == ("HiGHS", "CBC")
    assert first.amounts.equals(second.amounts)
    assert first.limits["shadow_price"].equals(second.limits["shadow_price"])
    assert second.limits["price_high"].isna().all()  # CBC has no ranges


def test_the_answer_tells_the_size_of_its_program() -> None:
    case = random_study(5, size=12)
    scores = scores_of(case)
    found, program = allocate(case, scores, list(scores)), build_program(case, scores, list(scores))
    told = [found.solver[part] for part in ("rows", "columns", "binaries")]
    assert told == [len(program.row_lower), len(program.cost), int(program.integer.sum())]
    assert 0 < told[2] < told[1]


def test_a_scenario_can_ask_for_cbc() -> None:
    case = random_study(5, solver="cbc")
    found = allocate(case, scores_of(case), [p.id for p in case.packages])
    other = random_study(5)
    expected = allocate(other, scores_of(other), [p.id for p in other.packages])
    assert found.solver["path"] == "pulp+cbc"
    assert found.status == expected.status
    assert found.objective == pytest.approx(expected.objective, rel=2e-6)
    assert found.certificate == ()
    assert found.log


def test_a_start_by_smaller_programs_gives_as_much(monkeypatch: pytest.MonkeyPatch) -> None:
    case = random_study(11, size=12)
    scores = scores_of(case)
    expected = allocate(case, scores, list(scores))
    # from a start without the binaries that are 0 in the relaxation
    monkeypatch.setattr(solving, "START_ABOVE", 0)
    started = allocate(case, scores, list(scores))
    assert started.objective == pytest.approx(expected.objective, rel=2e-6)
    assert started.certificate == ()


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_a_solve_cut_short_is_never_called_optimal(solver: str) -> None:
    case = hard()
    allocation = case.scenario.allocation.model_copy(update={"solver": solver})
    scenario = case.scenario.model_copy(update={"allocation": allocation})
    case = changed(case, scenario=scenario)
    scores = scores_of(case)
    found = allocate(case, scores, list(scores))
    if found.status == "optimal":  # a machine fast enough to prove it
        assert found.gap <= 1e-6
    else:
        assert found.status in ("feasible", "no_solution")
        assert found.gap > 0
        assert found.bound >= found.objective
    assert found.certificate == ()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("kill -STOP $$", "did not end within 1 seconds, and was ended"),
        ("exec sleep 60", "did not end within 1 seconds, and was ended"),
        ("exit 3", "broke off without an answer"),
        ("exit 0", "broke off without an answer"),
        ("kill -9 $$", "broke off without an answer"),
    ],
)
def test_a_solver_that_stops_hangs_or_dies_does_not_hold_up_a_run(
    body: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solver = tmp_path / "cbc"
    solver.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/number\n{body}\n")
    solver.chmod(0o755)
    monkeypatch.setattr(pulp_model, "_cbc", lambda: str(solver))
    monkeypatch.setattr(pulp_model, "_GRACE_S", 0.5)
    with pytest.raises(SolverError, match=f"CBC {told}.*Choose solver: highs"):
        pulp_model.solve_by_cbc(program(), Settings(time_limit_s=0.6))
    number = int((tmp_path / "number").read_text())
    assert not Path(f"/proc/{number}").exists()


def test_a_signal_ends_the_solver_as_well(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from evaluator.signals import stoppable\n"
        "from evaluator.allocation.solve import pulp_model\n"
        "with stoppable():\n"
        "    shell = 'echo $$; exec sleep 60'\n"
        "    pulp_model._wait_for(['sh', '-c', shell], Path(sys.argv[1]), 50)"
    )
    log = tmp_path / "log"
    with subprocess.Popen([sys.executable, "-c", script, str(log)], stderr=subprocess.PIPE) as run:
        while not (log.exists() and log.read_text().endswith("\n")):
            assert run.poll() is None
            time.sleep(0.01)
        run.terminate()
        run.communicate()
    assert run.returncode == 143
    # it sleeps for a minute unless it is killed; on a busy machine that takes a moment
    until = time.monotonic() + 20
    while lives(int(log.read_text())) and time.monotonic() < until:
        time.sleep(0.01)
    assert not lives(int(log.read_text()))


@pytest.mark.parametrize(("time_limit_s", "status"), [(0.001, "no_solution"), (60.0, "infeasible")])
def test_what_cbc_calls_infeasible_when_its_time_is_up_is_no_answer(
    time_limit_s: float, status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # stopped while it prepares, it says so of programs that have an answer
    monkeypatch.setattr(pulp_model, "_status", lambda problem: "infeasible")
    point = pulp_model.solve_by_cbc(program(), Settings(time_limit_s=time_limit_s))
    assert point.status == status


def test_the_incumbent_of_a_stopped_solve_stands_with_its_gap() -> None:
    whole = solver_for("highs")(program(), Settings())

    def stopped(asked: Program, settings: Settings, start: Start = None, /) -> Point:
        point = solver_for("highs")(asked, settings)
        return replace(point, status="feasible", bound=point.bound - 5) if asked.mixed else point

    found = solve(program(), Settings(), stopped, 1e-6)
    assert found.point.status == "feasible"
    assert found.bound == pytest.approx(whole.bound - 5)
    assert found.point.values == pytest.approx(whole.values)


def test_nothing_found_before_the_time_is_up_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(asked: Program, settings: Settings, start: Start = None, /) -> Point:
        return Point("no_solution", "Time limit reached", np.full(len(asked.cost), np.nan), -500.0)

    room = import_module("evaluator.allocation.allocate")
    monkeypatch.setattr(room, "solver_for", lambda path: never)
    found = allocate(CASE, SCORES, ["A", "B"])
    assert (found.status, found.termination) == ("no_solution", "Time limit reached")
    assert not found.amounts.to_numpy().any()
    # the stub's bound of 500 is worse than serving everything: 60 + 70
    assert found.bound == pytest.approx(130)
    assert found.gap == pytest.approx(130)
    assert found.table["reason"].tolist() == [(StoppedEarly(),)] * 2


SPOILED: list[tuple[Callable[[Point], Point], str]] = [
    (lambda p: replace(p, values=p.values * 1.01), "breaks row"),
    (lambda p: replace(p, values=p.values - np.eye(len(p.values))[0] * 1e5), "outside the bounds"),
    (lambda p: replace(p, values=np.where(p.values == 1, 0.9, p.values)), "no whole number"),
    (lambda p: replace(p, values=p.values[:-1]), "incomplete"),
    (lambda p: replace(p, values=p.values * np.nan), "incomplete"),
    (lambda p: replace(p, bound=p.bound + 1), "less than the bound"),
]


@pytest.mark.parametrize(("spoil", "fault"), SPOILED)
@pytest.mark.parametrize("status", ["optimal", "feasible"])
def test_a_point_that_breaks_the_program_is_refused(
    spoil: Callable[[Point], Point], fault: str, status: str
) -> None:
    good = solver_for("highs")(program(), Settings())
    assert checked(program(), good) is good
    bad = replace(spoil(good), status=status)
    with pytest.raises(SolverError, match=fault):
        checked(program(), bad)


def test_a_status_without_a_point_is_not_checked() -> None:
    empty = Point("infeasible", "Infeasible", np.array([np.nan]), -np.inf)
    assert checked(program(), empty) is empty


def test_what_was_run_is_told() -> None:
    found = allocate(CASE, SCORES, ["A", "B"])
    assert found.solver["threads"] == 1
    assert (found.solver["path"], found.solver["modeller"]) == ("highs", "none")
    by_cbc = allocate(CASE.with_allocation(solver="cbc"), SCORES, ["A", "B"])
    assert by_cbc.solver["modeller"] == f"PuLP {version('pulp')}"
    assert "HiGHS" in found.log


def test_what_time_cuts_is_listed_and_told() -> None:
    clock = Clock(0.0)
    solved = solve(program(), Settings(), solver_for("highs"), 1e-6, clock)
    assert solved.point.found
    assert clock.cut == ("amounts",)
    assert clock.ends("prices")
    assert clock.cut == ("amounts", "prices")


def test_a_solver_that_runs_out_of_time_before_the_clock_does_is_no_fault() -> None:
    by_highs = solver_for("highs")

    def late(given: Program, settings: Settings, start: Floats | None = None, /) -> Point:
        found = by_highs(given, settings, start)
        return found if given.mixed else replace(found, status="no_solution")

    clock = Clock(60.0)
    solved = solve(program(), Settings(), late, 1e-6, clock)
    assert solved.point.found
    assert clock.cut == ("amounts",)


def test_a_clock_keeps_time_for_what_follows_the_search() -> None:
    # nothing was spent on building: all is for the search; of much, two fifths are kept at most
    assert searching(Clock(60.0)) == pytest.approx(60.0, abs=1.0)
    spent = Clock(60.0)
    spent._began -= 20.0
    assert searching(spent) == pytest.approx(60.0 - 20.0 - 24.0, abs=1.0)


def test_a_run_that_time_cuts_says_so_in_its_notes() -> None:
    case = random_study(3, size=6, plain=True, minimum_support=0.3, time_limit_s=1e-9)
    found = allocate(case, scores_of(case, 3), list(case.package_by_id))
    assert "prices" in found.cut_by_time or found.status == "no_solution"
    cut = [note for note in found.notes if isinstance(note, CutByTime)]
    assert [note.parts for note in cut] == (
        [tuple(part for part in found.cut_by_time if part != "search")]
        if set(found.cut_by_time) - {"search"}
        else []
    )
