from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator import linear
from evaluator.errors import SolverError
from evaluator.linear import Optimum, minimise, sparse

INF = np.inf
Bounds = tuple[np.ndarray, np.ndarray]


def bounds(low: list[float], high: list[float]) -> Bounds:
    return np.array(low), np.array(high)


@pytest.fixture(params=["highs", "scipy"])
def solver(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "scipy":
        monkeypatch.setattr(linear, "highspy", None)
    return str(request.param)


@pytest.mark.usefixtures("solver")
def test_wyndor() -> None:
    # Hillier & Lieberman: max 3 x + 5 y, x <= 4, 2 y <= 12, 3 x + 2 y <= 18: 36 at (2, 6); y's
    # bound of 6 is worth 5 - 2 = 3 each, for another y takes 2/3 of an x
    found = minimise(
        np.array([-3.0, -5.0]),
        sparse(np.array([[3.0, 2.0]])),
        bounds([-INF], [18.0]),
        bounds([0.0, 0.0], [4.0, 6.0]),
    )
    assert found is not None
    np.testing.assert_allclose(found.x, [2.0, 6.0], atol=1e-9)
    np.testing.assert_allclose(found.reduced, [0.0, -3.0], atol=1e-9)


@pytest.mark.usefixtures("solver")
def test_equal_and_two_sided_rows() -> None:
    # x + y = 3 and 1 <= x - y <= 2: x least at y = 1, x = 2
    rows = sparse(np.array([[1.0, 1.0], [1.0, -1.0]]))
    found = minimise(
        np.array([1.0, 0.0]), rows, bounds([3.0, 1.0], [3.0, 2.0]), bounds([0, 0], [INF, INF])
    )
    assert found is not None
    np.testing.assert_allclose(found.x, [2.0, 1.0], atol=1e-9)


@pytest.mark.usefixtures("solver")
def test_no_solution() -> None:
    one = sparse(np.array([[1.0]]))
    assert minimise(np.array([1.0]), one, bounds([2.0], [INF]), bounds([0.0], [1.0])) is None


@pytest.mark.usefixtures("solver")
def test_no_least() -> None:
    one = sparse(np.array([[1.0]]))
    with pytest.raises(SolverError, match="was not solved"):
        minimise(np.array([-1.0]), one, bounds([2.0], [INF]), bounds([0.0], [INF]))


def test_a_row_of_zeros_stays_a_row() -> None:
    rows = sparse(np.array([[0.0, 0.0], [0.0, 5.0]]))
    assert rows.starts.tolist() == [0, 0, 1]
    assert rows.columns.tolist() == [1]
    assert rows.values.tolist() == [5.0]


def cost_of(found: Optimum | None, cost: np.ndarray) -> float:
    return INF if found is None else float(cost @ found.x)


@given(seed=st.integers(0, 2**32 - 1), rows=st.integers(1, 6), columns=st.integers(1, 6))
def test_both_find_the_same_and_reduced_costs_have_the_sign_of_their_bound(
    seed: int, rows: int, columns: int
) -> None:
    draw = np.random.default_rng(seed)
    matrix = draw.integers(-3, 4, (rows, columns)).astype(np.float64)
    cost = draw.integers(-5, 6, columns).astype(np.float64)
    low = draw.integers(-4, 3, rows).astype(np.float64)
    program = (
        cost,
        sparse(matrix),
        (low, low + draw.integers(0, 5, rows)),
        (np.zeros(columns), draw.integers(1, 5, columns).astype(np.float64)),
    )
    ours = minimise(*program)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linear, "highspy", None)
        theirs = minimise(*program)
    assert cost_of(ours, cost) == pytest.approx(cost_of(theirs, cost), abs=1e-7)
    for found in (ours, theirs):
        if found is not None:
            upper = program[3][1]
            assert (found.reduced[found.x < upper - 1e-6] >= -1e-7).all()
            assert (found.reduced[found.x > 1e-6] <= 1e-7).all()
