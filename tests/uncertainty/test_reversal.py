"""Rank reversal: a published example, hand cases, and the weighted sum, which never reverses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.decision.ordering import Ordering, ordering_of
from evaluator.model.method import Method
from evaluator.uncertainty.reversal import method_rankings, rank_reversals

weighted_sum = Ordering(lambda values, weights: values @ weights)
share_of_sum = Ordering(lambda values, weights: (values / values.sum(axis=0)) @ weights, span=1.0)
share_of_best = Ordering(lambda values, weights: (values / values.max(axis=0)) @ weights, span=1.0)


def _topsis(values, weights):
    weighted = weights * values / np.linalg.norm(values, axis=0)
    to_best = np.linalg.norm(weighted - weighted.max(axis=0), axis=1)
    to_worst = np.linalg.norm(weighted - weighted.min(axis=0), axis=1)
    return to_worst / (to_best + to_worst)


topsis = Ordering(_topsis, span=1.0)


# Belton & Gear, "On a short-coming of Saaty's method of analytic hierarchies", Omega 11 (1983):
# three criteria of equal weight, priorities taken as shares of the column sum.
BELTON_GEAR = np.array([[1.0, 9, 8], [9, 1, 9], [1, 1, 1]])
EQUAL = np.ones(3) / 3


def test_belton_and_gear_a_copy_of_the_second_puts_the_first_ahead():
    # A (1/11 + 9/11 + 8/18) / 3 = 0.45, B (9/11 + 1/11 + 9/18) / 3 = 0.47. With a copy of B:
    # A (1/20 + 9/12 + 8/27) / 3 = 0.37, B (9/20 + 1/12 + 9/27) / 3 = 0.29.
    found = rank_reversals(BELTON_GEAR, EQUAL, {"share of sum": share_of_sum})
    copies = [r for r in found.reversals if r.test == "copy" and r.package == 1]
    assert len(copies) == 1
    assert copies[0].flips == ((1, 0),)
    assert copies[0].ties == ()
    assert copies[0].leader_changed
    assert copies[0].method == "share of sum"
    assert copies[0].factor is None


# A (60, 40), B (40, 70), C (0, 100), equal weights, values as shares of the column's best:
#   as it is: A 0.5 + 0.2 = 0.7, B 1/3 + 0.35 = 0.683, C 0.5.
#   without C the second column's best is 70: A 0.5 + 2/7 = 0.786, B 1/3 + 0.5 = 0.833.
#   C times 0.9 is (0, 90): A 0.5 + 2/9 = 13/18, B 1/3 + 7/18 = 13/18: tied.
#   C times 0.5 or 0 leaves B's 70 the best: as without C.
THREE = np.array([[60.0, 40], [40, 70], [0, 100]])
HALVES = np.array([0.5, 0.5])


def test_hand_case_of_removal_and_of_a_worse_replacement():
    found = rank_reversals(THREE, HALVES, {"share of best": share_of_best})
    told = {(r.test, r.package, r.factor): r for r in found.reversals}
    for key in (("remove", 2, None), ("worse", 2, 0.5), ("worse", 2, 0.0)):
        assert told[key].flips == ((0, 1),)
        assert told[key].leader_changed
    tie = told["worse", 2, 0.9]
    assert (tie.flips, tie.ties) == ((), ((0, 1),))
    assert tie.leader_changed  # A led alone, now A and B do
    assert found.checks == {
        ("share of best", "remove"): 3,
        ("share of best", "copy"): 3,
        ("share of best", "worse"): 6,  # two packages are not best, three factors each
    }
    assert found.refusals == ()


def test_a_copy_does_not_move_a_share_of_the_best():
    found = rank_reversals(THREE, HALVES, {"share of best": share_of_best})
    assert not [r for r in found.reversals if r.test == "copy"]


def test_several_methods_are_told_apart():
    scorers = {"sum": weighted_sum, "share of best": share_of_best}
    found = rank_reversals(THREE, HALVES, scorers)
    assert {r.method for r in found.reversals} == {"share of best"}
    assert {method for method, _ in found.checks} == {"sum", "share of best"}


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6))
def test_the_weighted_sum_of_fixed_values_never_reverses(seed):
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(3, 8)), int(rng.integers(1, 6))
    values = 25.0 * rng.integers(0, 5, (n, m))  # levels: ties are common
    found = rank_reversals(values, rng.dirichlet(np.ones(m)), {"sum": weighted_sum})
    assert found.reversals == ()


def test_topsis_reversals_are_real():
    # Each reported pair is recomputed from scratch; that there are some is known of TOPSIS.
    rng = np.random.default_rng(4)
    flips = 0
    for _ in range(20):
        values, weights = rng.uniform(1, 100, (6, 4)), rng.dirichlet(np.ones(4))
        before = _topsis(values, weights)
        for reversal in rank_reversals(values, weights, {"topsis": topsis}).reversals:
            keep = np.arange(6)
            changed = values.copy()
            if reversal.test == "remove":
                keep = np.delete(keep, reversal.package)
                changed = values[keep]
            elif reversal.test == "copy":
                changed = np.vstack([values, values[reversal.package]])
            else:
                changed[reversal.package] *= reversal.factor
            after = dict(zip(keep.tolist(), _topsis(changed, weights), strict=False))
            for i, j in reversal.flips:
                flips += 1
                assert reversal.test == "copy" or reversal.package not in (i, j)
                assert before[i] > before[j]
                assert after[i] < after[j]
    assert flips > 10


def test_no_topsis_reversal_is_missed():
    rng = np.random.default_rng(6)
    for _ in range(20):
        values, weights = rng.uniform(1, 100, (5, 3)), rng.dirichlet(np.ones(3))
        before = _topsis(values, weights)
        found = rank_reversals(values, weights, {"topsis": topsis}).reversals
        for r in range(5):
            keep = [p for p in range(5) if p != r]
            after = _topsis(values[keep], weights)
            told = [x.flips for x in found if x.test == "remove" and x.package == r]
            expected = {
                (i, j)
                for a, i in enumerate(keep)
                for b, j in enumerate(keep)
                if before[i] > before[j] and after[a] < after[b]
            }
            assert set(told[0] if told else ()) == expected


def test_the_engines_own_methods_can_be_tested():
    scorers = {
        "weighted sum": ordering_of(Method()),
        "weighted sum, shares": ordering_of(Method(normalization="sum")),
        "TOPSIS": ordering_of(Method(name="topsis")),
        "PROMETHEE II": ordering_of(Method(name="promethee")),
    }
    ranked = method_rankings(BELTON_GEAR, EQUAL, scorers)
    assert ranked.ranks[0].tolist() == [2, 1, 3]  # sums 18, 19, 3
    found = rank_reversals(BELTON_GEAR, EQUAL, scorers)
    reversing = {r.method for r in found.reversals if (r.test, r.package) == ("copy", 1)}
    assert "weighted sum, shares" in reversing
    assert "weighted sum" not in {r.method for r in found.reversals}
    by_hand = rank_reversals(BELTON_GEAR, EQUAL, {"TOPSIS": topsis}).reversals
    assert tuple(r for r in found.reversals if r.method == "TOPSIS") == by_hand


def test_flips_come_with_the_best_former_rank_first():
    # Ranked by the only criterion; without the last package, upside down.
    def scorer(values, weights):
        return values[:, 0] if 1 in values else -values[:, 0]

    values = np.array([[2.0], [4], [3], [1]])
    found = rank_reversals(values, np.ones(1), {"odd": Ordering(scorer)})
    (removal,) = (r for r in found.reversals if r.test == "remove")
    assert removal.package == 3
    assert removal.flips == ((1, 2), (1, 0), (2, 0))


def test_a_method_that_refuses_a_changed_table_is_recorded():
    def scorer(values, weights):
        if (values.max(axis=0) == values.min(axis=0)).any():
            raise ValueError("a criterion is constant")
        return values @ weights

    values = np.array([[60.0, 40], [40, 40], [10, 90]])  # without the last, the second is constant
    found = rank_reversals(values, HALVES, {"spread": Ordering(scorer)})
    removal = [r for r in found.refusals if r.test == "remove"]
    assert [r.package for r in removal] == [2]
    assert found.checks["spread", "remove"] == 3


def test_rankings_side_by_side():
    values = np.array([[50.0, 50], [60, 40], [90, 10], [0, 0]])
    first = Ordering(lambda values, weights: values[:, 0])
    found = method_rankings(values, HALVES, {"sum": weighted_sum, "first": first})
    assert found.methods == ("sum", "first")
    assert found.scores == pytest.approx(np.array([[50, 50, 50, 0], [50, 60, 90, 0]]))
    assert found.ranks.tolist() == [[1, 1, 1, 4], [3, 2, 1, 4]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"values": THREE[:2]}, "2 packages have no order of others"),
        ({"values": -THREE}, "at least 0"),
        ({"worse": (1.0,)}, "each factor must be at least 0 and below 1"),
        ({"methods": {}}, "no method is given"),
        ({"weights": np.ones(3)}, "expected values"),
        ({"methods": {"bad": Ordering(lambda v, w: np.ones(2))}}, "method bad: scores of shape"),
        ({"methods": {"bad": Ordering(lambda v, w: v[:, 0] * np.nan)}}, "not finite"),
    ],
)
def test_wrong_input_says_what_is_wrong(change, message):
    call = {"values": THREE, "weights": HALVES, "methods": {"sum": weighted_sum}} | change
    with pytest.raises(ValueError, match=message):
        rank_reversals(**call)
