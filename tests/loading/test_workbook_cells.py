"""What a cell of a workbook is read as, and what it shows instead."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from evaluator import Bounds, InvalidStudyError, load_study
from evaluator.loading.tables.sheets import Sheet
from evaluator.loading.tables.workbooks import read_workbook
from evaluator.loading.tables.workbooks.formats import FIRST_DAYS, Format
from tests.loading.breaking import BASE, bullets, copy, refuse, rewrite, workbook

STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
SHEET = "xl/worksheets/sheet1.xml"


def read(path: Path) -> Sheet:
    """Return the first sheet of a workbook."""
    return next(iter(read_workbook(path, "book.xlsx", Bounds(), hidden=False).values()))


def saved(
    path: Path, rows: list[list[Any]], change: Callable[[bytes], bytes] | None = None
) -> Sheet:
    """Return what is read of rows that openpyxl has written, under a header of letters."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in [[f"c{i}" for i in range(len(rows[0]))], *rows]:
        sheet.append(row)
    book.save(path)
    if change is not None:
        rewrite(path, lambda name, data: change(data) if name == SHEET else data)
    return read(path)


def texts(sheet: Sheet) -> list[list[str]]:
    """Return the rows of a sheet without their numbers."""
    return [list(row) for _, row in sheet.rows]


def test_values_are_those_that_another_reader_finds(tmp_path: Path) -> None:
    """openpyxl as an oracle: what two readers make of 4,000 cells of all types."""
    dice = random.Random(3)
    makers: list[Callable[[], Any]] = [
        lambda: "".join(dice.choices("abä 漢😀<&>\"'\n", k=dice.randint(1, 9))).strip() or "x",
        lambda: dice.randint(-(10**6), 10**6),
        lambda: dice.uniform(-1, 1) * 10 ** dice.randint(-9, 9),
        lambda: round(dice.uniform(0, 100), 2),
        lambda: dice.random() < 0.5,
        lambda: dt.date(1900, 3, 1) + dt.timedelta(dice.randint(0, 90_000)),
        lambda: dt.datetime(2026, 1, 1) + dt.timedelta(seconds=dice.randint(1, 10**8)),
        lambda: None,
    ]
    rows = [[dice.choice(makers)() for _ in range(20)] for _ in range(200)]
    path = tmp_path / "book.xlsx"
    found = dict(saved(path, rows).rows)
    there = openpyxl.load_workbook(path).worksheets[0]
    for line, row in enumerate(there.iter_rows(min_row=2, values_only=True), start=2):
        for value, text in zip(row, found[line], strict=True):
            if isinstance(value, bool):
                assert text == str(value).upper()
            elif isinstance(value, int | float):
                assert float(text) == value
            elif isinstance(value, dt.datetime):
                assert dt.datetime.fromisoformat(text) == value.replace(microsecond=0)
            else:
                assert text == (value or "")


def test_values_of_another_writer(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "date_1904": True})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "d mmm yyyy"})
    sheet.write_row(0, 0, ["a", "b", "c", "d"])
    sheet.write_row(1, 0, [7, 0.1, "text", True])
    sheet.write_datetime(2, 0, dt.datetime(2026, 5, 20), day)
    sheet.write_string(2, 1, " spaces ")
    book.close()
    assert texts(read(path)) == [["7", "0.1", "text", "TRUE"], ["2026-05-20", "spaces", "", ""]]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="A2" t="inlineStr"><is><t>a_x000D_\nb_x0041_</t></is></c>', "a\nbA"),
        ('<c r="A2" t="inlineStr"><is><t>_x005F_x0041_</t></is></c>', "_x0041_"),
        ('<c r="A2" t="inlineStr"><is><t>_xD83D__xDE00_</t></is></c>', "😀"),
        ('<c r="A2" t="inlineStr"><is><r><t>two </t></r><r><t>runs</t></r></is></c>', "two runs"),
        ('<c r="A2" t="inlineStr"><is><t>課</t><rPh sb="0" eb="1"><t>カ</t></rPh></is></c>', "課"),
        ('<c r="A2" t="str"><v>of a formula</v></c>', "of a formula"),
        ('<c r="A2"><v>1.2E3</v></c>', "1200"),
        ('<c r="A2"><v>0.10000000000000001</v></c>', "0.1"),
        ('<c r="A2"><v> 7 </v></c>', "7"),
        ('<c r="A2"><v>-0</v></c>', "0"),
        ('<c r="A2"><v>12345678901234567</v></c>', "12345678901234567"),
        ('<c r="A2" t="d"><v>2026-05-20T00:00:00</v></c>', "2026-05-20"),
        ('<c r="A2" t="b"><v>1</v></c>', "TRUE"),
        ("<c><v>5</v></c>", "5"),
        ('<c r="A2"><v>&#x35;</v></c>', "5"),
        ('<c r="A2" t="inlineStr"><is><t><![CDATA[a<b]]></t></is></c>', "a<b"),
        (f'<!-- x --><x:c xmlns:x="{STRICT}" r="A2"><x:v>5</x:v></x:c>', "5"),
    ],
)  # fmt: skip
def test_what_a_cell_is_read_as(cell: str, text: str, tmp_path: Path) -> None:
    old = b'<c r="A2" t="n"><v>1</v></c>'

    def change(data: bytes) -> bytes:
        assert old in data
        return data.replace(old, cell.encode())

    assert texts(saved(tmp_path / "book.xlsx", [[1]], change)) == [[text]]


def test_shared_texts_of_several_runs(tmp_path: Path) -> None:
    bold = TextBlock(InlineFont(b=True), "bold")
    found = saved(tmp_path / "book.xlsx", [[CellRichText("plain ", bold, " end_x000D_\n")], ["z"]])
    assert texts(found) == [["plain bold end"], ["z"]]


DAYS = FIRST_DAYS[False]
SHOWN: list[tuple[str, str, str, str | None]] = [
    # format, number as it is stored, what it is read as, what a column of texts is told
    ("General", "7", "7", None),
    ("0", "7", "7", None),
    ("@", "7", "7", None),
    ("[Red]0;[Blue]-0", "-7", "-7", None),
    ("_(* #,##0_);_(* (#,##0);_(* \"-\"_);_(@_)", "7", "7", None),
    ("0.###", "2.5", "2.5", None),
    ("00000", "7", "7", "holds the number 7, and shows '00007'."),
    ("00000", "12345", "12345", None),
    ("000", "-7", "-7", "holds the number -7, and shows '-007'."),
    ("0", "2.7", "2.7", "holds the number 2.7, and shows '3'."),
    ("0.00", "2.675", "2.675", "holds the number 2.675, and shows '2.68'."),
    ("0.0", "3", "3", "holds the number 3, and shows '3.0'."),
    ("#,##0", "1234", "1234", "holds the number 1234, and shows '1,234'."),
    ('"SP26-"00', "7", "7", 'holds the number 7, and shows it by the format "SP26-"00.'),
    ("000-00", "12345", "12345", "holds the number 12345, and shows it by the format 000-00."),
    ("0%", "0.125", "0.125", "holds the number 0.125, and shows it by the format 0%."),
    ("General", "1.2345678901234568E+17", "1.2345678901234568e+17",
     "holds the number 1.2345678901234568e+17, of which a sheet keeps 15 digits."),
    ("yyyy-mm-dd", "46162", "2026-05-20", "holds the date or time 2026-05-20, not a text."),
    ("[$-409]mmm d;@", "46162", "2026-05-20", "holds the date or time 2026-05-20, not a text."),
    ('"Q"q yyyy', "46162.4375", "2026-05-20T10:30:00",
     "holds the date or time 2026-05-20T10:30:00, not a text."),
    ("[h]:mm", "1.5", "36:00:00", "holds the date or time 36:00:00, not a text."),
    ("h:mm AM/PM", "0.75", "18:00:00", "holds the date or time 18:00:00, not a text."),
    ("d/m/yy", "59", "1900-02-28", "holds the date or time 1900-02-28, not a text."),
    ("d/m/yy", "60", "1900-02-29", "holds the date or time 1900-02-29, not a text."),
    ("d/m/yy", "61", "1900-03-01", "holds the date or time 1900-03-01, not a text."),
    ("d/m/yy", "-1", "-1", "holds the number -1, and shows it by the format d/m/yy."),
    ('0 "days"', "5", "5", 'holds the number 5, and shows it by the format 0 "days".'),
]  # fmt: skip


@pytest.mark.parametrize(("code", "raw", "text", "fact"), SHOWN)
def test_what_a_format_shows(code: str, raw: str, text: str, fact: str | None) -> None:
    shown = Format(code)
    assert shown.read(raw, DAYS) == text
    fault = shown.disguise(text)
    assert (fault[0] if fault else None) == fact


def test_numbers_and_dates_in_columns_of_ids_and_texts(tmp_path: Path) -> None:
    root = copy(tmp_path)

    def spoil(book: Workbook) -> None:
        packages = book["packages"]
        packages["A2"], packages["A2"].number_format = 7, "00000"
        packages["B3"] = dt.date(2026, 3, 1)  # what became of MAR1
        packages["C3"].number_format = "00000000000"  # an amount is no text
        packages["C3"] = 90_000_000
        packages["D4"], packages["D4"].number_format = 0.5, "0%"

    workbook(root, spoil)
    told = [line.partition("sheet packages cell ")[2] for line in bullets(refuse(root))]
    told = [line for line in told if line]
    way = "Format the cell as text, and write what is meant."
    assert told == [
        f"A2: holds the number 7, and shows '00007'. {way}",
        f"B3: holds the date or time 2026-03-01, not a text. {way}",
        f"D4: holds the number 0.5, and shows it by the format 0%. {way}",
    ]


def test_a_formula_is_told_wherever_it_stands(tmp_path: Path) -> None:
    root = copy(tmp_path)

    def spoil(book: Workbook) -> None:
        book["packages"].insert_rows(1, 2)
        book["packages"]["C3"] = '="capital_cost_usd"'
        book["targets"]["C9"] = "=1+1"
        book["targets"]["H2"] = "=1+1"

    workbook(root, spoil)
    told = [line.partition("sheet ")[2] for line in bullets(refuse(root))]
    way = "Remove it, or give its column a name."
    assert {line for line in told if "cell" in line and "the cell is empty" not in line} == {
        "packages cell C3: holds a formula. Paste its value instead.",
        "targets cell C9: holds a formula. Paste its value instead.",
        f"targets cell H2: stands outside the table, whose header has 3 columns. {way}",
    }


def test_a_header_is_told_where_it_stands(tmp_path: Path) -> None:
    root = copy(tmp_path)
    workbook(
        root, lambda book: [book["targets"].insert_rows(1, 2), book["targets"].cell(3, 3, "x")]
    )
    told = [line.partition("sheet targets ")[2] for line in bullets(refuse(root))]
    assert told == [
        "row 3: unknown column 'x'. Known here: package, country, share.",
        "row 3: the column 'share' is missing. Add it.",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'<c r="A3"', b'<c r="A2"'),
        (b'<row r="3"', b'<row r="2"'),
        (b"<v>3</v>", b"<v>x</v>"),
        (b"<v>3</v>", b"<v>nan</v>"),
        (b"<v>3</v>", b"<v><v>3</v></v>"),
        (b'<c r="A3"', b'<c r="ZZZZ3"'),
        (b'<c r="A3" t="n"><v>3', b'<c r="A3" t="s"><v>99'),
        (b"<worksheet", b"<chartsheet"),
        (b'<row r="3"', b'<row r="0"'),
    ],
)
def test_what_no_program_writes(old: bytes, new: bytes, tmp_path: Path) -> None:
    root = copy(tmp_path)

    def first(book: Workbook) -> None:
        sheet = book.create_sheet("a", 0)
        for number in (1, 2, 3):
            sheet.append([number])

    path = workbook(root, first)
    close = old.replace(b"<", b"</"), new.replace(b"<", b"</")

    def change(name: str, data: bytes) -> bytes:
        if name != SHEET:
            return data
        assert old in data
        data = data.replace(old, new)
        return data.replace(*close) if old == b"<worksheet" else data

    rewrite(path, change)
    assert "is not a workbook, or is damaged." in refuse(root)


WORDS = [
    *(b"", b"0", b"1", b"-1", b"99999999999", b"nan", b"1e999", b"A1", b"x", b"true", b"hidden"),
    *(b'"', b"<", b">", b"&", b"&#0;", b"\x00", b"\xff", b"s", b"b", b"e", b"str", b"inlineStr"),
    *(b"<c/>", b"<row>", b"</row>", b"<v>", b"</v>", b"<is><t>", b' r="', b"../", b"/", b"rId9"),
]


def spoiled(dice: random.Random, good: bytes, parts: dict[str, bytes]) -> bytes:
    """Return a workbook with some bytes, or some words of its parts, that are others."""
    if dice.random() < 0.2:
        data = bytearray(good)
        for _ in range(3):
            data[dice.randrange(len(data))] = dice.randrange(256)
        return bytes(data)
    changed = dict(parts)
    for _ in range(dice.randint(1, 3)):
        name = dice.choice(list(changed))
        word = dice.choice([*re.finditer(rb"[\w./:-]+|[<>\"=/]|$", changed[name])])
        start = word.start() if dice.random() < 0.8 else word.end()
        end = len(changed[name]) if dice.random() < 0.05 else word.end()
        changed[name] = changed[name][:start] + dice.choice(WORDS) + changed[name][end:]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, data in changed.items():
            file.writestr(name, data)
    return buffer.getvalue()


def test_a_workbook_spoiled_at_random_is_read_or_refused(tmp_path: Path) -> None:
    root = copy(tmp_path)

    def whole(book: Workbook) -> None:
        book["packages"].row_dimensions[4].hidden = True
        book["packages"].merge_cells("D2:D3")
        book["packages"]["C2"] = "=1+1"

    path = workbook(root, whole)
    good = path.read_bytes()
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    dice, refused = random.Random(8), 0
    for _ in range(250):
        path.write_bytes(spoiled(dice, good, parts))
        try:
            read_workbook(path, "book.xlsx", Bounds(), hidden=False)
        except InvalidStudyError:
            refused += 1
    assert 100 < refused < 250


def test_a_study_in_a_workbook_is_the_same(tmp_path: Path) -> None:
    root = copy(tmp_path)
    seen = load_study(root / BASE).fingerprint
    workbook(root, lambda _: None)
    assert load_study(root / BASE).fingerprint == seen
