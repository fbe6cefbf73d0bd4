"""docs/law.md names every rule of law of the files, and tests that are there."""

from __future__ import annotations

import re
from typing import get_args

from evaluator import load_study
from evaluator.model.base import Confidence
from evaluator.pipeline import provenance
from evaluator.scoring.performances import performances
from evaluator.scoring.weights import elicitation_table
from tests.conftest import BASELINE, ROOT

TEXT = (ROOT / "docs" / "law.md").read_text()
STUDY = load_study(BASELINE)


def test_every_limit_of_law_has_a_row() -> None:
    rules = TEXT.partition("## Labels")[0]
    made_here = {
        name for name, limit in STUDY.limits.items() if limit.citation.confidence != "illustrative"
    }
    assert len(made_here) > 35
    assert not {name for name in made_here if name.partition(".")[2] not in rules}
    bound = {one.id for one in STUDY.requirements if one.binds}
    assert len(bound) >= 4
    assert not {name for name in bound if f"`{name}`" not in rules}
    columns = {one.id for one in STUDY.country_attributes if "U.S.C." in _title(one.citation)}
    assert not {name for name in columns if name not in TEXT}


def _title(citation: object) -> str:
    return str(getattr(citation, "title", ""))


def test_the_tests_that_it_names_are_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", TEXT))
    files = [path.read_text() for path in (ROOT / "tests" / "allocation").glob("test_*.py")]
    defined = {name for text in files for name in re.findall(r"def (test_\w+)\(", text)}
    assert len(named) >= 8
    assert named <= defined


def test_its_count_of_labels_is_that_of_the_baseline() -> None:
    held = provenance(STUDY, performances(STUDY), elicitation_table(STUDY)).confidence
    head, now = (
        next(row for row in TEXT.splitlines() if row.startswith(start))
        for start in ("| when | seen", "| now |")
    )
    names = [cell.strip() for cell in head.strip("|").split("|")][1:]
    told = [int(cell) for cell in now.strip("|").split("|")[1:]]
    assert set(names) == set(get_args(Confidence))
    assert dict(zip(names, told, strict=True)) == held
