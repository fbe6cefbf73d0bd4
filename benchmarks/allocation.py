"""Building, handing over and solving the program, beside raw arrays and cold solvers, in one run.

`python -m benchmarks.allocation --quick` takes under a minute, the whole a quarter of an hour.
Building is in processor seconds, solves in seconds of wall clock. A gap is (bound - objective) /
objective, in per cent.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks._raw_arrays import columns, load, relaxation
from benchmarks._rounds import Round, synthetic
from evaluator.allocation.model.build import compile_study
from evaluator.allocation.model.program import Program, relaxed
from evaluator.allocation.solve import highs, pulp_model
from evaluator.allocation.solve.point import Point, Settings
from evaluator.allocation.solve.solve import solver_for
from evaluator.loading import load_study
from evaluator.model.study import Study
from evaluator.pipeline import evaluate
from evaluator.questions.funding.core_index import core_index

T = TypeVar("T")
Floats = NDArray[np.float64]
Solver = Callable[[Program, Settings], Point]

ORDERS = range(3)
BASELINE = "scenarios/baseline.yaml"
TARGET = 0.5
"""Per cent of the bound."""
_STEP = re.compile(r"% +(\S+) +(-[\d.]+) +\S+ .* ([\d.]+)s$")
"""A line of the log of HiGHS: best bound, incumbent, seconds."""
_TOTAL = re.compile(r"HiGHS run time +: +([\d.]+)|^ +Timing +([\d.]+)", re.MULTILINE)


def timed(run: Callable[[], T], rounds: int) -> tuple[float, T]:
    """Return the median processor seconds of some rounds, and the last answer."""
    seconds = []
    for _ in range(rounds):
        start = process_time()
        answer = run()
        seconds.append(process_time() - start)
    return median(seconds), answer


def program_of(one: Round) -> Program:
    return compile_study(one.study, one.scores, list(one.scores)).program


def print_building(sizes: Sequence[int]) -> None:
    print("From study to solver. raw: numbers read from the study's objects, stacked by numpy.")
    names = ("build", "hand over", "raw read", "raw build", "ours/raw", "PuLP build")
    head = "".join(f"{name:>11}" for name in names)
    print(f"{'packages':>9}{'requests':>9}{'rows':>8}{head}")
    for size in sizes:
        print_build(size, synthetic(size), 7)


def print_build(size: int, one: Round, rounds: int) -> None:
    build, program = timed(lambda: program_of(one), rounds)
    over, _ = timed(lambda: highs.live(program, Settings()), rounds)
    read, bare = timed(lambda: columns(one), rounds)
    raw, peer = timed(lambda: load(bare), rounds)
    ours = highs.solve(relaxed(program), Settings()).bound
    np.testing.assert_allclose(ours, relaxation(peer), rtol=1e-7)
    modelled, _ = timed(lambda: pulp_model.model(program), 1)
    ratio = (build + over) / (read + raw)
    print(
        f"{size:>9,}{len(bare.amount):>9,}{len(program.rows):>8,}{build:>11.4f}{over:>11.4f}"
        f"{read:>11.4f}{raw:>11.4f}{ratio:>11.1f}{modelled:>11.3f}",
        flush=True,
    )


@dataclass(frozen=True)
class Solve:
    """One solve: how long it took, how far it came, and when."""

    seconds: float
    gap: float
    path: tuple[tuple[float, float], ...]
    """Seconds and gap to the bound that was known at the end."""

    def at(self, seconds: float) -> float:
        """Return the gap after some seconds; infinite before the first incumbent."""
        return min((gap for when, gap in self.path if when <= seconds), default=np.inf)

    @property
    def reached(self) -> float:
        """Seconds until the target."""
        return min((when for when, gap in self.path if gap <= TARGET), default=np.inf)


def solved(program: Program, solver: Solver, settings: Settings) -> Solve:
    start = perf_counter()
    point = solver(program, settings)
    seconds = perf_counter() - start
    if not point.found:
        return Solve(seconds, np.inf, ())
    cost = float(program.cost @ point.values)
    path = [(when, _gap(best, point.bound)) for when, best in incumbents(point.log)]
    return Solve(seconds, _gap(cost, point.bound), (*path, (seconds, _gap(cost, point.bound))))


def _gap(cost: float, bound: float) -> float:
    return 100 * max(0.0, cost - bound) / max(1e-9, abs(cost))


def incumbents(log: str) -> list[tuple[float, float]]:
    """Return seconds and cost of incumbents from the logs of HiGHS runs one after another."""
    found: list[tuple[float, float]] = []
    began, place = 0.0, 0
    for end in _TOTAL.finditer(log):
        for line in log[place : end.start()].splitlines():
            step = _STEP.search(line)
            if step:
                found.append((began + float(step[3]), float(step[2])))
        began += float(end[1] or end[2])
        place = end.end()
    return found


def print_proving(size: int, limit: float, orders: Sequence[int]) -> None:
    print(f"\n{size} packages to a gap of 1e-4, {limit:g} s at most, {len(orders)} orders of rows:")
    settings = Settings(limit, 1e-4)
    programs = [program_of(synthetic(size, order=order)) for order in orders]
    solvers: dict[str, Solver] = {
        "ours": solver_for("highs"),
        "HiGHS cold": highs.solve,
        "CBC cold": pulp_model.solve_by_cbc,
    }
    for name, solver in solvers.items():
        runs = [solved(program, solver, settings) for program in programs]
        times = sorted(run.seconds for run in runs)
        print(
            f"  {name:20} median {median(times):7.2f} s, {times[0]:.2f} to {times[-1]:.2f}, "
            f"gap {max(run.gap for run in runs):.4f} %",
            flush=True,
        )


def print_gaps(size: int, limit: float, orders: Sequence[int], *, cold: bool) -> None:
    print(
        f"\n{size:,} packages, {limit:g} s: gap over time, median of {len(orders)} orders of rows:"
    )
    settings = Settings(limit, 1e-4)
    marks = [limit * share for share in (0.05, 0.1, 0.2, 0.4, 0.7)]
    solvers: dict[str, Solver] = {"ours": solver_for("highs")}
    if cold:
        solvers["HiGHS cold"] = highs.solve
    programs = [program_of(synthetic(size, order=order)) for order in orders]
    for name, solver in solvers.items():
        runs = [solved(program, solver, settings) for program in programs]
        at = ", ".join(
            f"{median([run.at(mark) for run in runs]):.3g} % at {mark:g} s" for mark in marks
        )
        reached = [run.reached for run in runs]
        print(f"  {name:11} {at}")
        print(
            f"  {'':11} {median([run.gap for run in runs]):.3g} % at the end; within {TARGET:g} % "
            f"after {median(reached):.1f} s ({min(reached):.1f} to {max(reached):.1f})",
            flush=True,
        )


def print_draws(draws: int) -> None:
    print(f"\n{draws:,} draws of the scores of the baseline's round, two threads over live models:")
    study = load_study(BASELINE)
    ranking = evaluate(without_draws(study)).ranking
    ranked = ranking[ranking["outcome"] != "failed"]
    packages = [str(name) for name in ranked.index]
    scores = ranked["overall"].to_numpy(dtype=np.float64)
    scores = scores + np.random.default_rng(0).normal(0, 3, (draws, len(scores)))
    fixed = ranked["designated"].to_numpy(dtype=np.bool_)
    best = np.argsort(-scores, axis=1).argsort(axis=1) < fixed.sum()
    everyone = np.ones_like(fixed)
    for name, designated in (
        (f"the {fixed.sum()} designated", fixed),
        (f"the best {fixed.sum()} of each draw", best),
        (f"all {len(packages)} that failed no requirement", everyone),
    ):
        seconds, found = timed(
            lambda designated=designated: core_index(study, packages, scores, designated), 1
        )
        core = (found.packages["tier"] == "core").sum()
        print(
            f"  {name:40} {seconds:7.1f} s, {1e3 * seconds / draws:.1f} ms a draw; core {core}, "
            f"{found.portfolios} portfolios",
            flush=True,
        )


def without_draws(study: Study) -> Study:
    settings = study.scenario.uncertainty.model_copy(update={"draws": 0})
    scenario = study.scenario.model_copy(update={"uncertainty": settings})
    return study.model_copy(update={"scenario": scenario})


def main(*, quick: bool = False) -> None:
    print_building((50, 200, 1_000) if quick else (50, 200, 1_000, 5_000))
    print_proving(50, 10.0, ORDERS)
    if quick:
        print_gaps(1_000, 15.0, [0], cold=False)
        print_draws(100)
        return
    print_proving(200, 60.0, ORDERS)
    print_gaps(1_000, 15.0, ORDERS, cold=True)
    print_gaps(5_000, 90.0, ORDERS, cold=True)
    print_draws(1_000)


if __name__ == "__main__":
    main(quick="--quick" in sys.argv[1:])
