"""The aggregation methods against scikit-criteria, pymcdm and pyrepo-mcda, measured in one run.

Every contender starts from the same arrays and does its own normalisation; scikit-criteria's
table is made beforehand. Ours and a peer run by turns; a row gives both medians and their ratio.
pymcdm is timed as it is called by default and, where they weigh, without its input checks.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import numpy as np
import pymcdm.methods as pymcdm
import pymcdm.normalizations as pymcdm_norm
import pyrepo_mcda.mcda_methods as pyrepo
import pyrepo_mcda.normalizations as pyrepo_norm
import pyrepo_mcda.promethee_preference_functions as pyrepo_preference
import skcriteria as skc
from numpy.typing import NDArray
from skcriteria.agg.simple import WeightedSumModel
from skcriteria.agg.topsis import TOPSIS
from skcriteria.preprocessing.invert_objectives import MinMaxInverter, NegateMinimize
from skcriteria.preprocessing.scalers import VectorScaler

from evaluator.scoring.methods.additive import weighted_sum
from evaluator.scoring.methods.distance import topsis
from evaluator.scoring.methods.promethee import promethee

Floats = NDArray[np.float64]
Run = Callable[[], Floats]

CRITERIA = 25
SIZES = (200, 5_000)
LONGEST = 60.0
"""A peer that is expected to take more seconds than this for one call is left out."""

TURNS_WITHIN = 2.0
"""Seconds spent on the turns of one row, beyond the least number of turns."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One random decision problem; every fifth criterion is a cost."""

    matrix: Floats
    weights: Floats
    directions: NDArray[np.int64]

    @property
    def table(self) -> skc.DecisionMatrix:
        """Return the form that scikit-criteria takes."""
        return skc.mkdm(matrix=self.matrix, weights=self.weights, objectives=self.directions)


@dataclass(frozen=True, slots=True)
class Contest:
    """One method: how we run it and how the peers do."""

    name: str
    ours: Run
    peers: dict[str, Run]
    growth: int
    """The power of the number of alternatives with which a peer's time grows."""


def problem(alternatives: int) -> Problem:
    generator = np.random.default_rng(alternatives)
    return Problem(
        matrix=generator.uniform(1, 100, (alternatives, CRITERIA)),
        weights=generator.dirichlet(np.ones(CRITERIA)),
        directions=np.where(np.arange(CRITERIA) % 5 == 0, -1, 1),
    )


def contests(given: Problem) -> Iterator[Contest]:
    yield _weighted_sum(given)
    yield _topsis(given)
    yield _promethee(given, "usual", "usual", pyrepo_preference.preference_usual_function)
    yield _promethee(given, "linear", "vshape_2", pyrepo_preference.preference_linear_function)


def _weighted_sum(given: Problem) -> Contest:
    arrays = given.matrix, given.weights, given.directions
    table, scale, rank = given.table, MinMaxInverter(), WeightedSumModel()
    theirs = pymcdm.WSM(pymcdm_norm.minmax_normalization)
    return Contest(
        "weighted sum (minmax)",
        lambda: weighted_sum(*arrays, normalization="minmax").scores,
        {
            "pymcdm": lambda: theirs(*arrays),
            "pymcdm, no checks": lambda: theirs(*arrays, validation=False),
            "pyrepo-mcda": lambda: pyrepo.SAW(pyrepo_norm.minmax_normalization)(*arrays),
            "scikit-criteria": lambda: rank.evaluate(scale.transform(table)).e_.score,
        },
        growth=1,
    )


def _topsis(given: Problem) -> Contest:
    arrays = given.matrix, given.weights, given.directions
    table, turn, scale = given.table, NegateMinimize(), VectorScaler(target="matrix")
    theirs = pymcdm.TOPSIS(pymcdm_norm.vector_normalization)
    return Contest(
        "TOPSIS (vector)",
        lambda: topsis(*arrays, normalization="vector").scores,
        {
            "pymcdm": lambda: theirs(*arrays),
            "pymcdm, no checks": lambda: theirs(*arrays, validation=False),
            "pyrepo-mcda": lambda: pyrepo.TOPSIS(pyrepo_norm.vector_normalization)(*arrays),
            "scikit-criteria": lambda: (
                TOPSIS().evaluate(scale.transform(turn.transform(table))).e_.similarity
            ),
        },
        growth=1,
    )


def _promethee(
    given: Problem, name: str, pymcdm_name: str, function: Callable[..., float]
) -> Contest:
    arrays = given.matrix, given.weights, given.directions
    q, p = np.full(CRITERIA, 5.0), np.full(CRITERIA, 20.0)
    used = {"q": q, "p": p} if name == "linear" else {}

    def theirs() -> Floats:
        # A new object for each call: the first call uses up its preference functions.
        thresholds = {symbol: list(values) for symbol, values in used.items()}
        flows: Floats = pymcdm.PROMETHEE_II(pymcdm_name, **thresholds)(*arrays)
        return flows

    return Contest(
        f"PROMETHEE II ({name})",
        lambda: promethee(*arrays, preference=name, **used).net,
        {
            "pymcdm": theirs,
            "pyrepo-mcda": lambda: pyrepo.PROMETHEE_II()(*arrays, [function] * CRITERIA, p, q),
        },
        growth=2,
    )


def seconds(run: Run) -> float:
    start = perf_counter()
    run()
    return perf_counter() - start


def duel(ours: Run, theirs: Run) -> tuple[float, float]:
    """Return the median seconds of both, run by turns: at least once each, at most 100 times."""
    seconds(ours)
    first = seconds(theirs)
    turns = max(1, min(100, round(TURNS_WITHIN / max(first, 1e-6))))
    times = [(seconds(ours), seconds(theirs)) for _ in range(turns)]
    return median(time for time, _ in times), median(time for _, time in times)


def main() -> None:
    print(f"{'method':26}{'size':>11}  {'peer':20}{'peer ms':>11}{'ours ms':>10}{'peer/ours':>11}")
    expected: dict[tuple[str, str], float] = {}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Alternatives with indices", UserWarning)
        for alternatives in SIZES:
            for contest in contests(problem(alternatives)):
                size = f"{alternatives:,} x {CRITERIA}"
                for peer, theirs in contest.peers.items():
                    row = f"{contest.name:26}{size:>11}  {peer:20}"
                    due = expected.get((contest.name, peer), 0.0)
                    if due > LONGEST:
                        print(f"{row} left out: expected to take {due:,.0f} s, by the row above")
                        continue
                    np.testing.assert_allclose(theirs(), contest.ours(), rtol=1e-9, atol=1e-9)
                    our_time, their_time = duel(contest.ours, theirs)
                    ratio = their_time / our_time
                    print(f"{row}{1e3 * their_time:11.3f}{1e3 * our_time:10.3f}{ratio:11,.1f}")
                    growth = (SIZES[-1] / SIZES[0]) ** contest.growth
                    expected[contest.name, peer] = their_time * growth
    print("scikit-criteria has no PROMETHEE.")


if __name__ == "__main__":
    main()
