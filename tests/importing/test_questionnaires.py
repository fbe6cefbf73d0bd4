"""Pairwise questionnaires: forms of heads and answers, the weights of a group, what is asked."""

from __future__ import annotations

import datetime as dt
import io
import random
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from evaluator import load_study
from evaluator.errors import InvalidStudyError
from evaluator.importing.material import Imported, Source, Taken
from evaluator.importing.questionnaires.study import READER
from evaluator.importing.readers import reader_of
from evaluator.importing.writing import write_study
from evaluator.loading.documents.bounds import Bounds
from evaluator.pipeline import evaluate

DAY = dt.date(2026, 7, 1)
NAMED = """Respondent,Price vs Quality,Price vs Delivery,Quality vs Delivery
Ann,2,4,2
Bob,1/2,1,3
"""


def source(content: str | bytes, name: str = "answers.csv", **answers: str) -> Source:
    data = content.encode() if isinstance(content, str) else content
    return Source(Path(name), name, data, Bounds(), answers=answers)


def read(content: str, **answers: str) -> Imported:
    return READER.read(source(content, **answers), DAY)


def faults(content: str, **answers: str) -> list[str]:
    with pytest.raises(InvalidStudyError) as told:
        read(content, **answers)
    return [str(problem) for problem in told.value.problems]


def judgements(found: Imported) -> dict[str, dict[str, dict[str, float]]]:
    stated = found.documents["criteria/group.yaml"]["weights"]["respondents"]
    return {one["respondent"]: one["pairwise"] for one in stated}


def test_each_respondent_is_one_of_the_group() -> None:
    found = read(NAMED)
    assert judgements(found) == {
        "Ann": {"Price": {"Quality": 2, "Delivery": 4}, "Quality": {"Delivery": 2}},
        "Bob": {"Price": {"Quality": 0.5, "Delivery": 1}, "Quality": {"Delivery": 3}},
    }
    assert [row.cells["title"] for row in found.tables["packages"]] == [
        "Price",
        "Quality",
        "Delivery",
    ]


@pytest.mark.parametrize(
    "form",
    ["{} vs. {}", "{} versus {}", "{}_{}", "{}/{}", "{} : {}", "{} over {}", "{} - {}", "{}_vs_{}"],
)
def test_forms_of_heads(form: str) -> None:
    heads = [form.format(*pair) for pair in combinations(("Price", "Look", "Size"), 2)]
    content = ";".join(["No", *heads]) + "\n1;3;5;2\n2;1/3;1;0,5\n"
    assert READER.recognises(source(content))
    assert judgements(read(content)) == {
        "1": {"Price": {"Look": 3, "Size": 5}, "Look": {"Size": 2}},
        "2": {"Price": {"Look": 1 / 3, "Size": 1}, "Look": {"Size": 0.5}},
    }


def test_respondents_without_a_name_are_numbered() -> None:
    content = NAMED.replace("Respondent,", "").replace("Ann,", "").replace("Bob,", "")
    assert list(judgements(read(content))) == ["r1", "r2"]


def test_numbers_below_nothing_are_asked_about() -> None:
    content = NAMED.replace("1/2", "-2")
    (told,) = faults(content)
    assert "answers.csv cell B3: is negative" in told
    assert "Say --answer negative=first or negative=second." in told
    first = judgements(read(content, negative="first"))
    second = judgements(read(content, negative="second"))
    # a number above 0 says the other side then: Ann's 2 is for Quality, or for Price
    assert first["Bob"]["Price"]["Quality"] == 2
    assert first["Ann"]["Price"]["Quality"] == 0.5
    assert second["Bob"]["Price"]["Quality"] == 0.5
    assert second["Ann"]["Price"]["Quality"] == 2


def test_who_leaves_a_pair_open_is_left_out_by_name() -> None:
    found = read(NAMED + "Cid,,2,1\nDan,n/a,1,1\n")
    assert list(judgements(found)) == ["Ann", "Bob"]
    (note,) = [note for note in found.notes if note.code == "respondents_with_gaps"]
    assert note.arguments == {"names": ("Cid", "Dan")}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Ann,2,", "Ann,12,", "answers.csv cell B2: 12 is beyond the scale from 1/9 to 9."),
        ("Ann,2,", "Ann,0,", "answers.csv cell B2: '0' is no answer on the scale"),
        ("Ann,2,", "Ann,much,", "answers.csv cell B2: 'much' is no answer on the scale"),
        ("Bob", "ann", "answers.csv cell A3: the respondent 'ann' answers twice."),
    ],
)
def test_a_fault_is_told_at_its_cell(old: str, new: str, told: str) -> None:
    assert any(told in fault for fault in faults(NAMED.replace(old, new)))


def test_an_answer_that_a_sheet_took_for_a_day_is_told() -> None:
    """A spreadsheet makes 1/3 the first of March, or the third of January."""
    book = openpyxl.Workbook()
    for line in NAMED.splitlines():
        book.worksheets[0].append([int(x) if x.isdigit() else x for x in line.split(",")])
    book.worksheets[0]["B3"] = dt.date(2026, 3, 1)
    data = io.BytesIO()
    book.save(data)
    with pytest.raises(InvalidStudyError) as told:
        READER.read(source(data.getvalue(), "answers.xlsx"), DAY)
    assert "sheet Sheet cell B3: '2026-03-01' is no answer" in str(told.value)


def test_every_cell_is_on_record_once() -> None:
    content = "Survey of July\n\n" + NAMED.replace("Delivery\n", "Delivery,Age\n").replace(
        "Ann,2,4,2", "Ann,2,4,2,31"
    )
    found = read(content)
    cells = {
        (line, column): text
        for line, row in enumerate(content.splitlines(), 1)
        for column, text in enumerate(row.split(","))
        if text
    }
    assert {(x.place.row, x.place.column): x.found for x in found.record} == cells
    assert len(found.record) == len(cells)
    (ratio,) = [x for x in found.record if isinstance(x, Taken) and x.found == "1/2"]
    assert ratio.taken == "Price : Quality = 1/2"


def test_a_table_of_other_heads_is_no_questionnaire() -> None:
    for other in ("a_b,a_c\n1,2\n3,4\n", "name,price\nA,1\nB,2\n", "x vs y,x vs z\n1,2\n2,3\n", ""):
        assert not READER.recognises(source(other))
    assert reader_of(source(NAMED)) is READER


@pytest.mark.parametrize("size", [3, 5])
def test_two_hundred_respondents_have_the_weights_of_their_geometric_means(
    size: int, tmp_path: Path
) -> None:
    """By numpy: the principal eigenvector of the matrix of geometric means, which ranks."""
    dice = random.Random(size)
    names = [f"e{n}" for n in range(size)]
    pairs = list(combinations(range(size), 2))
    scale = [1 / n for n in range(9, 1, -1)] + list(range(1, 10))
    lines = [",".join(f"{names[a]} vs {names[b]}" for a, b in pairs)]
    logs = np.zeros((size, size))
    for _ in range(200):
        row = []
        for a, b in pairs:
            ratio = dice.choice(scale)
            row.append(str(ratio) if ratio >= 1 else f"1/{round(1 / ratio)}")
            logs[a, b] += np.log(ratio) / 200
            logs[b, a] -= np.log(ratio) / 200
        lines.append(",".join(row))
    vectors = np.linalg.eig(np.exp(logs))
    vector = np.abs(np.real(vectors.eigenvectors[:, np.argmax(np.real(vectors.eigenvalues))]))
    found = read("\n".join(lines))
    assert len(judgements(found)) == 200
    study = load_study(write_study(found, tmp_path / "study"))
    scores = evaluate(study, only="scores").scores
    expected = dict(zip(names, 100 * vector / vector.sum(), strict=True))
    assert scores == pytest.approx(expected, abs=1e-6)


def test_the_same_file_gives_the_same() -> None:
    assert read(NAMED) == read(NAMED)
    assert read(NAMED) != READER.read(replace(source(NAMED), data=NAMED[:-9].encode()), DAY)
