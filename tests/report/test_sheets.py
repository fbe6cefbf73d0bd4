"""Which sheets a workbook has, its index, and how it prints."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import openpyxl
import pytest

from evaluator.record.runs.tables import tables
from evaluator.report.xlsx.sheets import FILED, sheet_name
from evaluator.results.evaluation import Evaluation
from tests.conftest import program
from tests.programme import WORDS
from tests.report.test_workbook import cells_of


def test_the_index_links_to_each_sheet_and_names_each_table_of_the_run(
    baseline: Evaluation, file: openpyxl.Workbook
) -> None:
    sheet = file["Index"]
    links = [cell.hyperlink for cell in sheet["A"] if cell.hyperlink]
    linked = {str(sheet[link.ref].value): str(link.location) for link in links}
    assert list(linked) == file.sheetnames[2:], "in order, all but the cover and itself"
    assert all(place == f"'{name}'!A1" for name, place in linked.items())
    counts = {str(row[3]): row[2] for row in cells_of(sheet)[2:] if row[3]}
    assert counts == {f"{stem}.csv": len(table) for stem, table in tables(baseline).items()}
    rest = {str(row[0]) for row in cells_of(sheet)} - {*linked}
    assert {sheet_name(stem, WORDS) for stem in tables(baseline) if stem in FILED} <= rest


def test_what_people_work_with_has_a_sheet(file: openpyxl.Workbook) -> None:
    """At most twenty-two: a row of tabs that a reader can look through."""
    asked = {"Ranking", "Values", "Weights", "Envelope", "Allocation", "Limits", "Gates", "Sources"}
    assert asked <= {*file.sheetnames}
    assert len(file.sheetnames) <= 22


@pytest.mark.slow
@pytest.mark.office
def test_each_sheet_prints_as_wide_as_a_page(
    file: openpyxl.Workbook, data: bytes, soffice: str, tmp_path: Path
) -> None:
    """On each page of a sheet stand its first and its last head: none runs on to the right."""
    path = tmp_path / "results.xlsx"
    path.write_bytes(data)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*convert, str(path)], check=True, capture_output=True)
    printed = subprocess.run(
        [program("pdftotext"), "-raw", str(tmp_path / "results.pdf"), "-"],
        check=True,
        capture_output=True,
        text=True,
    )
    pages = [re.sub(r"\s", "", page) for page in printed.stdout.split("\f")]
    held = [False] * len(pages)
    for sheet in file.worksheets:
        if sheet.title in ("Run", "What if", "What if values"):
            continue
        heads = [re.sub(r"\s", "", str(cell.value)) for cell in sheet[2] if cell.value]
        mine = [i for i, page in enumerate(pages) if all(head in page for head in heads)]
        assert mine, sheet.title
        for place in mine:
            held[place] = True
    others = [i for i, page in enumerate(pages) if page and not held[i]]
    assert len(others) <= 6, "the cover, and the sheets that calculate"
