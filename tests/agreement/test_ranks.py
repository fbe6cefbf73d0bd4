import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from evaluator.agreement import rank_differences
from evaluator.decision.ties import competition_ranks

tables = arrays(
    np.float64, st.tuples(st.integers(1, 4), st.integers(1, 8)), elements=st.integers(0, 5)
)


def test_ties_share_the_better_rank_and_leave_a_gap():
    assert competition_ranks(np.array([70.0, 90.0, 70.0, 10.0])).tolist() == [2, 1, 2, 4]


def test_minus_zero_ties_with_zero():
    assert competition_ranks(np.array([-0.0, 0.0, -1e-12])).tolist() == [1, 1, 1]


def test_each_agency_is_ranked_by_itself():
    assert competition_ranks(np.array([[1.0, 2, 3], [9, 9, 1]])).tolist() == [[3, 2, 1], [1, 1, 3]]


def test_rank_differences_are_a_minus_b():
    # ranks 3 2 1 and 1 1 3
    differences = rank_differences([[1, 2, 3], [9, 9, 1]])
    assert differences[0, 1].tolist() == [2, 1, -2]
    assert differences[1, 0].tolist() == [-2, -1, 2]
    assert not differences[0, 0].any()


@settings(max_examples=60, deadline=None)
@given(scores=tables)
def test_a_rank_is_one_more_than_the_number_of_better_scores(scores):
    better = (scores[:, None, :] > scores[:, :, None]).sum(axis=2)
    assert (competition_ranks(scores) == 1 + better).all()


@pytest.mark.parametrize("scores", [[[1.0, np.nan]], [[1.0, 2.0], [np.inf, 2.0]], [], 3.0])
def test_wrong_scores_are_refused(scores):
    with pytest.raises(ValueError, match="scores"):
        rank_differences(scores)
