"""Where a strategy is met; standing packages; what is asked beside money."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluator import ask, evaluate, load_study
from evaluator.decision.findings import StandingPackage
from evaluator.loading import Override
from evaluator.model.engagement import CountryFact, StrategyTarget
from evaluator.model.package import Package, Target
from evaluator.model.study import Study
from evaluator.questions.engagement import country_facts, coverage
from evaluator.report.viewmodel.decision.lines import decision
from evaluator.report.viewmodel.dossier import behind
from evaluator.report.viewmodel.money.unserved import unserved
from tests.conftest import BASELINE
from tests.loading.breaking import ROUND, bullets, copy, edit, refuse
from tests.studies import country, study

M = 1_000_000


def package(name: str, **shares: float) -> Package:
    targets = tuple(Target(country=code, share=share) for code, share in shares.items())
    return Package(id=name, title=name, attributes={}, targets=targets)


def aimed(*targets: str) -> Study:
    pact = (Target(country=code, share=0.5, bloc="pact", members=3) for code in ("A", "B", "C"))
    both = Package(
        id="P3", title="P3", attributes={}, targets=(*pact, Target(country="D", share=0.5))
    )
    flags = {"A": True, "B": True, "C": True, "D": False, "E": False}
    base = study(
        countries=tuple(country(code, pact=flag) for code, flag in flags.items()),
        packages=(package("P1", A=0.25, D=0.75), package("P2", D=1), both, package("P4", E=1)),
        strategy=tuple(
            StrategyTarget(target=one, citation="Plan", confidence="illustrative")
            for one in targets
        ),
    )
    column = {"id": "pact", "label": "The pact", "type": "flag"}
    return Study.model_validate({**vars(base), "country_attributes": (column,)})


def test_dollars_reach_a_target_by_the_shares_of_who_goes_there() -> None:
    """A: 0.25 x 100 of P1 and 0.5 / 3 x 60 of P3: 35. The pact: 25 + 30. D: P2 is not priority."""
    found = coverage(
        aimed("A", "pact", "D", "E"),
        {"P1": True, "P2": False, "P3": True, "P4": True},
        {"P1": 100 * M, "P2": 0, "P3": 60 * M, "P4": 0},
    ).set_index("target")
    assert found["proposed_usd"].to_dict() == {
        "A": 35 * M, "pact": 55 * M, "D": 105 * M, "E": 0
    }  # fmt: skip
    assert found["packages"].to_dict() == {
        "A": ("P1", "P3"), "pact": ("P1", "P3"), "D": ("P1", "P3"), "E": ("P4",)
    }  # fmt: skip
    assert found.loc["D", "others"] == ("P2",)
    assert found["state"].to_dict() == {
        "A": "funded", "pact": "funded", "D": "funded", "E": "priority"
    }  # fmt: skip
    assert found.loc["pact", "label"] == "The pact"


def test_a_target_that_nobody_priority_goes_to_is_uncovered() -> None:
    chosen = dict.fromkeys(("P1", "P2", "P3", "P4"), False)
    found = coverage(aimed("A", "B"), {**chosen, "P1": True}, None).set_index("target")
    assert found["state"].to_dict() == {"A": "priority", "B": "proposed"}
    assert found["proposed_usd"].isna().all()  # there is no allocation
    none = aimed("A")
    gone = Study.model_validate({**vars(none), "packages": (package("P2", D=1),)})
    assert coverage(gone, chosen, {"P2": 0})["state"].tolist() == ["none"]


def test_a_fact_stands_behind_the_ratings_of_who_goes_there() -> None:
    fact = CountryFact.model_validate(
        {
            "country": "D", "criterion": "a.x", "kind": "barrier", "fact": "A toll",
            "date": "2026-05-01", "citation": "Plan", "confidence": "press",
        },
        strict=False,
    )  # fmt: skip
    within = Study.model_validate({**vars(aimed()), "country_facts": (fact,)})
    assert country_facts(within)["packages"].tolist() == [("P1", "P2", "P3")]
    assert [one.fact for one in behind(within, within.package_by_id["P2"])] == [fact]
    assert behind(within, within.package_by_id["P4"]) == ()


def test_a_standing_package_is_told_asks_for_nothing_and_may_be_designated() -> None:
    why = "{because: A menu., by: the desk, date: 2026-07-15}"
    named = Override("designation.include", f"{{SP26-34: {why}}}", "To see it")
    found = ask(evaluate(load_study(BASELINE, [named])))
    row = found.ranking.loc["SP26-34"]
    assert row["designated"]
    assert row["reason"][-1] == StandingPackage()
    assert "SP26-34" not in unserved(found)  # it asks for none
    assert found.allocation.amounts.loc["SP26-34"].sum() == 0
    inside = next(line.text for line in decision(found) if line.head == "What is in")
    assert "Standing, without a fixed deal: Copperbelt Power and Data-Center Study." in inside
    # the corridor is reached by it now
    assert "Of 7 targets of the strategy 2 have no priority package: Japan, Uzbekistan." in inside


def test_a_standing_package_with_requests_is_a_fault(tmp_path: Path) -> None:
    root = copy(tmp_path)
    path = root / ROUND / "packages.csv"
    head, first, *rest = path.read_text().splitlines()
    table = [f"{head},standing", f"{first},yes", *(f"{one}," for one in rest)]
    path.write_text("\n".join(table) + "\n")
    (told,) = bullets(refuse(root))
    assert told.endswith(
        "packages.csv line 2: 'P1' stands without a fixed deal, and requests has rows of it. "
        "Empty standing, or remove its requests."
    )


@pytest.mark.parametrize(
    ("file", "rows", "fault"),
    [
        ("strategy.csv", "target,citation,confidence\nXXX,Plan,press\n", "country or bloc 'XXX'"),
        ("assistance.csv", "package,kind,addressee,asked\nP9,a,b,c\n", "the package 'P9'"),
        (
            "country_facts.csv",
            "country,criterion,kind,fact,date,citation,confidence\nKEN,x.y,a,b,2026-01-01,c,seen\n",
            "the criterion 'x.y' is unknown",
        ),
        (
            "country_facts.csv",
            "country,criterion,kind,fact,date,citation,confidence\nKEN,x,a,b,2026-01-01,c,sure\n",
            "'sure' is not known here",
        ),
    ],
)
def test_what_names_nothing_is_told(tmp_path: Path, file: str, rows: str, fault: str) -> None:
    root = copy(tmp_path)
    edit(root, f"{ROUND}/{file}", "*", rows)
    assert any(fault in one for one in bullets(refuse(root)))
