"""`make mutation`: 400 faults drawn by a seed from the rooms that decide; 90 % must be seen.

Each fault is planted in memory, in a fork of a process that has loaded everything but the engine,
and only the tests that reach its line are run. A fault that no test sees is a survivor: it is
named in `survivors.yaml` with the reason why it changes nothing that matters, or it is a gap.

Which faults are drawn hangs on each one's own source alone, so that a change of a module draws
others there and nowhere else. `--only FILE:LINE --test FILE` plants every fault of a line and runs
just these tests, for whoever writes one against a survivor.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import importlib.abc
import importlib.machinery
import importlib.util
import io
import multiprocessing as mp
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import coverage
import pytest
import yaml

from tests.mutation.mutants import Mutant, mutants, mutated

ROOT = Path(__file__).parents[2]
ROOMS = ("decision", "scoring", "allocation/model", "results")
TESTS = (
    "tests/decision", "tests/scoring", "tests/allocation", "tests/agreement", "tests/uncertainty",
    "tests/results", "tests/test_hand_case.py", "tests/test_pipeline.py", "tests/record",
)  # fmt: skip
SURVIVORS = Path(__file__).with_name("survivors.yaml")
_LEAST = 0.9
_SECONDS = 60
"""A fault whose tests take more of a processor is seen: a loop without end, or nearly so."""
_MOST_TESTS = 150
"""Tests run against one fault: those of its own room first, then the quickest."""


@dataclass(frozen=True)
class Fate:
    """What became of a fault."""

    mutant: Mutant
    seen: bool
    by: str


class _Planted(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module with a fault in it."""

    def __init__(self, mutant: Mutant) -> None:
        self._path = ROOT / mutant.path
        stem = mutant.path.removesuffix(".py").removesuffix("/__init__")
        self._name, self._number = stem.replace("/", "."), mutant.number

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        package = self._path.name == "__init__.py"
        return importlib.util.spec_from_file_location(
            fullname,
            self._path,
            loader=self,
            submodule_search_locations=[str(self._path.parent)] if package else None,
        )

    def exec_module(self, module: ModuleType) -> None:
        tree: ast.Module = mutated(self._path.read_text(), self._number)
        exec(compile(tree, str(self._path), "exec"), module.__dict__)  # noqa: S102


def main() -> int:
    """Plant the faults, tell what became of them, and return the exit code."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--mutants", type=int, default=400)
    asked.add_argument("--seed", type=int, default=14320)
    asked.add_argument("--jobs", type=int, default=2)
    asked.add_argument("--room", action="append", choices=ROOMS)
    asked.add_argument("--only", metavar="FILE:LINE", help="plant every fault of this line")
    asked.add_argument("--test", action="append", help="with --only: run these tests, whole")
    given = asked.parse_args()
    chosen = _at(given.only) if given.only else _drawn(given)
    if not chosen:
        print(f"no fault can be planted at {given.only}")
        return 1
    started = time.monotonic()
    if given.test:
        work = [(one, given.test) for one in chosen]
    else:
        reach, seconds = _reach()
        print(f"which test reaches which line: {time.monotonic() - started:.0f} s", flush=True)
        work = [(one, _tests_of(one, reach, seconds)) for one in chosen]
    if not _sound(work):
        print("the tests fail without any fault: mend that first")
        return 1
    with mp.get_context("fork").Pool(given.jobs, maxtasksperchild=1) as pool:
        fates = []
        for fate in pool.imap_unordered(_fate, work):
            fates.append(fate)
            if not fate.seen:
                where = f"{fate.mutant.path}:{fate.mutant.line}"
                print(
                    f"{len(fates)}/{len(work)} survives {where} {fate.mutant.what} ({fate.by})",
                    flush=True,
                )
    return _told(fates, time.monotonic() - started)


def _drawn(given: argparse.Namespace) -> list[Mutant]:
    """Return the faults drawn by the seed: those whose digests with it come first."""
    files = [
        f for room in given.room or ROOMS for f in sorted((ROOT / "evaluator" / room).rglob("*.py"))
    ]
    every = [one for file in files for one in mutants(file, ROOT)]
    count = min(given.mutants, len(every))
    print(f"{count} of {len(every)} faults in {len(files)} files, seed {given.seed}", flush=True)
    alike: Counter[tuple[str, str]] = Counter()
    digests: dict[str, Mutant] = {}
    for one in every:
        alike[one.path, one.what] += 1
        place = f"{given.seed} {one.path} {one.what} {alike[one.path, one.what]}"
        digests[hashlib.sha256(place.encode()).hexdigest()] = one
    return [digests[digest] for digest in sorted(digests)[:count]]


def _at(where: str) -> list[Mutant]:
    """Return every fault of a line."""
    file, _, line = where.rpartition(":")
    return [one for one in mutants(ROOT / file, ROOT) if one.line == int(line)]


def _reach() -> tuple[dict[str, dict[int, list[str]]], dict[str, float]]:
    """Return by file and line the tests that reach it, and how long each takes."""
    with tempfile.TemporaryDirectory() as folder:
        report, data = Path(folder) / "seconds.txt", Path(folder) / "coverage"
        environment = {**os.environ, "COVERAGE_FILE": str(data), "MUTATION_SECONDS": str(report)}
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-m",
            "not slow",
            "-p",
            "tests.mutation.contexts",
        ]
        subprocess.run(
            [*command, *TESTS], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
        )
        found = coverage.CoverageData(str(data))
        found.read()
        reach: dict[str, dict[int, list[str]]] = {}
        for file in found.measured_files():
            path = Path(file)
            if path.is_relative_to(ROOT):
                lines = found.contexts_by_lineno(file)
                reach[path.relative_to(ROOT).as_posix()] = {
                    line: [name for name in names if name] for line, names in lines.items()
                }
        rows = (line.rsplit("\t", 1) for line in report.read_text().splitlines())
        return reach, {name: float(took) for name, took in rows}


def _tests_of(
    one: Mutant, reach: dict[str, dict[int, list[str]]], seconds: dict[str, float]
) -> list[str]:
    """Return the tests that reach a fault: of its own file, of its room, the rest; quickest first.

    What is run on import, all reach.
    A module that nothing but its import runs is held by its room, and by what holds every column.
    """
    lines = reach.get(one.path, {})
    found = {name for line in range(one.line, one.end + 1) for name in lines.get(line, ())}
    found = found or {name for names in lines.values() for name in names}
    own = f"tests/{one.path.split('/')[1]}/"
    if not found:  # a module that is nothing but data
        return [own, "tests/record/test_columns.py"]
    file = f"/test_{Path(one.path).stem}.py::"
    quickest = sorted(
        found,
        key=lambda name: (file not in name, not name.startswith(own), seconds.get(name, 1.0)),
    )
    return quickest[:_MOST_TESTS]


def _fate(work: tuple[Mutant, Sequence[str]]) -> Fate:
    mutant, tests = work
    if not tests:
        return Fate(mutant, seen=False, by="no test reaches it")
    child = os.fork()
    if child == 0:
        _run(mutant, tests)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return Fate(mutant, seen=True, by=f"signal {os.WTERMSIG(status)}")
    return Fate(mutant, seen=status != 0, by=f"{len(tests)} tests")


def _sound(work: Sequence[tuple[Mutant, Sequence[str]]]) -> bool:
    """Whether tests that are run against a fault pass without one, in a fork like the others."""
    child = os.fork()
    if child == 0:
        _run(None, sorted({name for _, tests in work for name in tests[:1]})[:50])
    return os.waitpid(child, 0)[1] == 0


def _run(mutant: Mutant | None, tests: Sequence[str]) -> NoReturn:
    os.chdir(ROOT)
    if mutant is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        sys.meta_path.insert(0, _Planted(mutant))
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        code = pytest.main(
            ["-x", "-q", "-m", "not slow", "-p", "no:cacheprovider", "--no-header", *tests]
        )
    os._exit(0 if code == 0 else 1)


def _told(fates: Sequence[Fate], seconds: float) -> int:
    known = {
        (one["path"], one["at"], one["what"]) for one in yaml.safe_load(SURVIVORS.read_text()) or ()
    }
    for room in ROOMS:
        here = [fate for fate in fates if fate.mutant.path.startswith(f"evaluator/{room}")]
        if here:
            print(f"{room}: {sum(fate.seen for fate in here)} of {len(here)} seen")
    alive = [fate.mutant for fate in fates if not fate.seen]
    unnamed = [one for one in alive if (one.path, one.at, one.what) not in known]
    share = 1 - len(alive) / len(fates)
    print(f"{share:.1%} of {len(fates)} faults seen in {seconds / 60:.0f} min")
    print(f"{sum(fate.by.startswith('signal') for fate in fates)} of them by a loop without end")
    print(f"{len(unnamed)} survivors without a reason in {SURVIVORS.name}")
    for one in unnamed:
        print(f"- path: {one.path}  # line {one.line}\n  at: {one.at!r}")
        print(f"  what: {one.what!r}\n  because: ")
    return 0 if share >= _LEAST and not unnamed else 1


if __name__ == "__main__":
    # what no fault is planted in is loaded once, before the forks
    for name in (
        "numpy",
        "pandas",
        "scipy.stats",
        "pydantic",
        "highspy",
        "pulp",
        "yaml",
    ):
        __import__(name)
    sys.exit(main())
