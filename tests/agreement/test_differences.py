import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from evaluator.agreement import drivers_apart, same_direction, score_difference

quick = settings(max_examples=80, deadline=None)

W = [[0.6, 0.3, 0.1], [0.2, 0.3, 0.5]]
V = [[100.0, 50.0, 0.0], [0.0, 50.0, 50.0], [50.0, 50.0, 100.0]]


@st.composite
def studies(draw):
    k, n, m = draw(st.integers(1, 4)), draw(st.integers(1, 6)), draw(st.integers(1, 6))
    parts = draw(
        arrays(np.int64, (k, m), elements=st.integers(0, 9)).filter(lambda w: w.any(axis=1).all())
    )
    values = draw(arrays(np.float64, (n, m), elements=st.floats(0, 100)))
    pair = draw(st.integers(0, k - 1)), draw(st.integers(0, k - 1))
    return parts / parts.sum(axis=1, keepdims=True), values, pair


def test_by_hand():
    # w_a - w_b = 0.4, 0, -0.4; the mean value of each criterion is 50
    found = score_difference(W, V, 0, 1)
    assert found.contributions == pytest.approx(np.array([[40, 0, 0], [0, 0, -20], [20, 0, -40]]))
    assert found.difference == pytest.approx([40, -20, -20])
    assert found.centred == pytest.approx(np.array([[20, 0, 20], [-20, 0, 0], [0, 0, -20]]))
    assert found.centred_difference == pytest.approx([40, -20, -20])
    assert found.mean_absolute == pytest.approx([40 / 3, 0, 40 / 3])
    assert found.share == pytest.approx([0.5, 0, 0.5])
    assert found.drivers == (0, 2)


def test_a_criterion_on_which_packages_are_alike_drives_nothing():
    found = score_difference([[0.9, 0.1], [0.1, 0.9]], [[70.0, 10.0], [70.0, 10.0]], 0, 1)
    assert found.difference == pytest.approx([48, 48])
    assert found.drivers == ()
    assert found.share.tolist() == [0, 0]
    assert not found.centred.any()


@quick
@given(study=studies())
def test_parts_sum_to_the_difference(study):
    weights, values, (a, b) = study
    found = score_difference(weights, values, a, b)
    scores = weights @ values.T
    expected = scores[a] - scores[b]
    assert found.difference == pytest.approx(expected, abs=1e-9)
    assert found.contributions.sum(axis=1) == pytest.approx(expected, abs=1e-9)
    assert found.centred.sum(axis=1) == pytest.approx(expected - expected.mean(), abs=1e-9)
    assert found.centred.sum(axis=0) == pytest.approx(0, abs=1e-9)
    assert found.share.sum() == pytest.approx(1 if found.drivers else 0)
    assert list(found.mean_absolute[list(found.drivers)]) == pytest.approx(
        sorted(found.mean_absolute[list(found.drivers)], reverse=True)
    )


@quick
@given(study=studies(), shift=st.floats(-50, 50))
def test_a_shift_of_a_criterion_changes_no_driver(study, shift):
    weights, values, (a, b) = study
    moved = values.copy()
    moved[:, 0] += shift
    before, after = score_difference(weights, values, a, b), score_difference(weights, moved, a, b)
    assert after.mean_absolute == pytest.approx(before.mean_absolute, abs=1e-9)


@quick
@given(study=studies())
def test_the_other_way_round_is_the_negative(study):
    weights, values, (a, b) = study
    there, back = score_difference(weights, values, a, b), score_difference(weights, values, b, a)
    assert (there.contributions == -back.contributions).all()
    assert there.drivers == back.drivers


@pytest.mark.parametrize(
    "arguments, message",
    [
        ((W, [[1.0, 2.0]], 0, 1), "W has 3 criteria and V has 2"),
        ((W, V, 0, 2), "there is no agency 2; the rows are 0 to 1"),
        ((W, V, -1, 0), "there is no agency -1"),
        ((W, [[1.0, np.nan, 2.0]], 0, 1), r"V\[0, 1\] is nan"),
    ],
)
def test_wrong_input_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        score_difference(*arguments)


def test_weights_that_differ_in_magnitude_only():
    found = same_direction([[1, 2, 1], [25, 50, 25], [0.25, 0.5, 0.25]])
    assert found.all_proportional
    assert found.all_same_ranking
    assert found.largest_gap.max() == 0


def test_the_same_ranking_of_criteria_is_less():
    # shares 0.2 0.5 0.3 and 0.1 0.7 0.2 rank alike; 0.5 0.3 0.2 does not
    found = same_direction([[2, 5, 3], [1, 7, 2], [5, 3, 2]])
    assert found.proportional.tolist() == np.eye(3, dtype=bool).tolist()
    assert found.same_ranking.tolist() == [
        [True, True, False],
        [True, True, False],
        [False, False, True],
    ]
    assert found.largest_gap[0, 1] == pytest.approx(0.2)
    assert not found.all_same_ranking


@quick
@given(study=studies(), factor=st.floats(0.1, 50))
def test_proportional_agencies_rank_any_packages_alike(study, factor):
    weights, values, _ = study
    pair = np.vstack([weights[0], weights[0] * factor])
    assert same_direction(pair).all_proportional
    shares = pair / pair.sum(axis=1, keepdims=True)
    assert score_difference(shares, values, 0, 1).drivers == ()


@pytest.mark.parametrize(
    "weights, message",
    [([[1, 2], [0, 0]], r"W\[1\] is all 0"), ([[1, 2], [3, -1]], r"W\[1, 1\] is -1")],
)
def test_weights_must_say_something(weights, message):
    with pytest.raises(ValueError, match=message):
        same_direction(weights)


def test_drivers_of_all_pairs_are_those_of_each():
    rng = np.random.default_rng(3)
    weights, values = rng.dirichlet(np.ones(6), 7), rng.uniform(0, 100, (9, 6))
    for a, apart in enumerate(drivers_apart(weights, values)):
        assert len(apart.drivers) == 6 - a
        for other, drivers in enumerate(apart.drivers, start=a + 1):
            one = score_difference(weights, values, a, other)
            # |gap| times the mean deviation is the mean of |gap x deviation|
            assert apart.mean_absolute[other - a - 1] == pytest.approx(np.abs(one.centred).mean(0))
            assert drivers == one.drivers
