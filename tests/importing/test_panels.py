"""Score sheets of panels: each form, what is done to numbers and names, and what is refused."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.workbook import Workbook

from evaluator import load_study
from evaluator.errors import InvalidStudyError
from evaluator.importing.material import SCENARIO, Imported, Source, Taken
from evaluator.importing.panels.study import READER
from evaluator.importing.readers import reader_of
from evaluator.importing.writing import write_study
from evaluator.loading.documents.bounds import Bounds
from evaluator.pipeline import evaluate

DAY = dt.date(2026, 7, 1)
WIDE = """Regional hackathon
Team Name;Judge;Idea (0-10);Impact (0-10);Demo (max 5);Comments;Total
Alpha;Ann;8,5;7;4;solid;19,5
Alpha;Bob;7;9;5;;21
Beta;Ann;6;6;3;;15
beta;Bob;9;8,5;4;great;21,5
Average;;8;8;4;;
"""
LONG = """project_id,project_title,evaluator,criterion,score,rationale
P1,First,E1,Merit,4,clear
P1,First,E1,Cost,3,
P1,First,E2,Merit,5,
P2,Second,E1,Merit,2,
P2,Second,E2,Cost,1,
"""
COLUMNS = """Project,Judge 1,Judge 2,Judge 3,Average
First,7,8,6,7
Second,9,,8,8.5
"""


def source(content: str | bytes, name: str = "scores.csv") -> Source:
    data = content.encode() if isinstance(content, str) else content
    return Source(Path(name), name, data, Bounds())


def workbook(book: Workbook) -> Source:
    data = io.BytesIO()
    book.save(data)
    return source(data.getvalue(), "scores.xlsx")


def read(content: str | bytes) -> Imported:
    return READER.read(source(content), DAY)


def faults(content: str) -> list[str]:
    with pytest.raises(InvalidStudyError) as told:
        read(content)
    return [str(problem) for problem in told.value.problems]


def ratings(found: Imported) -> dict[tuple[str, str, str], str]:
    rows = [row.cells for row in found.tables["ratings"]]
    return {(r["package"], r["criterion"], r["evaluator"]): r["rating"] for r in rows}


def weights(found: Imported) -> dict[str, float]:
    return dict(found.documents["criteria/jury.yaml"]["weights"]["judgements"])


def scales(found: Imported) -> list[dict[str, float]]:
    return [one["numbers"] for one in found.documents["criteria/scales.yaml"]["scales"]]


def test_a_column_a_criterion() -> None:
    found = read(WIDE)
    assert ratings(found)["Alpha", "jury.Idea", "Ann"] == "8.5"
    assert len(ratings(found)) == 12
    assert weights(found) == {"Idea": 0.4, "Impact": 0.4, "Demo": 0.2}
    assert scales(found) == [
        {"from": 0, "to": 10, "step": 0.5},
        {"from": 0, "to": 5, "step": 1},
    ]
    said = {row.cells["rationale"] for row in found.tables["ratings"]}
    assert said == {"", "solid", "great"}


def test_a_row_a_score() -> None:
    found = read(LONG)
    assert ratings(found) == {
        ("P1", "jury.Merit", "E1"): "4",
        ("P1", "jury.Cost", "E1"): "3",
        ("P1", "jury.Merit", "E2"): "5",
        ("P2", "jury.Merit", "E1"): "2",
        ("P2", "jury.Cost", "E2"): "1",
    }
    titles = {row.cells["id"]: row.cells["title"] for row in found.tables["packages"]}
    assert titles == {"P1": "First", "P2": "Second"}


def test_a_column_a_judge() -> None:
    found = read(COLUMNS)
    assert ratings(found) == {
        ("First", "jury.Score", "Judge-1"): "7",
        ("First", "jury.Score", "Judge-2"): "8",
        ("First", "jury.Score", "Judge-3"): "6",
        ("Second", "jury.Score", "Judge-1"): "9",
        ("Second", "jury.Score", "Judge-3"): "8",
    }
    (missing,) = [note for note in found.notes if note.code == "scores_missing"]
    assert missing.arguments == {"count": 1, "whole": 6}


def test_shares_in_heads_are_weights() -> None:
    found = read("Project,Judge,Idea (60%),Demo (40%)\nA,J,3,4\nA,K,5,1\n")
    assert weights(found) == {"Idea": 0.6, "Demo": 0.4}
    assert not any(note.code == "weights_by_range" for note in found.notes)


def test_a_sheet_that_takes_the_median_ranks_by_it() -> None:
    found = read(COLUMNS.replace("Average", "Median"))
    assert found.documents[SCENARIO]["panel"] == "median"
    assert any(note.code == "panel_by_median" for note in found.notes)
    assert "panel" not in read(COLUMNS).documents[SCENARIO]


def test_who_has_no_score_on_a_criterion_is_scored_over_the_others(tmp_path: Path) -> None:
    """By hand: P2 has 2 of 5 on merit, 1 of 5 on cost; P1 4.5 and 3; P3 4 on merit alone: 80."""
    found = read(LONG + "P3,Third,E1,Merit,4,\n")
    assert found.documents[SCENARIO]["missing"] == "reweight"
    (note,) = [note for note in found.notes if note.code == "unscored_reweighted"]
    assert note.arguments == {"count": 1}
    scores = evaluate(load_study(write_study(found, tmp_path / "study")), only="scores").scores
    assert scores == pytest.approx({"P1": 75.0, "P2": 30.0, "P3": 80.0})
    assert "missing" not in read(LONG).documents[SCENARIO]


def test_every_cell_is_on_record_once() -> None:
    found = read(WIDE)
    cells = {
        (line, column): text
        for line, row in enumerate(WIDE.splitlines(), 1)
        for column, text in enumerate(row.split(";"))
        if text
    }
    assert {(x.place.row, x.place.column): x.found for x in found.record} == cells
    assert len(found.record) == len(cells)


def test_conversions_are_on_record() -> None:
    told = {x.place.cell: x for x in read(WIDE).record if isinstance(x, Taken) and x.how}
    assert {cell: (x.found, x.taken, x.how) for cell, x in told.items()} == {
        "C3": ("8,5", "8.5", "decimal comma"),
        "A6": ("beta", "Beta", "spelled as before"),
        "D6": ("8,5", "8.5", "decimal comma"),
    }


def test_a_workbook_with_merged_names_and_a_sheet_of_notes() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Round 1"
    for row in (
        ["Scores of the jury", None, None, None],
        ["Team", "Judge", "Idea", "Demo"],
        ["Alpha", "Ann", 7, 4.5],
        [None, "Bob", 8, "N/A"],
        ["Beta", "Ann", 3, 2],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("A3:A4")
    book.create_sheet("Notes")["A1"] = "Half points are allowed."
    file = workbook(book)
    assert reader_of(file) is READER
    found = READER.read(file, DAY)
    assert ratings(found) == {
        ("Alpha", "jury.Idea", "Ann"): "7",
        ("Alpha", "jury.Demo", "Ann"): "4.5",
        ("Alpha", "jury.Idea", "Bob"): "8",
        ("Beta", "jury.Idea", "Ann"): "3",
        ("Beta", "jury.Demo", "Ann"): "2",
    }
    (left,) = [note for note in found.notes if note.code == "sheet_left"]
    assert left.where == "scores.xlsx sheet Notes"
    (gone,) = [x for x in found.record if isinstance(x, Taken) and x.how == "missing"]
    assert (gone.place.cell, gone.found, gone.taken) == ("D4", "N/A", "")


def test_what_is_hidden_is_taken_and_told() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["Team", "Judge", "Idea"], ["A", "J", 3], ["A", "K", 5], ["B", "J", 4]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    found = READER.read(workbook(book), DAY)
    assert len(found.tables["ratings"]) == 3
    told = {note.code: note.arguments for note in found.notes}
    assert told["rows_hidden"] == {"rows": (3,)}
    assert told["column_hidden"] == {"column": "C", "head": "Idea"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Alpha;Bob;7;", "Alpha;Bob;seven;", "cell C4: 'seven' is no number of points."),
        ("Alpha;Bob;", "Alpha;Ann;", "cell C4: a second score of 'Ann' for 'Alpha' on 'Idea'; the"),
        ("Alpha;Bob;", "Alpha;;", "cell B4: names no judge."),
        ("Beta;Ann;", ";Ann;", "cell A5: names no project."),
    ],
)
def test_a_fault_is_told_at_its_cell(old: str, new: str, told: str) -> None:
    assert old in WIDE
    assert any(told in fault for fault in faults(WIDE.replace(old, new, 1)))


def test_numbers_that_may_be_two_are_asked() -> None:
    """No other number of the sheet tells whether 1,234 is above a thousand."""
    (told,) = faults("Project;Judge;Votes\nA;J;1,234\nA;K;7\n")
    assert "cell C2: '1,234' may be 1234 or 1.234: no other score of the sheet tells." in told


def test_faults_are_told_all_at_once() -> None:
    broken = WIDE.replace("8,5;7;4", "x;7;y").replace("6;6;3", "6;z;3")
    assert len(faults(broken)) == 3


def test_what_is_no_score_sheet_is_not_taken_for_one() -> None:
    for other in (
        "name,price,range\nA,1,2\nB,3,4\n",
        "Project,Cost\nA,1\nB,2\n",
        "Project,Reviewer,Cost\nA,Ann,1\nB,Bob,2\n",
        "Project,Jury score,Cost\nA,3,1\nB,4,2\n",
        "",
    ):
        assert not READER.recognises(source(other))


def sheet(dice: random.Random, criteria: Sequence[str]) -> pd.DataFrame:
    """Return scores of 12 projects by 5 judges in half points."""
    return pd.DataFrame(
        [
            {"Project": f"T{p:02}", "Judge": f"J{j}"}
            | {one: dice.randint(0, 20) / 2 for one in criteria}
            for p in range(12)
            for j in range(5)
        ]
    )


@pytest.mark.parametrize("rule", ["mean", "median", "median of totals"])
def test_the_ranking_is_that_of_another_program(rule: str, tmp_path: Path) -> None:
    """By pandas: the mean of totals; the sum of the medians by criterion; the median of totals."""
    frame = sheet(random.Random(11), ["Idea", "Impact", "Demo"])
    text = frame.to_csv(index=False)
    if rule != "mean":
        head = ",Median score" if rule == "median" else ",Total,Median"
        text = "\n".join(
            line + (head if number == 0 else "," * head.count(","))
            for number, line in enumerate(text.splitlines())
        )
    study = load_study(write_study(read(text), tmp_path / "study"))
    scores = evaluate(study, only="scores").scores
    grouped = frame.drop(columns="Judge").groupby("Project")
    totals = frame.set_index("Project").drop(columns="Judge").sum(axis=1).groupby("Project")
    points = {
        "mean": grouped.mean().sum(axis=1),
        "median": grouped.median().sum(axis=1),
        "median of totals": totals.median(),
    }
    assert scores == pytest.approx((points[rule] / 30 * 100).to_dict(), abs=1e-9)
    assert not np.allclose(points["median"], points["median of totals"])


def test_the_same_file_gives_the_same() -> None:
    assert read(WIDE) == read(WIDE)
