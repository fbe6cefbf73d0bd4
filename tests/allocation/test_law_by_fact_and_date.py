"""Which facts let a package in, and what holds on which day; each rule from both sides."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import pytest

from evaluator import evaluate, load_study
from evaluator.allocation import allocate
from evaluator.allocation.model.findings import Stated, TermTooLong
from evaluator.model.base import Known
from evaluator.model.study import Study
from tests.allocation.law import (
    BASE,
    BN,
    DFC_LOAN,
    EQUITY,
    FACTS,
    GUARANTEE,
    GUARANTY,
    INSURANCE,
    LEVERAGE,
    LOAN,
    MADE_UP,
    SHOWN,
    STUDY,
    TECHNICAL,
    M,
    allocated,
    allocated_or_nothing,
    ask,
    deal,
    given,
    study_of,
)
from tests.allocation.small import package
from tests.conftest import BASELINE


@pytest.mark.parametrize(
    ("tool", "host", "facts", "let_in"),
    [
        # 12 U.S.C. 635(b)(2): listed; listed and opened by a determination; not listed
        (LOAN, "PRK", {}, False),
        (LOAN, "CHN", {}, True),
        (LOAN, "VNM", {}, True),
        # 635(b)(6): barred; let in by a finding; a finding that is not known does not help
        (LOAN, "KEN", {"defense_items": True}, False),
        (LOAN, "KEN", {"defense_items": True, "dual_use_finding": True}, True),
        (LOAN, "KEN", {"defense_items": True, "dual_use_finding": None}, False),
        # 635(b)(4), (5), (11): no finding was found; not looked up
        (LOAN, "AGO", {}, True),
        (LOAN, "SYR", {}, False),
        # 22 U.S.C. 9612(e)(2), (f): among the 20 wealthiest; permitted sectors; high-income but not
        # wealthy; by one reading only; approved before the class changed
        (DFC_LOAN, "ARE", {"sector": "other"}, False),
        (DFC_LOAN, "ARE", {"sector": "critical_minerals"}, True),
        (DFC_LOAN, "EST", {"sector": "other"}, True),
        (DFC_LOAN, "SAU", {"sector": "other"}, False),
        (DFC_LOAN, "SAU", {"sector": "ict_infrastructure"}, True),
        (DFC_LOAN, "ARE", {"sector": "other", "dfc_approved_before": True}, True),
        # 9673(a): of a government, where no finding was looked up; private, in the same country
        (DFC_LOAN, "MMR", {"government_entity": True}, False),
        (DFC_LOAN, "MMR", {"government_entity": None}, False),
        (DFC_LOAN, "MMR", {"government_entity": False}, True),
        # 9671(j)(2)(B): controlled, not known, free
        (DFC_LOAN, "KEN", {"soe_of_concern_control": True}, False),
        (DFC_LOAN, "KEN", {"soe_of_concern_control": None}, False),
        (DFC_LOAN, "KEN", {"soe_of_concern_control": False}, True),
        # 15 U.S.C. 683(b)(2): the licensee, its capital, what it has outstanding are to be stated
        (LEVERAGE, "KEN", {"sbic_licensee": None}, False),
        (LEVERAGE, "KEN", {"sbic_private_capital_usd": None}, False),
        (LEVERAGE, "KEN", {"sbic_outstanding_usd": None}, False),
        (LEVERAGE, "KEN", {"sbic_group": None}, True),
        # 9623(b)(3)(B): a bank's loan is insured in full
        (INSURANCE, "KEN", {"insured_investment_usd": 20 * M}, False),
        (INSURANCE, "KEN", {"insured_investment_usd": 20 * M, "insured_bank_loan": True}, True),
    ],
)
def test_a_fact_lets_a_package_in(
    tool: str, host: str, facts: dict[str, Any], let_in: bool
) -> None:
    found = allocated_or_nothing(deal("A", ask(tool, 20 * M), host=host, **facts))
    assert (found == {f"A {tool}": 20 * M}) is let_in


@pytest.mark.parametrize("status", ["failed", "unknown"])
@pytest.mark.parametrize(
    ("tool", "other", "requirement"),
    [
        # 22 U.S.C. 9671(j)(2)(A), 9672; 12 U.S.C. 635(b)(1)(B), (f)
        (DFC_LOAN, LOAN, "dfc_fair_competition"),
        (DFC_LOAN, LOAN, "dfc_additional"),
        (LOAN, DFC_LOAN, "exim_repayment"),
        (LOAN, DFC_LOAN, "exim_no_fraud"),
        # 15 U.S.C. 683(d), (e)
        (LEVERAGE, LOAN, "sba_smaller_enterprises"),
        (LEVERAGE, LOAN, "sba_capital"),
    ],
)
def test_what_is_not_shown_costs_the_tools_that_it_binds(
    tool: str, other: str, requirement: str, status: Literal["failed", "unknown"]
) -> None:
    found = tuple(
        one.model_copy(update={"status": status}) if one.requirement == requirement else one
        for one in SHOWN
    )
    one = deal("A", ask(tool, 20 * M), ask(other, 20 * M))
    assert allocated_or_nothing(one) == {f"A {tool}": 20 * M, f"A {other}": 20 * M}
    one = one.model_copy(update={"findings": found})
    assert allocated_or_nothing(one) == {f"A {other}": 20 * M}


def test_a_government_that_was_looked_up_and_not_found_to_do_so_is_supported() -> None:
    one = deal("A", ask(DFC_LOAN, 20 * M), government_entity=True)
    case = study_of([one], MADE_UP)
    cleared = tuple(
        country.model_copy(
            update={"attributes": {**country.attributes, "finding_9673": Known(value=False)}}
        )
        for country in case.countries
    )
    assert given(allocated(case)) == {}
    assert given(allocated(case.model_copy(update={"countries": cleared}))) == {
        f"A {DFC_LOAN}": 20 * M
    }


def test_the_class_of_a_country_follows_from_income_per_head() -> None:
    # 22 U.S.C. 9601(1), (4), (5), worked out anew from the columns that are cited
    derived = 0
    for day, year, income in (
        (dt.date(2025, 10, 1), "2026", "2024"),
        (dt.date(2026, 10, 1), "2027", "2025"),
    ):
        start, high = (
            next(d.value for d in BASE.parameters[f"dfc.{name}"].values if d.from_ == day)
            for name in ("graduation_threshold", "high_income_threshold")
        )
        assert start is not None
        assert high is not None
        for country in BASE.countries:
            facts = {n: d.value for n, d in country.attributes.items() if isinstance(d, Known)}
            held, head = facts.get(f"dfc_class_fy{year}"), facts.get(f"gni_per_head_{income}")
            group = facts.get(f"income_group_fy{year}")
            if held == "country_of_concern" or country.id == "USA":
                continue
            if group == "HIC":
                expected: object = "high_income"
            elif head is None:
                assert group in ("LIC", "LMC"), country.id
                expected = "less_developed"
            elif float(head) <= start:
                expected = "less_developed"
            else:
                expected = "advancing" if float(head) <= high else None
            assert held == expected, (country.id, year)
            derived += 1
    assert derived > 200


@pytest.mark.parametrize(
    ("host", "day", "classed"),
    [
        ("COL", dt.date(2026, 7, 15), "less_developed"),  # 7,090 in 2024, up to 7,855
        ("COL", dt.date(2026, 10, 1), "less_developed"),  # 7,900 in 2025, up to 8,105
        ("PER", dt.date(2026, 9, 30), "less_developed"),  # 7,530
        ("PER", dt.date(2026, 10, 1), "advancing"),  # 8,430
        ("ARG", dt.date(2026, 9, 30), "advancing"),  # 13,530, up to 13,935
        ("ARG", dt.date(2026, 10, 1), None),  # 14,650, above 14,375 and yet not on the list
    ],
)
def test_the_class_is_that_of_the_fiscal_year(host: str, day: dt.date, classed: str | None) -> None:
    found = _on(day).country_by_id[host].attributes["dfc_class"]
    assert (found.value if isinstance(found, Known) else None) == classed
    supported = allocated_or_nothing(deal("A", ask(DFC_LOAN, 20 * M), host=host), as_of=day)
    assert bool(supported) is (classed is not None)


def _on(day: dt.date) -> Study:
    return BASE.model_copy(
        update={"scenario": BASE.scenario.model_copy(update={"as_of": day}), "applied": ()}
    )


@pytest.mark.parametrize(
    ("day", "most"),
    [
        (dt.date(2025, 12, 17), 3 * BN),  # 5 % of 60 bn
        (dt.date(2025, 12, 18), 5_125 * M),  # 2.5 % of 205 bn
    ],
)
def test_the_share_of_one_entity_changed_with_the_amendment(day: dt.date, most: int) -> None:
    one = package("A", ask(DFC_LOAN, 6 * BN), hosts={"KEN": 1.0}, members={"E": 1.0},
                  facts=FACTS)  # fmt: skip
    case = study_of([one], MADE_UP | {"dfc.contingent_liability"}, as_of=day)
    assert given(allocated(case)) == {f"A {DFC_LOAN}": most}


@pytest.mark.parametrize(
    ("day", "most"), [(dt.date(2025, 12, 17), 30 * M), (dt.date(2025, 12, 18), 40 * M)]
)
def test_the_share_of_equity_changed_with_the_amendment(day: dt.date, most: int) -> None:
    one = deal("A", ask(EQUITY, 50 * M), equity_usd=100 * M)
    assert given(allocated(study_of([one], MADE_UP, as_of=day))) == {f"A {EQUITY}": most}


@pytest.mark.parametrize(
    ("name", "day", "value"),
    [
        ("exim.exposure_cap", dt.date(2027, 9, 30), 135 * BN),
        ("exim.exposure_cap", dt.date(2027, 10, 1), None),
        ("exim.year_authority", dt.date(2026, 9, 30), 3_200 * M),
        ("exim.year_authority", dt.date(2026, 10, 1), None),
        ("dfc.contingent_liability_cap", dt.date(2025, 12, 17), 60 * BN),
        ("dfc.contingent_liability_cap", dt.date(2025, 12, 18), 205 * BN),
        ("dfc.notification_threshold", dt.date(2025, 12, 17), 10 * M),
        ("dfc.high_income_project_share", dt.date(2025, 12, 17), None),
    ],
)
def test_values_hold_from_and_to_their_days(name: str, day: dt.date, value: float | None) -> None:
    assert _on(day).parameter(name).value == value


@pytest.mark.parametrize(
    ("day", "most"),
    [
        (dt.date(2026, 12, 31), 85 * M),  # 85 % in the areas of the program
        (dt.date(2027, 1, 1), 60 * M),  # the program has expired: the content itself, 60 %
    ],
)
def test_the_transformational_program_ends_before_a_bank_that_lives_on(
    day: dt.date, most: int
) -> None:
    one = deal("A", ask(LOAN, 90 * M), contract_value_usd=100 * M, us_content_share=0.6)
    case = study_of([one], MADE_UP, as_of=day)
    living = tuple(
        institution.model_copy(update={"authority": None}) for institution in case.institutions
    )
    found = allocated(case.model_copy(update={"institutions": living}))
    assert given(found) == {f"A {LOAN}": most}
    assert BASE.limits["exim.transformational_goal"].holds_on(day) is (most == 85 * M)


@pytest.mark.parametrize(
    ("tool", "day", "given_then"),
    [
        (LOAN, dt.date(2026, 12, 31), True),
        (LOAN, dt.date(2027, 1, 1), False),
        (EQUITY, dt.date(2031, 12, 31), True),
        (EQUITY, dt.date(2032, 1, 1), False),
        (LEVERAGE, dt.date(2032, 1, 1), True),
    ],
)
def test_authorities_lapse(tool: str, day: dt.date, given_then: bool) -> None:
    found = allocated_or_nothing(deal("A", ask(tool, 20 * M)), as_of=day)
    assert bool(found) is given_then


@pytest.mark.parametrize(
    ("tool", "host", "eligible"),
    [
        (TECHNICAL, "KEN", True),  # lower-middle income
        (STUDY, "BRA", True),  # upper-middle income
        (STUDY, "ETH", True),  # not classified by the World Bank, but its income per head is low
        (STUDY, "POL", False),  # high income
        (DFC_LOAN, "KEN", True),  # less developed
        (GUARANTY, "BRA", True),  # advancing
        (EQUITY, "POL", True),  # high income, within its limits
        (INSURANCE, "CHN", False),  # country of concern
        (DFC_LOAN, "MMR", True),  # 22 U.S.C. 9673 bars governments, not countries
    ],
)
def test_countries_are_eligible_by_their_class(tool: str, host: str, eligible: bool) -> None:
    found = allocated_or_nothing(deal("A", ask(tool, 20 * M), host=host))
    assert found == ({f"A {tool}": 20 * M} if eligible else {})


@pytest.mark.parametrize(
    ("tool", "years", "eligible"),
    [(LOAN, 15, True), (LOAN, 15.5, False), (DFC_LOAN, 25, True), (GUARANTY, 26, False)],
)
def test_terms_are_bounded(tool: str, years: float, eligible: bool) -> None:
    found = allocated_or_nothing(deal("A", ask(tool, 20 * M, tenor_years=years)))
    assert bool(found) is eligible


@pytest.mark.parametrize(
    ("climate", "years", "why"),
    [
        (True, 22, None),
        (True, 22.5, TermTooLong(22.5, 22, (Stated("climate_eligible", "A", True),))),
        (False, 22, TermTooLong(22, 15, (Stated("climate_eligible", "A", False),))),
        # what is not known takes the shorter term
        (
            None,
            22,
            TermTooLong(22, 15, (Stated("climate_eligible", "A", None, "empty cell"),)),
        ),
        (None, 15, None),
    ],
)
@pytest.mark.parametrize("tool", [LOAN, GUARANTEE])
def test_the_longest_term_of_exim_hangs_on_the_climate(
    climate: bool | None, years: float, why: TermTooLong | None, tool: str
) -> None:
    one = deal("A", ask(tool, 20 * M, tenor_years=years), climate_eligible=climate)
    assert bool(allocated_or_nothing(one)) is (why is None)
    (row,) = allocate(study_of([one], MADE_UP), {"A": 50.0}, ["A"]).table.to_dict("records")
    assert why is None or row["reason"] == (why,)


@pytest.mark.parametrize(
    ("name", "loans", "total"),
    [
        # 3.2 bn of direct loans were apportioned, 6.5 bn is the made-up envelope
        ("apportioned", 3_200 * M, None),
        ("continuing-resolution", 3_200 * M, None),
        ("no-appropriation", 0, 0),
    ],
)
def test_what_was_apportioned_binds_where_a_scenario_says_so(
    name: str, loans: int, total: int | None
) -> None:
    found = evaluate(load_study(BASELINE.with_name(f"{name}.yaml")), only="allocation").allocation
    assert found.certificate == ()
    assert found.amounts[LOAN].sum() == loans
    assert total is None or found.amounts.to_numpy().sum() == total
