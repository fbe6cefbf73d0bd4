"""The workbook in which a round is filled in: what it offers, and that it loads as it is."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

import evaluator
from evaluator import load_study
from evaluator.cli import main
from evaluator.loading.round.tables import BESIDE, TABLES
from evaluator.model.study import Study
from evaluator.record.form import form
from evaluator.record.form.columns import tables
from evaluator.record.starter import write_starter
from tests.loading.breaking import BASE, STARTER, bullets, refuse, rewrite

GUIDE = Path(evaluator.__file__).parent / "guides" / "scenarios.md"
BOOK = "scenarios/round.xlsx"


@pytest.fixture(scope="module")
def starter() -> Study:
    return load_study(STARTER / BASE)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the root of a fresh study with a workbook."""
    write_starter(tmp_path / "study", workbook=True)
    return tmp_path / "study"


def test_a_new_study_with_a_workbook_is_the_starter_study(tmp_path: Path, starter: Study) -> None:
    result = CliRunner().invoke(main, ["new", str(tmp_path / "study"), "--workbook"])
    assert result.exit_code == 0, result.output
    found = load_study(tmp_path / "study" / BASE)
    assert found.fingerprint == starter.fingerprint
    assert not (tmp_path / "study/scenarios/round").exists()
    assert "round.xlsx" in (tmp_path / "study/README.md").read_text()


def test_the_same_study_gives_the_same_bytes(starter: Study) -> None:
    assert form(starter, {}) == form(starter, {})


def test_each_table_has_a_sheet_and_each_head_a_note(root: Path, starter: Study) -> None:
    book = openpyxl.load_workbook(root / BOOK)
    assert {*book.sheetnames} == {*TABLES, *BESIDE}
    own = {one.id for one in starter.package_attributes}
    for name, (columns, _) in TABLES.items():
        heads = {cell.value: cell.comment for cell in book[name][1]}
        assert {*heads} == {*columns} | (own if name == "packages" else set())
        assert all(comment is not None and comment.text for comment in heads.values()), name


def test_nothing_is_locked_hidden_or_a_formula(root: Path) -> None:
    book = openpyxl.load_workbook(root / BOOK)
    for sheet in book.worksheets:
        assert not sheet.protection.sheet
        assert sheet.sheet_state == "visible"
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_types_of_columns_are_those_that_are_read(starter: Study) -> None:
    """What is compared letter by letter is formatted as text, so that 007 stays what it is."""
    for name, table in tables(starter).items():
        for column, how in table.columns.items():
            parser = TABLES[name][0].get(column)
            if parser is not None:
                assert parser.verbatim == (how.type == "text"), (name, column)
            if how.one_of is not None and parser is not None:
                assert [parser(word) for word in how.one_of] == list(how.one_of)


def test_the_guide_knows_each_column(starter: Study) -> None:
    sections = re.split(r"^### ", GUIDE.read_text(), flags=re.MULTILINE)
    told = {part.partition("\n")[0].strip("`"): part for part in sections}
    for name, table in tables(starter).items():
        for column in table.columns.keys() - {one.id for one in starter.package_attributes}:
            assert f"`{column}`" in told[name], (name, column)


def offered(book: Workbook, sheet: str, column: str) -> DataValidation:
    """Return the list that cells of a column have."""
    (letter,) = (cell.column_letter for cell in book[sheet][1] if cell.value == column)
    (found,) = (
        one
        for one in book[sheet].data_validations.dataValidation
        if any(area.coord.startswith(f"{letter}2") for area in one.sqref.ranges)
    )
    assert found.type == "list"
    return found


def words(book: Workbook, told: DataValidation) -> list[object]:
    """Return the words that a list names."""
    formula = told.formula1
    assert formula is not None
    if formula.startswith('"'):
        return formula.strip('"').split(",")
    name, _, area = formula.partition("!")
    return [cell.value for (cell,) in book[name][area.replace("$", "")]]


def test_cells_offer_what_the_study_knows(root: Path) -> None:
    book = openpyxl.load_workbook(root / BOOK)
    for sheet, column, expected in (
        ("requests", "tool", ["bank.loan", "bank.equity"]),
        ("targets", "country", ["KEN", "POL", "VNM"]),
        ("entities", "headquarters", ["KEN", "POL", "VNM"]),
        ("measures", "criterion", ["security.recovery_hours", "trade.domestic_content"]),
        ("measures", "unit", ["hours", "share"]),
        ("ratings", "criterion", ["security.safeguards", "trade.delivery"]),
        ("ratings", "recused", ["yes", "no"]),
        ("evidence", "requirement", ["names_a_target", "on_time"]),
        ("evidence", "status", ["passed", "failed", "unknown"]),
        ("packages", "risk_grade", ["low", "medium", "high"]),
    ):
        assert words(book, offered(book, sheet, column)) == expected, (sheet, column)
    # a fact may be missing for a reason, which is in no list
    assert offered(book, "packages", "risk_grade").errorStyle == "warning"
    assert offered(book, "ratings", "rating").errorStyle in (None, "stop")


def converted(path: Path, folder: Path, ending: str, options: str = "") -> Path:
    """Return what LibreOffice makes of a workbook."""
    home = f"-env:UserInstallation={(folder / 'home').as_uri()}"
    told = ["--headless", "--convert-to", f"{ending}{options}", "--outdir", folder, path]
    subprocess.run(["soffice", home, *told], check=True, capture_output=True)
    return folder / path.with_suffix(f".{ending}").name


@pytest.mark.slow
@pytest.mark.office
def test_it_loads_after_another_program_has_saved_it(
    root: Path, tmp_path: Path, starter: Study
) -> None:
    """LibreOffice: to its own format and back, notes and lists kept."""
    out = tmp_path / "out"
    ods = converted(root / BOOK, out, "ods")
    (root / BOOK).write_bytes(converted(ods, tmp_path / "back", "xlsx").read_bytes())
    assert load_study(root / BASE).fingerprint == starter.fingerprint
    book = openpyxl.load_workbook(root / BOOK)
    assert words(book, offered(book, "requests", "tool")) == ["bank.loan", "bank.equity"]
    assert book["requests"]["A1"].comment is not None


@pytest.mark.slow
@pytest.mark.office
def test_a_rating_offers_the_levels_of_the_criterion_in_its_row(root: Path, tmp_path: Path) -> None:
    """The list's formula, computed by LibreOffice, for a study of two scales."""
    scales = root / "criteria/scales.yaml"
    more = """
  - id: grade
    label: Grade
    citation: {title: Made up, confidence: illustrative}
    levels: [{id: a, label: A, meaning: x}, {id: b, label: B, meaning: x}]
"""
    scales.write_text(scales.read_text().rstrip() + more)
    security = root / "criteria/security.yaml"
    old, new = "scale: quality\n    value: {levels: {good: 100, fair: 50, poor: 0}}", "scale: grade"
    text = security.read_text()
    assert old in text
    security.write_text(text.replace(old, f"{new}\n    value: {{levels: {{a: 100, b: 0}}}}"))
    book = openpyxl.load_workbook(root / BOOK)
    del book["ratings"]
    book.save(root / BOOK)
    path = tmp_path / "form.xlsx"
    path.write_bytes(form(load_study(root / BASE), {}))
    book = openpyxl.load_workbook(path)
    formula = offered(book, "ratings", "rating").formula1
    assert formula is not None
    sheet = book["ratings"]
    for row, criterion in ((2, "trade.delivery"), (3, "security.safeguards")):
        sheet.cell(row, 2, criterion)
        of_row = formula.replace("$B2", f"$B{row}")
        for place in range(1, 5):
            told = f'=IFERROR(INDEX({of_row},{place}),"-")'
            sheet.cell(row, 9 + place, told)
    for row in range(2, 4):
        for column in range(10, 14):
            sheet.cell(row, column).number_format = "General"
    book.save(path)
    found = openpyxl.load_workbook(converted(path, tmp_path / "out", "xlsx"), data_only=True)
    rows = [[found["ratings"].cell(r, c).value for c in range(10, 14)] for r in (2, 3)]
    assert rows == [["good", "fair", "poor", "-"], ["a", "b", "-", "-"]]


def test_lists_and_about_are_not_read(root: Path) -> None:
    book = openpyxl.load_workbook(root / BOOK)
    for name in BESIDE:
        book[name]["B2"] = "=1/0"
        book[name].merge_cells("C3:D4")
        book[name].sheet_state = "hidden"
    book.save(root / BOOK)
    assert len(load_study(root / BASE).packages) == 3


def test_a_mistake_in_it_is_told_at_its_cell(root: Path) -> None:
    book = openpyxl.load_workbook(root / BOOK)
    book["requests"]["B2"] = "bank.lone"
    book["ratings"]["D2"] = "god"
    book.save(root / BOOK)
    told = "\n".join(bullets(refuse(root)))
    assert "round.xlsx sheet requests row 2: the tool 'bank.lone' is unknown." in told
    assert "round.xlsx sheet ratings row 2: " in told
    assert "'god'" in told


def inline(data: bytes, texts: list[str]) -> bytes:
    """Put each shared text into its cell."""

    def one(found: re.Match[bytes]) -> bytes:
        text = texts[int(found[3])].encode()
        return (
            b"<c" + found[1] + b't="inlineStr"' + found[2] + b"><is><t>" + text + b"</t></is></c>"
        )

    return re.sub(rb'<c([^>]*?)t="s"([^>]*)><v>(\d+)</v></c>', one, data)


def prefixed(data: bytes, texts: list[str]) -> bytes:
    """Give every element of a sheet the prefix that other programs write."""
    data = re.sub(rb"<(/?)(?![?!/])([a-zA-Z])", rb"<\1x:\2", data)
    return data.replace(b'xmlns="', b'xmlns:x="', 1)


def sized(data: bytes, texts: list[str]) -> bytes:
    """State a size that is wrong, and attributes that only newer programs write."""
    data = re.sub(rb'<dimension ref="[^"]*"/>', b'<dimension ref="A1"/>', data)
    return data.replace(b"<row ", b'<row x14ac:dyDescent="0.25" ').replace(
        b"<worksheet ", b'<worksheet xmlns:x14ac="http://example.org/ac" ', 1
    )


@pytest.mark.parametrize("change", [inline, prefixed, sized], ids=lambda change: change.__name__)
def test_shapes_that_spreadsheet_programs_write(
    change: Callable[[bytes, list[str]], bytes], root: Path, starter: Study
) -> None:
    with zipfile.ZipFile(root / BOOK) as archive:
        shared = archive.read("xl/sharedStrings.xml").decode()
    texts = re.findall(r"<si><t[^>]*>(.*?)</t></si>", shared, re.DOTALL)
    before = (root / BOOK).read_bytes()
    rewrite(
        root / BOOK,
        lambda name, data: change(data, texts) if "worksheets/sheet" in name else data,
    )
    assert (root / BOOK).read_bytes() != before
    assert load_study(root / BASE).fingerprint == starter.fingerprint


def test_cells_without_names(root: Path, starter: Study) -> None:
    """Rows and cells may leave out where they are, as long as none is left out."""

    def unnamed(name: str, data: bytes) -> bytes:
        if "worksheets/sheet" not in name or name.endswith("sheet1.xml"):
            return data  # of the first, rows are left out
        return re.sub(rb'<row r="\d+"', b"<row", data)

    rewrite(root / BOOK, unnamed)
    assert load_study(root / BASE).fingerprint == starter.fingerprint


def test_days_that_count_from_1904(root: Path, starter: Study) -> None:
    book = openpyxl.load_workbook(root / BOOK)
    book.epoch = dt.datetime(1904, 1, 1)
    book.save(root / BOOK)
    with zipfile.ZipFile(root / BOOK) as archive:
        assert b"date1904" in archive.read("xl/workbook.xml")
    assert load_study(root / BASE).fingerprint == starter.fingerprint


def test_a_hidden_row_is_told(root: Path) -> None:
    book = openpyxl.load_workbook(root / BOOK)
    book["requests"].row_dimensions[3].hidden = True
    book.save(root / BOOK)
    (told,) = bullets(refuse(root))
    assert "sheet requests row 3: is hidden, as by a filter." in told
