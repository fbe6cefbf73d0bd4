"""The one tolerance: neighbours within 1e-10 of the span are linked, in one order or a batch."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from evaluator.decision.ties import competition_ranks, levelled, meets, tied

STEP = 1e-8
"""Of 100 points, 1e-10."""


def ranks(*scores: float, span: float = 100.0) -> list[int]:
    found: list[int] = competition_ranks(np.array(scores, dtype=np.float64), span).tolist()
    return found


def test_competition_ranks_by_hand() -> None:
    assert ranks(70, 90, 80, 80, 60) == [4, 1, 2, 2, 5]


def test_nobody_to_rank_is_no_fault() -> None:
    assert levelled(np.empty(0)).shape == competition_ranks(np.empty(0)).shape == (0,)
    assert levelled(np.empty((3, 0))).shape == (3, 0)


def test_rounding_does_not_break_a_tie() -> None:
    assert ranks(0.1 + 0.2, 0.3, 0.2) == [1, 1, 3]
    assert ranks(50, 50 + 8e-10) == [1, 1]


def test_a_tie_is_within_the_tolerance_of_the_span() -> None:
    assert ranks(50, 50 - 0.99 * STEP) == [1, 1]
    assert ranks(50, 50 - 1.01 * STEP) == [1, 2]
    assert ranks(0.5, 0.5 - 1e-9) == [1, 1]
    assert ranks(0.5, 0.5 - 1e-9, span=1.0) == [1, 2]


def test_ties_are_transitive() -> None:
    chain = [50 - 0.9 * STEP * i for i in range(5)]
    assert ranks(*chain, 50 - 6 * STEP) == [1, 1, 1, 1, 1, 6]
    assert set(levelled(np.array(chain)).tolist()) == {50.0}


def test_a_floor_is_met_up_to_the_tolerance() -> None:
    assert meets(np.array([50.0, 50 - 0.9 * STEP, 50 - 1.1 * STEP]), 50).tolist() == [1, 1, 0]


def test_two_numbers_are_tied_from_both_sides() -> None:
    assert tied(np.array([1.0, 1 + 0.9 * STEP, 1 - 0.9 * STEP, 1.1]), 1.0).tolist() == [1, 1, 1, 0]


def plain(scores: list[float], span: float) -> list[int]:
    """Ranks by walking down the order, one by one."""
    order = sorted(range(len(scores)), key=lambda p: -scores[p])
    found = [0] * len(scores)
    for place, package in enumerate(order):
        before = order[place - 1]
        linked = place and scores[before] - scores[package] <= 1e-10 * span
        found[package] = found[before] if linked else place + 1
    return found


@settings(max_examples=200, deadline=None)
@given(
    arrays(np.int64, st.tuples(st.integers(1, 5), st.integers(1, 7)), elements=st.integers(-9, 9)),
    st.sampled_from([1.0, 2.0, 100.0]),
    st.sampled_from([0.0, 0.3, 55.5]),
    st.sampled_from([0.4, 0.9, 1.0, 1.1, 1e6]),
)
def test_a_batch_is_each_of_its_rows_and_each_is_the_plain_rule(
    steps: np.ndarray, span: float, base: float, unit: float
) -> None:
    scores = base + steps * unit * 1e-10 * span
    assert competition_ranks(scores, span).tolist() == [plain(r, span) for r in scores.tolist()]
    cube = np.stack([scores, scores[::-1]])
    assert (levelled(cube, span)[1] == levelled(scores[::-1], span)).all()


@pytest.mark.parametrize("shape", [(1,), (3, 1), (2, 3, 1)])
def test_one_package_alone_is_first(shape: tuple[int, ...]) -> None:
    assert (competition_ranks(np.zeros(shape)) == 1).all()
