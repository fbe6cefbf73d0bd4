"""The designation kernel: cuts, ties, floors and includes."""

from __future__ import annotations

import numpy as np
import pytest

from evaluator.decision.designation import DesignationRule, decide

SCORES = np.array([90.0, 80, 80, 70, 60])
NO_AGENCY = np.zeros((1, 5))


def designated(rule, overall, agencies, order=None):
    return decide(rule, overall, agencies, overall if order is None else order).members


@pytest.mark.parametrize(
    ("places", "members"),
    [(0, []), (1, [0]), (2, [0]), (3, [0, 1, 2]), (4, [0, 1, 2, 3]), (9, [0, 1, 2, 3, 4])],
)
def test_a_tie_at_the_cut_is_contested_and_nobody_of_it_enters(places, members):
    found = designated(DesignationRule(max_packages=places), SCORES, NO_AGENCY)
    assert np.flatnonzero(found).tolist() == members


def test_nobody_below_a_contested_tie_slips_in():
    # Places 2: one is free, two tie for it; the package after them would fit and stays out.
    found = designated(DesignationRule(max_packages=2), SCORES, NO_AGENCY)
    assert not found[3:].any()


def test_rounding_does_not_break_a_tie():
    scores = np.array([0.1 + 0.2, 0.3, 0.0])
    assert scores[0] != scores[1]
    assert not designated(DesignationRule(max_packages=1), scores, np.zeros((1, 3))).any()


def test_who_misses_a_floor_leaves_the_place_to_others():
    agencies = np.array([[90.0, 10, 90, 90, 90]])
    rule = DesignationRule(min_agency=np.array([50.0]), min_overall=65, max_packages=3)
    found = designated(rule, SCORES, agencies)
    assert np.flatnonzero(found).tolist() == [0, 2, 3]


def test_an_include_takes_a_place_and_does_not_compete():
    last = np.array([False, False, False, False, True])
    rule = DesignationRule(max_packages=2, included=last)
    assert np.flatnonzero(designated(rule, SCORES, NO_AGENCY)).tolist() == [0, 4]
    # three places, one of them held: 80 and 80 tie for the second of the two that are left
    found = decide(DesignationRule(max_packages=3, included=last), SCORES, NO_AGENCY, SCORES)
    assert np.flatnonzero(found.members).tolist() == [0, 4]
    assert np.flatnonzero(found.contested).tolist() == [1, 2]
    # more includes than places: all of them are in, nobody else
    crowd = DesignationRule(max_packages=1, included=SCORES < 75)
    assert np.flatnonzero(designated(crowd, SCORES, NO_AGENCY)).tolist() == [3, 4]


def test_floors_are_on_the_weighted_sums_and_the_cut_is_by_the_order():
    # by the method the last is best; the first misses the floor on the weighted sum
    order = np.array([0.9, 0.2, 0.3, 0.4, 1.0])
    rule = DesignationRule(min_overall=65, max_packages=2)
    found = decide(rule, SCORES, NO_AGENCY, order, 1.0)
    assert found.competing.tolist() == [True, True, True, True, False]
    assert np.flatnonzero(found.members).tolist() == [0, 3]


def test_a_tie_reaches_the_cut_through_a_package_that_does_not_compete():
    # 50, 50 - 0.8e-8 and 50 - 1.6e-8 are tied as a chain, and the middle one misses a floor: the
    # ranking calls all three tied, and so does the cut
    scores = np.array([50.0, 50 - 0.8e-8, 50 - 1.6e-8])
    rule = DesignationRule(max_packages=1, eligible=np.array([True, False, True]))
    found = decide(rule, scores, np.zeros((1, 3)), scores)
    assert not found.members.any()
    assert found.contested.tolist() == [True, False, True]


def test_a_batch_is_each_of_its_rows():
    rng = np.random.default_rng(1)
    overall, agencies = 25.0 * rng.integers(0, 5, (30, 5)), 25.0 * rng.integers(0, 5, (30, 2, 5))
    rule = DesignationRule(30, np.array([20.0, 30.0]), 2)
    batch = designated(rule, overall, agencies)
    for row, (o, a) in zip(batch, zip(overall, agencies, strict=True), strict=True):
        assert (row == designated(rule, o, a)).all()
