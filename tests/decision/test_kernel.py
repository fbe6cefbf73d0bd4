"""The designation kernel: cuts, ties, floors and includes."""

from __future__ import annotations

import numpy as np
import pytest

from evaluator.uncertainty.stability import DesignationRule, designated

SCORES = np.array([90.0, 80, 80, 70, 60])
NO_AGENCY = np.zeros((1, 5))


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


def test_an_include_that_competes_takes_a_place_and_one_that_does_not_takes_none():
    included = np.array([False, False, False, False, True])
    competes = DesignationRule(max_packages=1, included=included)
    assert np.flatnonzero(designated(competes, SCORES, NO_AGENCY)).tolist() == [0, 4]
    first = np.array([True, False, False, False, False])
    in_place = DesignationRule(max_packages=1, included=first)
    assert np.flatnonzero(designated(in_place, SCORES, NO_AGENCY)).tolist() == [0]
    apart = DesignationRule(max_packages=1, included=first, eligible=~first)
    tied = designated(apart, SCORES, NO_AGENCY)  # 80 and 80 tie for the one place
    assert np.flatnonzero(tied).tolist() == [0]


def test_a_batch_is_each_of_its_rows():
    rng = np.random.default_rng(1)
    overall, agencies = 25.0 * rng.integers(0, 5, (30, 5)), 25.0 * rng.integers(0, 5, (30, 2, 5))
    rule = DesignationRule(30, np.array([20.0, 30.0]), 2)
    batch = designated(rule, overall, agencies)
    for row, (o, a) in zip(batch, zip(overall, agencies, strict=True), strict=True):
        assert (row == designated(rule, o, a)).all()
