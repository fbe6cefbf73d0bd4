"""Rounds as workbooks that no spreadsheet program would write, or only an odd one."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from evaluator import load_study
from evaluator.model.base import Known
from tests.loading.breaking import BASE, bullets, copy, refuse, rewrite, workbook

PACKAGES = "xl/worksheets/sheet2.xml"
"""Sheets are in the order of their names: measures, packages, ratings, requests, targets."""


def unchanged(book: Workbook) -> None:
    """Leave a workbook as it is."""


def same(name: str, data: bytes) -> bytes:
    """Keep a part."""
    return data


def test_rows_beyond_the_size_that_the_file_states_are_read(tmp_path: Path) -> None:
    root = copy(tmp_path)
    path = workbook(root, unchanged)
    rewrite(path, lambda name, data: data.replace(b'ref="A1:E4"', b'ref="A1:E2"'))
    assert [p.id for p in load_study(root / BASE).packages] == ["P1", "P2", "P3"]


def test_a_size_that_is_not_there_takes_no_time(tmp_path: Path) -> None:
    root = copy(tmp_path)
    path = workbook(root, unchanged)
    rewrite(path, lambda name, data: data.replace(b'ref="A1:E4"', b'ref="A1:XFD1048576"'))
    assert len(load_study(root / BASE).packages) == 3


def test_a_cell_in_the_farthest_corner(tmp_path: Path) -> None:
    root = copy(tmp_path)
    workbook(root, lambda book: book["packages"].cell(1_048_576, 16_384, "x"))
    (told,) = bullets(refuse(root))
    assert "cell XFD1048576: stands outside the table, whose header has 5 columns." in told


def test_a_row_beyond_the_last_of_any_sheet(tmp_path: Path) -> None:
    root = copy(tmp_path)
    path = workbook(root, unchanged)
    rewrite(path, lambda name, data: data.replace(b'<row r="4"', b'<row r="99999999"'))
    assert "is not a workbook, or is damaged." in refuse(root)


def test_a_million_blank_cells_that_have_a_format(tmp_path: Path) -> None:
    root = copy(tmp_path)
    blank = b'<row><c s="0"/>' + b"<c/>" * 9_999 + b"</row>"

    def swelled(name: str, data: bytes) -> bytes:
        end = b"</sheetData>"
        return data.replace(end, blank * 300 + end) if name == PACKAGES else data

    rewrite(workbook(root, unchanged), swelled)
    (told,) = bullets(refuse(root))
    assert "sheet packages: has over 2,000,000 cells; at most 2,000,000 are read. Delete em" in told


def test_a_workbook_that_says_to_unpack_beyond_reason(tmp_path: Path) -> None:
    root = copy(tmp_path)
    path = workbook(root, unchanged)
    rewrite(path, lambda name, data: data + b" " * 210_000_000 if name == PACKAGES else data)
    assert path.stat().st_size < 500_000
    (told,) = bullets(refuse(root))
    assert "round.xlsx: unpacks to 210,0" in told
    assert "at most 200,000,000 are read. Remove what is not data, or allow more with " in told


def test_a_part_that_lies_about_its_size_is_not_read_beyond_it(tmp_path: Path) -> None:
    root = copy(tmp_path)
    path = workbook(root, unchanged)
    rewrite(path, lambda name, data: data + b" " * 9_000_000 if name == PACKAGES else data)
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(PACKAGES).file_size.to_bytes(4, "little")
    data = path.read_bytes()
    assert data.count(size) == 2  # beside the part and in the directory
    path.write_bytes(data.replace(size, (900).to_bytes(4, "little")))
    assert "is not a workbook, or is damaged." in refuse(root)


def test_a_round_of_csv_files_loads_no_reader_of_workbooks(tmp_path: Path) -> None:
    root = copy(tmp_path)
    script = f"""
import sys
from evaluator import load_study
load_study({str(root / BASE)!r})
print([name for name in sys.modules if name.startswith("evaluator.loading.tables.workbooks.")])
"""
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"


def test_what_is_no_sheet_is_not_unpacked(tmp_path: Path) -> None:
    root = copy(tmp_path)
    rewrite(workbook(root, unchanged), same, **{"xl/media.bin": bytes(210_000_000)})
    load_study(root / BASE)


@pytest.mark.parametrize("what", ["tag", "comment", "elements", "parts"])
def test_what_would_take_time_or_memory_without_end(what: str, tmp_path: Path) -> None:
    root = copy(tmp_path)
    more = {
        "tag": b'<c r="' + b"A" * 3_000_000,
        "comment": b"<!--" + b"A" * 3_000_000,
        "elements": b"<x>" * 100,
        "parts": b"",
    }[what]
    extra = {f"a{i}": b"" for i in range(10_001)} if what == "parts" else {}
    path = workbook(root, unchanged)
    start = b"<sheetData>"
    rewrite(path, lambda _, data: data.replace(start, start + more), **extra)
    assert "is not a workbook, or is damaged." in refuse(root)


@pytest.mark.parametrize("part", [PACKAGES, "xl/workbook.xml", "xl/styles.xml"])
def test_a_damaged_part(part: str, tmp_path: Path) -> None:
    root = copy(tmp_path)
    path = workbook(root, unchanged)
    rewrite(path, lambda name, data: data[: len(data) // 2] if name == part else data)
    (told,) = bullets(refuse(root))
    assert "round.xlsx: is not a workbook, or is damaged." in told


def test_references_that_are_none(tmp_path: Path) -> None:
    root = copy(tmp_path)
    rewrite(workbook(root, unchanged), lambda name, data: data.replace(b'r="A2"', b'r="??"'))
    assert "is not a workbook, or is damaged." in refuse(root)


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    root = copy(tmp_path)
    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><worksheet'

    def inject(name: str, data: bytes) -> bytes:
        if name != PACKAGES:
            return data
        return data.replace(b"<worksheet", entity, 1).replace(b"Clinic", b"&e;", 1)

    rewrite(workbook(root, unchanged), inject)
    assert "is not a workbook, or is damaged." in refuse(root)


def test_an_error_and_a_formula_are_one_fault_each(tmp_path: Path) -> None:
    root = copy(tmp_path)

    def spoil(book: Workbook) -> None:
        book["packages"]["C2"] = "#N/A"
        book["packages"]["C3"] = "=1+1"

    workbook(root, spoil)
    error, formula = bullets(refuse(root))
    assert "sheet packages cell C2: holds an error." in error
    assert "sheet packages cell C3: holds a formula." in formula


def test_cells_with_types_of_their_own(tmp_path: Path) -> None:
    root = copy(tmp_path)

    def typed(book: Workbook) -> None:
        sheet = book["packages"]
        sheet["B2"], sheet["C2"], sheet["E2"] = 7, 90_000_000.0, dt.datetime(2026, 5, 20)
        book["ratings"]["F2"] = False

    workbook(root, typed)
    package = load_study(root / BASE).packages[0]
    assert package.title == "7"
    assert package.attributes["capital_cost_usd"] == Known(value=90_000_000, unit="money")
    assert package.attributes["submitted_on"] == Known(value="2026-05-20")


def test_an_hour_is_no_day(tmp_path: Path) -> None:
    root = copy(tmp_path)

    def timed(book: Workbook) -> None:
        book["packages"]["E2"] = dt.datetime(2026, 5, 20, 10, 30)

    workbook(root, timed)
    (told,) = bullets(refuse(root))
    assert "cell E2: '2026-05-20T10:30:00' is not a date." in told


@pytest.mark.parametrize("cells", ["D2:D3", "A1:B1", "B4:F6"])
def test_merged_cells_of_a_table(cells: str, tmp_path: Path) -> None:
    root = copy(tmp_path)
    workbook(root, lambda book: book["packages"].merge_cells(cells))
    assert any(
        f"round.xlsx sheet packages cells {cells}: are merged" in told and "Split them" in told
        for told in bullets(refuse(root))
    )


def test_merged_cells_are_told_beside_all_else(tmp_path: Path) -> None:
    root = copy(tmp_path)

    def spoil(book: Workbook) -> None:
        book["packages"].merge_cells("D2:D3")
        book["targets"]["C2"] = 2

    workbook(root, spoil)
    assert len(bullets(refuse(root))) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_merged_cells_whatever_their_writing(encoding: str, tmp_path: Path) -> None:
    root = copy(tmp_path)
    path = workbook(root, lambda book: book["packages"].merge_cells("D2:D3"))

    def rewritten(name: str, data: bytes) -> bytes:
        if name != PACKAGES:
            return data
        text = data.decode().replace('<mergeCell ref="D2:D3"', "<mergeCell\n ref = 'D2:D3'")
        assert "ref = " in text
        return text.encode(encoding)

    rewrite(path, rewritten)
    assert "sheet packages cells D2:D3: are merged" in refuse(root)


@pytest.mark.parametrize("cells", ["H2:J5", "A9:E9"])
def test_merged_cells_beside_a_table(cells: str, tmp_path: Path) -> None:
    root = copy(tmp_path)
    workbook(root, lambda book: book["packages"].merge_cells(cells))
    assert len(load_study(root / BASE).packages) == 3


def test_a_sheet_of_a_table_that_is_empty(tmp_path: Path) -> None:
    root = copy(tmp_path)
    workbook(root, lambda book: book["measures"].delete_rows(1, 9))
    (told,) = bullets(refuse(root))
    assert "round.xlsx sheet measures: the sheet is empty. Fill it, or take it out" in told


def test_sheets_that_hold_no_cells_are_passed_over(tmp_path: Path) -> None:
    root = copy(tmp_path)

    def further(book: Workbook) -> None:
        book.create_sheet("Sheet1")
        book.create_chartsheet("Chart1")

    workbook(root, further)
    assert len(load_study(root / BASE).packages) == 3
