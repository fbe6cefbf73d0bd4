"""Every limit of the financing files, in a case where it alone binds; the arithmetic in comments.

All limits of law stay in force; envelopes, budgets, goals and the program's own rules are ignored
unless they are what is tested. So each case also shows that a limit can be switched by a scenario.
"""

from __future__ import annotations

import json

import pytest
import yaml

from evaluator.allocation import certify
from evaluator.allocation.model.findings import ConditionUnknown
from evaluator.allocation.verify.findings import LimitBroken
from evaluator.model.financing import Limit
from evaluator.model.package import Exposure
from tests.allocation.law import (
    BASE,
    BN,
    DFC_LOAN,
    DFC_STUDY,
    EQUITY,
    EXIM_INSURANCE,
    FACTS,
    FACTS_OF_A_CROWD,
    GUARANTEE,
    GUARANTY,
    INSURANCE,
    LEVERAGE,
    LIMITS,
    LOAN,
    MADE_UP,
    STUDY,
    TECHNICAL,
    Case,
    M,
    allocated,
    alone,
    ask,
    binding,
    cited,
    deal,
    given,
    study_of,
)
from tests.allocation.small import package, tool
from tests.allocation.small import study as small_study
from tests.conftest import GUIDES


def crowd(tool: str, asked: int, expected: int, host: str = "KEN") -> Case:
    """The same by fifty members alike."""
    one = package("A", ask(tool, asked), hosts={host: 1.0}, members=FACTS_OF_A_CROWD, facts=FACTS)
    return Case((one,), {f"A {tool}": expected}, {f"A {tool}": asked})


Shares = dict[str, float]


def concentrated(members: list[Shares], hosts: list[Shares], most: int) -> Case:
    """A asks for 90 million, B and C for 30 each; only A meets the limit."""
    packages = tuple(
        package(name, ask(LOAN, asked * M), hosts=host, members=firms, facts=FACTS)
        for name, asked, host, firms in zip("ABC", (90, 30, 30), hosts, members, strict=True)
    )
    rest = {f"B {LOAN}": 30 * M, f"C {LOAN}": 30 * M}
    parents = {"S": "E"} if any("S" in firms for firms in members) else {}
    return Case(
        packages, {f"A {LOAN}": most, **rest}, {f"A {LOAN}": 90 * M, **rest}, entities=parents
    )


ONE_EACH: list[Shares] = [{"E": 1.0}, {"G": 1.0}, {"H": 1.0}]
THREE_BLOCS: list[Shares] = [{"KEN": 1.0}, {"POL": 1.0}, {"IND": 1.0}]
FIVE_COUNTRIES: list[Shares] = [{"KEN": 1.0}, {"POL": 0.5, "IND": 0.5}, {"BRA": 0.5, "SGP": 0.5}]
QUARTERS = dict.fromkeys("HIJK", 0.25)
HALF_OF_TWO = (
    package("A", ask(DFC_LOAN, 7_500 * M), hosts={"KEN": 1.0}, facts=FACTS,
            members={"E": 0.5, "F": 0.25, "G": 0.25}),
    package("B", ask(DFC_LOAN, 7_500 * M), hosts={"KEN": 1.0}, facts=FACTS,
            members={"H": 0.25, "I": 0.25, "S": 0.5}),
)  # fmt: skip
HALF_BARRED = package("A", ask(DFC_LOAN, 100 * M), hosts={"KEN": 0.5, "CHN": 0.5}, facts=FACTS)


def budget() -> Case:
    # grade 7 costs 0.09: 14 m / 0.09 = 155,555,555.55. B, of grade 1, earns 0.015 x 500 m = 7.5 m,
    # which funds nothing else
    a, b = deal("A", ask(LOAN, 200 * M), risk_grade=7), deal("B", ask(LOAN, 500 * M), risk_grade=1)
    rest = {f"B {LOAN}": 500 * M}
    return Case((a, b), {f"A {LOAN}": 155_555_555, **rest}, {f"A {LOAN}": 200 * M, **rest})


def goal(most: int, score: float, asked: int, tool: str = LOAN, **facts: object) -> Case:
    """A asks for 900 million and does not serve the goal, B serves it."""
    none = {"transformational_area": False, "direct_small_business_share": 0}
    a = deal("A", ask(tool, 900 * M), **none)
    b = deal("B", ask(tool, asked), **{**none, **facts})
    rest = {f"B {tool}": asked}
    scores = {"A": score, "B": 90.0}
    return Case((a, b), {f"A {tool}": most, **rest}, {f"A {tool}": 900 * M, **rest}, scores)


CASES: dict[str, Case] = {
    # 135 bn less 34.1 bn outstanding
    "exim.exposure": alone(LOAN, 150 * BN, 100_900 * M),
    "exim.freeze": Case(
        (deal("A", ask(LOAN, 100 * M)),),
        {},
        {f"A {LOAN}": 100 * M},
        parameters={"exim.default_rate": 0.02},
    ),
    # 85 % of 100 m from 51 % of content on, in transformational areas; else the content itself
    "exim.content_majority": alone(
        LOAN, 90 * M, 85 * M, contract_value_usd=100 * M, us_content_share=0.51
    ),
    "exim.content_general": alone(
        LOAN,
        90 * M,
        60 * M,
        transformational_area=False,
        contract_value_usd=100 * M,
        us_content_share=0.6,
    ),
    "exim.content_minority": alone(
        LOAN, 90 * M, 49 * M, contract_value_usd=100 * M, us_content_share=0.49
    ),
    "exim.medium_term": alone(GUARANTEE, 30 * M, 25 * M, exim_term="medium"),
    "exim.country_bar": alone(LOAN, 50 * M, 0, host="CUB"),
    "exim.defense_items": alone(LOAN, 50 * M, 0, defense_items=True),
    # 10 % of 3.2 bn
    "exim.dual_use_items": alone(LOAN, 400 * M, 320 * M, defense_items=True, dual_use_finding=True),
    # whether another bar stands was not looked up
    "exim.other_bars": alone(LOAN, 50 * M, 0, host="IRN"),
    # a million more for A gains 2 / 900 = 0.0022 and misses 0.2 m more at 0.02: 0.004.
    # 0.2 (a + 100) <= 100: a = 400
    "exim.transformational_goal": goal(400 * M, 2.0, 100 * M, transformational_area=True),
    # 1 / 900 = 0.0011 against 0.3 x 0.005 = 0.0015; 0.3 (a + 100) <= 0.6 x 100: a = 100
    "exim.small_business_goal": goal(100 * M, 1.0, 100 * M, direct_small_business_share=0.6),
    # 0.1 / 900 = 0.00011 against 0.05 x 0.005 = 0.00025; 0.05 (a + 10) <= 10: a = 190
    "exim.renewable_goal": goal(190 * M, 0.1, 10 * M, renewable_efficiency_storage=True),
    "exim.subsidy_budget": budget(),
    # 205 bn less 59,325,886,954 outstanding
    "dfc.contingent_liability": crowd(DFC_LOAN, 200 * BN, 145_674_113_046),
    # 2.5 % of 205 bn = 5.125 bn for E with its subsidiary S: 0.5 (a + b), so a + b = 10.25 bn
    "dfc.entity_share": Case(
        HALF_OF_TWO,
        {f"A {DFC_LOAN}": 7_500 * M, f"B {DFC_LOAN}": 2_750 * M},
        {f"A {DFC_LOAN}": 7_500 * M, f"B {DFC_LOAN}": 7_500 * M},
        scores={"A": 90.0, "B": 80.0},
        entities={"S": "E"},
    ),
    # 40 % of 100 m
    "dfc.equity_project": alone(EQUITY, 50 * M, 40 * M, equity_usd=100 * M),
    # x + 1,910,051,079 <= 0.35 (x + 59,325,886,954): x <= 18,854,009,354.9 / 0.65
    "dfc.equity_portfolio": crowd(EQUITY, 40 * BN, 29_006_168_238),
    # the parties bear 15 m: 20 % of 75 m
    "dfc.guaranty_risk": alone(GUARANTY, 90 * M, 75 * M, parties_at_risk_usd=15 * M),
    "dfc.guaranty_retention": alone(GUARANTY, 90 * M, 80 * M, guaranteed_loan_usd=100 * M),
    "dfc.insurance_retention": alone(INSURANCE, 95 * M, 90 * M, insured_investment_usd=100 * M),
    "dfc.high_income_project": alone(
        DFC_LOAN, 40 * M, 25 * M, host="POL", capital_cost_usd=100 * M
    ),
    # 10 % of 205 bn, less 3,007,531,375 outstanding
    "dfc.high_income_portfolio": crowd(DFC_LOAN, 20 * BN, 17_492_468_625, host="POL"),
    "dfc.wealthy_sectors": alone(DFC_LOAN, 40 * M, 0, host="ARE", sector="other"),
    # whether the government was found to do so is not known
    "dfc.found_governments": alone(DFC_LOAN, 40 * M, 0, government_entity=True),
    "dfc.concern_control": alone(DFC_LOAN, 40 * M, 0, soe_of_concern_control=True),
    # 75 % of 2 m
    "dfc.study_cost_share": alone(DFC_STUDY, 1_800_000, 1_500_000, study_cost_usd=2 * M),
    # 2 / 900 = 0.0022 against 0.25 x 0.02 = 0.005; 0.25 (a + 100) <= 100: a = 300
    # B, with 8 %, is one of two beside A; beside C as well it is one of three, half a project is
    # missed at 0.2 a project: 0.1 for the 0.05 that C gains
    "dfc.small_business_projects": Case(
        (
            deal("A", ask(DFC_LOAN, 20 * M), small_business_share=0.07),
            deal("B", ask(DFC_LOAN, 20 * M), small_business_share=0.08),
            deal("C", ask(DFC_LOAN, 20 * M), small_business_share=0.07),
        ),
        {f"A {DFC_LOAN}": 20 * M, f"B {DFC_LOAN}": 20 * M},
        {f"{name} {DFC_LOAN}": 20 * M for name in "ABC"},
        scores={"A": 0.09, "B": 50.0, "C": 0.05},
    ),
    "dfc.impact_quotient_goal": goal(300 * M, 2.0, 100 * M, tool=EQUITY, impact_quotient_top=True),
    # a country of concern is not eligible: half of the request is left, and the limit takes that
    "dfc.country_of_concern": Case((HALF_BARRED,), {}, {f"A {DFC_LOAN}": 50 * M}),
    # a dollar of equity costs a dollar
    "dfc.subsidy_budget": alone(EQUITY, 150 * M, 120 * M),
    "ustda.studies_only": alone(STUDY, 2_200_000, 2 * M, study_cost_usd=2 * M),
    # 75 % of 2 m
    "ustda.cost_share": alone(STUDY, 1_800_000, 1_500_000, study_cost_usd=2 * M),
    "ustda.grant_size": alone(STUDY, 6 * M, 5 * M),
    "ustda.grant_budget": alone(TECHNICAL, 20 * M, 18 * M),
    # three times 10 m, less 2 m outstanding; not counted are, of 6 m in low-income areas, 50 % of
    # 10 m, of 4 m for energy saving 33 %: 30 + 5 + 3.3 - 2 = 36.3 m, for both of one licensee
    "sba.leverage_ratio": Case(
        tuple(
            deal(
                name,
                ask(LEVERAGE, 30 * M),
                sbic_private_capital_usd=10 * M,
                sbic_outstanding_usd=2 * M,
                sbic_low_income_usd=6 * M,
                sbic_energy_usd=4 * M,
            )
            for name in "AB"
        ),
        {f"A {LEVERAGE}": 30 * M, f"B {LEVERAGE}": 6_300_000},
        {f"{name} {LEVERAGE}": 30 * M for name in "AB"},
        scores={"A": 90.0, "B": 80.0},
    ),
    # 175 m and 1 m that is not counted
    "sba.licensee": alone(LEVERAGE, 200 * M, 176 * M, sbic_low_income_usd=M),
    # 350 m for three licensees of one group: two in full, the third with what is left
    "sba.common_control": Case(
        tuple(deal(name, ask(LEVERAGE, 150 * M), sbic_licensee=name) for name in "ABC"),
        {f"A {LEVERAGE}": 150 * M, f"B {LEVERAGE}": 150 * M, f"C {LEVERAGE}": 50 * M},
        {f"{name} {LEVERAGE}": 150 * M for name in "ABC"},
        scores={"A": 90.0, "B": 80.0, "C": 70.0},
    ),
    # 250 m for those that certify low-income areas; C does not
    "sba.low_income_control": Case(
        tuple(
            deal(n, ask(LEVERAGE, asked), sbic_licensee=n, sbic_low_income_licensee=n != "C")
            for n, asked in (("A", 150 * M), ("B", 150 * M), ("C", 40 * M))
        ),
        {f"A {LEVERAGE}": 150 * M, f"B {LEVERAGE}": 100 * M, f"C {LEVERAGE}": 40 * M},
        {f"A {LEVERAGE}": 150 * M, f"B {LEVERAGE}": 150 * M, f"C {LEVERAGE}": 40 * M},
        scores={"A": 90.0, "B": 80.0, "C": 70.0},
    ),
    # both gain alike; the loan costs 0.005 a dollar and equity a whole one, so the loan comes first
    "program.stacking": Case(
        (
            deal(
                "A",
                ask(LOAN, 60 * M),
                ask(EQUITY, 60 * M),
                capital_cost_usd=100 * M,
                equity_usd=300 * M,
            ),
        ),
        {f"A {LOAN}": 60 * M, f"A {EQUITY}": 40 * M},
        {f"A {LOAN}": 60 * M, f"A {EQUITY}": 60 * M},
    ),
    "program.studies": alone(DFC_STUDY, 2_200_000, 2 * M, study_cost_usd=2 * M),
    "program.adversary_destinations": alone(DFC_LOAN, 50 * M, 0, host="MMR"),
    # a <= 0.4 (a + 60) = 40; 0.3: 25.714285..; 0.35: 32.307692..
    "program.bloc_concentration": concentrated(ONE_EACH, THREE_BLOCS, 40 * M),
    "program.country_concentration": concentrated(ONE_EACH, FIVE_COUNTRIES, 25_714_285),
    "program.anchor_concentration": concentrated(
        [{"S": 0.4, "E": 0.6}, {"G": 0.5, "E": 0.5}, {"H": 1.0}], THREE_BLOCS, 32_307_692
    ),
    # E with its subsidiary S has all of A and a tenth of B: a + 3 <= 0.25 (a + 60), a = 16
    "program.entity_concentration": concentrated(
        [{"S": 0.4, "E": 0.6}, {"L": 0.3, "N": 0.3, "O": 0.3, "E": 0.1}, QUARTERS],
        THREE_BLOCS,
        16 * M,
    ),
    # envelopes: the amounts of the round
    "exim.direct_loan.envelope": alone(LOAN, 7_000 * M, 6_500 * M),
    "exim.loan_guarantee.envelope": alone(GUARANTEE, 3_000 * M, 2_500 * M),
    "exim.insurance.envelope": alone(EXIM_INSURANCE, 30 * M, 20 * M),
    "dfc.equity.envelope": alone(EQUITY, 150 * M, 120 * M),
    "dfc.direct_loan.envelope": alone(DFC_LOAN, 2_000 * M, 1_400 * M),
    "dfc.insurance.envelope": alone(INSURANCE, 700 * M, 600 * M),
    "dfc.guarantee.envelope": alone(GUARANTY, 300 * M, 250 * M),
    "dfc.feasibility_study.envelope": alone(DFC_STUDY, 3 * M, 2 * M),
    "ustda.technical_assistance.envelope": alone(TECHNICAL, 12 * M, 9 * M),
    "ustda.feasibility_study.envelope": alone(STUDY, 15 * M, 12 * M),
    "sba.sbic_leverage.envelope": alone(LEVERAGE, 170 * M, 150 * M),
}


def test_every_limit_of_the_files_has_a_case() -> None:
    assert set(CASES) == {name for name, limit in LIMITS.items() if limit.kind != "notice"}


@pytest.mark.parametrize("name", CASES)
def test_the_limit_alone_binds_and_can_be_ignored(name: str) -> None:
    case = CASES[name]
    bound = study_of(
        case.packages, MADE_UP - {name}, parameters=case.parameters, entities=case.entities
    )
    found = allocated(bound, case.scores)
    assert given(found) == case.expected
    assert binding(found) == {name}
    free = study_of(
        case.packages, MADE_UP | {name}, parameters=case.parameters, entities=case.entities
    )
    freed = allocated(free, case.scores)
    assert given(freed) == case.freed
    # the certificate, worked out apart, finds the freed amounts over this limit and no other
    faults = certify(bound, freed.amounts, [p.id for p in case.packages])
    if LIMITS[name].kind == "law":
        assert {fault.limit for fault in faults if isinstance(fault, LimitBroken)} == {name}
        assert all(isinstance(fault, LimitBroken) for fault in faults)
    else:
        assert faults == ()


def test_the_freeze_waits_for_the_threshold() -> None:
    case = CASES["exim.freeze"]
    below = study_of(case.packages, MADE_UP, parameters={"exim.default_rate": 0.0199})
    assert given(allocated(below)) == case.freed
    unknown = allocated(study_of(case.packages, MADE_UP))  # the rate was not found
    assert given(unknown) == case.freed
    assert "exim.freeze" in {
        note.limit for note in unknown.notes if isinstance(note, ConditionUnknown)
    }


def test_an_unknown_us_content_counts_as_none() -> None:
    one = deal("A", ask(LOAN, 90 * M), us_content_share=None)
    assert given(allocated(study_of([one], MADE_UP))) == {}


def test_a_goal_that_costs_less_than_it_gains_is_missed_and_says_by_how_much() -> None:
    # at a score of 50 A gains 50 / 900 a million: 0.2 x 1000 - 100 = 100 m are missed
    case = goal(900 * M, 50.0, 100 * M, transformational_area=True)
    found = allocated(
        study_of(case.packages, MADE_UP - {"exim.transformational_goal"}), case.scores
    )
    assert given(found) == case.freed
    row = found.limits.set_index("limit").loc["exim.transformational_goal"]
    assert (row["missed"], row["slack"]) == (100 * M, -100 * M)
    assert found.objective == pytest.approx(50 + 90 - 0.02 * 100)


def test_exim_has_no_equity_tool() -> None:
    # 12 U.S.C. 635(a)(1): it may not buy stock with its funds
    exim = next(one for one in BASE.institutions if one.institution == "exim")
    assert {tool.id for tool in exim.tools} == {"direct_loan", "loan_guarantee", "insurance"}


def test_what_is_outstanding_to_a_group_of_entities_counts() -> None:
    # 5.125 bn less 4.775 bn of E and 0.25 bn of its subsidiary S: 100 m; EXIM's is another's
    case = study_of(
        [package("A", ask(DFC_LOAN, 400 * M), hosts={"KEN": 1.0}, facts=FACTS,
                 members={"E": 0.5, "G": 0.5})],
        MADE_UP,
        entities={"S": "E"},
    )  # fmt: skip
    owed = {"E": {"dfc": 4_775 * M, "exim": 900 * M}, "S": {"dfc": 250 * M}}
    entities = tuple(
        one.model_copy(
            update={
                "exposures": tuple(
                    Exposure(institution=lender, amount_usd=amount)
                    for lender, amount in owed.get(one.id, {}).items()
                )
            }
        )
        for one in case.entities
    )
    found = allocated(case.model_copy(update={"entities": entities}))
    assert given(found) == {f"A {DFC_LOAN}": 200 * M}
    row = found.limits.set_index(["limit", "group"]).loc[("dfc.entity_share", "E")]
    assert (row["bound"], row["used"], row["binding"]) == (5_125 * M, 5_125 * M, True)
    # the certificate counts them by itself
    (fault,) = certify(
        case.model_copy(update={"entities": entities}), allocated(case).amounts, ["A"]
    )
    assert fault == LimitBroken("dfc.entity_share", "E", "at_most", 200 * M, 100 * M, 100 * M)


def test_a_pool_of_cost_is_a_money_column_that_bounds_the_tools_that_may_pay_for_it() -> None:
    # the limits of the field guide: loans pay for layer A alone (40 m), grants for layers A and D
    # (60 m together), both are asked for 90 m: loans cost no subsidy, so they fill layer A and
    # grants the 20 m that are left
    one = package(
        "A",
        ask("bank.loan", 90 * M),
        ask("bank.grant", 90 * M),
        facts={"layer_a_usd": 40 * M, "layers_a_d_usd": 60 * M},
    )
    guide = (GUIDES / "scenarios.md").read_text().partition("**Pools of cost**")[2]
    shown = yaml.safe_load(guide.partition("```yaml")[2].partition("```")[0])["limits"]
    pools = [Limit.model_validate_json(json.dumps(entry)) for entry in shown]
    case = small_study([one], [tool("loan", 900 * M), tool("grant", 900 * M, 1.0)], pools)
    found = allocated(case)
    assert given(found) == {"A bank.loan": 40 * M, "A bank.grant": 20 * M}


@pytest.mark.parametrize("name", LIMITS)
def test_every_limit_is_cited(name: str) -> None:
    assert cited(LIMITS[name].citation), f"{name} says when its source was looked at"
