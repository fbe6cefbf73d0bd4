"""The decision in five lines, against the case computed by hand."""

from __future__ import annotations

from dataclasses import replace

from evaluator.allocation.explain.findings import LimitBinds, NoAllocation, OnlyTogether
from evaluator.report.formatting.names import names_of
from evaluator.report.viewmodel.decision.lines import decision
from evaluator.report.viewmodel.money.limits import limit_lines
from evaluator.report.viewmodel.packages.portfolio import ranked
from evaluator.results.evaluation import Evaluation


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
    assert "all 3 priority packages: 68 % of the $185.0 million" in text
    assert "get nothing" not in text
    assert "subsidy cost of $30.0 million" in text


def test_what_binds(hand: Evaluation) -> None:
    # Loans are used up (100 of 100), and so is the equity of P2 and P3's group (25 of 25), which
    # is no limit of the whole program. A further million of loans goes to P2: 86.472 / 80 = 1.08.
    figure, text = lines(hand)["What binds"]
    assert figure == "2 limits"
    assert "1 bounds the whole program." in text
    # Equity for P2 gains as much, but for the one group alone; the prices hold from 96 to 150 and
    # from 21 to 30 million.
    assert "objective points (score times the share of the ask that is met, summed)" in text
    assert (
        "Of face value: 1.08 under Bank: Envelope: Loan (bound $96.0 million to "
        "$150.0 million)." in text
    )
    assert "On a single group: 1.08 under Bank: Equity in one group of firms, Beta" in text
    assert "Of subsidy" not in text


def test_prices_of_subsidy_stand_apart_and_none_of_nothing_is_told(
    hand: Evaluation,
) -> None:
    limits = hand.allocation.limits.assign(binding=True, group="", shadow_price=[0, 2e-6, 1e-6])
    limits = limits.assign(measure=["face", "subsidy", "face"], price_low=[0, 10e6, 20e6])
    limits = limits.assign(price_high=[0, 30e6, 40e6])
    both = (OnlyTogether((("bank.equity.envelope", ""),), 3e-6),)
    limits["together"] = [both, (), ()]
    names = [line.name for line in limit_lines(hand)]
    binds = lines(replace(hand, allocation=replace(hand.allocation, limits=limits)))["What binds"]
    assert f"Of subsidy: 2 under {names[1].partition(', ')[0]} (bound" in binds[1]
    assert f"Of face value: 1 under {names[2].partition(', ')[0]} (bound" in binds[1]
    assert (
        f"{names[0].partition(', ')[0]}: only together with Bank: Envelope: Equity: 3 for "
        "$1 million of each." in binds[1]
    )


def test_priority_packages_without_support_are_named_with_what_holds_them(
    hand: Evaluation,
) -> None:
    # P3 is left without its 50 + 15 of 125; of the 185 asked, 65 were its own.
    before, first = hand.allocation, hand.ranking["title"]
    table = before.table.copy()
    own = table["package"] == "P3"
    table.loc[own, "allocated"] = 0
    table["reason"] = [
        (LimitBinds("bank.loan.envelope", "", own=False),) if mine else told
        for mine, told in zip(own, table["reason"], strict=True)
    ]
    amounts = before.amounts.copy()
    amounts.loc["P3"] = 0
    without = replace(before, amounts=amounts, table=table, supported=("P1", "P2"))
    text = lines(replace(hand, allocation=without))["What it buys"][1]
    assert "For 2 of 3 priority packages: 32 % of the $185.0 million that all 3 ask for" in text
    assert "50 % of the $120.0 million that these 2 ask for" in text
    envelope = names_of(hand).limit("bank.loan.envelope")
    assert f"1 priority package gets nothing: {first['P3']} (held by {envelope})." in text


def test_what_is_in(hand: Evaluation) -> None:
    # All three packages pass and reach 50.
    figure, text = lines(hand)["What is in"]
    assert figure == "3 of 3"
    assert hand.uncertainty is not None
    sure = int((hand.uncertainty.packages["designated_share"] >= 0.95).sum())
    assert f"{sure} of them are clear: priority in 95 % or more of the draws" in text
    # The largest error is that of the first place: shares 0 to 1 of 10,000 draws have 0.5 at most.
    errors = hand.uncertainty.packages[["designated_error", "first_error"]].to_numpy()
    most = f"{100 * errors.max():.2g}"
    assert f"(10,000 draws, standard error of a share {most} points at most)" in text
    assert "plausible" not in text
    assert "clear" not in lines(replace(hand, uncertainty=None))["What is in"][1]


def test_a_named_include_is_not_counted_as_clear(hand: Evaluation) -> None:
    assert hand.uncertainty is not None
    packages = hand.uncertainty.packages.assign(tier="clear")
    packages.loc["P1", "tier"] = "included"
    with_include = replace(hand, uncertainty=replace(hand.uncertainty, packages=packages))
    text = lines(with_include)["What is in"][1]
    assert "2 of them are clear" in text
    assert f"Included by name: {hand.ranking['title']['P1']}." in text


def test_of_named_includes_alone_nothing_is_said_by_the_draws(hand: Evaluation) -> None:
    assert hand.uncertainty is not None
    packages = hand.uncertainty.packages.assign(tier="included")
    with_include = replace(hand, uncertainty=replace(hand.uncertainty, packages=packages))
    text = lines(with_include)["What is in"][1]
    assert "clear" not in text
    assert "Included by name: " in text


def test_one_package_is_told_as_one(hand: Evaluation) -> None:
    # P3 alone: 50 + 15 of the 65 that it asks for.
    alone = hand.ranking.assign(designated=[p == "P3" for p in hand.ranking.index])
    rest = [p for p in hand.ranking.index if p != "P3"]
    amounts = hand.allocation.amounts.copy()
    amounts.loc[rest] = 0
    allocation = replace(hand.allocation, amounts=amounts, supported=("P3",))
    text = lines(replace(hand, ranking=alone, allocation=allocation))["What it buys"][1]
    assert "For the one priority package: 100 % of the $65.0 million that it asks for" in text


def test_without_an_allocation_no_limit_is_said_to_leave_room(hand: Evaluation) -> None:
    none = replace(
        hand.allocation,
        status="infeasible",
        limits=hand.allocation.limits.assign(binding=False, shadow_price=0.0),
        table=hand.allocation.table.assign(reason=[(NoAllocation(),)] * len(hand.allocation.table)),
    )
    figure, text = lines(replace(hand, allocation=none))["What binds"]
    assert figure == "–"
    assert text.startswith("There is no allocation")


def test_nothing_is_said_of_tiers_where_nothing_is_cut(hand: Evaluation) -> None:
    assert hand.uncertainty is not None
    packages = hand.uncertainty.packages.assign(tier="")
    uncut = replace(hand.uncertainty, packages=packages, clear=None)
    text = " ".join(" ".join(told) for told in lines(replace(hand, uncertainty=uncut)).values())
    assert "clear" not in text
    assert "draws" not in text


def test_what_is_open(hand: Evaluation) -> None:
    assert lines(hand)["What is open"] == (
        "0 packages",
        "Nothing is contested or unsettled.",
    )
    table = hand.ranking.assign(
        outcome=["unknown", "passed", "passed"],
        contested=[False, True, False],
        designated=[False, False, True],
        red_flags=[(), (), ("energy.power",)],
    )
    told = lines(replace(hand, ranking=table))
    figure, text = told["What is open"]
    first, second, third = table["title"]
    assert figure == "2 packages"
    assert f"Tied at the cut: {second}." in text
    assert f"A requirement is not settled: {first}." in text
    # It is in; that is not open.
    assert third not in text
    assert f"Priority in spite of a red flag: {third}." in told["What is in"][1]


def test_contested_packages_are_told_in_and_out(hand: Evaluation) -> None:
    assert hand.uncertainty is not None
    ranking = hand.ranking.assign(designated=[True, True, False])
    drawn = hand.uncertainty.packages.assign(tier="contested")
    weighed = replace(hand.uncertainty, packages=drawn)
    text = lines(replace(hand, ranking=ranking, uncertainty=weighed))["What is open"][1]
    first, second, third = ranking["title"]
    assert f"Contested, in or out by the draws, and now in: {first}; {second}." in text
    assert f"Contested and now out: {third}." in text


def test_what_it_rests_on(hand: Evaluation) -> None:
    # Everything in the case is illustrative; P3's reserve is missing.
    total = len(hand.provenance.sources)
    figure, text = lines(hand)["What it rests on"]
    assert figure == f"{total} of {total}"
    assert "1 performance missing, which scores 0 and is marked." in text


def test_a_limit_that_is_missed_is_named(hand: Evaluation) -> None:
    limits = hand.allocation.limits.assign(kind="goal", binding=True, missed=[2e6, 0.0, 0.0])
    text = lines(replace(hand, allocation=replace(hand.allocation, limits=limits)))["What binds"][1]
    assert "Goals missed: Bank: Envelope: Equity by $2.0 million." in text


def test_values_that_rest_on_one_rating_are_counted(hand: Evaluation) -> None:
    # P2's delivery has one rating, the other evaluator stood aside; one more is blanked here.
    text = lines(hand)["What it rests on"][1]
    assert "1 value rests on 1 rating." in text
    assert "not given" not in text
    table = hand.performances.copy()
    table.loc[table["criterion"] == "trade.delivery", "blank"] = [1, 0, 0]
    told = replace(hand, performances=table)
    assert "1 rating not given." in lines(told)["What it rests on"][1]
    assert [row.panels for row in ranked(told) if row.panels] == [
        "1 rating on 1 criterion",
        "1 rating not given",
    ]
