"""Allocations of 36 to 10,000 packages under all limits of the baseline, stage by stage.

Each round is a process of its own. Processor seconds, peak memory and nonzeros; the exponents are
the slopes of least squares through the logarithms of medians: 1 is linear, 2 quadratic.
`python -m benchmarks.scaling --quick` ends at 1,000 packages.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import TypeVar

import numpy as np

from benchmarks._baseline_rounds import like_the_baseline
from evaluator.allocation import allocate as whole_allocation
from evaluator.allocation.explain.notices import notice_table
from evaluator.allocation.explain.prices import prices
from evaluator.allocation.explain.reasons import explained
from evaluator.allocation.explain.tables import amounts_table, limit_table, request_table
from evaluator.allocation.model.build import compile_study
from evaluator.allocation.solve.point import Settings
from evaluator.allocation.solve.rounding import whole_dollars
from evaluator.allocation.solve.sharing import shared_equally
from evaluator.allocation.solve.solve import solve, solver_for
from evaluator.allocation.verify.certificate import certify
from evaluator.model.study import Study

T = TypeVar("T")
SIZES = (36, 100, 300, 1_000, 3_000, 10_000)
GAP = 1e-3
_SECONDS = 600.0
"""So many that the clock of a machine under load cuts nothing: work is counted, not timed."""


def measured(size: int, seed: int) -> dict[str, float]:
    """Return the seconds of each stage of one round and of all, and what else is counted of it.

    Memory is the peak of the process, the study in it.
    """
    one = like_the_baseline(size, seed=seed, gap=GAP)
    study = one.study.with_allocation(time_limit_s=_SECONDS)
    stages = _by_stages(study, one.scores)
    start = time.process_time()
    whole = whole_allocation(study, one.scores, list(one.scores))
    seconds = time.process_time() - start
    if whole.certificate or whole.status not in ("optimal", "feasible"):
        raise RuntimeError(f"{size} packages, seed {seed}: {whole.status}, {whole.certificate}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {**stages, "whole": seconds, "memory": memory, "gap": whole.gap}


def _by_stages(study: Study, scores: Mapping[str, float]) -> dict[str, float]:
    """Return the seconds of each stage, and nonzeros; nothing that it makes is kept."""
    names, seconds = list(scores), dict[str, float]()

    def timed(name: str, run: Callable[[], T]) -> T:
        start = time.process_time()
        found = run()
        seconds[name] = time.process_time() - start
        return found

    settled = study.scenario.allocation
    settings, solver = Settings(_SECONDS, GAP), solver_for("highs")
    compiled = timed("build", lambda: compile_study(study, scores, names))
    program, layout = compiled.program, compiled.layout
    timed("exact", lambda: program.whole.uses)
    solved = timed("solve", lambda: solve(program, settings, solver, settled.tie_tolerance))
    values = solved.point.values
    rounded = timed("round", lambda: whole_dollars(program, layout, values, settings, solver))
    amounts = timed("share", lambda: shared_equally(compiled, program, rounded))
    why = timed("reasons", lambda: explained(study, compiled, amounts))
    priced = timed("prices", lambda: prices(compiled, amounts))
    table = amounts_table(study, compiled, amounts)
    timed("tables", lambda: request_table(study, compiled, amounts, why.reasons))
    timed("limits", lambda: limit_table(compiled, amounts, priced, why.in_the_way))
    timed("certify", lambda: certify(study, table, names))
    timed("notices", lambda: notice_table(study, table))
    return {**seconds, "nonzeros": float(len(program.value))}


def _apart(size: int, seed: int) -> dict[str, float]:
    """Measure one round in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.scaling", str(size), str(seed)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def exponent(sizes: Sequence[int], values: Sequence[float]) -> float:
    """Return the slope of least squares through logarithms."""
    logs = np.log(np.maximum(values, 1e-4))
    return float(np.polyfit(np.log(sizes), logs, 1)[0])


def print_scaling(sizes: Sequence[int], seeds: Mapping[int, int]) -> None:
    medians: list[dict[str, float]] = []
    for size in sizes:
        rounds = [_apart(size, seed) for seed in range(seeds.get(size, 5))]
        medians.append({name: median([one[name] for one in rounds]) for name in rounds[0]})
        if len(medians) == 1:
            print(f"{'packages':>9}" + "".join(f"{name:>10}" for name in medians[0]))
        print(f"{size:>9,}" + "".join(f"{_told(v):>10}" for v in medians[-1].values()), flush=True)
    large = [(size, one) for size, one in zip(sizes, medians, strict=True) if size >= 300]
    if len(large) > 1:
        whose = [size for size, _ in large]
        powers = [exponent(whose, [one[name] for _, one in large]) for name in medians[0]]
        print(f"{'exponent':>9}" + "".join(f"{power:>10.2f}" for power in powers))


def _told(value: float) -> str:
    return f"{value:,.0f}" if value >= 1_000 else f"{value:.3g}"


def main(*, quick: bool = False) -> None:
    print("Processor seconds by stage, all limits of the baseline, to a gap of 0.1 %.")
    print_scaling(SIZES[:4] if quick else SIZES, {3_000: 3, 10_000: 1})


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(measured(int(sys.argv[1]), int(sys.argv[2]))))
    else:
        main(quick="--quick" in sys.argv[1:])
