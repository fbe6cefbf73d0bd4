"""What LibreOffice saves of a workbook is imported as the workbook itself is."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path

import pytest
from openpyxl.comments import Comment

from tests.importing.forms import at, book, done, rows, starter

pytestmark = [pytest.mark.slow, pytest.mark.office]


@pytest.mark.parametrize("ending", ["ods", "xlsx"])
def test_a_workbook_saved_by_libreoffice_is_imported_as_it_was(
    tmp_path: Path, soffice: str, ending: str
) -> None:
    table = [
        ("Scores of June", None, None, None, None, None),
        (),
        ("Ref", "Title", "Submission", None, "Content", "Grade"),
        (None, None, "Day of submission", "Capital cost", "Share made at home", "risk grade"),
        ("P1", "Clinic", dt.date(2026, 3, 4), "=40+2", 0.625, "LOW"),
        ("P2", "Port", dt.datetime(2026, 3, 5, 9, 30), 1250.5, 0.07, "TBD"),
        ("P3", "Two  blanks", "6 March 2026", "$1,000", "12,5 %", "high"),
        (),
        ("Checked",),
    ]
    made = book(tmp_path / "in.xlsx", {"It's & it": table, "Notes": [("Thanks",)]})
    sheet = made["It's & it"]
    for merged in ("A3:A4", "B3:B4", "C3:D3"):
        sheet.merge_cells(merged)
    for row in (5, 6):
        sheet[f"E{row}"].number_format = "0.0%"
    sheet["D6"].number_format = '#,##0.00 "USD"'
    sheet["B5"].comment = Comment("not of the table", "a reviewer")
    sheet.row_dimensions[6].hidden = True
    made["Notes"].sheet_state = "hidden"
    made.save(tmp_path / "in.xlsx")
    saved = tmp_path / "saved"
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [soffice, home, "--headless", "--convert-to", ending, "--outdir", str(saved)]
    subprocess.run([*command, str(tmp_path / "in.xlsx")], check=True, capture_output=True)
    study = starter(tmp_path)
    told = done(saved / f"in.{ending}", "--into", study).output
    assert [tuple(x.values()) for x in rows(study, "packages")] == [
        ("P1", "Clinic", "2026-03-04", "42", "low"),
        ("P2", "Port", "2026-03-05", "1251", "n/a: TBD"),
        ("P3", "Two  blanks", "2026-03-06", "1000", "high"),
    ]
    assert [x["value"] for x in rows(study, "measures")] == ["0.625", "0.07", "0.125"]
    assert at(study, "D5")["how"] == "stored value of a formula"
    assert "row 6: hidden, and taken" in told
    assert "sheet Notes: the sheet is hidden, and was left (1 cell)" in told
