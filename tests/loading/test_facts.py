"""Changes of facts: one cell or row of a round, read and checked as a file's is."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

import evaluator
from evaluator import InvalidStudyError, Override, load_study
from evaluator.loading.parts import with_sheets
from evaluator.loading.round.texts import sheets_of
from evaluator.loading.variation import vary
from evaluator.model.study import Study
from tests.conftest import ROOT

STARTER = Path(evaluator.__file__).parent / "record" / "starter_study"
START = STARTER / "scenarios" / "baseline.yaml"
CASES = ROOT / "tests" / "cases"


def changed(*sets: tuple[str, str], path: Path = START, **stated: Any) -> Study:
    return load_study(path, [Override(key, to, "a trial", **stated) for key, to in sets])


def refused(*sets: tuple[str, str], path: Path = START) -> list[str]:
    with pytest.raises(InvalidStudyError) as error:
        changed(*sets, path=path)
    return [str(problem) for problem in error.value.problems]


def edited(tmp_path: Path, table: str, key: dict[str, str], cells: dict[str, str]) -> Path:
    """Return a copy of the starter study with a row of a table otherwise."""
    root = Path(shutil.copytree(STARTER, tmp_path / "edited"))
    (file,) = root.rglob(f"{table}.csv")
    with file.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        if key.items() <= row.items():
            row.update(cells)
    with file.open("w", newline="") as lines:
        writer = csv.DictWriter(lines, dict.fromkeys([*rows[0], *cells]))
        writer.writeheader()
        writer.writerows(rows)
    return root / "scenarios" / "baseline.yaml"


@pytest.mark.parametrize(
    ("key", "to", "row", "cells"),
    [
        ("packages.P1.title", "Other", {"id": "P1"}, {"title": "Other"}),
        ("measures.P1.security.recovery_hours", "36", {"package": "P1"}, {"value": "36"}),
        ("requests.P1.bank.loan", "7", {"package": "P1"}, {"amount_usd": "7"}),
        (
            'requests.P2."bank.loan".all_or_nothing',
            *("true", {"package": "P2", "tool": "bank.loan"}, {"all_or_nothing": "yes"}),
        ),
    ],
)
def test_a_change_of_a_fact_is_what_an_edit_of_the_file_is(
    key: str, to: str, row: dict[str, str], cells: dict[str, str], tmp_path: Path
) -> None:
    table = key.partition(".")[0]
    keys = {"criterion": "security.recovery_hours"} if table == "measures" else {}
    keys |= {"tool": "bank.loan"} if table == "requests" else {}
    by_file = load_study(edited(tmp_path, table, {**row, **keys}, cells))
    by_change = changed((key, to))
    assert by_change.packages == by_file.packages != load_study(START).packages
    assert vary(load_study(START), {key: yaml.safe_load(to)}).packages == by_file.packages


def test_a_fact_is_recorded_old_to_new_with_who_and_when() -> None:
    study = changed(("requests.P1.bank.loan", "5"), by="an analyst", date="2026-07-01")
    (applied,) = study.applied
    (before,) = [r for r in load_study(START).package_by_id["P1"].requests if r.tool == "bank.loan"]
    assert (applied.old, applied.new) == (before.amount_usd, 5)
    assert (applied.by, str(applied.date)) == ("an analyst", "2026-07-01")


def test_a_row_is_taken_out_by_null_and_added_whole() -> None:
    without = changed(("requests.P1.bank.loan", "null"))
    assert "bank.loan" not in [r.tool for r in without.package_by_id["P1"].requests]
    assert without.applied[0].new is None
    rating = load_study(START).package_by_id["P1"].ratings[0]
    key = f"ratings.P1.{rating.criterion}.newcomer"
    added = changed((key, f"{{rating: {rating.rating}, rationale: Seen.}}"))
    (new,) = [r for r in added.package_by_id["P1"].ratings if r.evaluator == "newcomer"]
    assert (new.rating, new.rationale) == (rating.rating, "Seen.")
    assert added.applied[0].old is None


def test_who_entered_a_judgement_and_when_is_read_and_part_of_the_study() -> None:
    rating = load_study(START).package_by_id["P1"].ratings[0]
    key = f"ratings.P1.{rating.criterion}.{rating.evaluator}"
    study = changed(
        (f"{key}.by", "a secretary"),
        (f"{key}.date", "2026-05-04"),
        ("agencies.trade.weights.by", "the board"),
        ("agencies.trade.weights.date", "2026-04-01"),
    )
    (told,) = [
        one
        for one in study.package_by_id["P1"].ratings
        if (one.criterion, one.evaluator) == (rating.criterion, rating.evaluator)
    ]
    assert (told.by, str(told.date)) == ("a secretary", "2026-05-04")
    stated = next(a.weights for a in study.agencies if a.agency == "trade")
    assert (stated.by, str(stated.date)) == ("the board", "2026-04-01")
    # They are told in a run, so that another fingerprint keeps the two apart.
    assert study.fingerprint != load_study(START).fingerprint
    problems: list[Any] = []
    assert with_sheets(study, sheets_of(study), problems).packages == study.packages
    assert not problems
    assert (rating.by, rating.date) == ("", None)
    assert "date" in " ".join(refused((f"{key}.date", "May 4")))


def test_faults_name_the_change_all_at_once() -> None:
    rating = load_study(START).package_by_id["P1"].ratings[0]
    where = f"ratings.P1.{rating.criterion}"
    told = refused(
        ("packages.P9.title", "x"),
        ("packages.P1.titel", "x"),
        ("packages.P1.id", "x"),
        ("packages.P3", "null"),
        ("entities", "x"),
        ("requests.P1.bank.loan.amount_usd", "much"),
        (f"{where}.nobody", "good"),
        ("requests.P2.bank.loan", "{amount_usd: {a: 1}}"),
    )
    for part in (
        "--set packages.P9.title: packages has no id 'P9'.",
        "--set packages.P1.titel: packages has no column 'titel'. Did you mean 'title'?",
        "--set packages.P3: a row of packages has columns.",
        "--set entities: names no row or cell of entities. Write entities.id.column.",
        "--set packages.P1.id: 'id' is what the row is known by.",
        "--set requests.P1.bank.loan.amount_usd: 'much' is not a number.",
        f"ratings has no evaluator 'nobody' of P1 / {rating.criterion}.",
        "--set requests.P2.bank.loan: a cell holds one value, not keys.",
    ):
        assert any(part in one for one in told), f"{part}\n" + "\n".join(told)


def test_a_fault_between_cells_names_row_and_change() -> None:
    rating = load_study(START).package_by_id["P1"].ratings[0]
    key = f"ratings.P1.{rating.criterion}.{rating.evaluator}"
    (told,) = refused((key, "splendid"))
    assert "ratings.csv line" in told
    assert f"as changed by --set {key}: the rating 'splendid' is unknown." in told


def test_two_changes_of_one_fact_overlap_however_they_are_written() -> None:
    told = refused(("requests.P1.bank.loan", "5"), ('requests.P1."bank.loan".amount_usd', "6"))
    assert any("overlaps" in one for one in told)


def test_a_fact_of_a_scenario_file_names_its_line(tmp_path: Path) -> None:
    root = Path(shutil.copytree(STARTER, tmp_path / "study"))
    path = root / "scenarios" / "late.yaml"
    path.write_text(
        "scenario: late\ntitle: Late\nextends: baseline\nchanges:\n"
        "  - {set: requests.P1.bank.loan, to: 5, because: less, by: me, date: 2026-07-01}\n"
    )
    assert load_study(path).applied[0].new == 5
    path.write_text(path.read_text().replace("to: 5", "to: -5"))
    assert "scenarios/late.yaml line 5" in refused(path=path)[0]


def test_countries_are_facts_too() -> None:
    study = load_study(START)
    code = study.countries[0].id
    named = changed((f"countries.{code}.name", "Elsewhere"))
    assert named.country_by_id[code].name == "Elsewhere"


@pytest.mark.parametrize(
    "path",
    [
        START,
        ROOT / "scenarios" / "baseline.yaml",
        *sorted(p for p in CASES.glob("*/scenarios/*.yaml") if p.stem != "countries"),
    ],
    ids=lambda path: f"{path.parents[1].name}-{path.stem}",
)
def test_a_round_written_as_text_reads_back(path: Path) -> None:
    study, problems = load_study(path), []
    assert with_sheets(study, sheets_of(study), problems) == study
    assert problems == []


def test_a_study_without_files_is_varied_as_a_file_would_be() -> None:
    path = ROOT / "scenarios" / "baseline.yaml"
    study = load_study(path)
    changes = {"measures.SP26-08.commerce.us_jobs": 4321, "packages.SP26-08.equity_usd": 10**8}
    varied = vary(study, changes)
    by_files = changed(*((k, str(v)) for k, v in changes.items()), path=path)
    assert varied.packages == by_files.packages
    with pytest.raises(InvalidStudyError, match="packages has no id 'P0'"):
        vary(study, {"packages.P0.title": "x"})


def test_layers_that_change_move_what_follows_from_them() -> None:
    """A derived fact follows anew in a study without files, and is held to the cell in one."""
    path = ROOT / "scenarios" / "baseline.yaml"
    study = load_study(path)
    layer = next(x for x in study.package_by_id["SP26-08"].layers if x.us_made_share is not None)
    key = f"layers.SP26-08.{layer.layer}.{layer.provider}.us_made_share"
    facts = vary(study, {key: 0.01}).package_by_id["SP26-08"].attributes
    before = study.package_by_id["SP26-08"].attributes
    assert facts["hardware_us_share"] != before["hardware_us_share"]
    assert {k: v for k, v in facts.items() if k != "hardware_us_share"} == {
        k: v for k, v in before.items() if k != "hardware_us_share"
    }
