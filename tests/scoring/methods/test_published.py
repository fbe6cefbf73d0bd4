"""Worked examples from the literature, with the numbers that are printed there."""

import numpy as np
import pytest

from evaluator.scoring.methods.additive import waspas, weighted_product, weighted_sum
from evaluator.scoring.methods.distance import topsis, vikor
from evaluator.scoring.methods.electre_tri import electre_tri
from evaluator.scoring.methods.promethee import promethee

# The example of Wikipedia's articles "Weighted sum model" and "Weighted product model".
SMALL = [[25, 20, 15, 30], [10, 30, 20, 30], [30, 10, 30, 10]]
SMALL_WEIGHTS = [0.20, 0.15, 0.40, 0.25]


def test_weighted_sum_of_the_small_example():
    # 25*.20 + 20*.15 + 15*.40 + 30*.25 = 5 + 3 + 6 + 7.5 = 21.5
    # 10*.20 + 30*.15 + 20*.40 + 30*.25 = 2 + 4.5 + 8 + 7.5 = 22
    # 30*.20 + 10*.15 + 30*.40 + 10*.25 = 6 + 1.5 + 12 + 2.5 = 22
    scores = weighted_sum(SMALL, SMALL_WEIGHTS, [1, 1, 1, 1]).scores
    np.testing.assert_allclose(scores, [21.5, 22.0, 22.0], rtol=1e-15)


def test_weighted_product_of_the_small_example():
    # Printed there as ratios: P(A1/A2) = 1.007, P(A1/A3) = 1.067, P(A2/A3) = 1.059.
    scores = weighted_product(SMALL, SMALL_WEIGHTS, [1, 1, 1, 1]).scores
    ratios = [scores[0] / scores[1], scores[0] / scores[2], scores[1] / scores[2]]
    np.testing.assert_allclose(ratios, [1.007, 1.067, 1.059], atol=6e-4)


# Chakraborty, Zavadskas & Antucheviciene 2015, "Applications of WASPAS method as a
# multi-criteria decision-making tool", Economic Computation and Economic Cybernetics Studies
# and Research 49(1), 5-22, example 2 (machines for a flexible manufacturing cell).
MACHINES = [
    [581818, 54.49, 3, 5500],
    [595454, 49.73, 3, 4500],
    [586060, 51.24, 3, 5000],
    [522727, 45.71, 3, 5800],
    [561818, 52.66, 3, 5200],
    [543030, 74.46, 4, 5600],
    [522727, 75.42, 4, 5800],
    [486970, 62.62, 4, 5600],
    [509394, 65.87, 4, 6400],
    [513333, 70.67, 4, 6000],
]
MACHINE_SCORES = {
    0.0: [0.8578, 0.8144, 0.8408, 0.9413, 0.8632, 0.8241, 0.8454, 0.8915, 0.8987, 0.8697],
    0.2: [0.8581, 0.8154, 0.8412, 0.9415, 0.8634, 0.8256, 0.8474, 0.8929, 0.9003, 0.8714],
    0.5: [0.8584, 0.8169, 0.8419, 0.9417, 0.8638, 0.8278, 0.8503, 0.8949, 0.9027, 0.8740],
    0.8: [0.8588, 0.8184, 0.8425, 0.9419, 0.8643, 0.8300, 0.8532, 0.8969, 0.9051, 0.8766],
    1.0: [0.8590, 0.8194, 0.8430, 0.9420, 0.8645, 0.8315, 0.8552, 0.8983, 0.9067, 0.8784],
}


@pytest.mark.parametrize("balance", MACHINE_SCORES)
def test_waspas_of_machines(balance):
    result = waspas(MACHINES, [0.467, 0.160, 0.095, 0.278], [-1, -1, -1, 1], balance=balance)
    np.testing.assert_allclose(result.scores, MACHINE_SCORES[balance], atol=1e-4)


def test_topsis_of_fighter_aircraft():
    # Hwang & Yoon 1981, Multiple Attribute Decision Making, the fighter aircraft problem
    # (TOPSIS at p. 133): closeness .643 .268 .613 .312.
    aircraft = [
        [2.0, 1500, 20000, 5.5, 5, 9],
        [2.5, 2700, 18000, 6.5, 3, 5],
        [1.8, 2000, 21000, 4.5, 7, 7],
        [2.2, 1800, 20000, 5.0, 5, 5],
    ]
    weights = [0.2, 0.1, 0.1, 0.1, 0.2, 0.3]
    scores = topsis(aircraft, weights, [1, 1, 1, -1, 1, 1], normalization="vector").scores
    np.testing.assert_allclose(scores, [0.643, 0.268, 0.613, 0.312], atol=6e-4)


@pytest.mark.parametrize("unit", ["feet", "another scale"])
def test_vikor_of_mountain_climbing(unit):
    # Opricovic & Tzeng 2004, EJOR 156(2), 445-455: risk (to minimise) and altitude. The paper
    # repeats the example with both criteria on another scale: VIKOR must not change.
    climbs = np.array([[1, 3000], [2, 3750], [5, 4500]], dtype=float)
    if unit == "another scale":
        climbs = np.column_stack([climbs[:, 0] + 5, climbs[:, 1] / 1000 - 1])
    result = vikor(climbs, [0.5, 0.5], [-1, 1])
    np.testing.assert_allclose(result.S, [0.5, 0.375, 0.5], rtol=1e-12)
    np.testing.assert_allclose(result.R, [0.5, 0.25, 0.5], rtol=1e-12)
    np.testing.assert_allclose(result.Q, [1, 0, 1], atol=1e-12)
    assert result.acceptable_advantage is True
    assert result.acceptable_stability is True
    assert result.compromise.tolist() == [False, True, False]


# Opricovic & Tzeng 2007, "Extended VIKOR method in comparison with outranking methods",
# EJOR 178(2), 514-529: hydropower systems on the Drina river under four sets of weights.
DRINA = [
    [4184.3, 2914.0, 407.2, 251.0, 195, 244, 15, 2.41],
    [5211.9, 3630.0, 501.7, 308.3, 282, 346, 21, 1.41],
    [5021.3, 3920.5, 504.0, 278.6, 12, 56, 3, 4.42],
    [5566.1, 3957.9, 559.5, 335.3, 167, 268, 16, 3.36],
    [5060.5, 3293.5, 514.1, 284.2, 69, 90, 7, 4.04],
    [4317.9, 2925.9, 432.8, 239.3, 12, 55, 3, 4.36],
]
DRINA_DIRECTIONS = [1, -1, 1, 1, -1, -1, -1, 1]
DRINA_CASES = [
    (
        [1, 1, 1, 1, 1, 1, 1, 1],
        [0.692, 0.700, 0.290, 0.423, 0.280, 0.346],
        [0.125, 0.125, 0.121, 0.125, 0.067, 0.125],
        [0.991, 1.000, 0.473, 0.670, 0.000, 0.578],
        True,
        [4],
    ),
    (
        [2, 2, 2, 2, 1, 1, 1, 1],
        [0.701, 0.600, 0.386, 0.365, 0.317, 0.459],
        [0.167, 0.114, 0.161, 0.167, 0.089, 0.167],
        [1.000, 0.533, 0.552, 0.563, 0.000, 0.686],
        True,
        [4],
    ),
    (
        [1, 1, 1, 1, 2, 2, 2, 2],
        [0.683, 0.800, 0.193, 0.480, 0.243, 0.232],
        [0.113, 0.167, 0.080, 0.122, 0.044, 0.083],
        [0.684, 1.000, 0.147, 0.554, 0.041, 0.191],
        False,
        [2, 4, 5],
    ),
    (
        [1, 1, 1, 1, 3.2, 3.2, 3.2, 3.2],
        [0.678, 0.857, 0.138, 0.513, 0.222, 0.167],
        [0.129, 0.190, 0.057, 0.139, 0.042, 0.060],
        [0.668, 1.000, 0.051, 0.588, 0.058, 0.078],
        False,
        [2, 4, 5],
    ),
]


@pytest.mark.parametrize("weights, utility, regret, both, advantage, compromise", DRINA_CASES)
def test_vikor_of_the_drina(weights, utility, regret, both, advantage, compromise):
    shares = np.array(weights) / np.sum(weights)
    result = vikor(DRINA, shares, DRINA_DIRECTIONS)
    np.testing.assert_allclose(result.S, utility, atol=1e-3)
    np.testing.assert_allclose(result.R, regret, atol=1e-3)
    np.testing.assert_allclose(result.Q, both, atol=1e-3)
    assert result.acceptable_advantage is advantage
    assert result.acceptable_stability is True
    assert np.flatnonzero(result.compromise).tolist() == compromise


# Brans, Vincke & Mareschal 1986, "How to select and how to rank projects: the PROMETHEE
# method", EJOR 24(2), 228-238: six hydroelectric projects, one preference function of each type.
PROJECTS = [
    [80, 90, 600, 54, 8, 5],
    [65, 58, 200, 97, 1, 1],
    [83, 60, 400, 72, 4, 7],
    [40, 80, 1000, 75, 7, 10],
    [52, 72, 600, 20, 3, 8],
    [94, 96, 700, 36, 5, 6],
]
PROJECT_DIRECTIONS = [-1, 1, -1, -1, -1, 1]
NONE = float("nan")
PROJECT_FUNCTIONS = {
    "preference": ["u_shape", "v_shape", "linear", "level", "usual", "gaussian"],
    "q": [10, NONE, 50, 10, NONE, NONE],
    "p": [NONE, 30, 500, 60, NONE, NONE],
    "s": [NONE, NONE, NONE, NONE, NONE, 5],
}


def test_promethee_of_hydroelectric_projects():
    # The paper prints sums over the five others, of indices rounded to three decimals: each sum
    # may be off by 5 * .0005.
    result = promethee(PROJECTS, np.full(6, 1 / 6), PROJECT_DIRECTIONS, **PROJECT_FUNCTIONS)
    leaving = [1.099, 1.980, 1.234, 1.644, 2.274, 1.500]
    entering = [1.827, 1.895, 1.681, 1.746, 0.808, 1.774]
    net = [-0.728, 0.085, -0.447, -0.102, 1.466, -0.274]
    np.testing.assert_allclose(5 * result.positive, leaving, atol=2.5e-3)
    np.testing.assert_allclose(5 * result.negative, entering, atol=2.5e-3)
    np.testing.assert_allclose(5 * result.net, net, atol=2.5e-3)
    order = result.partial_order()
    assert order.incomparable[0, 1], "Italy and Belgium are the paper's incomparable pair"
    assert order.preferred[4, [0, 1, 2, 3, 5]].all(), "Austria is preferred to all others"


@pytest.mark.parametrize("criterion, weight, best", [(1, 0.50, 5), (4, 0.55, 1)])
def test_promethee_leader_under_other_weights(criterion, weight, best):
    # Mareschal 2019, Exercises with Visual PROMETHEE: France leads if power weighs 50 %, Belgium
    # if the villages weigh 55 %, the others sharing the rest equally.
    weights = np.full(6, (1 - weight) / 5)
    weights[criterion] = weight
    result = promethee(PROJECTS, weights, PROJECT_DIRECTIONS, **PROJECT_FUNCTIONS)
    assert result.net.argmax() == best


def test_electre_tri_of_ticino_sites():
    # Seven sites on five criteria; the data of the Electre_tri example of the R package
    # OutrankingTools 1.0 and of the Ticino test of qgis-etri, which states the classes:
    # pessimistic 2 1 2 3 1 2 2, optimistic 2 3 2 3 2 2 2 (here counted from 0).
    sites = [
        [120, 284, 5, 3.5, 18],
        [150, 269, 2, 4.5, 24],
        [100, 413, 4, 5.5, 17],
        [60, 596, 6, 8.0, 20],
        [30, 1321, 8, 7.5, 16],
        [80, 734, 5, 4.0, 21],
        [45, 982, 7, 8.5, 13],
    ]
    result = electre_tri(
        sites,
        [0.25, 0.45, 0.10, 0.12, 0.08],
        [-1, -1, 1, 1, 1],
        profiles=[[100, 1000, 4, 4, 15], [50, 500, 7, 7, 20]],
        q=[15, 80, 1, 0.5, 1],
        p=[40, 350, 3, 3.5, 5],
        v=[100, 850, 5, 4.5, 8],
        cut=0.75,
    )
    assert result.pessimistic.tolist() == [1, 0, 1, 2, 0, 1, 1]
    assert result.optimistic.tolist() == [1, 2, 1, 2, 1, 1, 1]
    assert result.scores.tolist() == [1, 0, 1, 2, 0, 1, 1]
