"""The thrombolytics example of the R package smaa.

Van Valkenhoef's package (CRAN, 0.3; G. van Valkenhoef is an author of Tervonen, van Valkenhoef,
Basturk and Postmus, 'Hit-And-Run enables efficient weight generation for simulation-based multiple
criteria decision analysis', European Journal of Operational Research 224(3), 2012) prints these
results in its reference output (tests/Examples/smaa-Ex.Rout.save), over 10,000 draws. The draws
are the package's own; the distributions behind them stand in the same authors' example problem
(drugis/preference-elicitation, 'Thrombolytics Example'): risks with Beta distributions, linear
partial values, uniform weights.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.uncertainty.sampling import Fixed, Unknown, sample_weights
from evaluator.uncertainty.smaa import acceptability

Floats = NDArray[np.float64]

DRAWS = 200_000
PUBLISHED_DRAWS = 10_000

# Proximal deep vein thrombosis, distal deep vein thrombosis, major bleeding.
RISKS = {"heparin": [(20, 116), (40, 96), (1, 135)], "enoxaparin": [(8, 121), (32, 97), (5, 124)]}
WORST, BEST = np.array([0.25, 0.4, 0.1]), np.array([0.0, 0.15, 0.0])

FIRST = [0.3504, 0.6496]
CENTRAL = [[0.1865097, 0.2772205, 0.5362698], [0.4073100, 0.3641477, 0.2285423]]
CONFIDENCE = [0.6682, 0.8956]
FIRST_AT_FIXED = [0.1279, 0.8721]
FIXED = (0.5, 0.2, 0.3)


@pytest.fixture(scope="module")
def values() -> Floats:
    generator = np.random.default_rng(7)
    risks = [
        [generator.beta(a, b, DRAWS) for a, b in of_drug]
        for of_drug in (RISKS["heparin"], RISKS["enoxaparin"])
    ]
    return 100 * (WORST - np.moveaxis(np.array(risks), 2, 0)) / (WORST - BEST)


def tolerance(share: list[float]) -> Floats:
    """Three standard errors of the difference between their share and ours."""
    p = np.array(share)
    return 3 * np.sqrt(p * (1 - p) * (1 / PUBLISHED_DRAWS + 1 / DRAWS))


def test_uniform_weights(values: Floats) -> None:
    weights = sample_weights(Unknown(3), DRAWS, seed=7)
    result = acceptability(values, weights)

    first = result.rank_acceptability[:, 0]
    assert (np.abs(first - FIRST) < tolerance(FIRST)).all()
    assert result.central_weights is not None
    best = np.argmax(np.einsum("dnm,dm->dn", values, weights), axis=1)
    for drug, share in enumerate(FIRST):
        spread = weights[best == drug].std(axis=0)
        error = spread * np.sqrt(1 / (share * PUBLISHED_DRAWS) + 1 / (share * DRAWS))
        assert (np.abs(result.central_weights[drug] - CENTRAL[drug]) < 3 * error).all()


def test_confidence_factors_at_the_published_central_weights(values: Floats) -> None:
    for drug, central in enumerate(CENTRAL):
        exact = tuple(np.array(central) / np.sum(central))  # they are printed with 7 digits
        result = acceptability(values, sample_weights(Fixed(exact), DRAWS, seed=7))
        first = result.rank_acceptability[drug, 0]
        assert abs(first - CONFIDENCE[drug]) < tolerance(CONFIDENCE)[drug]


def test_confidence_factors_at_our_own_central_weights(values: Floats) -> None:
    result = acceptability(values, sample_weights(Unknown(3), DRAWS, seed=7))

    assert result.confidence is not None
    assert (np.abs(result.confidence - CONFIDENCE) < tolerance(CONFIDENCE)).all()


def test_fixed_weights(values: Floats) -> None:
    result = acceptability(values, sample_weights(Fixed(FIXED), DRAWS, seed=7))

    first = result.rank_acceptability[:, 0]
    assert (np.abs(first - FIRST_AT_FIXED) < tolerance(FIRST_AT_FIXED)).all()
