"""What nobody sees in a workbook is told at its place, and read only where the scenario says so."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from evaluator import load_study
from tests.loading.breaking import BASE, bullets, copy, edit, refuse, rewrite, workbook

WAY = "Unhide it or remove it, or set hidden: read in the scenario."


def filtered(book: Workbook) -> None:
    """Hide the row of P3, as a filter of titles does."""
    sheet = book["packages"]
    sheet.auto_filter.ref = "A1:E4"
    sheet.auto_filter.add_filter_column(1, ["Clinic imaging service"])
    sheet.row_dimensions[4].hidden = True


def column(book: Workbook) -> None:
    """Hide the costs."""
    book["packages"].column_dimensions["C"].hidden = True


def grouped(book: Workbook) -> None:
    """Fold the costs and the grades away."""
    book["packages"].column_dimensions.group("C", "D", hidden=True)


def sheet(book: Workbook) -> None:
    """Hide the ratings."""
    book["ratings"].sheet_state = "hidden"


def well_hidden(book: Workbook) -> None:
    """Hide the ratings from all but the editor of macros."""
    book["ratings"].sheet_state = "veryHidden"


def shows_nothing(book: Workbook) -> None:
    """Give a number and a text a format that shows neither."""
    for cell in ("B3", "C4"):
        book["packages"][cell].number_format = ";;;"


HIDDEN: dict[Callable[[Workbook], None], list[str]] = {
    filtered: ["packages row 4: is hidden, as by a filter."],
    column: ["packages column C: is hidden, with 'capital_cost_usd'."],
    grouped: ["packages column C: is hidden, with 'capital_cost_usd'.",
              "packages column D: is hidden, with 'risk_grade'."],
    sheet: ["ratings: is hidden."],
    well_hidden: ["ratings: is hidden so that only the editor of macros shows it."],
    shows_nothing: ["packages cell B3: is hidden: its number format shows nothing.",
                    "packages cell C4: is hidden: its number format shows nothing."],
}  # fmt: skip


@pytest.mark.parametrize("hide", HIDDEN, ids=lambda hide: hide.__name__)
def test_what_is_hidden_is_refused(hide: Callable[[Workbook], None], tmp_path: Path) -> None:
    root = copy(tmp_path)
    seen = load_study(root / BASE).packages
    workbook(root, hide)
    told = [line.partition("round.xlsx sheet ")[2] for line in bullets(refuse(root))]
    assert told == [f"{fact} {WAY}" for fact in HIDDEN[hide]]
    edit(root, BASE, "round: round.xlsx", "round: round.xlsx\nhidden: read")
    assert load_study(root / BASE).packages == seen


def test_reading_what_is_hidden_is_no_other_study(tmp_path: Path) -> None:
    root = copy(tmp_path)
    workbook(root, lambda _: None)
    seen = load_study(root / BASE).fingerprint
    workbook(root, filtered)
    edit(root, BASE, "round: round.xlsx", "round: round.xlsx\nhidden: read")
    assert load_study(root / BASE).fingerprint == seen


@pytest.mark.parametrize(
    ("old", "new", "fact"),
    [
        (b'<row r="4"', b'<row r="4" ht="0" customHeight="1"', "row 4: is hidden, as by a filter."),
        (
            b"<sheetData>",
            b'<cols><col min="2" max="2" width="0"/></cols><sheetData>',
            "column B: is hidden, with 'title'.",
        ),
        (
            b"<sheetFormatPr",
            b'<sheetFormatPr defaultColWidth="0" zeroHeight="1"/><cols><col min="1" max="2"'
            b' width="9"/><col min="4" max="5" width="9"/></cols><x',
            "column C: is hidden, with 'capital_cost_usd'.",
        ),
    ],
)
def test_what_has_no_size_is_hidden(old: bytes, new: bytes, fact: str, tmp_path: Path) -> None:
    root = copy(tmp_path)
    path = workbook(root, lambda _: None)
    packages = "xl/worksheets/sheet2.xml"
    rewrite(path, lambda name, data: data.replace(old, new) if name == packages else data)
    (told,) = bullets(refuse(root))
    assert f"sheet packages {fact} {WAY}" in told


def test_what_is_hidden_beside_a_table_is_nothing(tmp_path: Path) -> None:
    root = copy(tmp_path)

    def beside(book: Workbook) -> None:
        packages = book["packages"]
        packages.column_dimensions.group("H", "XFD", hidden=True)
        packages.row_dimensions.group(9, 40, hidden=True)
        packages.row_dimensions[4].hidden = False
        book.create_sheet("empty").sheet_state = "hidden"

    workbook(root, beside)
    assert len(load_study(root / BASE).packages) == 3


def test_a_hidden_sheet_that_is_no_table(tmp_path: Path) -> None:
    root = copy(tmp_path)

    def notes(book: Workbook) -> None:
        book.create_sheet("old")["A1"] = "x"
        book["old"].sheet_state = "veryHidden"

    workbook(root, notes)
    none, hidden = bullets(refuse(root))
    assert "round.xlsx, old: is no table of a round." in none
    assert "sheet old: is hidden so that only the editor of macros shows it." in hidden


@pytest.mark.slow
@pytest.mark.office
def test_what_another_program_writes_of_it(tmp_path: Path) -> None:
    """LibreOffice writes hidden="true", and hidden="false" on every other row."""
    root = copy(tmp_path)

    def hide(book: Workbook) -> None:
        filtered(book)
        column(book)
        sheet(book)

    path = workbook(root, hide)
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    subprocess.run(
        ["soffice", home, "--headless", "--convert-to", "xlsx", "--outdir", tmp_path, path],
        check=True,
        capture_output=True,
    )
    path.write_bytes((tmp_path / "round.xlsx").read_bytes())
    told = {line.partition("round.xlsx sheet ")[2] for line in bullets(refuse(root))}
    facts = (*HIDDEN[filtered], *HIDDEN[column], *HIDDEN[sheet])
    assert told == {f"{fact} {WAY}" for fact in facts}
