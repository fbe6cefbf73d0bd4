"""Sweeps against the loop that they stand for, and Dask against joblib, in one run.

The loop evaluates a varied study at a time; some scenarios stand for all. Seconds of processor
time, so that other work on the machine counts little; of the two engines wall-clock time, since
waiting is part of what they cost.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

from evaluator import load_study, sweep
from evaluator.loading.variation import vary
from evaluator.model.study import Study
from evaluator.pipeline import evaluate

SCENARIO = Path(__file__).parent.parent / "scenarios" / "baseline.yaml"
LINES = {"designation.max_packages": "10:30:5", "influence.shares.defense": "0.1:0.595:0.005"}
SOLVED = {"designation.min_overall": "45:60:1", "designation.max_packages": "10,15,20"}
SHARES = {f"influence.shares.{name}": "0.0:0.25" for name in ("state", "defense", "energy", "ostp")}
LOOP = 8
"""Scenarios that the loop evaluates."""


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Return processor seconds of this process, and wall-clock seconds."""
    used, began = process_time(), perf_counter()
    work()
    return process_time() - used, perf_counter() - began


def loop(study: Study, *, only: str) -> float:
    """Return processor seconds a scenario of the loop."""

    def run() -> None:
        for places in range(10, 10 + LOOP):
            varied = vary(study, {"designation.max_packages": places, "uncertainty.draws": 0})
            if only == "scores":
                evaluate(varied, only="scores")
            else:
                evaluate(varied, only="allocation")

    return seconds(run)[0] / LOOP


def main() -> None:
    """Print the table."""
    study = load_study(SCENARIO)
    cases = (
        ("500 along lines of influence, allocated", LINES, 500, {}, "allocation"),
        ("48 of two other keys, allocated", SOLVED, 48, {}, "allocation"),
        ("10,000 influences, scored", SHARES, 10_000, {"sample": 10_000}, "scores"),
    )
    print(f"{'sweep, one process':<42}{'s':>8}{'ms each':>10}{'loop/sweep':>12}")
    for name, keys, count, more, only in cases:
        used, _ = seconds(lambda k=keys, m=more, o=only: sweep(study, k, only=o, **m))
        each = loop(study, only=only)
        print(f"{name:<42}{used:>8.1f}{1e3 * used / count:>10.2f}{each * count / used:>12.1f}")
    print(f"{'two processes, 48 allocated':<42}{'wall s':>8}")
    found = {}
    for engine in ("joblib", "dask"):
        _, found[engine] = seconds(lambda e=engine: sweep(study, SOLVED, jobs=2, engine=e))
        print(f"{engine:<42}{found[engine]:>8.1f}")
    print(f"{'dask/joblib':<42}{found['dask'] / found['joblib']:>8.2f}")


if __name__ == "__main__":
    main()
