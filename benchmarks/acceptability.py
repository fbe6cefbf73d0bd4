"""Rank acceptability against plain numpy and loops over pymcdm and pyrepo-mcda, in one run.

200 packages x 25 criteria, uniform weights. Everybody gives the rank acceptability of every
package, from the same draws; that no two scores are tied by our rule is verified first, so that
sorting alone treats ties as everybody else does, and the outputs are compared bit for bit. In every
round each contender runs once; a row gives the median over the rounds, in seconds of processor
time, everybody on one thread: a pool of threads that waits for a busy processor would be all that
is measured. At 1,000,000 draws the draws come from the sampler, in the time of both sides.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from statistics import median
from time import process_time

import numpy as np
from numpy.typing import NDArray
from pymcdm.helpers import rrankdata
from pymcdm.methods import WSM
from pyrepo_mcda.additions import rank_preferences
from pyrepo_mcda.mcda_methods import SAW

from evaluator.uncertainty.sampling import BLOCK, Unknown, sample_weights, weight_block
from evaluator.uncertainty.smaa import (
    Draws,
    Scores,
    acceptability,
    acceptability_of_scores,
    simulate,
    weighted_sum,
)

Floats = NDArray[np.float64]
Run = Callable[[], Floats]

PACKAGES, CRITERIA = 200, 25
SEED = 1
ROUNDS = 9
PLAIN_CHUNKS = (256, 1_000, 10_000)
"""Draws at a time in plain numpy; the fastest of them is the one compared with."""

VALUES = np.random.default_rng(SEED).uniform(0, 100, (PACKAGES, CRITERIA))
ALL_PROFIT = np.ones(CRITERIA, dtype=np.int64)


def parts(weights: Floats, size: int) -> Iterator[Floats]:
    for begin in range(0, len(weights), size):
        yield weights[begin : begin + size]


def sampled(draws: int) -> Iterator[Floats]:
    for block in range(-(-draws // BLOCK)):
        yield weight_block(Unknown(CRITERIA), seed=SEED, block=block)[: draws - block * BLOCK]


def plain(weights: Iterator[Floats]) -> Floats:
    """Matmul, argsort, bincount."""
    counts = np.zeros(PACKAGES**2, dtype=np.int64)
    places = np.arange(0, PACKAGES**2, PACKAGES)
    negated = -VALUES.T
    draws = 0
    for part in weights:
        order = (part @ negated).argsort(axis=1)
        order += places
        counts += np.bincount(order.ravel(), minlength=PACKAGES**2)
        draws += len(part)
    return counts.reshape(PACKAGES, PACKAGES).T / draws


def ours(weights: Iterator[Floats]) -> Floats:
    blocks = (Scores(weighted_sum(VALUES, part)) for part in weights)
    return acceptability_of_scores(blocks, pairwise=False).rank_acceptability


def loop(weights: Floats, ranks_at: Callable[[Floats], NDArray[np.int64]]) -> Floats:
    counts = np.zeros((PACKAGES, PACKAGES))
    packages = np.arange(PACKAGES)
    for one in weights:
        counts[packages, ranks_at(one) - 1] += 1
    return counts / len(weights)


def pymcdm_loop(weights: Floats) -> Floats:
    model = WSM(lambda column, cost: column)
    return loop(
        weights,
        lambda one: rrankdata(model(VALUES, one, ALL_PROFIT, validation=False)).astype(np.int64),
    )


def pyrepo_loop(weights: Floats) -> Floats:
    model = SAW(lambda matrix, types: matrix)
    return loop(weights, lambda one: rank_preferences(model(VALUES, one, ALL_PROFIT)))


def tied_draws(weights: Iterator[Floats]) -> int:
    """Return the number of draws in which neighbours are within two steps of our grid."""
    return sum(
        int((np.diff(np.sort(part @ VALUES.T, axis=1), axis=1).min(axis=1) < 2.0**-35).sum())
        for part in weights
    )


def medians(runs: dict[str, Run]) -> dict[str, float]:
    """Return the median seconds of each contender; their first outputs must be the same."""
    first = {name: run() for name, run in runs.items()}
    for name, output in first.items():
        np.testing.assert_array_equal(output, first["ours"], err_msg=name)
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            start = process_time()
            run()
            times[name].append(process_time() - start)
    return {name: median(seconds) for name, seconds in times.items()}


def contenders(draws: int) -> dict[str, Run]:
    if draws > 100_000:
        return {
            "ours": lambda: ours(sampled(draws)),
            "plain numpy, from the sampler": lambda: plain(sampled(draws)),
        }
    weights = sample_weights(Unknown(CRITERIA), draws, seed=SEED)
    runs: dict[str, Run] = {"ours": lambda: ours(parts(weights, BLOCK))}
    for size in PLAIN_CHUNKS:
        runs[f"plain numpy, {size:,} at a time"] = lambda size=size: plain(parts(weights, size))
    if draws <= 10_000:
        runs["loop over pymcdm"] = lambda: pymcdm_loop(weights)
        runs["loop over pyrepo-mcda"] = lambda: pyrepo_loop(weights)
    return runs


def print_rows(draws: int) -> None:
    weights = sampled(draws)
    ties = tied_draws(weights)
    if ties:
        raise SystemExit(f"{ties} of {draws:,} draws are tied: sorting alone would not share them")
    seconds = medians(contenders(draws))
    for name, time in seconds.items():
        ratio = (
            ""
            if name == "ours"
            else f"{seconds['ours'] / time:10.3f}{time / seconds['ours']:10.1f}"
        )
        print(f"{draws:>9,}  {name:34}{1e3 * time:11.1f}{ratio}")


def print_extras(draws: int) -> None:
    weights = sample_weights(Unknown(CRITERIA), draws, seed=SEED)
    seconds = medians(
        {
            "ours": lambda: ours(parts(weights, BLOCK)),
            "with central weights, confidence": lambda: (
                acceptability(VALUES, weights, pairwise=False).rank_acceptability
            ),
            "and pairwise winning": lambda: acceptability(VALUES, weights).rank_acceptability,
        }
    )
    for name, time in seconds.items():
        print(f"{draws:>9,}  {name:34}{1e3 * time:11.1f}")


def print_growth() -> None:
    """Print time and peak memory of the whole analysis through the sampler, each in a process."""
    for draws in (100_000, 1_000_000):
        command = [sys.executable, "-m", "benchmarks.acceptability", str(draws)]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        time, megabytes = map(float, output.split())
        print(
            f"{draws:>9,}  every index, through the sampler: {time:.2f} s, "
            f"{1e6 * time / draws:.2f} us a draw, peak memory {megabytes:.0f} MB"
        )


def analyse(draws: int) -> None:
    """Print the seconds and the peak megabytes of one analysis."""

    def draws_of(block: int) -> Draws:
        return Draws(VALUES, weight_block(Unknown(CRITERIA), seed=SEED, block=block))

    start = process_time()
    simulate(draws_of, draws)
    seconds = process_time() - start
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def compare() -> None:
    print(f"{PACKAGES} packages x {CRITERIA} criteria, medians of {ROUNDS} rounds, no ties")
    print(f"{'draws':>9}  {'rank acceptability':34}{'ms':>11}{'ours/peer':>10}{'peer/ours':>10}")
    for draws in (10_000, 100_000, 1_000_000):
        print_rows(draws)
    print("what more it costs:")
    print_extras(100_000)
    print_growth()


def main() -> None:
    one_thread = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
    command = [sys.executable, "-m", "benchmarks.acceptability", "compare"]
    subprocess.run(command, env={**os.environ, **one_thread}, check=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            main()
        case ["compare"]:
            compare()
        case [draws]:
            analyse(int(draws))
