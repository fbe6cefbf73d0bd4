"""Value functions: anchors, midpoints, clamping, monotony."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.model.criterion import Anchors, Exponential, ValueFunction
from evaluator.scoring.values import curvature, evaluate, of_label, value_range


def linear(worst: float, best: float) -> ValueFunction:
    return ValueFunction(linear=Anchors(worst=worst, best=best))


def exponential(worst: float, best: float, midvalue: float) -> ValueFunction:
    return ValueFunction(exponential=Exponential(worst=worst, best=best, midvalue=midvalue))


def test_linear_by_hand() -> None:
    # 100 (15 - 10) / (30 - 10) = 25; outside the anchors: clamped and marked.
    found = evaluate(linear(10, 30), [10, 15, 30, 40, 0])
    assert found.values.tolist() == [0, 25, 100, 100, 0]
    assert found.clamped.tolist() == [False, False, False, True, True]


def test_lower_is_better_by_hand() -> None:
    # PUE 2.0 is worst, 1.0 best: 1.25 is worth 100 (1.25 - 2) / (1 - 2) = 75.
    assert evaluate(linear(2.0, 1.0), [1.25]).values.tolist() == [75]


def test_piecewise_by_hand() -> None:
    function = ValueFunction(piecewise=((0.0, 10.0), (0.51, 60.0), (1.0, 100.0)))
    # Halfway to 0.51: 10 + 50 / 2 = 35. Between 0.51 and 1: 60 + 40 (0.755 - 0.51) / 0.49 = 80.
    found = evaluate(function, [0, 0.255, 0.51, 0.755, 1, 1.1])
    assert found.values == pytest.approx([10, 35, 60, 80, 100, 100])
    assert found.clamped.tolist() == [False] * 5 + [True]


def test_exponential_by_hand() -> None:
    # Midvalue at 1/3 of the way: exp(-k / 3) is the inverse of the golden ratio (see the case
    # `hand`), so 2/3 of the way is worth 25 (1 + sqrt 5).
    found = evaluate(exponential(0, 30, 10), [0, 10, 20, 30])
    assert found.values == pytest.approx([0, 50, 25 * (1 + 5**0.5), 100], abs=1e-9)


def test_exponential_turns_linear_at_the_middle() -> None:
    assert evaluate(exponential(0, 10, 5), [2.5]).values.tolist() == [25]
    near = evaluate(exponential(0, 10, 5 + 1e-7), [2.5]).values[0]
    assert near == pytest.approx(25, abs=1e-4)


def test_levels() -> None:
    function = ValueFunction(levels={"good": 80.0, "poor": 0.0})
    assert of_label(function, "good") == 80
    with pytest.raises(KeyError):
        of_label(function, "great")
    with pytest.raises(ValueError, match="levels"):
        evaluate(function, [1.0])


def test_a_range_over_a_hump_has_its_peak_inside() -> None:
    hump = ValueFunction(piecewise=((0.0, 0.0), (5.0, 100.0), (10.0, 20.0)))
    assert value_range(hump, 2.5, 10) == (20, 100)
    assert value_range(hump, 2.5, 2.5) == (50, 50)


def test_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        evaluate(linear(0, 1), [float("nan")])


@given(st.floats(0.01, 0.99))
def test_the_midvalue_is_worth_50(share: float) -> None:
    function = exponential(0, 1, share)
    assert evaluate(function, [share]).values[0] == pytest.approx(50, abs=1e-9)


@given(st.floats(0.01, 0.99))
def test_curvature_is_odd_about_the_middle(share: float) -> None:
    assert curvature(share) == pytest.approx(-curvature(1 - share), rel=1e-6, abs=1e-9)


@given(
    st.floats(0.02, 0.98),
    st.floats(-1e6, 1e6),
    st.floats(1e-3, 1e6),
    st.booleans(),
)
def test_values_stay_in_range_and_ascend_towards_best(
    middle: float, start: float, width: float, falls: bool
) -> None:
    worst, best = (start + width, start) if falls else (start, start + width)
    function = exponential(worst, best, worst + middle * (best - worst))
    found = evaluate(function, np.linspace(worst, best, 50)).values
    assert ((found >= 0) & (found <= 100)).all()
    assert (np.diff(found) >= -1e-9).all()
