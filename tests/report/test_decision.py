"""The decision in five lines, against the case computed by hand."""

from __future__ import annotations

from dataclasses import replace

from evaluator.model.results import Evaluation
from evaluator.report.telling.decision import decision


def lines(evaluation: Evaluation) -> dict[str, tuple[str, str]]:
    return {line.head: (line.figure, line.text) for line in decision(evaluation)}


def test_five_lines(hand: Evaluation) -> None:
    assert list(lines(hand)) == [
        "What is in",
        "What is open",
        "What it buys",
        "What binds",
        "What it rests on",
    ]


def test_what_it_buys(hand: Evaluation) -> None:
    # P1 40, P2 10 + 10, P3 50 + 15: 125 of the 40 + 80 + 65 = 185 asked, 67.57 %; subsidy 30.
    figure, text = lines(hand)["What it buys"]
    assert figure == "$125.0 million"
    assert "3 packages: 68 % of the $185.0 million" in text
    assert "subsidy cost of $30.0 million" in text


def test_what_binds(hand: Evaluation) -> None:
    # Loans are used up (100 of 100), and so is the equity of P2 and P3's group (25 of 25), which
    # is no limit of the whole program. A further million of loans goes to P2: 86.472 / 80 = 1.08.
    figure, text = lines(hand)["What binds"]
    assert figure == "2 limits"
    assert "1 of them on the whole program" in text
    assert "BANK: Envelope: Loan (1.08 points)" in text


def test_what_is_in(hand: Evaluation) -> None:
    # All three packages pass and reach 50.
    figure, text = lines(hand)["What is in"]
    assert figure == "3 of 3"
    assert hand.uncertainty is not None
    sure = int((hand.uncertainty.packages["designated_share"] >= 0.95).sum())
    assert f"{sure} of them are in under every plausible weighting" in text
    assert f"95 % or more of {hand.uncertainty.draws:,} draws" in text
    assert "plausible" not in lines(replace(hand, uncertainty=None))["What is in"][1]


def test_what_is_open(hand: Evaluation) -> None:
    assert lines(hand)["What is open"] == (
        "0 packages",
        "Nothing is contested, unsettled or flagged.",
    )
    table = hand.ranking.assign(
        outcome=["unknown", "passed", "passed"],
        contested=[False, True, False],
        designated=[False, False, True],
        red_flags=["", "", "energy.power"],
    )
    figure, text = lines(replace(hand, ranking=table))["What is open"]
    first, second, third = table["title"]
    assert figure == "3 packages"
    assert f"Tied at the cut: {second}." in text
    assert f"A requirement is not settled: {first}." in text
    assert f"Priority in spite of a red flag: {third}." in text


def test_what_it_rests_on(hand: Evaluation) -> None:
    # Everything in the case is illustrative; P3's reserve is missing.
    total = len(hand.provenance.sources)
    figure, text = lines(hand)["What it rests on"]
    assert figure == f"{total} of {total}"
    assert "1 performance missing" in text


def test_a_limit_that_is_missed_is_named(hand: Evaluation) -> None:
    limits = hand.allocation.limits.assign(kind="goal", binding=True, missed=[2e6, 0.0, 0.0])
    text = lines(replace(hand, allocation=replace(hand.allocation, limits=limits)))["What binds"][1]
    assert "Goals missed: BANK: Envelope: Equity by $2.0 million." in text
