"""Texts that would act or break, through every file of a run."""

from __future__ import annotations

import csv
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from evaluator import brief, read_run, write_run
from evaluator.report.xlsx.reweighing.plan import INPUTS, VALUES
from evaluator.results.evaluation import Evaluation
from tests.report.markup import Markup
from tests.report.test_brief import in_reading_order
from tests.report.test_page import FORMULA, HOSTILE, LONG, hostile

__all__ = ["hostile"]  # a fixture


@pytest.fixture(scope="module")
def run(hostile: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert len(LONG) > 10_000
    return write_run(hostile, tmp_path_factory.mktemp("hostile"))


def test_no_csv_holds_a_formula(run: Path) -> None:
    cells = [
        cell
        for path in sorted(run.glob("*.csv"))
        for row in csv.reader(path.read_text(encoding="utf-8").splitlines())
        for cell in row
    ]
    assert f"'{FORMULA}" in cells
    assert HOSTILE in cells
    acting = [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t")]
    assert all(float(cell) < 0 for cell in acting), "numbers below 0 alone may begin so"


def test_what_was_made_inert_is_read_back_as_it_was(run: Path, hostile: Evaluation) -> None:
    again = read_run(run).tables["ranking"]
    assert list(again["title"]) == list(hostile.ranking["title"])


def test_no_text_of_the_study_is_in_a_formula(run: Path) -> None:
    book = openpyxl.load_workbook(run / "results.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    formulas = [cell for cell in cells if cell.data_type == "f"]
    assert {cell.parent.title for cell in formulas} == {INPUTS, VALUES}
    assert not [one for one in formulas if "HYPERLINK" in one.value or "alert" in one.value]
    assert not [cell.coordinate for cell in cells if cell.hyperlink and cell.hyperlink.target]
    texts = {cell.value for cell in cells if isinstance(cell.value, str)}
    assert {HOSTILE, FORMULA} <= texts


def test_the_page_and_the_figures_hold_no_script_of_theirs(run: Path) -> None:
    page = Markup((run / "report.html").read_text(encoding="utf-8"))
    assert [tag for tag, _, _ in page.raw] == ["style", "script", "script"]
    assert any(LONG in row[-1].text for row in page.tables["c-P1"].rows)
    for path in (run / "figures").glob("*.svg"):
        tags = {one.tag for one in ElementTree.parse(path).iter()}  # noqa: S314  our own file
        assert not [tag for tag in tags if tag.endswith(("script", "foreignObject"))]


def test_the_brief_prints_them_as_they_stand(hostile: Evaluation) -> None:
    text = in_reading_order(brief(hostile))
    assert "alert(1)" in text
    assert "=HYPERLINK(" in text
