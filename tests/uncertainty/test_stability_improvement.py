"""What it would take to get in: by hand, by trying it, and against the dual linear program."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from evaluator.decision.designation import DesignationRule, decide
from evaluator.uncertainty.stability import (
    smallest_improvements,
)

ABC = np.array([[80.0, 20], [40, 70], [50, 50]])  # 56, 52 and 50 points at (0.6, 0.4)
ONE = np.array([[0.6, 0.4]])
ALL = np.array([1.0])


def test_the_best_score_must_be_beaten_by_the_margin():
    found = smallest_improvements(ABC, ONE, ALL, rule=DesignationRule(max_packages=1), margin=0.01)
    assert [improvement.package for improvement in found] == [1, 2]
    # B lacks 56.01 - 52 = 4.01: 4.01 / 0.6 on the first criterion, 4.01 / 0.4 on the second.
    b = found[0]
    assert (b.outcome, b.criterion) == ("possible", 0)
    assert b.target == pytest.approx(56.01)
    assert b.needed == pytest.approx([40 + 4.01 / 0.6, 70 + 4.01 / 0.4])
    assert b.points == pytest.approx(4.01 / 0.6)
    assert b.values == pytest.approx([40 + 4.01 / 0.6, 70])


def test_one_criterion_may_not_be_enough():
    # Values (50, 50), weights (0.5, 0.5), target 80: 30 points missing, 60 on one criterion, of
    # which 50 are to be had; together 60 of 100.
    rule = DesignationRule(min_overall=80)
    (found,) = smallest_improvements(np.array([[50.0, 50]]), np.array([[0.5, 0.5]]), ALL, rule=rule)
    assert found.outcome == "possible"
    assert found.criterion is None
    assert np.isinf(found.needed).all()
    assert found.points == pytest.approx(60)


def test_the_heaviest_criterion_first_then_the_next():
    # Values (90, 50), weights (0.8, 0.2), 82 today; target 94: the first gives 8 for 10 points,
    # the other 4 cost 20 points on the second.
    rule = DesignationRule(min_overall=94)
    (found,) = smallest_improvements(np.array([[90.0, 50]]), np.array([[0.8, 0.2]]), ALL, rule=rule)
    assert found.points == pytest.approx(30)
    assert found.values == pytest.approx([100, 70])


def test_an_agency_floor_decides_where_the_points_go():
    # Two agencies, influence (0.9, 0.1), each with its own criterion; scores 60 and 40, overall
    # 58. The overall floor of 60 is 2 points away: 20 / 9 points on the first criterion. The
    # second agency's floor of 70 costs 30 points on the second, which lift the overall by 3.
    values = np.array([[60.0, 40]])
    rule = DesignationRule(min_overall=60, min_agency=np.array([0.0, 70.0]))
    (found,) = smallest_improvements(values, np.eye(2), np.array([0.9, 0.1]), rule=rule)
    assert found.points == pytest.approx(30)
    assert found.values == pytest.approx([60, 70])
    assert found.needed == pytest.approx([np.inf, 70])
    assert found.criterion == 1


def test_a_contested_package_needs_the_margin_only():
    twins = np.array([[60.0, 40], [60, 40]])  # 52 both
    found = smallest_improvements(twins, ONE, ALL, rule=DesignationRule(max_packages=1), margin=0.3)
    assert [f.package for f in found] == [0, 1]
    assert [f.points for f in found] == pytest.approx([0.5, 0.5])  # 0.3 / 0.6


def test_stated_outcomes():
    rule = DesignationRule(
        max_packages=1,
        eligible=np.array([True, True, False]),
        included=np.array([False, False, False]),
    )
    weights = np.array([[1.0, 0.0]])
    values = np.array([[100.0, 20], [40, 70], [50, 50]])
    found = smallest_improvements(values, weights, ALL, rule=rule)
    # 100 cannot be beaten by the margin; the last is not eligible.
    assert [f.outcome for f in found] == ["impossible", "ineligible"]
    for improvement in found:
        assert improvement.criterion is improvement.points is improvement.values is None
        assert np.isinf(improvement.needed).all()
    nobody = smallest_improvements(ABC, ONE, ALL, rule=DesignationRule(max_packages=0))
    assert [f.outcome for f in nobody] == ["impossible"] * 3
    assert all(np.isinf(f.target) for f in nobody)
    assert smallest_improvements(ABC, ONE, ALL, rule=DesignationRule()) == ()


def test_a_named_include_needs_nothing():
    rule = DesignationRule(min_overall=55, included=np.array([False, True, False]))
    assert [f.package for f in smallest_improvements(ABC, ONE, ALL, rule=rule)] == [2]


def random_study(rng: np.random.Generator):
    n, m, k = int(rng.integers(2, 9)), int(rng.integers(1, 9)), int(rng.integers(1, 4))
    values = (
        rng.uniform(0, 100, (n, m)) if rng.random() < 0.5 else 25.0 * rng.integers(0, 5, (n, m))
    )
    weights = rng.dirichlet(np.ones(m), k)
    if m > 1:
        weights[:, 0] = 0  # a criterion that nobody weighs
        weights /= weights.sum(axis=1, keepdims=True)
    rule = DesignationRule(
        min_overall=float(rng.uniform(20, 70)),
        min_agency=rng.uniform(0, 80, k),
        max_packages=int(rng.integers(1, 4)),
        eligible=rng.random(n) < 0.9,
    )
    return values, weights, rng.dirichlet(np.ones(k)), rule


def gets_in(values, weights, influence, rule, package, changed):
    tried = values.copy()
    tried[package] = changed
    agencies = weights @ tried.T
    return bool(decide(rule, influence @ agencies, agencies, influence @ agencies).members[package])


def dual_bound(values, pulls, target):
    """Greatest lower bound on the points, from the dual program: no primal solver involved."""
    lacking, room = target - pulls @ values, 100 - values
    solved = linprog(
        np.concatenate([-lacking, room]),
        A_ub=np.hstack([pulls.T, -np.eye(values.size)]),
        b_ub=np.ones(values.size),
    )
    assert solved.success
    return -solved.fun


def test_it_brings_the_package_in_and_less_does_not():
    rng = np.random.default_rng(21)
    outcomes = {"possible": 0, "impossible": 0, "ineligible": 0}
    for _ in range(200):
        values, weights, influence, rule = random_study(rng)
        study = values, weights, influence, rule
        for found in smallest_improvements(*study[:3], rule=rule, margin=0.01):
            outcomes[found.outcome] += 1
            p = found.package
            today = values[p]
            assert not gets_in(*study, p, today)
            if found.outcome != "possible":
                # A score just level with the margin may still slip through the margin itself.
                best = gets_in(*study, p, np.full_like(today, 100.0))
                assert not best or influence @ (weights @ np.full_like(today, 100)) < found.target
                continue
            assert gets_in(*study, p, found.values)
            assert (found.values >= today).all()
            assert found.values.max() <= 100
            assert (found.values - today).sum() == pytest.approx(found.points)
            pulls = np.vstack([influence @ weights, weights])
            target = np.concatenate([[found.target], rule.min_agency])
            assert found.points == pytest.approx(dual_bound(today, pulls, target), abs=1e-6)
            # The margin is met and not overshot: 1 % less misses the target or a floor.
            less = today + 0.99 * (found.values - today)
            assert (pulls @ less < target - 1e-12).any()
            for c in np.flatnonzero(np.isfinite(found.needed)):
                alone = today.copy()
                alone[c] = found.needed[c]
                assert gets_in(*study, p, alone)
                alone[c] = today[c] + 0.99 * (found.needed[c] - today[c])
                assert (pulls @ alone < target - 1e-12).any()
                assert found.points <= found.needed[c] - today[c] + 1e-9
            for c in np.flatnonzero(np.isinf(found.needed)):
                alone = today.copy()
                alone[c] = 100
                assert (pulls @ alone < target).any()
    assert min(outcomes.values()) > 20


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"margin": 0.0}, "margin is 0.0"),
        ({"margin": float("nan")}, "margin is nan"),
        ({"values": ABC + 50}, "a value is 130"),
        ({"influence": np.array([0.5])}, "influence sums to 0.5"),
    ],
)
def test_wrong_input_says_what_is_wrong(change, message):
    call = {"values": ABC, "weights": ONE, "influence": ALL, "rule": DesignationRule()} | change
    with pytest.raises(ValueError, match=message):
        smallest_improvements(**call)
