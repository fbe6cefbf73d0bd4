"""What is said of policies and reserves tried out on random arrivals."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.questions import simulate_policies, try_reserves
from evaluator.questions.rolling_review.arrivals import Arrivals
from evaluator.questions.rolling_review.reserves import SHARES
from evaluator.report.formatting.names import study_names
from evaluator.report.terminal.arrivals import as_data, as_text
from tests.questions.test_policies import PAIR, SCORES

NAMES = study_names(PAIR)


def lines(
    orders: int, *, commit_at: float | None = None, shares: Sequence[float] = SHARES
) -> list[str]:
    given = PAIR, SCORES, list(SCORES)
    trial = (
        try_reserves(*given, orders=orders, commit_at=commit_at, shares=shares)
        if commit_at is not None
        else None
    )
    return as_text(Arrivals(simulate_policies(*given, orders=orders), trial), NAMES).splitlines()


def test_who_is_ahead_and_by_how_much() -> None:
    # bid prices reach all of the clairvoyant's 75, first come 40 % of it wherever B comes first
    told = lines(40)
    (row,) = [line.split() for line in told if line.strip().startswith("bid price")]
    assert row[2:] == ["75.00", "100.0", "0.0", "100.0", "100.0", "100.0", "100.0"]
    assert any(line.startswith("Bid price is ahead of first come by ") for line in told)
    assert "In the order in which they did arrive: first come 40.0 %, bid price 100.0 %." in told


def test_one_order_shows_nobody_ahead() -> None:
    assert "No policy is ahead of the other by more than two standard errors." in lines(1)


def test_the_smallest_reserve_that_is_enough() -> None:
    # B asks for 100 or nothing: with any reserve it gets nothing early
    told = lines(40, commit_at=0.5)
    assert any("reaches 95 % on average is 10 %: allocation.reserve=0.1" in line for line in told)
    assert any("Committing once, at 50 % of the review" in line for line in told)


def test_no_reserve_is_enough() -> None:
    # without a reserve B, where it comes early and A late, takes all
    told = lines(40, commit_at=0.5, shares=())
    assert "No reserve tried reaches 95 % of the clairvoyant's objective on average." in told


def test_as_data_is_plain() -> None:
    found = as_data(Arrivals(simulate_policies(PAIR, SCORES, list(SCORES), orders=3), None), NAMES)
    assert found["reserves"] is None
    assert [row["policy"] for row in found["policies"]] == ["first come", "bid price"]
    assert len(found["orders"]) == 3


def test_rules_are_facts_and_words() -> None:
    given = PAIR, SCORES, list(SCORES)
    trial = try_reserves(*given, orders=3, commit_at=0.25, shares=())
    found = as_data(Arrivals(simulate_policies(*given, orders=3, chance=0.5), trial), NAMES)
    told = {one["code"]: one for one in found["rules"]}
    assert told["arrivals_drawn"]["arguments"] == {"packages": 2, "chance": 0.5}
    words = "each of 2 packages arrives with chance 0.5 at a uniform time"
    assert told["arrivals_drawn"]["words"] == words
    assert told["committed_once"]["arguments"] == {"at": 0.25}
    assert told["committed_once"]["words"].startswith("at 25 % of the review those who arrived")
