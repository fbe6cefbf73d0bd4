"""Parts that a study may lack: what is then not needed, and what may not be named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from evaluator.errors import InvalidStudyError
from evaluator.loading import load_study
from tests.conftest import ROOT
from tests.loading.breaking import BASE, copy, edit

AGENCY = """agency: jury
name: Jury
criteria:
  - id: merit
    label: Merit
    kind: measure
    unit: points
    direction: higher
    value: {linear: {worst: 0, best: 10}}
    citation: {title: Made here, confidence: illustrative}
weights: {method: points, confidence: illustrative, judgements: {merit: 100}}
"""


def smallest(root: Path, more: str = "") -> Path:
    """Write a study of one agency, one criterion, two packages and nothing else."""
    for folder in ("criteria", "scenarios/round"):
        (root / folder).mkdir(parents=True)
    (root / "criteria/jury.yaml").write_text(AGENCY)
    scenario = root / "scenarios/s.yaml"
    scenario.write_text(
        "scenario: s\ntitle: Two\nas_of: 2026-01-01\ncriteria: ../criteria\nround: round\n" + more
    )
    (root / "scenarios/round/packages.csv").write_text("id,title\nA,First\nB,Second\n")
    (root / "scenarios/round/measures.csv").write_text(
        "package,criterion,value,unit,origin,source\n"
        "A,jury.merit,4,points,,\nB,jury.merit,7,points,,\n"
    )
    return scenario


def test_a_study_needs_an_agency_and_packages_alone(tmp_path: Path) -> None:
    study = load_study(smallest(tmp_path))
    assert study.parts == frozenset()
    assert dict(study.influence) == {"jury": 1.0}


def test_parts_are_there_where_something_is_in_them(tmp_path: Path) -> None:
    study = load_study(copy(tmp_path) / BASE)
    assert study.parts == {
        *("agencies", "allocation", "countries", "designation", "financing", "requests"),
    }
    rule = study.scenario.designation.model_copy(
        update={"min_overall": 0, "min_agency": {}, "max_packages": None}
    )
    scenario = study.scenario.model_copy(update={"designation": rule})
    assert "designation" not in study.model_copy(update={"scenario": scenario}).parts


def test_several_agencies_have_to_say_how_much_each_counts(tmp_path: Path) -> None:
    scenario = smallest(tmp_path)
    (tmp_path / "criteria/other.yaml").write_text(AGENCY.replace("jury", "other"))
    with pytest.raises(InvalidStudyError, match="how much jury, other count is not stated"):
        load_study(scenario)


@pytest.mark.parametrize(
    ("table", "text", "fault"),
    [
        ("targets", "package,country,share\nA,POL,1\nB,POL,1\n", "country is stated, and this"),
        ("entities", "id,name,headquarters\nE1,One,POL\n", "headquarters is stated, and this"),
        (
            "exposures",
            "entity,institution,amount_usd\nE1,bank,5\n",
            "institution is stated, and this study has no financing",
        ),
    ],
)
def test_what_a_lacking_part_would_explain_is_a_fault(
    tmp_path: Path, table: str, text: str, fault: str
) -> None:
    scenario = smallest(tmp_path)
    rounds = tmp_path / "scenarios/round"
    (rounds / "entities.csv").write_text("id,name\nE1,One\n")
    (rounds / f"{table}.csv").write_text(text)
    with pytest.raises(InvalidStudyError) as told:
        load_study(scenario)
    (problem,) = told.value.problems
    assert fault in problem.fact
    assert problem.where.endswith(f"{table}.csv line 2")


def test_a_requirement_of_headquarters_without_countries_is_no_slip(tmp_path: Path) -> None:
    """A forgotten line of the scenario would let a package pass that the law keeps out."""
    for part in ("criteria", "scenarios"):
        shutil.copytree(ROOT / part, tmp_path / part)
    edit(tmp_path, BASE, "countries: countries.csv\n", "")
    with pytest.raises(InvalidStudyError) as told:
        load_study(tmp_path / BASE)
    facts = " ".join(problem.fact for problem in told.value.problems)
    assert "headquarters_not asks for columns of countries, and this study has none" in facts
    assert "this study has no countries" in facts


def test_support_cannot_be_demanded_without_financing(tmp_path: Path) -> None:
    must = "{because: x, by: y, date: 2026-01-01}"
    scenario = smallest(tmp_path, f"allocation: {{must: {{A: {must}}}}}\n")
    with pytest.raises(InvalidStudyError, match="this study has no financing"):
        load_study(scenario)


def test_what_is_asked_for_needs_no_financing(tmp_path: Path) -> None:
    scenario = smallest(tmp_path)
    (scenario.parent / "round/requests.csv").write_text("package,tool,amount_usd\nA,grant,500\n")
    study = load_study(scenario)
    assert study.parts == {"requests"}
    assert study.package_by_id["A"].asked_usd == 500
