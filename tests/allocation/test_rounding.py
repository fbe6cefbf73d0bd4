"""Whole dollars: no limit broken, no dollar lost."""

from __future__ import annotations

import pytest

from evaluator.allocation import allocate
from evaluator.errors import SolverError
from tests.allocation.small import M, ask, limit, package, parameter, row_of, run, study, tool


def test_thirds_are_floored_and_the_last_dollar_is_given() -> None:
    # three of one score in one country each at 0.3333 of 100,000,000 dollars
    hosts = ["AAA", "BBB", "CCC"]
    case = study(
        [package(h, ask("bank.loan", 50 * M), hosts={h: 1.0}) for h in hosts],
        [tool("loan", 100 * M)],
        [limit("third", per="country", at_most={"share": 0.333_333_33, "of": "bank.cap"})],
        [parameter("cap", 100_000_001)],
    )
    found = run(case, AAA=50, BBB=50, CCC=50)
    # 0.33333333 x 100,000,001 = 33,333,333.33...
    assert found.amounts["bank.loan"].tolist() == [33_333_333] * 3


def test_a_share_that_needs_the_dollar_up() -> None:
    # b >= (a + b) / 3 with 100 dollars in all: b 33.33 is not enough whole at 33, so 66 and 34
    case = study(
        [
            package("A", ask("bank.loan", 100)),
            package("B", ask("bank.loan", 100), facts={"green": 1}),
        ],
        [tool("loan", 100)],
        [
            limit(
                "mix",
                packages={"green": True},
                at_least={"share": 0.333_333_333, "of": {"tools": ("bank.*",)}},
            )
        ],
    )
    found = run(case, A=90, B=10)
    assert found.amounts["bank.loan"].tolist() == [66, 34]


def test_a_share_of_many_floors_falls_by_more_than_a_few_dollars() -> None:
    # 20 x 199.998 are 20 x 199 whole; a <= (a + b) / 2 then falls from 3,999 to 3,980
    others = [f"B{number:02}" for number in range(20)]
    case = study(
        [
            package("A", ask("bank.loan", 9_000), facts={"green": 1}),
            *(package(other, ask("bank.loan", 300), facts={"green": 0}) for other in others),
        ],
        [tool("loan", 90_000)],
        [
            limit(
                "half",
                packages={"green": True},
                at_most={"share": 0.5, "of": {"tools": ("*",)}},
            ),
            limit(
                "each",
                packages={"green": False},
                per="package",
                at_most={"share": 0.999_99, "of": "bank.cap"},
            ),
        ],
        [parameter("cap", 200)],
    )
    found = run(case, A=90, **dict.fromkeys(others, 50))
    assert found.amounts["bank.loan"].tolist() == [3_980, *[199] * 20]


def test_minimum_support_is_met_to_the_dollar() -> None:
    # 0.35 of 9,999,999 is 3,499,999.65: 3,500,000 at least
    case = study(
        [package("A", ask("bank.loan", 9_999_999)), package("B", ask("bank.loan", 9_999_999))],
        [tool("loan", 13_499_999)],
        minimum_support=0.35,
    )
    found = run(case, A=90, B=80)
    assert found.amounts["bank.loan"].tolist() in ([9_999_999, 3_500_000], [9_999_999, 0])
    assert found.amounts["bank.loan"].sum() == 13_499_999


def test_subsidy_budgets_are_used_to_the_last_dollar_that_fits() -> None:
    # 0.0375 a dollar under 1,000,000: 26,666,666.67
    case = study(
        [package("A", ask("bank.loan", 50 * M))],
        [tool("loan", 90 * M, 0.0375)],
        [limit("budget", measure="subsidy", at_most=1 * M)],
    )
    found = run(case, A=50)
    assert found.amounts.loc["A", "bank.loan"] == 26_666_666
    assert row_of(found, "budget")["binding"]
    assert row_of(found, "budget")["slack"] == pytest.approx(0.025)
    assert found.subsidy_usd == 1 * M  # 999,999.975 rounded up


def test_limits_that_no_whole_dollar_keeps_are_told() -> None:
    # 0.3 a = 1: a = 3.33
    floor = limit("floor", weigh_by="small_share", at_least=1)
    roof = limit("roof", weigh_by="small_share", at_most=1)
    case = study(
        [package("A", ask("bank.loan", 10), facts={"small_share": 0.3})],
        [tool("loan", 10)],
        [floor, roof],
    )
    with pytest.raises(SolverError, match="no whole-dollar amounts near the optimum keep bank"):
        allocate(case, {"A": 50.0}, ["A"])
