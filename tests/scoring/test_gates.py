"""Requirements: each check's three outcomes, with the fact that decided."""

from __future__ import annotations

import datetime as dt

import pytest

from evaluator import load_study
from evaluator.model.base import Citation, Known, Missing
from evaluator.model.package import Entity, Finding, Layer, Member, Package, Target
from evaluator.model.requirement import (
    AttributeCheck,
    Check,
    CountCheck,
    DateCheck,
    MemberCheck,
    Requirement,
)
from evaluator.model.study import Study
from evaluator.results.findings import Findings
from evaluator.scoring.findings import (
    AttributeBelow,
    AttributeHolds,
    Count,
    CountryBars,
    FactMissing,
    LayersAbsent,
    LayersDescribed,
    NoCall,
    NoLayer,
    NotReviewed,
    Reviewed,
)
from evaluator.scoring.gates import decide, gates, outcomes
from tests.conftest import BASELINE
from tests.studies import country, held_by, scenario, study

CITED = Citation(title="Made for this case", confidence="illustrative")
ON_TIME = Check(date=DateCheck(attribute="submitted_on", not_after=dt.date(2026, 6, 30)))
CLEARED = Check(members=MemberCheck(headquarters_not={"barred": True}))


def package(**fields: object) -> Package:
    return Package.model_validate({"id": "P1", "title": "A package", "attributes": {}, **fields})


def verdict(check: Check, of: Package, within: Study | None = None) -> tuple[str, Findings]:
    requirement = Requirement(id="r", label="R", check=check, citation=CITED)
    return decide(within or study(), of, requirement)


def test_layers() -> None:
    check = Check(layers=("A", "B"))
    both = (Layer(layer="A"), Layer(layer="B"))
    assert verdict(check, package(layers=both)) == ("passed", (LayersDescribed(("A", "B")),))
    assert verdict(check, package(layers=both[:1])) == ("failed", (LayersAbsent(("B",)),))
    assert verdict(check, package()) == ("unknown", (NoLayer(),))


def test_count() -> None:
    check = Check(count=CountCheck(of="targets", at_least=1))
    assert verdict(check, package(targets=(Target(country="AAA", share=1),)))[0] == "passed"
    assert verdict(check, package()) == ("failed", (Count(("targets",), 0, 1),))


@pytest.mark.parametrize(("day", "outcome"), [("2026-06-30", "passed"), ("2026-07-01", "failed")])
def test_the_last_day_counts(day: str, outcome: str) -> None:
    late = package(attributes={"submitted_on": Known(value=day)})
    assert verdict(ON_TIME, late)[0] == outcome


def test_the_last_day_of_a_call_that_there_is_not_is_unknown() -> None:
    of_call = Check(date=DateCheck(attribute="submitted_on", not_after="call.closes"))
    in_time = package(attributes={"submitted_on": Known(value="2026-06-30")})
    assert verdict(of_call, in_time) == ("unknown", (NoCall(),))


def test_a_missing_date_is_unknown_until_a_reviewer_fills_it() -> None:
    unknown = package(attributes={"submitted_on": Missing(reason="stamp illegible")})
    assert verdict(ON_TIME, unknown) == (
        "unknown",
        (FactMissing("submitted_on", "stamp illegible"),),
    )
    found = Finding(requirement="r", status="passed", source="register", note="Seen on 12 June.")
    filled = unknown.model_copy(update={"findings": (found,)})
    assert verdict(ON_TIME, filled) == (
        "passed",
        (Reviewed("passed", "Seen on 12 June.", "register"),),
    )


def test_a_finding_overrules_nothing_that_the_data_decide() -> None:
    late = package(
        attributes={"submitted_on": Known(value="2026-07-01")},
        findings=(Finding(requirement="r", status="passed"),),
    )
    assert verdict(ON_TIME, late)[0] == "failed"


def test_a_reviewer_may_leave_it_open() -> None:
    asked = Check(evidence="screening")
    near = Finding(requirement="r", status="unknown", note="A near match.")
    assert verdict(asked, package(findings=(near,))) == (
        "unknown",
        (Reviewed("unknown", "A near match.", ""),),
    )
    bare = package(findings=(Finding(requirement="r", status="unknown"),))
    assert verdict(asked, bare) == ("unknown", (Reviewed("unknown", "", ""),))


def test_the_near_match_of_the_round_is_open_by_itself() -> None:
    spring = load_study(BASELINE)
    asked = next(r for r in spring.requirements if r.id == "export_controls")
    outcome, (review,) = decide(spring, spring.package_by_id["SP26-32"], asked)
    assert outcome == "unknown"
    assert isinstance(review, Reviewed)
    assert "close to a Specially Designated National" in review.note


def members_study() -> Study:
    return study(
        countries=(country("AAA", barred=False), country("BBB", barred=True), country("CCC")),
        entities=(
            Entity(id="clean", name="Clean", headquarters=Known(value="AAA")),
            Entity(
                id="owned", name="Owned", headquarters=Known(value="AAA"), stakes=held_by("top")
            ),
            Entity(id="top", name="Top", headquarters=Known(value="BBB")),
            Entity(id="vague", name="Vague", headquarters=Missing(reason="not stated")),
            Entity(id="open", name="Open", headquarters=Known(value="CCC")),
        ),
    )


def of(*entities: str) -> Package:
    share = 1 / len(entities)
    return package(
        members=tuple(Member(entity=e, role="member", exposure_share=share) for e in entities)
    )


def test_a_parent_in_a_barred_country_fails() -> None:
    outcome, reason = verdict(CLEARED, of("clean", "owned"), members_study())
    assert outcome == "failed"
    assert reason == (CountryBars("top", "owned", "BBB", "barred", True),)


def test_control_can_be_left_out_of_the_check() -> None:
    own = Check(members=MemberCheck(headquarters_not={"barred": True}, control=False))
    assert verdict(own, of("clean", "owned"), members_study())[0] == "passed"


def test_what_is_not_known_of_a_member_is_unknown_not_passed() -> None:
    within = members_study()
    assert verdict(CLEARED, of("clean", "vague"), within)[0] == "unknown"
    assert verdict(CLEARED, of("clean", "open"), within)[0] == "unknown"
    assert verdict(CLEARED, of("vague", "owned"), within)[0] == "failed"
    assert verdict(CLEARED, of("clean"), within)[0] == "passed"


def test_attribute() -> None:
    check = Check(attribute=AttributeCheck(id="content", at_least=0.51))
    assert verdict(check, package(attributes={"content": Known(value=0.51)}))[0] == "passed"
    failed = verdict(check, package(attributes={"content": Known(value=0.49)}))
    assert failed == ("failed", (AttributeBelow("content", 0.49, 0.51),))
    assert verdict(check, package())[0] == "unknown"
    whole = verdict(check, package(attributes={"content": Known(value=1.0)}))
    assert whole == ("passed", (AttributeHolds("content", 1.0),))


@pytest.mark.parametrize(("value", "outcome"), [(14, "failed"), (15, "passed"), (30, "passed"),
                                                (31, "failed")])  # fmt: skip
def test_a_bound_itself_is_within(value: float, outcome: str) -> None:
    check = Check(attribute=AttributeCheck(id="months", at_least=15, at_most=30))
    assert verdict(check, package(attributes={"months": Known(value=value)}))[0] == outcome


def test_evidence_is_unknown_without_a_finding() -> None:
    check = Check(evidence="a business model")
    assert verdict(check, package()) == ("unknown", (NotReviewed("a business model"),))


def test_the_worst_outcome_is_the_package_s() -> None:
    requirements = (
        Requirement(id="r", label="R", check=Check(layers=("A",)), citation=CITED),
        Requirement(id="s", label="S", check=Check(evidence="x"), citation=CITED),
    )
    whole = package(
        layers=(Layer(layer="A"),), findings=(Finding(requirement="s", status="passed"),)
    )
    within = study(
        requirements=requirements,
        packages=(
            whole,
            package(id="P2", layers=(Layer(layer="A"),)),
            package(id="P3", layers=(Layer(layer="B"),)),
        ),
    )
    table = gates(within)
    assert outcomes(within, table).to_dict() == {"P1": "passed", "P2": "unknown", "P3": "failed"}


@pytest.mark.parametrize(
    ("day", "asked"),
    [("2026-06-30", ["r"]), ("2026-07-01", ["r", "s"]), ("2026-12-31", ["r", "s"]),
     ("2027-01-01", ["s"])],
)  # fmt: skip
def test_a_requirement_is_asked_within_its_days(day: str, asked: list[str]) -> None:
    first, last = dt.date(2026, 7, 1), dt.date(2026, 12, 31)
    layer = Check(layers=("A",))
    lasts = Requirement(id="r", label="R", check=layer, until=last, citation=CITED)
    begins = Requirement(**{"id": "s", "label": "S", "check": layer, "from": first}, citation=CITED)
    within = study(
        requirements=(lasts, begins),
        packages=(package(layers=(Layer(layer="B"),)),),
        scenario=scenario(as_of=dt.date.fromisoformat(day)),
    )
    assert gates(within)["requirement"].tolist() == asked
    none = within.model_copy(update={"requirements": (lasts,)})
    # on 2027-01-01 the package passes, for nothing is asked of it
    expected = "failed" if "r" in asked else "passed"
    assert outcomes(none, gates(none)).to_dict() == {"P1": expected}


def test_a_requirement_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="from 2027-01-02 is after until 2027-01-01"):
        Requirement(
            **{"id": "r", "label": "R", "check": Check(layers=("A",)), "citation": CITED},
            **{"from": dt.date(2027, 1, 2), "until": dt.date(2027, 1, 1)},
        )
