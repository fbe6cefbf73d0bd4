"""A fault in one file is told alone: what cannot be read is no fault of what hangs on it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from evaluator import load_study
from evaluator.errors import InvalidStudyError

ROOT = Path(__file__).parents[2]
SCENARIO = "scenarios/baseline.yaml"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the programme's study."""
    folder = tmp_path_factory.mktemp("study")
    for name in ("scenarios", "criteria"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def files() -> list[str]:
    """Return the files of the study: of the scenarios the first, which the others extend."""
    found = (ROOT / name for name in ("scenarios", "criteria"))
    every = (path for folder in found for path in sorted(folder.rglob("*.yaml")))
    names = (path.relative_to(ROOT).as_posix() for path in every)
    return [one for one in names if one == SCENARIO or Path(one).parent.name != "scenarios"]


@pytest.mark.slow
@pytest.mark.parametrize("name", files())
def test_a_part_that_cannot_be_read_is_the_one_fault(name: str, study: Path) -> None:
    file = study / name
    whole = file.read_text(encoding="utf-8")
    told: dict[str, Any] = yaml.safe_load(whole)
    seen = []
    for key in told:
        for wrong in ({"nonsense": 1}, 17):
            file.write_text(yaml.safe_dump({**told, key: wrong}, sort_keys=False), encoding="utf-8")
            try:
                load_study(study / SCENARIO)
            except InvalidStudyError as error:
                seen += [one.where for one in error.problems if Path(name).name not in one.where]
    file.write_text(whole, encoding="utf-8")
    assert seen == []


def test_a_rule_of_panels_that_is_wrong_says_nothing_of_money(study: Path) -> None:
    file = study / SCENARIO
    whole = file.read_text(encoding="utf-8")
    file.write_text(f"panel: {{rule: median, over: nothing}}\n{whole}", encoding="utf-8")
    with pytest.raises(InvalidStudyError) as refused:
        load_study(file)
    file.write_text(whole, encoding="utf-8")
    (fault,) = refused.value.problems
    assert "panel.over" in fault.where
