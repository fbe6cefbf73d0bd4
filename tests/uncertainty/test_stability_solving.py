"""Intervals by solving again: thresholds that are known, and the exact interval of a leader."""

from __future__ import annotations

import numpy as np
import pytest

from evaluator.uncertainty.stability import in_proportion, stability, standing_by_solving


def test_ends_are_found_to_the_tolerance():
    found = standing_by_solving(lambda t: (t > 0.237, t > 0.711), 0.5, tolerance=1e-4)
    assert found.lower_differs is not None
    assert found.upper_differs is not None
    assert found.lower_differs <= 0.237 < found.lower
    assert found.upper <= 0.711 < found.upper_differs
    assert found.lower - found.lower_differs <= 1e-4
    assert found.upper_differs - found.upper <= 1e-4


def test_an_answer_that_never_changes_holds_to_the_bounds():
    asked = []
    found = standing_by_solving(lambda t: asked.append(t), 0.33, step=0.25, tolerance=0.01)
    assert (found.lower, found.upper) == (0.0, 1.0)
    assert found.lower_differs is found.upper_differs is None
    # 0.33; 0.08, 0; 0.58, 0.83, 1.
    assert asked == pytest.approx([0.33, 0.08, 0.0, 0.58, 0.83, 1.0])
    assert found.solves == 6


def test_today_at_a_bound():
    found = standing_by_solving(lambda t: t > 0.9, 1.0, tolerance=0.001)
    assert found.upper == 1.0
    assert found.upper_differs is None
    assert found.lower == pytest.approx(0.9, abs=0.001)


def test_a_spell_within_one_step_goes_unseen_as_stated():
    found = standing_by_solving(lambda t: 0.61 < t < 0.62, 0.5, step=0.1, tolerance=0.01)
    assert found.upper == 1.0


def test_agrees_with_the_exact_interval():
    rng = np.random.default_rng(5)
    for _ in range(20):
        values, weights = rng.uniform(0, 100, (6, 4)), rng.dirichlet(np.ones(4))
        (row,) = (
            r
            for r in stability(values, weights[None], np.ones(1))
            if r.kind == "effective weight" and r.criterion == 2
        )

        def leader(t, values=values, weights=weights):
            return int((values @ in_proportion(weights, 2, t)).argmax())

        found = standing_by_solving(leader, row.present, tolerance=1e-6)
        assert found.lower == pytest.approx(row.leader.lower, abs=1e-6)
        assert found.upper == pytest.approx(row.leader.upper, abs=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"present": 1.5}, "present share is 1.5"),
        ({"tolerance": 0.0}, "tolerance 0.0"),
        ({"tolerance": 0.2}, "at most the step 0.05"),
    ],
)
def test_wrong_input_says_what_is_wrong(change, message):
    call = {"answer": lambda t: t, "present": 0.5, "tolerance": 0.01} | change
    with pytest.raises(ValueError, match=message):
        standing_by_solving(**call)
