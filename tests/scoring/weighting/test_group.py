"""Groups of respondents, against cases worked out by hand and what must hold of any group."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.scoring.findings import InconsistentRespondents
from evaluator.scoring.weighting import ahp, best_worst, group_ahp, group_best_worst
from evaluator.scoring.weighting.group import geometric_mean


def consistent(*importance: float) -> np.ndarray:
    w = np.array(importance)
    return w[:, None] / w[None, :]


def reciprocal(above: list[float]) -> np.ndarray:
    size = int((1 + np.sqrt(1 + 8 * len(above))) / 2)
    matrix = np.ones((size, size))
    matrix[np.triu_indices(size, k=1)] = above
    matrix[np.tril_indices(size, k=-1)] = 1 / matrix.T[np.tril_indices(size, k=-1)]
    return matrix


CIRCLE = reciprocal([9, 1 / 9, 9])
"""a over b over c over a, nine times each: its eigenvalue is 1 + 9 + 1/9."""
SURE, EVEN = consistent(4, 2, 1), consistent(1, 1, 1)


def test_judgements_of_two_by_hand():
    found = group_ahp([SURE, EVEN])
    # cells 2, 4, 2 and 1, 1, 1: their roots are those of the importances 2, sqrt 2, 1
    assert found.weights == pytest.approx(np.array([2, np.sqrt(2), 1]) / (3 + np.sqrt(2)))
    assert found.group_ratio == pytest.approx(0, abs=1e-12)
    # both sources: of the aggregation, and of how each one's judgements became weights
    assert found.variant.source.startswith("Forman & Peniwati 1998")
    assert found.variant.source.endswith(ahp(SURE).variant.source)


def test_priorities_of_two_by_hand():
    geometric = group_ahp([SURE, EVEN], "priorities")
    assert geometric.weights == pytest.approx(np.array([2, np.sqrt(2), 1]) / (3 + np.sqrt(2)))
    arithmetic = group_ahp([SURE, EVEN], "priorities", mean="arithmetic")
    assert arithmetic.weights == pytest.approx([19 / 42, 13 / 42, 10 / 42])


def test_who_contradicts_himself_is_left_out_and_named():
    found = group_ahp([SURE, CIRCLE, EVEN], leave_out_above=0.1, respondents=["r1", "r2", "r3"])
    assert found.weights == pytest.approx(group_ahp([SURE, EVEN]).weights)
    assert found.counted.tolist() == [True, False, True]
    (told,) = found.warnings
    assert isinstance(told, InconsistentRespondents)
    assert told.respondents == ("r2",)
    assert told.left_out
    # (1 + 9 + 1/9 - 3) / 2 / 0.58
    assert told.ratios == pytest.approx([(1 + 9 + 1 / 9 - 3) / 2 / 0.58])


def test_without_a_bound_he_counts_and_is_named_all_the_same():
    found = group_ahp([SURE, CIRCLE], respondents=["r1", "r2"])
    told = next(one for one in found.warnings if isinstance(one, InconsistentRespondents))
    assert (told.respondents, told.left_out, told.of) == (("r2",), False, 2)


def test_the_random_index_that_is_named_decides_who_is_left_out():
    # the ratio of CIRCLE is 6.13 by Saaty and 6.78 by Alonso and Lamata
    both = [SURE, CIRCLE]
    assert group_ahp(both, leave_out_above=6.5).counted.all()
    found = group_ahp(both, leave_out_above=6.5, random_index="alonso-lamata")
    assert found.counted.tolist() == [True, False]


def test_best_worst_of_a_group():
    over = [[1, 2, 4], [1, 4, 8]]
    under = [[4, 2, 1], [8, 2, 1]]
    # both are consistent: 4, 2, 1 and 8, 2, 1
    by_hand = np.array([np.sqrt(32), 2, 1])
    for aggregate in ("priorities", "judgements"):
        found = group_best_worst(over, under, aggregate)
        assert found.weights == pytest.approx(by_hand / by_hand.sum(), abs=1e-9)
    mean = group_best_worst(over, under, mean="arithmetic")
    assert mean.weights == pytest.approx(
        np.mean([np.array([4, 2, 1]) / 7, np.array([8, 2, 1]) / 11], axis=0), abs=1e-9
    )


def test_best_worst_leaves_out_by_the_ratio_of_the_judgements():
    # |3 x 4 - 8| / (64 - 8) = 1/14
    over, under = [[1, 2, 4], [1, 3, 8]], [[4, 2, 1], [8, 4, 1]]
    found = group_best_worst(over, under, leave_out_above=0.07)
    assert found.ratios == pytest.approx([0, 1 / 14])
    assert found.counted.tolist() == [True, False]
    assert found.weights == pytest.approx(best_worst(over[0], under[0]).weights)


def test_best_worst_judgements_need_one_best_and_one_worst():
    over, under = [[1, 2, 4], [4, 2, 1]], [[4, 2, 1], [1, 2, 4]]
    with pytest.raises(ValueError, match="aggregate priorities instead"):
        group_best_worst(over, under, "judgements")
    assert group_best_worst(over, under).weights[0] == pytest.approx(2 / 6, abs=1e-9)


def test_every_respondent_that_is_refused_is_named():
    with pytest.raises(ValueError, match=r"Respondent r1: .* Respondent r3: "):
        group_ahp(
            [[[1, 2], [2, 1]], EVEN[:2, :2], [[1, 0], [0, 1]]], respondents=["r1", "r2", "r3"]
        )
    with pytest.raises(ValueError, match="judge 2, 3 criteria"):
        group_ahp([SURE, EVEN[:2, :2]], "priorities")
    with pytest.raises(ValueError, match="every respondent"):
        group_ahp([CIRCLE], leave_out_above=0.1)
    with pytest.raises(ValueError, match="geometric mean"):
        group_ahp([EVEN], "judgements", mean="arithmetic")


SAATY = st.sampled_from([1 / 9, 1 / 7, 1 / 5, 1 / 3, 1, 2, 3, 5, 7, 9])
MATRIX = st.lists(SAATY, min_size=6, max_size=6).map(reciprocal)


@settings(deadline=None, max_examples=60)
@given(st.lists(MATRIX, min_size=1, max_size=6))
def test_aggregated_judgements_are_reciprocal_and_between_those_of_respondents(matrices):
    every = np.stack(matrices)
    found = geometric_mean(every)
    assert found * found.T == pytest.approx(1, abs=1e-12)
    assert (found <= every.max(axis=0) * (1 + 1e-12)).all()
    assert (found >= every.min(axis=0) * (1 - 1e-12)).all()


@settings(deadline=None, max_examples=60)
@given(MATRIX, st.integers(1, 5), st.sampled_from(["judgements", "priorities"]))
def test_a_group_of_one_mind_is_as_one(matrix, many, aggregate):
    found = group_ahp([matrix] * many, aggregate)
    assert found.weights == pytest.approx(ahp(matrix).weights, abs=1e-9)
    assert found.group_ratio == pytest.approx(ahp(matrix).consistency_ratio, abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(st.lists(MATRIX, min_size=2, max_size=5), st.permutations(range(4)))
def test_neither_names_nor_order_matter(matrices, order):
    order = list(order)
    plain = group_ahp(matrices).weights
    turned = group_ahp([m[np.ix_(order, order)] for m in reversed(matrices)]).weights
    assert turned == pytest.approx(plain[order], abs=1e-9)
