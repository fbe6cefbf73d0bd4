"""PROMETHEE: sorting against the definition, closed forms, the partial order."""

import numpy as np
import pytest

from evaluator.scoring.methods.promethee import promethee

PIECEWISE = {
    "usual": {},
    "u_shape": {"q": 10.0},
    "v_shape": {"p": 25.0},
    "level": {"q": 10.0, "p": 25.0},
    "linear": {"q": 10.0, "p": 25.0},
}


def degree(d, preference, q=None, p=None, s=None):
    """The six functions as Brans & Vincke 1985 define them."""
    if preference == "usual":
        return np.where(d > 0, 1.0, 0.0)
    if preference == "u_shape":
        return np.where(d > q, 1.0, 0.0)
    if preference == "v_shape":
        return np.where(d <= 0, 0.0, np.where(d <= p, d / p, 1.0))
    if preference == "level":
        return np.where(d <= q, 0.0, np.where(d <= p, 0.5, 1.0))
    if preference == "linear":
        return np.where(d <= q, 0.0, np.where(d <= p, (d - q) / (p - q), 1.0))
    return np.where(d <= 0, 0.0, 1 - np.exp(-(d**2) / (2 * s**2)))


def flows_of_all_pairs(matrix, weights, directions, preference, **thresholds):
    index = np.zeros((len(matrix), len(matrix)))
    for column, weight in enumerate(weights):
        signed = directions[column] * matrix[:, column]
        # Nine decimals: data on a grid of tenths differ by exactly the threshold, or do not.
        differences = np.round(signed[:, None] - signed[None, :], 9)
        index += weight * degree(differences, preference, **thresholds)
    return index.sum(axis=1) / (len(matrix) - 1), index.sum(axis=0) / (len(matrix) - 1)


def random_data(kind):
    generator = np.random.default_rng(7)
    matrix = generator.uniform(0, 100, (300, 6))
    if kind == "whole numbers":
        matrix = np.round(matrix)
    if kind == "tenths":
        matrix = np.round(matrix / 5, 1)
    return matrix, generator.dirichlet(np.ones(6)), generator.choice([-1, 1], 6)


@pytest.mark.parametrize("kind", ["continuous", "whole numbers", "tenths"])
@pytest.mark.parametrize("preference", PIECEWISE)
def test_sorting_equals_all_pairs(preference, kind):
    # Whole numbers and tenths give many ties and many differences exactly at a threshold; in
    # tenths, floating point cannot tell by itself whether 0.8 - 0.6 exceeds 0.2.
    thresholds = {
        name: value / 50 if kind == "tenths" else value
        for name, value in PIECEWISE[preference].items()
    }
    problem = random_data(kind)
    result = promethee(*problem, preference=preference, **thresholds)
    positive, negative = flows_of_all_pairs(*problem, preference, **thresholds)
    np.testing.assert_allclose(result.positive, positive, atol=1e-12)
    np.testing.assert_allclose(result.negative, negative, atol=1e-12)
    np.testing.assert_allclose(result.net, positive - negative, atol=1e-12)


def test_gaussian_equals_all_pairs_in_several_blocks():
    # 2,500 alternatives make 6.25 million pairs: six blocks.
    generator = np.random.default_rng(8)
    problem = generator.uniform(0, 100, (2500, 1)), np.array([1.0]), np.array([-1])
    result = promethee(*problem, preference="gaussian", s=20)
    positive, negative = flows_of_all_pairs(*problem, "gaussian", s=20)
    np.testing.assert_allclose(result.positive, positive, atol=1e-12)
    np.testing.assert_allclose(result.negative, negative, atol=1e-12)


def test_a_function_and_thresholds_for_each_criterion():
    matrix, weights, directions = random_data("continuous")
    kinds = ["usual", "u_shape", "v_shape", "level", "linear", "gaussian"]
    q, p, s = np.arange(1.0, 7), np.arange(11.0, 17), np.arange(21.0, 27)
    result = promethee(matrix, weights, directions, preference=kinds, q=q, p=p, s=s)
    net = np.zeros(len(matrix))
    for j, kind in enumerate(kinds):
        thresholds = {"q": q[j], "p": p[j], "s": s[j]}
        column = matrix[:, [j]], [weights[j]], directions[[j]]
        positive, negative = flows_of_all_pairs(*column, kind, **thresholds)
        net += positive - negative
    np.testing.assert_allclose(result.net, net, atol=1e-12)
    stated = dict(result.variant.parameters)
    assert stated["preference"] == tuple(kinds)
    assert stated["q"] == (1, 2, 3, 4, 5, 6)


def test_a_wide_v_shape_is_a_weighted_sum():
    # If no difference exceeds p, the net flow of x is the mean over the others of (x - y) / p,
    # that is n / (n - 1) * (x - mean) / p.
    matrix, weights, directions = random_data("continuous")
    net = promethee(matrix, weights, directions, preference="v_shape", p=100).net
    centred = (matrix - matrix.mean(axis=0)) * directions
    np.testing.assert_allclose(net, 300 / 299 * (centred @ weights) / 100, atol=1e-12)


def test_hand_computed_flows():
    # x = 0, 4, 10; linear with q = 2, p = 8: P(4) = 2/6, P(6) = 4/6, P(10) = 1.
    # positive: (0 + 0)/2, (1/3 + 0)/2, (1 + 2/3)/2; negative: (1/3 + 1)/2, (2/3)/2, 0.
    result = promethee([[0], [4], [10]], [1], [1], preference="linear", q=2, p=8)
    np.testing.assert_allclose(result.positive, [0, 1 / 6, 5 / 6], atol=1e-15)
    np.testing.assert_allclose(result.negative, [2 / 3, 1 / 3, 0], atol=1e-15)
    # As a cost the flows change places.
    turned = promethee([[0], [4], [10]], [1], [-1], preference="linear", q=2, p=8)
    np.testing.assert_allclose(turned.positive, [2 / 3, 1 / 3, 0], atol=1e-15)


def test_a_difference_at_the_threshold_does_not_exceed_it():
    # In floating point .8 - .6 is .20000000000000007 and .1 + .2 is over .3.
    values = [[0.6], [0.8]]
    assert promethee(values, [1], [1], preference="u_shape", q=0.2).net.tolist() == [0, 0]
    assert promethee([[0.1 + 0.2], [0.3]], [1], [1]).net.tolist() == [0, 0]


@pytest.mark.parametrize("width", [1e-9, 1e-6, 1e-3])
def test_a_steep_ramp_stays_within_its_steps(width):
    # Two clusters as far apart as the ramp is from 0, so that many differences lie on it.
    generator = np.random.default_rng(9)
    jitter = width * generator.uniform(-0.5, 0.5, 1000)
    matrix = (np.repeat([0.0, 100.0], 500) + jitter)[:, None]
    q = 100 - width / 2
    steep = promethee(matrix, [1], [1], preference="linear", q=q, p=q + width)
    wide = promethee(matrix, [1], [1], preference="u_shape", q=q)
    strict = promethee(matrix, [1], [1], preference="u_shape", q=q + width)
    assert (steep.positive <= wide.positive).all()
    assert (steep.positive >= strict.positive).all()


def test_rounding_does_not_lift_a_flow_over_one():
    # The last is exactly p above all others: each counts 1. Unclipped, the prefix sums of these
    # numbers give 3.0000000000000004 of 3.
    values = np.array([[0.5], [0.5], [0.5], [0.5 + 0.8]])
    result = promethee(values, [1], [1], preference="v_shape", p=0.8)
    assert result.positive.tolist() == [0, 0, 0, 1]


def test_flows_do_not_depend_on_the_zero_of_a_criterion():
    # Whole numbers up to 2^53 are exact; sums of three thousand such are not.
    matrix = np.random.default_rng(10).integers(0, 100, (3000, 1)).astype(float)
    near = promethee(matrix, [1], [1], preference="linear", q=10, p=25)
    far = promethee(matrix + 2.0**43, [1], [1], preference="linear", q=10, p=25)
    np.testing.assert_allclose(far.net, near.net, atol=1e-13)


def test_equal_thresholds_make_a_step():
    problem = random_data("whole numbers")
    step = promethee(*problem, preference="u_shape", q=10).net
    np.testing.assert_array_equal(promethee(*problem, preference="linear", q=10, p=10).net, step)
    np.testing.assert_array_equal(promethee(*problem, preference="level", q=10, p=10).net, step)
    usual = promethee(*problem).net
    np.testing.assert_array_equal(promethee(*problem, preference="v_shape", p=0).net, usual)


def test_net_flows_sum_to_zero_and_flows_are_shares():
    for preference, thresholds in PIECEWISE.items():
        result = promethee(*random_data("tenths"), preference=preference, **thresholds)
        assert abs(result.net.sum()) < 1e-10
        for flow in (result.positive, result.negative):
            assert ((flow >= 0) & (flow <= 1)).all()


def test_partial_order():
    # Usual criterion, weights .6 and .4, a = (3, 1), b = (2, 2), c = (1, 3), d = (1, 1):
    # pi(a,b) = .6, pi(a,c) = .6, pi(a,d) = .6; pi(b,a) = .4, pi(b,c) = .6, pi(b,d) = 1;
    # pi(c,a) = .4, pi(c,b) = .4, pi(c,d) = .4; pi(d,.) = 0.
    # positive * 3: a 1.8, b 2.0, c 1.2, d 0; negative * 3: a .8, b 1.0, c 1.2, d 2.0.
    result = promethee([[3, 1], [2, 2], [1, 3], [1, 1]], [0.6, 0.4], [1, 1])
    np.testing.assert_allclose(3 * result.positive, [1.8, 2.0, 1.2, 0], atol=1e-15)
    np.testing.assert_allclose(3 * result.negative, [0.8, 1.0, 1.2, 2.0], atol=1e-15)
    order = result.partial_order()
    assert np.argwhere(order.preferred).tolist() == [[0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]
    assert np.argwhere(order.incomparable).tolist() == [[0, 1], [1, 0]]
    assert np.argwhere(order.indifferent).tolist() == [[0, 0], [1, 1], [2, 2], [3, 3]]


def test_relations_of_the_partial_order_share_out_all_pairs():
    order = promethee(*random_data("whole numbers")).partial_order()
    cells = order.preferred.astype(int) + order.preferred.T + order.indifferent + order.incomparable
    assert (cells == 1).all()


def test_partial_order_of_one_draw_of_a_batch():
    matrix, weights, directions = random_data("continuous")
    batch = promethee(matrix, [np.full(6, 1 / 6), weights], directions)
    single = promethee(matrix, weights, directions)
    np.testing.assert_array_equal(
        batch.partial_order(1).preferred, single.partial_order().preferred
    )
    with pytest.raises(ValueError, match="name the draw"):
        batch.partial_order()


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"preference": "linar", "q": 1, "p": 2}, r"preference\[0\] is 'linar'; known here: usual"),
        ({"preference": ["usual"]}, "1 preference functions for 2 criteria"),
        ({"preference": "linear", "q": 1}, "linear needs p; give it"),
        ({"preference": "linear", "q": 3, "p": 2}, "p = 2 is under q = 3\\."),
        ({"preference": "u_shape", "q": -1}, "q is -1; give"),
        ({"preference": "u_shape", "q": [1, np.nan]}, "q is nan on criterion 1;"),
        ({"preference": "v_shape", "p": np.inf}, "p is inf; give"),
        ({"preference": "gaussian", "s": 0}, "s is 0; gaussian needs"),
        ({"preference": "usual", "q": 1}, "q is given, but none of the preference functions"),
        ({"preference": "u_shape", "q": [1, 2, 3]}, r"q has shape \(3,\)"),
    ],
)
def test_faulty_functions(arguments, message):
    with pytest.raises(ValueError, match=message):
        promethee([[1, 2], [3, 4]], [0.5, 0.5], [1, 1], **arguments)


def test_a_v_shape_takes_an_indifference_of_nothing():
    # Published cases state q = 0 beside a V-shape; it is the same as no q.
    matrix = [[80.0, 20], [50, 60], [10, 90]]
    plain = promethee(matrix, [0.6, 0.4], [1, 1], preference="v_shape", p=30)
    stated = promethee(matrix, [0.6, 0.4], [1, 1], preference="v_shape", q=0, p=30)
    assert (stated.scores == plain.scores).all()
    # by hand: (70 > 30, 30 of 30) in favour of the first on the first criterion, against it on the
    # second: 0.6 (1 + 1) / 2 - 0.4 (1 + 1) / 2 = 0.2
    assert stated.scores[0] == pytest.approx(0.2)
    with pytest.raises(ValueError, match="q is given"):
        promethee(matrix, [0.6, 0.4], [1, 1], preference="v_shape", q=1, p=30)
