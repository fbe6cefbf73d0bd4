"""Exact intervals by hand arithmetic, degenerate cases, and wrong input."""

from __future__ import annotations

import numpy as np
import pytest

from evaluator.decision.designation import DesignationRule
from evaluator.uncertainty.stability import (
    Change,
    Stability,
    Standing,
    in_proportion,
    stability,
)


def one(found, kind, agency=None, criterion=None) -> Stability:
    rows = [r for r in found if (r.kind, r.agency, r.criterion) == (kind, agency, criterion)]
    assert len(rows) == 1
    return rows[0]


def ends(standing: Standing):
    return standing.lower, standing.upper, standing.lower_closed, standing.upper_closed


# --- by hand ---------------------------------------------------------------------------------

# One agency, two criteria, today's weights (0.6, 0.4). With t on the first criterion:
#   A = (80, 20): 20 + 60 t      B = (40, 70): 70 - 30 t      C = (50, 50): 50
# A = B at 90 t = 50, t = 5/9.   A = C at t = 1/2.   B = C at 30 t = 20, t = 2/3.
# At t = 0.6: A 56, B 52, C 50.
ABC = np.array([[80.0, 20], [40, 70], [50, 50]])
ONE = np.array([[0.6, 0.4]])
ALL = np.array([1.0])


def test_leader_stays_until_the_runner_up_ties():
    leader = one(stability(ABC, ONE, ALL), "weight", 0, 0).leader
    assert ends(leader) == (pytest.approx(5 / 9, abs=1e-14), 1.0, False, True)
    assert leader.below == Change("order", entering=(1,), leaving=(0,))
    assert leader.above == Change("none")


def test_order_of_the_top_three_ends_at_the_nearest_crossing_on_each_side():
    order = one(stability(ABC, ONE, ALL, top=3), "weight", 0, 0).order
    assert ends(order) == (
        pytest.approx(5 / 9, abs=1e-14),
        pytest.approx(2 / 3, abs=1e-14),
        False,
        False,
    )
    assert order.below == Change("order", reordered=(0, 1))
    assert order.above == Change("order", reordered=(1, 2))


def test_order_of_the_top_two_names_who_comes_in():
    order = one(stability(ABC, ONE, ALL, top=2), "weight", 0, 0).order
    assert order.above == Change("order", entering=(2,), leaving=(1,))


def test_two_places_ignore_a_crossing_among_those_inside():
    # A and B are in; their own crossing at 5/9 changes nothing, C passes A at 1/2 and B at 2/3.
    rule = DesignationRule(max_packages=2)
    found = one(stability(ABC, ONE, ALL, rule=rule), "weight", 0, 0).designated
    assert ends(found) == (0.5, pytest.approx(2 / 3, abs=1e-14), False, False)
    assert found.below == Change("order", entering=(2,), leaving=(0,))
    assert found.above == Change("order", entering=(2,), leaving=(1,))


def test_a_floor_is_met_at_equality_so_its_end_is_closed():
    # Floor 51: A meets it from 60 t = 31, t = 31/60; B up to 30 t = 19, t = 19/30; C never.
    rule = DesignationRule(min_overall=51)
    found = one(stability(ABC, ONE, ALL, rule=rule), "weight", 0, 0).designated
    assert ends(found) == (
        pytest.approx(31 / 60, abs=1e-14),
        pytest.approx(19 / 30, abs=1e-14),
        True,
        True,
    )
    assert found.below == Change("floor", leaving=(0,), floors=((0, None),))
    assert found.above == Change("floor", leaving=(1,), floors=((1, None),))


def test_a_package_that_may_not_compete_is_no_cause():
    # A twin of A that is not eligible crosses the same floor at the same share.
    rule = DesignationRule(min_overall=51, eligible=np.array([True, True, True, False]))
    rows = stability(np.vstack([ABC, ABC[:1]]), ONE, ALL, rule=rule)
    found = one(rows, "weight", 0, 0).designated
    assert found.below == Change("floor", leaving=(0,), floors=((0, None),))


def test_a_package_that_rises_over_a_floor_takes_the_place_at_once():
    # Influence (0.5, 0.5), one place, the second agency's floor 48. The first agency weighs the
    # first criterion alone, the second both, t on the first. A = (50, 50) scores 50 throughout.
    # B = (90, 30): overall 0.5 * 90 + 0.5 * (30 + 60 t) = 60 + 30 t, always ahead of A, but with
    # the second agency 30 + 60 t, 42 at today's t = 0.2, and 48 from t = 0.3 on.
    values = np.array([[50.0, 50], [90, 30]])
    weights = np.array([[1.0, 0.0], [0.2, 0.8]])
    rule = DesignationRule(min_agency=np.array([0.0, 48.0]), max_packages=1)
    rows = stability(values, weights, np.array([0.5, 0.5]), rule=rule)
    found = one(rows, "weight", 1, 0).designated
    assert ends(found) == (0.0, pytest.approx(0.3, abs=1e-14), True, False)
    assert found.above == Change("floor", entering=(1,), leaving=(0,), floors=((1, 1),))


# Two agencies, each with one criterion of its own, influence (0.6, 0.4). With t on the first:
#   A = (90, 40): 40 + 50 t      B = (50, 70): 70 - 20 t      A = B at 70 t = 30, t = 3/7.
AB = np.array([[90.0, 40], [50, 70]])
APART = np.eye(2)
INFLUENCE = np.array([0.6, 0.4])


def test_influence_moves_the_overall_score():
    found = stability(AB, APART, INFLUENCE)
    assert ends(one(found, "influence", 0).leader) == (
        pytest.approx(3 / 7, abs=1e-14),
        1.0,
        False,
        True,
    )
    # The second agency's influence is 1 - t: the same crossing at 4/7, approached from below.
    assert ends(one(found, "influence", 1).leader) == (
        0.0,
        pytest.approx(4 / 7, abs=1e-14),
        True,
        False,
    )


def test_agency_floors_stand_still_while_influence_moves():
    # A scores 40 with the second agency whatever the influence, so only B is ever in.
    rule = DesignationRule(min_agency=np.array([0.0, 45.0]))
    found = one(stability(AB, APART, INFLUENCE, rule=rule), "influence", 0).designated
    assert ends(found) == (0.0, 1.0, True, True)
    assert found.below == found.above == Change("none")


def test_agency_floor_moves_with_the_agencys_own_weight():
    # The second agency weighs both criteria, (0.5, 0.5), floor 60. A scores 90 t + 40 (1 - t)
    # with it, 65 today, and 60 at t = 0.4; B scores 70 - 20 t, 60 today: the floor met exactly,
    # missed just above.
    weights = np.array([[1.0, 0.0], [0.5, 0.5]])
    rule = DesignationRule(min_agency=np.array([0.0, 60.0]))
    found = one(stability(AB, weights, INFLUENCE, rule=rule), "weight", 1, 0).designated
    assert ends(found) == (pytest.approx(0.4, abs=1e-14), 0.5, True, True)
    assert found.below == Change("floor", leaving=(0,), floors=((0, 1),))
    assert found.above == Change("floor", leaving=(1,), floors=((1, 1),))


def test_effective_weight_moves_the_overall_score_only():
    # Effective weights are the influence, (0.6, 0.4): the crossing of the influence test.
    found = one(stability(AB, APART, INFLUENCE), "effective weight", None, 0)
    assert found.present == pytest.approx(0.6)
    assert found.leader.lower == pytest.approx(3 / 7, abs=1e-14)


# --- degenerate cases ------------------------------------------------------------------------


def test_a_whole_weight_is_given_up_to_its_siblings_equally():
    # Weights (1, 0, 0), all three the agency's own. With t on the first:
    #   P = (60, 80, 40): 60 t + 60 (1 - t) = 60     Q = (50, 100, 90): 50 t + 95 (1 - t)
    # Q = P at 95 - 45 t = 60, t = 7/9.
    values = np.array([[60.0, 80, 40], [50, 100, 90]])
    weights = np.array([[1.0, 0, 0]])
    own = np.ones((1, 3), dtype=bool)
    leader = one(stability(values, weights, ALL, own=own), "weight", 0, 0).leader
    assert ends(leader) == (pytest.approx(7 / 9, abs=1e-14), 1.0, False, True)


def test_a_weight_without_siblings_is_fixed():
    found = stability(AB, APART, INFLUENCE)
    for standing in (one(found, "weight", 0, 0).leader, one(found, "weight", 0, 0).designated):
        assert ends(standing) == (1.0, 1.0, True, True)
        assert standing.below == standing.above == Change("fixed")
    alone = one(stability(ABC, ONE, ALL), "influence", 0)
    assert alone.order.above == Change("fixed")


def test_a_weight_of_zero_moves_up():
    # Weights (0.5, 0.5, 0): P = (60, 40, 0) has 50, Q = (30, 50, 90) has 40. With t on the third:
    # P = 50 (1 - t), Q = 40 (1 - t) + 90 t; equal at 10 (1 - t) = 90 t, t = 0.1.
    values = np.array([[60.0, 40, 0], [30, 50, 90]])
    weights = np.array([[0.5, 0.5, 0]])
    own = np.ones((1, 3), dtype=bool)
    leader = one(stability(values, weights, ALL, own=own), "weight", 0, 2).leader
    assert ends(leader) == (0.0, pytest.approx(0.1, abs=1e-14), True, False)


def test_leaders_tied_today_are_a_tie_that_any_move_breaks():
    # 0.5 * 80 + 0.5 * 20 = 0.5 * 40 + 0.5 * 60 = 50.
    values = np.array([[80.0, 20], [40, 60]])
    weights = np.array([[0.5, 0.5]])
    leader = one(stability(values, weights, ALL), "weight", 0, 0).leader
    assert ends(leader) == (0.5, 0.5, True, True)
    assert leader.below == Change("order", leaving=(0,))
    assert leader.above == Change("order", leaving=(1,))


def test_twins_stay_tied_and_contested_until_another_beats_both():
    # A = B = (60, 40): 40 + 20 t, C = (30, 90): 90 - 60 t; equal at t = 0.625. One place, two
    # tied for it: nobody is in. At t = 0.625 three are tied and still nobody; below it C is in.
    values = np.array([[60.0, 40], [60, 40], [30, 90]])
    weights = np.array([[0.8, 0.2]])
    rule = DesignationRule(max_packages=1)
    found = one(stability(values, weights, ALL, rule=rule), "weight", 0, 0)
    assert ends(found.designated) == (0.625, 1.0, True, True)
    assert found.designated.below == Change("order", entering=(2,))
    assert ends(found.leader) == (0.625, 1.0, False, True)


def test_a_tie_only_at_the_bound_leaves_that_end_open():
    # Equal on the first criterion, so the lead is lost in a tie at t = 1 and nowhere before.
    values = np.array([[70.0, 60], [70, 20]])
    leader = one(stability(values, ONE, ALL), "weight", 0, 0).leader
    assert ends(leader) == (0.0, 1.0, True, False)
    assert leader.above == Change("order", entering=(1,))


def test_named_includes_stay_and_do_not_compete():
    # C is in by name and takes no part; A has the other place until B passes it at 5/9.
    rule = DesignationRule(
        max_packages=2,
        included=np.array([False, False, True]),
    )
    found = one(stability(ABC, ONE, ALL, rule=rule), "weight", 0, 0).designated
    assert ends(found) == (pytest.approx(5 / 9, abs=1e-14), 1.0, False, True)
    assert found.below == Change("order", entering=(1,), leaving=(0,))


def test_a_set_that_differs_at_a_single_share_only():
    # Influence (0.5, 0.5); the first agency weighs the first criterion, the second the others,
    # t on the third; its floor is 50, and there is one place.
    #   P = (20, 100, 60): overall 10 + 0.5 (100 - 40 t) = 60 - 20 t, floor met up to t = 1
    #   Q = (50, 60, 40):  overall 25 + 0.5 (60 - 20 t) = 55 - 10 t, floor met up to t = 0.5
    # At t = 0.5 both have 50 and contest the place; beyond it Q misses its floor and P is in again.
    values = np.array([[20.0, 100, 60], [50, 60, 40]])
    weights = np.array([[1.0, 0, 0], [0, 0.8, 0.2]])
    rule = DesignationRule(min_agency=np.array([0.0, 50.0]), max_packages=1)
    rows = stability(values, weights, np.array([0.5, 0.5]), rule=rule)
    found = one(rows, "weight", 1, 2).designated
    assert ends(found) == (0.0, pytest.approx(0.5, abs=1e-14), True, False)
    assert found.above == Change("floor", leaving=(0,), floors=((1, 1),))


def test_no_places_and_no_limit():
    nobody = stability(ABC, ONE, ALL, rule=DesignationRule(max_packages=0))
    everyone = stability(ABC, ONE, ALL, rule=DesignationRule(max_packages=None))
    for found in (*nobody, *everyone):
        if found.kind != "influence":
            assert ends(found.designated) == (0.0, 1.0, True, True)


def test_a_single_package_never_changes():
    found = one(stability(ABC[:1], ONE, ALL), "weight", 0, 0)
    assert ends(found.leader) == ends(found.order) == (0.0, 1.0, True, True)


# --- wrong input -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": np.array([[0.6, 0.5]])}, "weights of agency 0 sums to 1.1"),
        ({"influence": np.array([0.9])}, "influence sums to 0.9"),
        ({"weights": np.array([[1.6, -0.6]])}, "no share"),
        ({"values": np.array([[np.nan, 1.0]])}, "package 0 on criterion 0"),
        ({"weights": np.ones((2, 2)) / 2}, "do not fit"),
        ({"influence": np.ones((1, 1))}, "expected values"),
        ({"top": 0}, "top is 0"),
        ({"own": np.array([[True, False]])}, "agency 0 weighs criterion 1"),
        ({"own": np.array([[1, 1]])}, "own must be bool"),
        ({"rule": DesignationRule(min_agency=np.zeros(3))}, "min_agency has shape"),
        ({"rule": DesignationRule(min_agency=np.array([np.nan]))}, "not finite"),
        ({"rule": DesignationRule(max_packages=-1)}, "max_packages is -1"),
        ({"rule": DesignationRule(min_overall=np.inf)}, "min_overall"),
        ({"rule": DesignationRule(eligible=np.array([True]))}, "eligible has shape"),
    ],
)
def test_wrong_input_says_what_is_wrong(change, message):
    call = {"values": ABC, "weights": ONE, "influence": ALL} | change
    with pytest.raises(ValueError, match=message):
        stability(**call)


def test_in_proportion():
    # 0.5 -> 0.2: the others scaled by 0.8 / 0.5 = 1.6.
    moved = in_proportion(np.array([0.5, 0.3, 0.2]), 0, 0.2)
    assert moved == pytest.approx([0.2, 0.48, 0.32])
    with pytest.raises(ValueError, match=r"within 0\.\.1"):
        in_proportion(np.array([0.5, 0.5]), 0, 1.2)
    with pytest.raises(ValueError, match="stands alone"):
        in_proportion(np.array([1.0]), 0, 0.5)
