"""Entropy and CRITIC: by hand, published, and against three libraries."""

import math

import numpy as np
import pymcdm.weights
import pyrepo_mcda.weighting_methods as pyrepo
import pytest
import scipy.stats
import skcriteria.preprocessing.weighters as skc

from evaluator.scoring.weighting import critic, entropy

ROOT3 = math.sqrt(3)


def random_matrices(count=200):
    rng = np.random.default_rng(20)
    for _ in range(count):
        n, m = rng.integers(3, 30), rng.integers(2, 12)
        yield rng.uniform(0.5, 100.0, (n, m)), rng.choice([-1, 1], m)


def test_entropy_by_hand():
    # column 0: shares 1/4, 3/4, E = -(1/4 log2 1/4 + 3/4 log2 3/4) = 0.8112781, 1 - E = 0.1887219
    # column 1: shares 0, 1, E = 0, 1 - E = 1; column 2 is constant, E = 1
    weights = entropy([[1, 0, 5], [3, 1, 5]]).weights
    assert weights == pytest.approx([0.1887219 / 1.1887219, 1 / 1.1887219, 0], abs=1e-7)
    assert weights[2] == 0


def test_entropy_turns_costs_only_when_told():
    matrix = [[1, 1], [1, 2], [2, 4]]
    taken_as_is = entropy(matrix, [-1, 1])
    assert taken_as_is.weights == pytest.approx(entropy(matrix).weights)
    # column 0 as 1/x: 1, 1, 1/2 with shares 2/5, 2/5, 1/5; column 1 shares 1/7, 2/7, 4/7
    cost = 1 + (0.8 * math.log(0.4) + 0.2 * math.log(0.2)) / math.log(3)
    benefit = 1 + (math.log(1 / 7) + 2 * math.log(2 / 7) + 4 * math.log(4 / 7)) / 7 / math.log(3)
    turned = entropy(matrix, [-1, 1], cost="reciprocal")
    assert turned.weights[0] == pytest.approx(cost / (cost + benefit), abs=1e-14)
    assert ("cost", "ignored") in taken_as_is.variant.parameters
    assert ("cost", "reciprocal") in turned.variant.parameters


@pytest.mark.parametrize(
    ("matrix", "published"),
    [
        # Xu 2004, EJOR 156(2), 530-532
        (
            [[30, 30, 38, 29], [19, 54, 86, 29], [19, 15, 85, 28.9], [68, 70, 60, 29]],
            [0.4630, 0.3992, 0.1378, 0.0000],
        ),
        # Zavadskas & Podvezko 2016, IJITDM 15(2), 267-283: costs in columns 0 and 2, ignored
        (
            [[3.0, 100, 10, 7], [2.5, 80, 8, 5], [1.8, 50, 20, 11], [2.2, 70, 12, 9]],
            [0.1146, 0.1981, 0.4185, 0.2689],
        ),
    ],
)
def test_entropy_as_published(matrix, published):
    assert entropy(matrix).weights == pytest.approx(published, abs=5e-5)


def test_entropy_agrees_with_three_libraries():
    for matrix, _ in random_matrices():
        weights = entropy(matrix).weights
        assert pymcdm.weights.entropy_weights(matrix) == pytest.approx(weights, abs=1e-10)
        assert pyrepo.entropy_weighting(matrix) == pytest.approx(weights, abs=1e-10)
        assert skc.entropy_weights(matrix) == pytest.approx(weights, abs=1e-10)


def test_entropy_with_a_zero_cell_where_libraries_differ():
    # 0 ln 0 = 0 by continuity: scikit-criteria and pyrepo do so. pymcdm refuses any zero.
    matrix = np.array([[0.0, 3.0], [5.0, 4.0], [5.0, 5.0], [5.0, 9.0]])
    weights = entropy(matrix).weights
    assert skc.entropy_weights(matrix) == pytest.approx(weights, abs=1e-12)
    assert pyrepo.entropy_weighting(matrix) == pytest.approx(weights, abs=1e-12)
    # column 0: shares 0, 1/3, 1/3, 1/3, so E = ln 3 / ln 4
    divergence = 1 - math.log(3) / math.log(4)
    rest = 1 - scipy.stats.entropy([3, 4, 5, 9], base=4)
    assert weights[0] == pytest.approx(divergence / (divergence + rest), abs=1e-12)
    with pytest.raises(ValueError, match="positive"):
        pymcdm.weights.entropy_weights(matrix)


def test_critic_by_hand():
    # scaled: a = 0 .5 1, b = 0 1 1, c = 1 .5 0; standard deviations sqrt(1/6), sqrt(2/9), sqrt(1/6)
    # (as sqrt3 : 2 : sqrt3); correlations ab = sqrt3/2, ac = -1, bc = -sqrt3/2
    # a: sqrt3 (1 - sqrt3/2 + 2), b: 2 x 2, c: sqrt3 (2 + 1 + sqrt3/2); sum 6 sqrt3 + 4
    matrix = [[0, 0, 2], [1, 2, 1], [2, 2, 0]]
    expected = np.array([3 * ROOT3 - 1.5, 4, 3 * ROOT3 + 1.5]) / (6 * ROOT3 + 4)
    assert critic(matrix).weights == pytest.approx(expected, abs=1e-14)
    # c turned round equals a: a and c sum to 1 - sqrt3/2, b to twice that, which cancels
    turned = np.array([ROOT3, 4, ROOT3]) / (2 * ROOT3 + 4)
    assert critic(matrix, [1, 1, -1]).weights == pytest.approx(turned, abs=1e-14)


def test_critic_as_published_without_directions():
    # Tus & Aytac Adali 2019, Opsearch 56(2), 528-538: column 0 is a cost. The published weights
    # are those of the variant that ignores directions.
    matrix = [
        [5000, 3, 3, 4, 3, 2],
        [680, 5, 3, 2, 2, 1],
        [2000, 3, 2, 3, 4, 3],
        [600, 4, 3, 1, 2, 2],
        [800, 2, 4, 3, 3, 4],
    ]
    published = [0.157, 0.249, 0.168, 0.121, 0.154, 0.151]
    assert critic(matrix).weights == pytest.approx(published, abs=5.1e-4)
    turned = critic(matrix, [-1, 1, 1, 1, 1, 1])
    assert np.abs(turned.weights - published).max() > 0.03
    assert ("cost", "turned_round") in turned.variant.parameters


@pytest.mark.slow
def test_critic_agrees_with_two_libraries_on_either_variant():
    # Directions ignored: pymcdm (sample standard deviation, which cancels) and pyrepo.
    # Turned round: scikit-criteria by its objectives; pymcdm and pyrepo given the columns turned.
    for matrix, directions in random_matrices():
        ignored = critic(matrix).weights
        assert pymcdm.weights.critic_weights(matrix) == pytest.approx(ignored, abs=1e-10)
        assert pyrepo.critic_weighting(matrix) == pytest.approx(ignored, abs=1e-10)
        turned = critic(matrix, directions).weights
        assert skc.critic_weights(matrix, directions) == pytest.approx(turned, abs=1e-10)
        assert pymcdm.weights.critic_weights(matrix * directions) == pytest.approx(
            turned, abs=1e-10
        )
        assert pyrepo.critic_weighting(matrix * directions) == pytest.approx(turned, abs=1e-10)


def test_constant_columns_weigh_nothing_and_change_nothing():
    rng = np.random.default_rng(3)
    matrix = rng.uniform(1, 9, (8, 4))
    with_constant = np.insert(matrix, 2, 0.1 + 0.2, axis=1)
    with_constant[0, 2] = 0.3  # differs from 0.1 + 0.2 by rounding alone
    for method in (entropy, critic):
        expected = np.insert(method(matrix).weights, 2, 0.0)
        assert method(with_constant).weights == pytest.approx(expected, abs=1e-12)
        assert method(with_constant).weights[2] == 0


def test_permuted_columns_permute_the_weights():
    for matrix, directions in random_matrices(20):
        m = matrix.shape[1]
        order = np.random.default_rng(m).permutation(m)
        assert entropy(matrix[:, order]).weights == pytest.approx(entropy(matrix).weights[order])
        permuted = critic(matrix[:, order], directions[order]).weights
        assert permuted == pytest.approx(critic(matrix, directions).weights[order])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: entropy([[1, 2], [1, 2]]), "every column is constant"),
        (lambda: entropy([[0.1, 0.7]] * 7), "every column is constant"),
        (lambda: entropy([[1, -2], [1, 2]]), "row 0, column 1 is -2; entropy takes values of 0"),
        (lambda: entropy([[0, 2], [0, 1]]), "column 0 is all zeros"),
        (lambda: entropy([[1, 2]]), r"at least two alternatives .* got shape \(1, 2\)"),
        (lambda: entropy([[1, np.nan], [2, 1]]), "row 0, column 1 is nan"),
        (lambda: entropy([[1, 2], [2, 1]], cost="reciprocal"), "needs directions"),
        (lambda: entropy([[1, 2], [2, 1]], [1, 1], cost="inverse"), "unknown cost 'inverse'"),
        (
            lambda: entropy([[0, 2], [2, 1]], [-1, 1], cost="reciprocal"),
            "row 0, column 0 is 0; 1/x",
        ),
        (lambda: entropy([[1, 2], [2, 1]], [1]), "1 given for 2 criteria"),
        (lambda: critic([[1, 2], [2, 1]], [1, 0]), r"position 1 is 0; give \+1 or -1"),
        (lambda: critic([[1, 2], [1, 2]]), "no two columns vary independently"),
        (lambda: critic([[1, 2], [2, 4], [3, 6]]), "no two columns vary independently"),
        (lambda: critic([[x, x / 3 + 0.1] for x in range(11)]), "no two columns vary indep"),
        (lambda: critic([[1], [2]]), "no two columns vary independently"),
    ],
)
def test_data_that_say_nothing_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
