"""Every method can be analysed; other libraries' SMAA and ranks as oracles."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyrepo_mcda.mcda_methods as pyrepo
import pytest
from numpy.typing import NDArray
from pymcdm.helpers import rrankdata
from pymcdm.methods import WSM

from evaluator.decision.ordering import ordering_of
from evaluator.model.method import Method
from evaluator.scoring.methods.additive import waspas, weighted_product, weighted_sum
from evaluator.scoring.methods.distance import topsis, vikor
from evaluator.scoring.methods.promethee import promethee
from evaluator.uncertainty.sampling import (
    Range,
    Unknown,
    performances,
    sample_values,
    sample_weights,
)
from evaluator.uncertainty.smaa import acceptability

Floats = NDArray[np.float64]

DIRECTIONS = np.array([1, 1, 1, 1])
VALUES = np.random.default_rng(8).uniform(5, 95, (7, 4))
WEIGHTS = sample_weights(Unknown(4), 3_000, seed=4)

METHODS: dict[str, tuple[Callable[[Floats, Floats], Floats], float]] = {
    "weighted_sum": (lambda v, w: weighted_sum(v, w, DIRECTIONS).scores, 100),
    "weighted_product": (lambda v, w: weighted_product(v, w, DIRECTIONS).scores, 100),
    "waspas": (lambda v, w: waspas(v, w, DIRECTIONS).scores, 100),
    "topsis": (lambda v, w: topsis(v, w, DIRECTIONS).scores, 1),
    "vikor": (lambda v, w: vikor(v, w, DIRECTIONS).scores, 1),
    "promethee": (
        lambda v, w: promethee(v, w, DIRECTIONS, preference="linear", q=5, p=20).scores,
        1,
    ),
}


def ranks_of(scores: Floats) -> Floats:
    """Rank acceptability by counting, where no scores are tied."""
    ranks = 1 + (scores[:, None, :] > scores[:, :, None]).sum(axis=2)
    n = scores.shape[1]
    return np.array([[(ranks[:, p] == r).mean() for r in range(1, n + 1)] for p in range(n)])


@pytest.mark.parametrize("name", METHODS)
def test_every_method_of_scoring(name: str) -> None:
    method, scale = METHODS[name]
    scores = method(VALUES, WEIGHTS)
    assert np.diff(np.sort(scores, axis=1), axis=1).min() > 1e-9
    result = acceptability(VALUES, WEIGHTS, method=method, scale=scale)

    np.testing.assert_allclose(result.rank_acceptability, ranks_of(scores), atol=1e-15)
    assert result.pairwise_winning is not None
    for one, other in ((0, 1), (3, 6)):
        ahead = (scores[:, one] > scores[:, other]).mean()
        assert result.pairwise_winning[one, other] == pytest.approx(ahead, abs=1e-15)
    best = np.argmax(scores, axis=1)
    assert result.central_weights is not None
    for package in np.unique(best):
        np.testing.assert_allclose(
            result.central_weights[package], WEIGHTS[best == package].mean(axis=0), atol=1e-10
        )


def test_a_method_for_fixed_values_serves_values_that_differ() -> None:
    known = performances([[Range(10, 60), 40.0, 50.0, 30.0], [30.0, 50.0, Range(0, 90), 40.0]])
    values = sample_values(known, 300, seed=4)
    topsis, scale = METHODS["topsis"]
    result = acceptability(
        values, WEIGHTS[:300], method=ordering_of(Method(name="topsis")).scores, scale=scale
    )

    scores = np.vstack([topsis(v, w[None]) for v, w in zip(values, WEIGHTS, strict=False)])
    np.testing.assert_allclose(result.rank_acceptability, ranks_of(scores), atol=1e-15)


def test_against_the_smaa_of_pyrepo_mcda() -> None:
    # It offers SMAA for VIKOR alone, with the v of its VIKOR, 0.5. It shares no ties: none here.
    ranks, central, _ = pyrepo.VIKOR_SMAA()(VALUES, WEIGHTS, DIRECTIONS)
    method, scale = METHODS["vikor"]
    result = acceptability(VALUES, WEIGHTS, method=method, scale=scale)

    np.testing.assert_allclose(result.rank_acceptability, ranks, atol=1e-15)
    assert result.central_weights is not None
    np.testing.assert_allclose(result.central_weights.filled(0), central, atol=1e-9)


def test_against_scores_and_tied_ranks_of_pymcdm() -> None:
    # pymcdm gives tied ones the mean of their ranks, so the mean rank is that of shared ranks.
    values = np.round(VALUES / 30) * 30
    values[3] = values[5]
    model = WSM(lambda column, cost: column)
    ranks = np.array([rrankdata(model(values, w, DIRECTIONS, validation=False)) for w in WEIGHTS])
    result = acceptability(values, WEIGHTS)

    np.testing.assert_allclose(result.expected_rank, ranks.mean(axis=0), atol=1e-12)
    assert result.rank_acceptability[3] @ np.arange(1, 8) == pytest.approx(ranks[:, 5].mean())
