"""Minimums, groups, dependencies, must and must-not; and what the table says of each."""

from __future__ import annotations

import pytest

from evaluator.allocation import allocate
from evaluator.allocation.explain.findings import (
    AlternativeServed,
    CountsZero,
    GainsMoreElsewhere,
    HeldByOverride,
    LimitBinds,
    LimitShutsOut,
    MinimumSupport,
    RequiredUnserved,
    SupportedInstead,
)
from evaluator.allocation.model.build import compile_study
from evaluator.allocation.model.findings import MinimumAboveEligible, NotPassed
from evaluator.allocation.model.rules import MINIMUM_SUPPORT
from tests.allocation.small import M, ask, given, limit, package, reason, row_of, run, study, tool

LOAN = tool("loan", 1_000 * M)


def test_a_minimum_ticket_is_nothing_or_enough() -> None:
    # 100 in all. A takes 95; 5 are left, under the ticket of 10. B's 10 would cost A 5:
    # 10 x 10/30 = 3.3 points for 5 x 95/95 = 5
    case = study(
        [package("A", ask("bank.loan", 95 * M)), package("B", ask("bank.loan", 30 * M))],
        [tool("loan", 100 * M, minimum_ticket=10 * M)],
    )
    found = run(case, A=95, B=10)
    assert given(found) == {"A loan": 95}
    assert reason(found, "B", "loan") == (LimitShutsOut("bank.loan.envelope", "", 10 * M),)
    # what shuts a request out binds, though 5 are left
    envelope = row_of(found, "loan.envelope")
    assert (envelope["binding"], envelope["slack"]) == (True, 5 * M)
    # at 50/30 a million B is better than A, and takes all 30
    assert given(run(case, A=95, B=50)) == {"A loan": 70, "B loan": 30}


def test_a_requests_own_minimum_counts_where_it_is_larger() -> None:
    case = study(
        [package("A", ask("bank.loan", 95 * M, minimum_usd=40 * M))],
        [tool("loan", 39 * M, minimum_ticket=10 * M)],
    )
    assert given(run(case, A=95)) == {}


def test_a_minimum_above_the_eligible_amount_is_not_eligible() -> None:
    case = study(
        [package("A", ask("bank.loan", 9 * M))], [tool("loan", 90 * M, minimum_ticket=10 * M)]
    )
    found = run(case, A=95)
    assert reason(found, "A", "loan") == (MinimumAboveEligible(10 * M, 9 * M),)


def test_all_or_nothing() -> None:
    # 100 in all: A 70 whole and B 30, or B 60 and A nothing: 70 + 50 x 30/60 = 95 against 50
    case = study(
        [
            package("A", ask("bank.loan", 70 * M, all_or_nothing=True)),
            package("B", ask("bank.loan", 60 * M)),
        ],
        [tool("loan", 100 * M)],
    )
    assert given(run(case, A=70, B=50)) == {"A loan": 70, "B loan": 30}
    # A 20 against half of B's 90
    assert given(run(case, A=20, B=90)) == {"B loan": 60}


def test_of_alternatives_one_is_served_and_counts_as_the_whole_ask() -> None:
    requests = (
        ask("bank.loan", 40 * M, alternative_group="either"),
        ask("bank.grant", 10 * M, alternative_group="either"),
    )
    case = study([package("A", *requests)], [LOAN, tool("grant", 100 * M)])
    found = run(case, A=80)
    assert given(found) == {"A loan": 40}
    assert found.objective == pytest.approx(80)  # the greatest of the two is what A asks
    assert reason(found, "A", "grant") == (AlternativeServed("bank.loan"),)


def test_exclusive_groups_support_one_package() -> None:
    case = study(
        [package(n, ask("bank.loan", 40 * M), exclusive_group="site") for n in "AB"], [LOAN]
    )
    found = run(case, A=60, B=80)
    assert given(found) == {"B loan": 40}
    assert reason(found, "A", "loan") == (SupportedInstead("B", "site"),)


def test_a_package_waits_for_what_it_requires() -> None:
    # B needs A. Only 50 in all: A 30 first, then B 20; without A nothing for B
    packages = [
        package("A", ask("bank.loan", 30 * M, all_or_nothing=True)),
        package("B", ask("bank.loan", 50 * M), requires=("A",)),
    ]
    case = study(packages, [tool("loan", 50 * M)])
    assert given(run(case, A=10, B=90)) == {"A loan": 30, "B loan": 20}
    found = run(case, B=90)
    assert given(found) == {}
    assert reason(found, "B", "loan") == (RequiredUnserved("A"),)
    assert reason(found, "A", "loan") == (NotPassed(),)


def test_minimum_support_is_a_share_of_the_eligible_asks() -> None:
    # A asks 100 of loans and 40 of grants it is not eligible for: 60 % of 100 = 60 at least.
    # 50 of 100 would be left beside B: less than 60. B 50 + A 50 is no answer: A 60 and B 40 is
    # 90 x 60/140 + 30 x 40/50 = 62.6, A 100 is 64.3
    grant = tool("grant", 100 * M, eligible={"sector": "health"})
    case = study(
        [
            package("A", ask("bank.loan", 100 * M), ask("bank.grant", 40 * M)),
            package("B", ask("bank.loan", 50 * M)),
        ],
        [tool("loan", 100 * M), grant],
        minimum_support=0.6,
    )
    found = run(case, A=90, B=30)
    assert given(found) == {"A loan": 100}
    assert found.objective == pytest.approx(90 * 100 / 140)
    # at B 80 it is B 50 whole: 80 and nothing for A, or A 60 and B 40: 38.6 + 64 = 102.6
    assert given(run(case, A=90, B=80)) == {"A loan": 60, "B loan": 40}


@pytest.mark.parametrize(("share", "kind"), [(0.0, "link"), (0.5, "rule")])
def test_the_row_of_minimum_support_is_a_rule_where_one_is_stated(share: float, kind: str) -> None:
    """A link is in no conflict; a rule may be left out to end one, its token still holds."""
    asked = package("A", ask("bank.loan", 30 * M), ask("bank.grant", 10 * M), requires=("B",))
    other = package("B", ask("bank.loan", M), ask("bank.grant", M))
    case = study([asked, other], [LOAN, tool("grant", 1_000 * M)], minimum_support=share)
    (row,) = [
        row
        for row in compile_study(case, {"A": 50.0, "B": 50.0}, ["A", "B"]).program.rows
        if (row.name, row.group) == (MINIMUM_SUPPORT, "A")
    ]
    assert (row.kind, row.sense, row.bound) == (kind, "at_least", 0)
    assert row.aside is not None
    assert (row.aside < 0) == bool(share)


def test_a_package_left_out_by_minimum_support_says_so() -> None:
    # both fit alone; together 60 % of both is 120 of 100
    packages = [package(n, ask("bank.loan", 100 * M)) for n in "AB"]
    case = study(packages, [tool("loan", 100 * M)], minimum_support=0.6)
    found = run(case, A=90, B=80)
    assert given(found) == {"A loan": 100}
    assert reason(found, "B", "loan") == (GainsMoreElsewhere("bank.loan.envelope", ""),)


def test_minimum_support_alone_can_stand_in_the_way() -> None:
    # B may get 50 of 100 by its own limit, but 60 at least: nothing
    packages = [package("B", ask("bank.loan", 100 * M), facts={"cost_usd": 50 * M})]
    own = limit("cost", per="package", at_most={"share": 1.0, "of": "cost_usd"})
    found = run(study(packages, [LOAN], [own], minimum_support=0.6), B=80)
    assert given(found) == {}
    assert reason(found, "B", "loan") == (
        MinimumSupport(60 * M, 0.6),
        LimitShutsOut("bank.cost", "B", 60 * M),
    )
    assert row_of(found, "cost", "B")["binding"]


def test_must_and_must_not() -> None:
    packages = [package(n, ask("bank.loan", 60 * M)) for n in "ABC"]
    case = study(
        packages,
        [tool("loan", 100 * M)],
        must={"B": {"tool": "bank.loan", "at_least": 50 * M}},
        must_not={"A": {}},
    )
    found = run(case, A=90, B=10, C=80)
    assert given(found) == {"B loan": 50, "C loan": 50}
    signed = ("For this case.", "analyst", "2026-07-01")
    assert reason(found, "A", "loan") == (HeldByOverride("must_not", "A", *signed),)
    # B's 50 gain 10 / 60 a million, C's further 10 would gain 80 / 60
    assert reason(found, "C", "loan") == (
        LimitBinds("bank.loan.envelope", "", own=False),
        HeldByOverride("must", "B", *signed),
    )


def test_must_not_by_one_tool_leaves_the_others() -> None:
    a = package("A", ask("bank.loan", 60 * M), ask("bank.grant", 10 * M))
    case = study([a], [LOAN, tool("grant", 10 * M)], must_not={"A": {"tool": "bank.loan"}})
    assert given(run(case, A=50)) == {"A grant": 10}


def test_must_by_the_package_gets_its_minimum_support() -> None:
    packages = [package(n, ask("bank.loan", 100 * M)) for n in "AB"]
    case = study(packages, [tool("loan", 100 * M)], minimum_support=0.3, must={"B": {}})
    assert given(run(case, A=90, B=10)) == {"A loan": 70, "B loan": 30}


def test_a_score_of_nothing_gains_nothing() -> None:
    case = study([package("A", ask("bank.loan", 10 * M))], [tool("loan", 100 * M, 0.1)])
    found = run(case, A=0)
    assert given(found) == {}
    assert reason(found, "A", "loan") == (CountsZero(),)


def test_ties_go_to_the_least_subsidy() -> None:
    # loans and grants count alike; grants cost a dollar each, loans a cent. 50 of 60 in all.
    a = package("A", ask("bank.loan", 30 * M), ask("bank.grant", 30 * M))
    case = study(
        [a],
        [tool("loan", 90 * M, 0.01), tool("grant", 90 * M, 1.0)],
        [limit("all", at_most=50 * M)],
    )
    found = run(case, A=70)
    assert given(found) == {"A loan": 30, "A grant": 20}
    assert found.subsidy_usd == 20_300_000


def test_ties_between_packages_go_to_the_least_subsidy_too() -> None:
    # two all-or-nothing packages of one score, one place: the cheaper one
    packages = [
        package("A", ask("bank.loan", 50 * M, all_or_nothing=True), facts={"grade": 5}),
        package("B", ask("bank.loan", 50 * M, all_or_nothing=True), facts={"grade": 1}),
    ]
    case = study(packages, [tool("loan", 60 * M, {"1": 0.01, "5": 0.2})])
    assert given(run(case, A=70, B=70)) == {"B loan": 50}
    # a better score, by however little, is no tie
    assert given(run(case, A=70.01, B=70)) == {"A loan": 50}


def test_nothing_to_serve() -> None:
    case = study([package("A", ask("bank.loan", 10 * M))], [LOAN])
    found = run(case)
    assert (found.status, found.objective, found.bound, found.gap) == ("nothing", 0, 0, 0)
    assert found.table["reason"].tolist() == [(NotPassed(),)]
    assert found.amounts.shape == (1, 1)


@pytest.mark.parametrize(
    ("scores", "designated", "message"),
    [
        ({"A": 50}, ["B"], "the designated package 'B' is unknown"),
        ({}, ["A"], "the designated package 'A' has no score"),
        ({"A": float("nan")}, ["A"], "the score of 'A' is nan"),
    ],
)
def test_wrong_calls(scores: dict[str, float], designated: list[str], message: str) -> None:
    case = study([package("A", ask("bank.loan", 10 * M))], [LOAN])
    with pytest.raises(ValueError, match=message):
        allocate(case, scores, designated)


def test_tables_cover_the_whole_study() -> None:
    case = study(
        [package("B", ask("bank.loan", 10 * M)), package("A")], [tool("grant", 5 * M), LOAN]
    )
    found = run(case, B=50)
    assert found.amounts.index.tolist() == ["A", "B"]
    assert found.amounts.columns.tolist() == ["bank.grant", "bank.loan"]
    assert all(str(kind) == "int64" for kind in found.amounts.dtypes)
    assert found.supported == ("B",)
    assert found.limits["limit"].tolist() == ["bank.grant.envelope", "bank.loan.envelope"]
