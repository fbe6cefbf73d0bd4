"""The greatest regret of a point over intervals of scores, against every corner of them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from evaluator.allocation.solve import highs
from evaluator.allocation.solve.intervals import Challenge, Intervals, challenged, stands
from evaluator.allocation.solve.point import Settings
from evaluator.questions.funding.draws import Draws, compiled_once, variation
from tests.allocation.small import M, ask, package, random_study, study, tool

SETTINGS = Settings(gap=1e-9, logged=False)


def _challenged(draws: Draws, low: np.ndarray, high: np.ndarray) -> tuple[Challenge, float]:
    """Challenge what is best in the middle; return the greatest regret at a corner as well.

    Regret is convex in the scores, so that it is greatest at a corner.
    """
    middle = variation(draws, (low + high) / 2, draws.ever)
    values = highs.solve(middle, SETTINGS).values
    intervals = Intervals(draws.package[: len(draws.scale)], -draws.scale, low, high)
    found = challenged(middle, values, intervals, SETTINGS)
    assert found is not None
    regrets = []
    for corner in product(*zip(low, high, strict=True)):
        there = variation(draws, np.array(corner), draws.ever)
        best = highs.solve(there, SETTINGS).values
        regrets.append(float(there.cost @ values - there.cost @ best))
    return found, max(regrets)


@pytest.mark.parametrize("width", [0.5, 15.0])
@pytest.mark.parametrize("seed", [0, 1, 2, 4, 8, 9])
def test_it_is_the_greatest_regret_at_a_corner(seed: int, width: float) -> None:
    case = random_study(seed, size=5)
    names = list(case.package_by_id)
    scores = np.random.default_rng(seed).uniform(30, 80, (1, len(names)))
    draws = compiled_once(case, names, scores, np.ones_like(scores, dtype=np.bool_))
    found, most = _challenged(draws, scores[0] - width, scores[0] + width)
    assert found.lost == pytest.approx(most, abs=2e-6 * found.worth)
    assert stands(found, 1e-9) == (most <= 1e-6 * found.worth)


def test_two_of_which_one_fits_by_hand() -> None:
    """A at 80..90 against B at 70..85: B gains 5 more where A is at its least, B at its most."""
    packages = [package(name, ask("bank.loan", 100 * M, all_or_nothing=True)) for name in "AB"]
    scores = np.array([[85.0, 75.0]])
    draws = compiled_once(
        study(packages, [tool("loan", 150 * M)]),
        ["A", "B"],
        scores,
        np.ones((1, 2), dtype=np.bool_),
    )
    found, most = _challenged(draws, np.array([80.0, 70.0]), np.array([90.0, 85.0]))
    assert found.lost == pytest.approx(5) == most
    assert found.worth == pytest.approx(80)
    assert found.moved.tolist() == pytest.approx([-1, 1])
    assert not stands(found, 1e-6)
    sure, _ = _challenged(draws, np.array([80.0, 70.0]), np.array([90.0, 80.0]))
    assert stands(sure, 1e-6)
