"""What a second worker gains, against what a second process of plain numpy gains on this machine.

1,000,000 draws x 200 packages through the sampler. Ours: `simulate` on one thread and on two.
Plain: matmul, argsort and bincount of all draws in one process, and of half of them in each of two.
Wall clock from the word to begin until the last is done, all of them loaded and warm, in turns;
medians. It wants a machine of two cores of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from statistics import median
from time import perf_counter

from benchmarks.acceptability import CRITERIA, PACKAGES, SEED, VALUES, plain
from evaluator.uncertainty.sampling import BLOCK, Unknown, weight_block
from evaluator.uncertainty.smaa import Draws, simulate

DRAWS = 1_000_000
ROUNDS, SECONDS = 3, 120.0
"""Rounds at most, and after so many seconds no further one begins."""


def ours(draws: int, workers: int) -> None:
    """Count the ranks and central weights of so many draws."""
    simulate(
        lambda block: Draws(VALUES, weight_block(Unknown(CRITERIA), seed=SEED, block=block)),
        draws,
        pairwise=False,
        workers=workers,
    )


def theirs(draws: int) -> None:
    """Count the ranks of so many draws in plain numpy."""
    plain(
        weight_block(Unknown(CRITERIA), seed=SEED, block=block)
        for block in range(-(-draws // BLOCK))
    )


def wait_and_work(who: str, draws: int, workers: int) -> None:
    """Work once when a line comes in, and say so."""
    for size in (2 * BLOCK, draws):
        if size == draws:
            print("ready", flush=True)
            if not sys.stdin.readline():
                return  # whoever measures has gone
        if who == "ours":
            ours(size, workers)
        else:
            theirs(size)
    print("done", flush=True)


def seconds(*crew: tuple[str, int, int]) -> float:
    """Return the seconds that some processes take side by side: who, draws, workers."""
    one_thread = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.workers", *map(str, one)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **one_thread},
        )
        for one in crew
    ]
    for process in started:
        _expect(process, "ready")
    began = perf_counter()
    for process in started:
        assert process.stdin is not None  # noqa: S101  a pipe was asked for
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in started:
        _expect(process, "done")
    took = perf_counter() - began
    for process in started:
        process.communicate()
    return took


def _expect(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdout is not None  # noqa: S101  a pipe was asked for
    if process.stdout.readline().strip() != word:
        raise SystemExit(f"a process of this benchmark ended before it was {word}")


def main() -> None:
    """Print both gains and their ratio."""
    crews = {
        "ours, one worker": [("ours", DRAWS, 1)],
        "ours, two workers": [("ours", DRAWS, 2)],
        "plain numpy, one process": [("plain", DRAWS, 1)],
        "plain numpy, two processes": [("plain", DRAWS // 2, 1)] * 2,
    }
    times: dict[str, list[float]] = {name: [] for name in crews}
    began, rounds = perf_counter(), 0
    while rounds < ROUNDS and (not rounds or perf_counter() - began < SECONDS):
        for name, crew in crews.items():
            times[name].append(seconds(*crew))
        rounds += 1
    took = {name: median(found) for name, found in times.items()}
    print(f"{DRAWS:,} draws x {PACKAGES} packages, medians of {rounds} rounds, wall clock")
    for name, found in took.items():
        print(f"{name:<30}{found:>8.2f} s")
    one, two, single, double = took.values()
    print(f"{'gain of a second worker':<30}{one / two:>8.2f}")
    print(f"{'gain of a second process':<30}{single / double:>8.2f}")
    print(f"{'ratio (at least 0.85)':<30}{(one / two) / (single / double):>8.2f}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case [who, draws, workers]:
            wait_and_work(who, int(draws), int(workers))
        case _:
            main()
