"""Policies on random arrivals: by hand, bounded by hindsight, and over threads."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from evaluator.errors import UsageError
from evaluator.questions.rolling_review.findings import (
    ArrivalsDrawn,
    JudgedAtTheEnd,
    OrdersWithoutGain,
    SharesOfHindsight,
)
from evaluator.questions.rolling_review.policies import first_come, simulate_policies
from tests.allocation.small import M, ask, limit, package, random_study, scores_of, study, tool

DATED = {"arrived_on": "2026-06-01"}
PAIR = study(
    [
        package("A", ask("bank.loan", 120 * M), facts={"arrived_on": "2026-06-09"}),
        package("B", ask("bank.loan", 100 * M, all_or_nothing=True), facts=DATED),
    ],
    [tool("loan", 100 * M)],
)
SCORES = {"A": 90.0, "B": 30.0}


def test_the_price_of_waiting_by_hand() -> None:
    # All 100 to A bring 75, to B 30. Whoever comes first takes all of it: 1 or 0.4 of hindsight.
    # The price of a million is A's 0.75 until A has come: B, at 0.3, is refused.
    found = simulate_policies(PAIR, SCORES, ["A", "B"], orders=40)
    assert found.orders["clairvoyant"].to_numpy() == pytest.approx(np.full(40, 75.0))
    assert set(found.orders["first come"].round(9)) == {0.4, 1.0}
    assert found.orders["bid price"].to_numpy() == pytest.approx(np.ones(40))
    b_first = (found.orders["first come"] < 0.5).mean()
    mean = b_first * 0.4 + (1 - b_first)
    assert found.policies.loc["first come", "mean"] == pytest.approx(mean)
    assert found.recorded is not None
    assert found.recorded.to_dict() == pytest.approx({"first come": 0.4, "bid price": 1.0})


def test_who_may_not_come_weighs_less() -> None:
    # With A likely to stay away, the relaxation expects less than 100 of it late in the review,
    # and the price falls to nothing: B is served where it would have been refused.
    rare = simulate_policies(PAIR, SCORES, ["A", "B"], orders=60, chance=0.2)
    alone = rare.orders[rare.orders["clairvoyant"] == 30.0]
    assert len(alone) > 3
    assert (alone["bid price"] == 1.0).all()
    nobody = rare.orders[rare.orders["clairvoyant"] == 0.0]
    assert (nobody[["first come", "bid price"]] == 1.0).all(axis=None)
    drawn = (SharesOfHindsight(), JudgedAtTheEnd())
    assert rare.rules == (OrdersWithoutGain(len(nobody), 60), ArrivalsDrawn(2, 0.2), *drawn)
    certain = simulate_policies(PAIR, SCORES, ["A", "B"], orders=5)
    assert certain.rules == (ArrivalsDrawn(2, 1.0), *drawn)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_no_policy_beats_hindsight(seed: int) -> None:
    case = random_study(seed, size=7)
    scores = scores_of(case, seed)
    found = simulate_policies(case, scores, list(scores), orders=12, chance=0.8, seed=seed)
    shares = found.orders[["first come", "bid price"]].to_numpy()
    assert (shares <= 1 + 1e-5).all()
    assert (shares >= -1e-9).all()
    assert found.recorded is None
    np.testing.assert_allclose(found.policies["mean"], shares.mean(axis=0))


@pytest.mark.slow
def test_neither_threads_nor_the_number_of_orders_change_one() -> None:
    case = random_study(4, size=7)
    scores = scores_of(case, 4)
    one = simulate_policies(case, scores, list(scores), orders=12, workers=1)
    two = simulate_policies(case, scores, list(scores), orders=12, workers=3)
    pd.testing.assert_frame_equal(one.orders, two.orders, check_exact=True)
    fewer = simulate_policies(case, scores, list(scores), orders=7)
    pd.testing.assert_frame_equal(one.orders.head(7), fewer.orders, check_exact=True)
    other = simulate_policies(case, scores, list(scores), orders=12, seed=1)
    assert not one.orders.equals(other.orders)


def test_a_share_of_the_total_is_one_of_the_planned_total() -> None:
    # One anchor at most half of all. At the end 40 and 40; the first to come could have nothing if
    # the sum were that of the moment.
    case = study(
        [
            package("A", ask("bank.loan", 40 * M), members={"E0": 1.0}),
            package("B", ask("bank.loan", 40 * M), members={"E2": 1.0}),
        ],
        [tool("loan", 100 * M)],
        [limit("half", per="anchor", at_most={"share": 0.5, "of": {"tools": ("bank.*",)}})],
        entities={"E0": None, "E2": None},
    )
    found = simulate_policies(case, SCORES, ["A", "B"], orders=3)
    assert found.orders["first come"].to_numpy() == pytest.approx(np.ones(3))


def test_a_policy_of_ones_own() -> None:
    policies = {
        "generous": first_come,
        "nothing": lambda pool, state: np.zeros(pool.parts[state.package].cost.shape),
    }
    found = simulate_policies(PAIR, SCORES, ["A", "B"], orders=5, policies=policies)
    assert list(found.policies.index) == ["generous", "nothing"]
    assert (found.orders["nothing"] == 0).all()


def test_wrong_questions_are_refused() -> None:
    with pytest.raises(ValueError, match="0 orders"):
        simulate_policies(PAIR, SCORES, ["A", "B"], orders=0)
    with pytest.raises(ValueError, match="chance of 0"):
        simulate_policies(PAIR, SCORES, ["A", "B"], chance=0)
    with pytest.raises(UsageError, match="nothing to simulate"):
        simulate_policies(PAIR, SCORES, [])
