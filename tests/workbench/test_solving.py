"""Workers: the newest wish of each person, answers in time or none, and nothing left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from evaluator.errors import InvalidStudyError, UsageError
from evaluator.workbench.solving import LateError, Solver, SupersededError, Worker
from evaluator.workbench.solving.effect import EffectOf
from evaluator.workbench.solving.keeping import Kept
from evaluator.workbench.solving.process import FaultError
from tests.conftest import ROOT
from tests.processes import lives
from tests.workbench.conftest import ALIKE

BY = {"because": "x", "by": "a", "date": "2026-07-01"}


@dataclass(frozen=True)
class Waits:
    """Says so in a file, and waits until another is there."""

    folder: Path
    name: str

    def answer(self, kept: Any) -> tuple[str, Any]:
        (self.folder / f"{self.name}.begun").touch()
        until(lambda: (self.folder / f"{self.name}.go").exists())
        return self.name, kept


@dataclass(frozen=True)
class Ends:
    def answer(self, kept: Any) -> None:
        os._exit(1)


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.01)


async def begun(folder: Path, name: str) -> None:
    await asyncio.to_thread(until, (folder / f"{name}.begun").exists)


def solved(
    body: Callable[[Solver], Awaitable[None]],
    keep: Any = str,
    workers: int = 1,
    seconds: float = 60,
    begin: Any = Worker,
) -> None:
    """Let something be done with workers; none of them is alive afterwards."""

    async def run() -> list[int]:
        solver = Solver(keep, workers, seconds, begin)
        try:
            await body(solver)
        finally:
            mine = solver.processes
            await solver.close()
        return mine

    # of its own thread: a browser of other tests keeps a loop in this one
    with ThreadPoolExecutor(1) as thread:
        assert not any(map(lives, thread.submit(asyncio.run, run()).result()))


def test_what_settings_do_is_what_was_computed_by_hand(scenario: Path) -> None:
    without = {"designation.exclude.P1": BY}

    async def body(solver: Solver) -> None:
        told = await solver.ask("ann", EffectOf({}, without))
        found = told.effect
        # without P1: P3 has 50 of loans in full, P2 the other 50 beside its 10 of equity
        assert found.objective == pytest.approx(
            (152.818033988749895, 74 + 86.47213595499958 * 60 / 80)
        )
        assert found.total == (125_000_000, 125_000_000)
        assert found.moved == 40_000_000
        moves = {move.package: (move.before.amount, move.after.amount) for move in found.moves}
        assert moves == {"P1": (40_000_000, 0), "P2": (20_000_000, 60_000_000)}
        assert [move.after.standing for move in found.moves] == ["in", "out"]
        same = (await solver.ask("ann", EffectOf({"influence.shares": ALIKE}, {}))).effect
        assert same.moved == 0
        assert [move.package for move in same.moves] == []
        known = (await solver.ask("bo", EffectOf(*told.sides))).effect  # nothing is solved again
        assert known == found

    solved(body, partial(Kept, scenario))


def test_what_does_not_hold_is_refused_with_its_faults_and_the_worker_goes_on(
    scenario: Path,
) -> None:
    async def body(solver: Solver) -> None:
        with pytest.raises(InvalidStudyError, match="P9") as told:
            await solver.ask("ann", EffectOf({}, {"designation.include.P9": BY}))
        assert len(told.value.problems) == 1
        assert (await solver.ask("ann", EffectOf({}, {}))).effect.moves == ()

    solved(body, partial(Kept, scenario))


def test_a_base_that_cannot_be_read_is_told_to_who_asks(tmp_path: Path) -> None:
    async def body(solver: Solver) -> None:
        with pytest.raises(InvalidStudyError, match="no such file"):
            await solver.ask("ann", EffectOf({}, {}))

    solved(body, partial(Kept, tmp_path / "none.yaml"))


def test_only_the_newest_wish_of_each_person_is_answered(tmp_path: Path) -> None:
    async def body(solver: Solver) -> None:
        first = asyncio.create_task(solver.ask("ann", Waits(tmp_path, "a1")))
        await begun(tmp_path, "a1")
        second = asyncio.create_task(solver.ask("ann", Waits(tmp_path, "a2")))
        other = asyncio.create_task(solver.ask("bo", Waits(tmp_path, "b1")))
        with pytest.raises(SupersededError):
            await first
        third = asyncio.create_task(solver.ask("ann", Waits(tmp_path, "a3")))
        with pytest.raises(SupersededError):
            await second
        assert solver.waiting == 2
        for name in ("a1", "a3", "b1"):
            (tmp_path / f"{name}.go").touch()
        assert await third == ("a3", "")
        assert await other == ("b1", "")
        assert not (tmp_path / "a2.begun").exists()  # nobody solved what nobody waits for

    solved(body)


@pytest.mark.parametrize("workers", [1, 2])
def test_what_may_be_late_comes_after_all_else_and_leaves_a_worker(
    workers: int, tmp_path: Path
) -> None:
    async def body(solver: Solver) -> None:
        late = [
            asyncio.create_task(solver.ask(name, Waits(tmp_path, name), turn="late"))
            for name in ("d1", "d2")
        ]
        await begun(tmp_path, "d1")
        soon = asyncio.create_task(solver.ask("s", Waits(tmp_path, "s")))
        if workers == 2:  # one is free, though a late wish came before
            await begun(tmp_path, "s")
        else:
            await asyncio.sleep(0)
            assert solver.place("s") == (1, 0.0)
            assert solver.place("d2") == (2, 0.0)
            late.append(
                asyncio.create_task(solver.ask("all", Waits(tmp_path, "all"), turn="first"))
            )
            await asyncio.sleep(0)
            assert solver.place("all") == (1, 0.0)
            assert solver.place("s") == (2, 0.0)
            (tmp_path / "all.go").touch()
        assert not (tmp_path / "d2.begun").exists()
        for name in ("d1", "s", "d2"):
            (tmp_path / f"{name}.go").touch()
        assert [(await one)[0] for one in (soon, *late)] == [
            "s",
            "d1",
            "d2",
            *(("all",) if workers == 1 else ()),
        ]
        order = ("d1", "s", "d2") if workers == 2 else ("d1", "all", "s", "d2")
        begins = [(tmp_path / f"{name}.begun").stat().st_mtime_ns for name in order]
        assert begins == sorted(begins)

    solved(body, workers=workers)


def test_past_its_deadline_a_solve_is_ended_and_the_next_is_answered(tmp_path: Path) -> None:
    async def body(solver: Solver) -> None:
        (before,) = solver.processes
        with pytest.raises(LateError, match="took over"):
            await solver.ask("ann", Waits(tmp_path, "a"), seconds=0.5)
        assert not lives(before)
        (tmp_path / "b.go").touch()
        assert await solver.ask("ann", Waits(tmp_path, "b")) == ("b", "")
        with pytest.raises(LateError, match="ended by itself"):
            await solver.ask("ann", Ends())
        (tmp_path / "c.go").touch()
        assert await solver.ask("ann", Waits(tmp_path, "c")) == ("c", "")

    solved(body)


def test_who_waits_when_all_ends_is_told(tmp_path: Path) -> None:
    async def body(solver: Solver) -> None:
        for name in ("a", "b"):
            asked = asyncio.create_task(solver.ask(name, Waits(tmp_path, name)))
            asked.add_done_callback(lambda done: told.append(done.exception()))
        await begun(tmp_path, "a")

    told: list[BaseException | None] = []
    solved(body)
    assert [type(one) for one in told] == [SupersededError, SupersededError]


PROGRAM = """
import asyncio, sys
from evaluator.workbench.solving import Solver
async def main():
    solver = Solver(str, 2, 60)
    print(*solver.processes, flush=True)
    await asyncio.sleep(600)
if __name__ == "__main__":
    asyncio.run(main())
"""


def test_no_worker_outlives_a_server_that_was_killed(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    server = subprocess.Popen(
        [sys.executable, program], stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert server.stdout is not None
    workers = [int(one) for one in server.stdout.readline().split()]
    assert len(workers) == 2
    assert all(map(lives, workers))
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    server.stdout.close()
    until(lambda: not any(map(lives, workers)), seconds=5)


def test_an_error_of_use_is_told_as_that() -> None:
    async def body(solver: Solver) -> None:
        with pytest.raises(UsageError, match="not so"):
            await solver.ask("ann", Refuses())

    solved(body)


@dataclass(frozen=True)
class Refuses:
    def answer(self, kept: Any) -> None:
        raise UsageError("not so")


def test_a_fault_of_the_program_is_one_line_and_the_worker_goes_on(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    async def body(solver: Solver) -> None:
        before = solver.processes
        with pytest.raises(FaultError, match=r"KeyError: 'x' \(test_solving.py, line \d+\). Undo"):
            await solver.ask("ann", Fails())
        (tmp_path / "a.go").touch()
        assert await solver.ask("ann", Waits(tmp_path, "a")) == ("a", "")
        assert solver.processes == before

    solved(body)
    assert "Traceback" not in capfd.readouterr().err


@dataclass(frozen=True)
class Fails:
    def answer(self, kept: Any) -> None:
        raise KeyError("x")
