"""What a study holds cannot be changed in place, and what is changed in a copy is checked."""

from __future__ import annotations

import copy
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook
from pydantic import BaseModel, ValidationError

from evaluator.loading import Override, load_study
from evaluator.model.frozen import FrozenDict
from evaluator.model.scenario import Applied, Change
from evaluator.model.study import Study

HAND = Path(__file__).parents[1] / "cases" / "hand"
CHANGES: dict[str, Callable[[Any], object]] = {
    "an entry": lambda shares: shares.__setitem__("trade", 0.9),
    "one less": lambda shares: shares.__delitem__("trade"),
    "update": lambda shares: shares.update(trade=0.9),
    "in place or": lambda shares: shares.__ior__({"trade": 0.9}),
    "pop": lambda shares: shares.pop("trade"),
    "last": lambda shares: shares.popitem(),
    "default": lambda shares: shares.setdefault("other", 0.9),
    "clear": lambda shares: shares.clear(),
}


@pytest.fixture(scope="module")
def hand() -> Study:
    return load_study(HAND / "scenarios" / "baseline.yaml")


@pytest.mark.parametrize("change", CHANGES)
def test_a_mapping_of_a_study_cannot_be_changed(change: str, hand: Study) -> None:
    before = dict(hand.scenario.influence.shares)
    with pytest.raises(TypeError, match="cannot be changed"):
        CHANGES[change](hand.scenario.influence.shares)
    assert hand.scenario.influence.shares == before


def _parts(value: object) -> list[object]:
    """Return a value and all that it holds."""
    if isinstance(value, BaseModel):
        inner = [getattr(value, name) for name in type(value).model_fields]
    elif isinstance(value, dict):
        inner = list(value.values())
    else:
        inner = list(value) if isinstance(value, tuple | list) else []
    return [value, *(part for one in inner for part in _parts(one))]


def test_nothing_in_a_study_is_a_list_or_a_mapping_that_can_be_changed() -> None:
    must = "{P1: {because: A trial, by: analyst, date: 2026-07-01}}"
    study = load_study(
        HAND / "scenarios" / "baseline.yaml",
        [
            Override("designation.include", must, "a trial"),
            Override("method", "{name: electre_tri, profiles: [30, 60]}", "a trial"),
        ],
    )
    parts = _parts(study)
    assert not [part for part in parts if isinstance(part, list | set)]
    mappings = [part for part in parts if isinstance(part, dict)]
    assert len(mappings) > 20
    assert {type(part) for part in mappings} == {FrozenDict}
    indices = (study.criteria, study.tools, study.limits, study.parameters, study.package_by_id)
    assert {type(index) for index in indices} == {FrozenDict}


def test_what_a_change_sets_cannot_be_changed() -> None:
    change = Change(set="method", to={"profiles": [30, {"a": [1]}]}, because="a trial")
    assert change.to == {"profiles": (30, {"a": (1,)})}
    with pytest.raises(TypeError):
        change.to["profiles"] = ()
    assert Change.model_validate_json(change.model_dump_json()) == change
    applied = Applied(scenario="s", set="x", old=[1], new={"a": 1}, because="a trial")
    assert applied.old == (1,)
    assert type(applied.new) is FrozenDict


def test_a_changed_copy_is_checked(hand: Study) -> None:
    influence = hand.scenario.influence
    with pytest.raises(ValidationError, match="less than or equal to 1"):
        influence.model_copy(update={"shares": {"trade": 1.5}})
    with pytest.raises(ValidationError, match="Extra inputs"):
        influence.model_copy(update={"share": {"trade": 1.0}})
    with pytest.raises(ValidationError, match="time_limit_s"):
        hand.with_allocation(time_limit_s=-1.0)
    moved = influence.model_copy(update={"shares": {"trade": 1.0}})
    assert type(moved.shares) is FrozenDict
    assert influence.shares != moved.shares


def test_a_changed_copy_has_a_fingerprint_of_its_own(hand: Study) -> None:
    other = hand.with_allocation(gap=0.5)
    assert other.fingerprint != hand.fingerprint
    assert other.with_allocation(gap=hand.scenario.allocation.gap) == hand
    assert other.tools == hand.tools


def test_a_frozen_mapping_is_copied_and_pickled(hand: Study) -> None:
    shares = hand.scenario.influence.shares
    for again in (pickle.loads(pickle.dumps(shares)), copy.deepcopy(shares), copy.copy(shares)):  # noqa: S301
        assert again == shares
        assert type(again) is FrozenDict
    assert pickle.loads(pickle.dumps(hand)).fingerprint == hand.fingerprint  # noqa: S301
    assert len({FrozenDict(a=1, b=2), FrozenDict(b=2, a=1)}) == 1


def _moved(tmp_path: Path, **names: str) -> str:
    """Return the fingerprint of the hand case with folders called otherwise."""
    root = tmp_path / "study"
    shutil.copytree(HAND, root)
    scenario = root / "scenarios" / "baseline.yaml"
    text = scenario.read_text()
    for old, new in names.items():
        (root / "scenarios" / old).rename(root / "scenarios" / new)
        assert text.count(f"{old}: {old}\n") == 1
        text = text.replace(f"{old}: {old}\n", f"{old}: {new}\n")
    scenario.write_text(text)
    return load_study(scenario).fingerprint


def test_the_fingerprint_holds_no_path(hand: Study, tmp_path: Path) -> None:
    assert _moved(tmp_path, round="another", financing="money") == hand.fingerprint
    path = tmp_path / "study" / "scenarios" / "baseline.yaml"
    path.write_text(path.read_text().replace("round: another\n", "round: nowhere\n"))
    change = [Override("round", "another", "where it is")]
    first = load_study(path, change)
    (tmp_path / "study" / "scenarios" / "another").rename(path.parent / "elsewhere")
    second = load_study(path, [Override("round", "elsewhere", "where it is")])
    assert first.fingerprint == second.fingerprint


def test_a_round_saved_as_a_workbook_has_the_same_fingerprint(hand: Study, tmp_path: Path) -> None:
    root = tmp_path / "study"
    shutil.copytree(HAND, root)
    folder = root / "scenarios" / "round"
    book = Workbook()
    book.remove(book.active)
    for file in sorted(folder.glob("*.csv")):
        table = pd.read_csv(file)
        sheet = book.create_sheet(file.stem)
        sheet.append(list(table.columns))
        for row in table.astype(object).where(table.notna(), None).to_numpy().tolist():
            sheet.append(row)
    book.save(root / "scenarios" / "round.xlsx")
    scenario = root / "scenarios" / "baseline.yaml"
    scenario.write_text(scenario.read_text().replace("round: round\n", "round: round.xlsx\n"))
    assert load_study(scenario).fingerprint == hand.fingerprint
