"""Acceptabilities that can be computed by hand, at 200,000 draws, within 3 standard errors."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.uncertainty.sampling import (
    Fixed,
    Ordered,
    Range,
    Unknown,
    performances,
    sample_values,
    sample_weights,
)
from evaluator.uncertainty.smaa import Acceptability, acceptability

Floats = NDArray[np.float64]

DRAWS = 200_000


def error(share: Floats) -> Floats:
    return np.sqrt(share * (1 - share) / DRAWS)


def agree(found: Floats | None, by_hand: list[list[float]] | list[float]) -> None:
    assert found is not None
    expected = np.array(by_hand, dtype=np.float64)
    assert (np.abs(found - expected) <= 3 * error(expected) + 1e-12).all(), found


def analysed(values: list[list[float]], seed: int = 1) -> tuple[Acceptability, Floats]:
    matrix = np.array(values, dtype=np.float64)
    weights = sample_weights(Unknown(matrix.shape[1]), DRAWS, seed=seed)
    return acceptability(matrix, weights), weights


def test_two_packages_on_the_1_simplex() -> None:
    # A = 100 w, B = 50 (1 - w), w uniform on 0..1. A is first where w > 1/3: 2/3 of the draws.
    # Central weights: A the middle of 1/3..1, w = 2/3; B the middle of 0..1/3, w = 1/6.
    result, _ = analysed([[100, 0], [0, 50]])

    agree(result.rank_acceptability, [[2 / 3, 1 / 3], [1 / 3, 2 / 3]])
    agree(result.pairwise_winning, [[0.5, 2 / 3], [1 / 3, 0.5]])
    np.testing.assert_allclose(
        result.rank_acceptability_error, error(np.full((2, 2), 2 / 3)), rtol=0.01
    )
    assert result.central_weights is not None
    # Standard errors of the middles: width / sqrt(12 x draws in it).
    assert abs(result.central_weights[0, 0] - 2 / 3) < 3 * (2 / 3) / np.sqrt(12 * DRAWS * 2 / 3)
    assert abs(result.central_weights[1, 0] - 1 / 6) < 3 * (1 / 3) / np.sqrt(12 * DRAWS / 3)
    # Expected ranks 1 x 2/3 + 2 x 1/3 and the other way round; their spread is that of a share.
    np.testing.assert_allclose(
        result.expected_rank, [4 / 3, 5 / 3], atol=3 * np.sqrt(2 / 9 / DRAWS)
    )
    np.testing.assert_allclose(result.expected_rank_error, np.sqrt(2 / 9 / DRAWS), rtol=0.01)
    np.testing.assert_array_equal(result.rank_interval, [[1, 2], [1, 2]])
    # Values are known: at its central weights each package is first, surely.
    assert result.confidence is not None
    np.testing.assert_array_equal(result.confidence, [1, 1])


def test_three_packages_on_the_1_simplex() -> None:
    # A = 100 w, B = 100 (1 - w), C = 60. By the value of w:
    # 0 to 0.4: B, C, A;  0.4 to 0.5: C, B, A;  0.5 to 0.6: C, A, B;  0.6 to 1: A, C, B.
    result, _ = analysed([[100, 0], [0, 100], [60, 60]])

    agree(result.rank_acceptability, [[0.4, 0.1, 0.5], [0.4, 0.1, 0.5], [0.2, 0.8, 0.0]])
    agree(result.pairwise_winning, [[0.5, 0.5, 0.4], [0.5, 0.5, 0.4], [0.6, 0.6, 0.5]])
    assert result.central_weights is not None
    np.testing.assert_allclose(result.central_weights[:, 0], [0.8, 0.2, 0.5], atol=0.002)
    np.testing.assert_array_equal(result.rank_interval, [[1, 3], [1, 3], [1, 2]])


def test_three_like_packages_on_the_2_simplex() -> None:
    # Each package is 100 on its own criterion, so it is ranked by its weight: 1/3 everywhere.
    # The largest of three uniform weights has the mean (1/3)(1 + 1/2 + 1/3) = 11/18.
    result, weights = analysed([[100, 0, 0], [0, 100, 0], [0, 0, 100]])

    agree(result.rank_acceptability, [[1 / 3] * 3] * 3)
    agree(result.expected_rank / 3, [2 / 3] * 3)
    assert result.central_weights is not None
    spread = weights.max(axis=1).std() / np.sqrt(DRAWS / 3)
    np.testing.assert_allclose(np.diag(result.central_weights), 11 / 18, atol=3 * spread)
    np.testing.assert_allclose(result.central_weights.sum(axis=1), 1, atol=1e-9)


def test_three_unlike_packages_on_the_2_simplex() -> None:
    # A = 100 w1, B = 100 w2, C = 50 w3. Weights are exponentials E over their sum, so
    # C first: E3 > 2 max(E1, E2): the integral of 2 e^-x (1 - e^-x) e^-2x = 2 (1/3 - 1/4) = 1/6;
    # C last: E3 < 2 min(E1, E2), min(E1, E2) of rate 2: 1 - 2/(2 + 2) = 1/2; so second: 1/3.
    # A and B are alike: first (1 - 1/6)/2, last (1 - 1/2)/2, second 1/3.
    # C before A: E3 > 2 E1: 1/3.
    result, _ = analysed([[100, 0, 0], [0, 100, 0], [0, 0, 50]])

    agree(
        result.rank_acceptability,
        [[5 / 12, 1 / 3, 1 / 4], [5 / 12, 1 / 3, 1 / 4], [1 / 6, 1 / 3, 1 / 2]],
    )
    agree(result.pairwise_winning, [[0.5, 0.5, 2 / 3], [0.5, 0.5, 2 / 3], [1 / 3, 1 / 3, 0.5]])


def test_packages_that_are_never_first() -> None:
    # D = 10 lies below A or B wherever they cross (50 at w = 1/2), E is beaten by all.
    result, _ = analysed([[100, 0], [0, 100], [10, 10], [0, 0]])

    np.testing.assert_array_equal(result.ever_first, [True, True, False, False])
    assert result.central_weights is not None
    assert result.confidence is not None
    np.testing.assert_array_equal(
        np.ma.getmaskarray(result.central_weights)[:, 0], [False, False, True, True]
    )
    np.testing.assert_array_equal(np.ma.getmaskarray(result.confidence), [False, False, True, True])
    assert np.isfinite(result.central_weights.data).all()
    # D beats A where w < 0.1 and B where w > 0.9, never both: second in 0.2, third in 0.8.
    agree(result.rank_acceptability[2], [0, 0.2, 0.8, 0])
    np.testing.assert_array_equal(result.rank_acceptability[3], [0, 0, 0, 1])


def test_order_of_importance_only() -> None:
    # w1 >= w2 >= w3; A = 100 w1 beats B = 100 (w2 + w3) where w1 > 1/2. The largest of three
    # uniform weights is above 1/2 in 3 (1/2)^2 = 3/4 of the draws.
    weights = sample_weights(Ordered((1, 2, 3)), DRAWS, seed=1)
    result = acceptability(np.array([[100.0, 0, 0], [0, 100, 100]]), weights)

    agree(result.rank_acceptability, [[3 / 4, 1 / 4], [1 / 4, 3 / 4]])


def test_uncertain_values() -> None:
    # One criterion. A is uniform on 0..100, B on 50..100, C is 70.
    # A before B: the mean of 1 - b/100 over b in 50..100 is 1/4. A before C: 0.3. B before C: 0.6.
    # C first: A < 70 and B < 70: 0.7 x 0.4 = 0.28; last: A > 70 and B > 70: 0.3 x 0.6 = 0.18.
    # A first: A above 70 and above B: for a in 70..100, P(B < a) = (a - 50)/50, mean 0.7: 0.21.
    # B first: the rest, 0.51. All at the only weights there are: these are the confidence factors.
    known = performances([[Range(0, 100)], [Range(50, 100)], [70.0]])
    result = acceptability(
        sample_values(known, DRAWS, seed=1), sample_weights(Fixed((1.0,)), DRAWS, seed=1)
    )

    agree(result.rank_acceptability[:, 0], [0.21, 0.51, 0.28])
    agree(result.rank_acceptability[2], [0.28, 0.54, 0.18])
    agree(result.pairwise_winning, [[0.5, 0.25, 0.3], [0.75, 0.5, 0.6], [0.7, 0.4, 0.5]])
    assert result.confidence is not None
    np.testing.assert_allclose(result.confidence, result.rank_acceptability[:, 0], atol=1e-12)


def test_confidence_is_taken_at_the_central_weights() -> None:
    # A is (x, 0), B is (0, 100), x uniform on 60..100. A is first where w > 100/(100 + x), B
    # where w is below. With t = 100/(100 + x), A's central w is E[(1 - t^2)/2] / E[1 - t],
    # B's is E[t^2/2] / E[t], and with x = 60 + 40 u: E[t] = 2.5 ln(200/160) and
    # E[t^2] = 2.5 (100/160 - 100/200) = 0.3125. So A's central w is 0.34375/0.44214 = 0.7775 and
    # B's 0.15625/0.55786 = 0.2801. At 0.7775 A has at least 46.6 and B 22.3: A first, surely. At
    # 0.2801 B has 72.0 and A at most 28.0: B first, surely. Both confidence factors are 1.
    known = performances([[Range(60, 100), 0.0], [0.0, 100.0]])
    result = acceptability(
        sample_values(known, DRAWS, seed=1), sample_weights(Unknown(2), DRAWS, seed=1)
    )

    mean = 2.5 * np.log(200 / 160)
    agree(result.rank_acceptability[:, 0], [1 - mean, mean])
    assert result.central_weights is not None
    assert result.confidence is not None
    np.testing.assert_allclose(
        result.central_weights[:, 0], [0.34375 / (1 - mean), 0.15625 / mean], atol=0.002
    )
    np.testing.assert_array_equal(result.confidence, [1, 1])


@pytest.mark.parametrize("seed", range(5))
def test_standard_errors_cover_the_truth(seed: int) -> None:
    # P(A first) = 2/3; stated errors are those of a share, and the truth lies within 3 of them.
    result, _ = analysed([[100, 0], [0, 50]], seed=100 + seed)

    distance = abs(result.rank_acceptability[0, 0] - 2 / 3)
    assert distance < 3 * result.rank_acceptability_error[0, 0]
