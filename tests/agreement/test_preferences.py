import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pyrepo_mcda import compromise_rankings

from evaluator.agreement import borda, copeland, majority_margins, pairwise_preferences

quick = settings(max_examples=60, deadline=None)
tables = arrays(
    np.float64, st.tuples(st.integers(1, 5), st.integers(2, 8)), elements=st.integers(0, 5)
)

# The capital of Tennessee (electowiki, 'Borda count', 'Kemeny-Young method'): shares of voters
# and their orders of Memphis, Nashville, Chattanooga, Knoxville, here as scores 3 to 0.
TENNESSEE = [[3, 2, 1, 0], [0, 3, 2, 1], [0, 1, 3, 2], [0, 1, 2, 3]]
SHARES = [42, 26, 15, 17]


def test_borda_of_tennessee():
    found = borda(TENNESSEE, SHARES)
    assert found.points.tolist() == [126, 194, 173, 107]
    assert found.ranks.tolist() == [3, 1, 2, 4]


def test_copeland_of_tennessee():
    # Nashville beats all, Chattanooga Knoxville and Memphis, Knoxville Memphis (58 to 42)
    found = copeland(TENNESSEE, SHARES)
    assert found.points.tolist() == [0, 3, 2, 1]
    assert found.ranks.tolist() == [4, 1, 2, 3]


def test_ties_are_averaged():
    # first agency: 2 | 0.5 0.5; second: 0 2 1
    assert borda([[9, 5, 5], [1, 3, 2]]).points.tolist() == [2, 2.5, 1.5]
    # 0 against 1 and 0 against 2 are 1:1; 1 against 2 is 1.5 : 0.5
    assert copeland([[9, 5, 5], [1, 3, 2]]).points.tolist() == [1, 1.5, 0.5]


def test_borda_and_copeland_can_disagree():
    # three of five put 0 first, so it beats both; Borda: 0 has 6, 1 has 7, 2 has 2
    scores = [[2, 1, 0]] * 3 + [[0, 2, 1]] * 2
    assert borda(scores).points.tolist() == [6, 7, 2]
    assert copeland(scores).ranks.tolist() == [1, 2, 3]


@quick
@given(scores=tables)
def test_preferences_add_up_to_the_agencies(scores):
    preferences = pairwise_preferences(scores)
    off = ~np.eye(scores.shape[1], dtype=bool)
    assert (preferences + preferences.T)[off] == pytest.approx(len(scores))
    assert not preferences.diagonal().any()
    wins = (scores[:, :, None] > scores[:, None, :]).sum(axis=0)
    ties = (scores[:, :, None] == scores[:, None, :]).sum(axis=0)
    assert (preferences[off] == (wins + ties / 2)[off]).all()


@quick
@given(data=st.data(), agencies=st.integers(1, 5), packages=st.integers(2, 8))
def test_borda_is_what_pyrepo_calls_copeland(data, agencies, packages):
    # pyrepo-mcda's `copeland` adds up n - rank and never compares pairs: that is the Borda count,
    # so it is an oracle for `borda`, and none for `copeland`.
    ranks = np.array([data.draw(st.permutations(range(1, packages + 1))) for _ in range(agencies)])
    ours, theirs = borda(-ranks).ranks, compromise_rankings.copeland(ranks.T)
    assert (np.argsort(ours, kind="stable") == np.argsort(theirs, kind="stable")).all()


@quick
@given(scores=tables)
def test_a_weight_of_two_is_the_agency_twice(scores):
    weights = np.ones(len(scores))
    weights[0] = 2
    twice = np.vstack([scores, scores[:1]])
    assert borda(scores, weights).points == pytest.approx(borda(twice).points)
    assert copeland(scores, weights).points == pytest.approx(copeland(twice).points)


def test_a_margin_of_rounding_error_is_a_tie():
    weights = [0.1, 0.2, 0.3]
    assert 0.1 + 0.2 != 0.3
    scores = [[2, 1], [2, 1], [1, 2]]
    assert majority_margins(pairwise_preferences(scores, weights)).tolist() == [[0, 0], [0, 0]]
    assert copeland(scores, weights).ranks.tolist() == [1, 1]


@pytest.mark.parametrize(
    "weights, message",
    [
        ([1], r"shape \(1,\)"),
        ([1, -2], r"weights\[1\] is -2"),
        ([0, 0], "are all 0"),
        ([1, np.nan], r"weights\[1\] is nan"),
    ],
)
def test_wrong_weights_are_refused(weights, message):
    with pytest.raises(ValueError, match=message):
        borda([[1, 2], [2, 1]], weights)
