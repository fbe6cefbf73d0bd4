"""Which requests can be served, and up to what amount."""

from __future__ import annotations

import datetime as dt

import pytest

from evaluator.allocation import certify
from evaluator.allocation.explain.findings import InFull, LimitBinds
from evaluator.allocation.model.findings import (
    AuthorityLapsed,
    Ineligible,
    NoAppropriation,
    NotShown,
    PartEligible,
    Stated,
)
from evaluator.allocation.verify.findings import LimitBroken, OverEligible
from evaluator.errors import InvalidStudyError
from evaluator.model.base import Override
from evaluator.model.financing import Appropriation
from evaluator.model.requirement import AttributeCheck, Check, Requirement
from evaluator.scoring.findings import AttributeBelow
from evaluator.scoring.gates import gates, outcomes
from tests.allocation.small import (
    DAY,
    WHY,
    M,
    ask,
    given,
    package,
    parameter,
    reason,
    run,
    study,
    tool,
)
from tests.studies import CITED

LOAN = tool("loan", 1_000 * M)


def test_a_lapsed_authority_switches_its_tools_off() -> None:
    case = study([package("A", ask("bank.loan", 50 * M))], [LOAN], lapses=dt.date(2026, 6, 30))
    found = run(case, A=50)
    assert found.status == "nothing"
    assert reason(found, "A", "loan") == (AuthorityLapsed("bank", "2026-06-30"),)
    assert found.notes == (AuthorityLapsed("bank", "2026-06-30"),)
    last_day = study([package("A", ask("bank.loan", 50 * M))], [LOAN], lapses=dt.date(2026, 7, 1))
    assert given(run(last_day, A=50)) == {"A loan": 50}


@pytest.mark.parametrize(
    ("state", "since", "rate", "expected"),
    [
        ("none", DAY, None, 0),
        ("none", DAY + dt.timedelta(days=1), None, 50 * M),
        # a third, as it is written, of 100,000,001: 33,300,000.333, whole dollars down
        ("continuing", DAY, 0.333, 33_300_000),
        ("continuing", DAY + dt.timedelta(days=1), 0.333, 50 * M),
        ("continuing", DAY, 0.6, 50 * M),
        ("appropriated", DAY, None, 50 * M),
    ],
)
def test_a_state_of_appropriation(
    state: str, since: dt.date, rate: float | None, expected: int
) -> None:
    loan = LOAN.model_copy(update={"last_year": 100_000_001})
    case = study([package("A", ask("bank.loan", 50 * M))], [loan])
    (bank,) = case.institutions
    dated = Appropriation.model_validate(
        {"from": since, "state": state, "rate": rate, "citation": CITED}
    )
    appropriated = bank.model_copy(update={"appropriations": (dated,)})
    case = case.model_copy(update={"institutions": (appropriated,)})
    found = run(case, A=50)
    assert found.amounts["bank.loan"].tolist() == [expected]
    free = run(study([package("A", ask("bank.loan", 50 * M))], [loan]), A=50)
    over = certify(case, free.amounts, ["A"])
    if state == "none" and not expected:
        assert reason(found, "A", "loan") == (NoAppropriation("bank", since.isoformat()),)
        assert [type(one) for one in over] == [OverEligible]
    elif expected < 50 * M:
        assert reason(found, "A", "loan") == (LimitBinds("bank.loan.appropriation", "", True),)
        assert [one.limit for one in over if isinstance(one, LimitBroken)] == [
            "bank.loan.appropriation"
        ]
        ignoring = case.with_allocation(ignore={"bank.loan.appropriation": Override(**WHY)})
        assert run(ignoring, A=50).amounts["bank.loan"].tolist() == [50 * M]
    else:
        assert over == ()


def test_eligibility_cuts_a_request_to_its_eligible_hosts() -> None:
    # 60 % of 10,000,001 is 6,000,000.6: whole dollars down
    low = tool("loan", 100 * M, eligible={"host.class": "low"})
    a = package("A", ask("bank.loan", 10_000_001), hosts={"AAA": 0.6, "BBB": 0.4})
    b = package("B", ask("bank.loan", 10 * M), hosts={"BBB": 1.0})
    c = package("C", ask("bank.loan", 10 * M), hosts={"DDD": 1.0})
    e = package("E", ask("bank.loan", 10 * M))
    found = run(study([a, b, c, e], [low]), A=50, B=50, C=50, E=50)
    assert found.amounts["bank.loan"].to_dict() == {"A": 6_000_000, "B": 0, "C": 0, "E": 0}
    assert found.table["eligible"].tolist() == [6_000_000, 0, 0, 0]
    lacks = (Stated("host.class", "BBB", "high"),)
    assert PartEligible(0.6, lacks) in reason(found, "A", "loan")
    assert reason(found, "E", "loan") == (Ineligible((Stated("host.", "E"),)),)
    assert reason(found, "B", "loan") == (Ineligible(lacks),)
    assert reason(found, "C", "loan") == (
        Ineligible((Stated("host.class", "DDD", None, "not found"),)),
    )


def test_a_requirement_of_a_tool_takes_out_that_tool_alone() -> None:
    grown = Check(attribute=AttributeCheck(id="content_share", at_least=0.51))
    rule = Requirement(
        id="grown", label="Grown here", check=grown, binds=("bank.loan",), citation=CITED
    )
    both = (ask("bank.loan", 50 * M), ask("bank.grant", 50 * M))
    case = study(
        [
            package("A", *both, facts={"content_share": 0.51}),
            package("B", *both, facts={"content_share": 0.5}),
            package("C", *both, facts={"content_share": None}),
            package("D", both[1], facts={"content_share": 0.5}),
        ],
        [LOAN, tool("grant", 1_000 * M)],
    ).model_copy(update={"requirements": (rule,)})
    found = run(case, A=50, B=50, C=50, D=50)
    assert given(found) == {
        "A loan": 50, "A grant": 50, "B grant": 50, "C grant": 50, "D grant": 50,
    }  # fmt: skip
    assert reason(found, "B", "loan") == (
        NotShown("grown", "failed"),
        AttributeBelow("content_share", 0.5, 0.51),
    )
    assert reason(found, "C", "loan")[0] == NotShown("grown", "unknown")
    # D asks for none of the tools that it binds: it is not asked; no package is out
    table = gates(case)
    assert table["package"].tolist() == ["A", "B", "C"]
    assert table["tools"].tolist() == [("bank.loan",)] * 3
    assert set(outcomes(case, table)) == {"passed"}
    # the certificate finds what is given against it
    amounts = found.amounts.assign(**{"bank.loan": 50 * M})
    over = [one for one in certify(case, amounts, "ABCD") if isinstance(one, OverEligible)]
    assert {(one.package, one.tool) for one in over} == {("B", "bank.loan"), ("C", "bank.loan")}


@pytest.mark.parametrize(
    ("conditions", "facts", "why"),
    [
        ({"green": True}, {"green": "yes"}, ()),
        ({"green": "yes"}, {"green": 1}, ()),
        ({"green": 1}, {"green": False}, (Stated("green", "A", False),)),
        ({"sector": ("energy", "health")}, {"sector": "health"}, ()),
        ({"sector": ("energy", "health")}, {"sector": "other"}, (Stated("sector", "A", "other"),)),
        ({"content_share": {"at_least": 0.51}}, {"content_share": 0.51}, ()),
        (
            {"content_share": {"above": 0.51}},
            {"content_share": 0.51},
            (Stated("content_share", "A", 0.51),),
        ),
        (
            {"content_share": {"below": 0.51}},
            {"content_share": None},
            (Stated("content_share", "A", None, "empty cell"),),
        ),
    ],
)
def test_filters(
    conditions: dict[str, object], facts: dict[str, object], why: tuple[Stated, ...]
) -> None:
    case = study(
        [package("A", ask("bank.loan", 10 * M), facts=facts)],
        [tool("loan", 100 * M, eligible=conditions)],
    )
    found = run(case, A=50)
    assert given(found) == ({} if why else {"A loan": 10})
    assert reason(found, "A", "loan") == ((Ineligible(why),) if why else (InFull(),))


@pytest.mark.parametrize(("years", "eligible"), [(15, True), (15.5, False), (None, False)])
def test_tenor(years: float | None, eligible: bool) -> None:
    case = study(
        [package("A", ask("bank.loan", 10 * M, tenor_years=years))],
        [tool("loan", 100 * M, tenor_at_most="bank.longest")],
        parameters=[parameter("longest", 15, "years")],
    )
    assert given(run(case, A=50)) == ({"A loan": 10} if eligible else {})


def test_a_numeric_condition_on_a_text_is_an_error_with_its_place() -> None:
    case = study(
        [package("A", ask("bank.loan", 10 * M), facts={"sector": "energy"})],
        [tool("loan", 100 * M, eligible={"sector": {"at_least": 1}})],
    )
    with pytest.raises(InvalidStudyError, match="A, sector: a numeric condition meets the text"):
        run(case, A=50)
