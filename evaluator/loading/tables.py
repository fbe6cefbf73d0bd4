"""CSV files and workbook sheets -> rows of parsed cells, every fault at its cell."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluator.errors import InvalidStudyError, Problem, did_you_mean
from evaluator.loading.cells import Parser
from evaluator.loading.located import read_text

_UNPACKED = 300_000_000
_ROWS = 500_000


@dataclass(frozen=True, slots=True)
class Row:
    """A row's parsed cells by column, and where it stands."""

    cells: Mapping[str, Any]
    where: str

    def __getitem__(self, column: str) -> Any:
        return self.cells[column]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as text: header, then rows with their line numbers."""

    where: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    lettered: bool = False

    def row(self, line: int) -> str:
        """Return the place of a row."""
        return f"{self.where} row {line}" if self.lettered else f"{self.where} line {line}"

    def cell(self, line: int, index: int) -> str:
        """Return the place of a cell."""
        if self.lettered:
            return f"{self.where} cell {_letters(index)}{line}"
        return f"{self.where} line {line}, column {self.header[index]}"


def _letters(index: int) -> str:
    before, last = divmod(index, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def parse_rows(
    sheet: Sheet,
    columns: Mapping[str, Parser],
    optional: Mapping[str, Any],
    problems: list[Problem],
) -> list[Row]:
    """Parse a table by its columns; faults go to `problems` and their rows are left out.

    columns: a parser for each column that may be there.
    optional: the value that a column takes where the table lacks it.
    """
    if not _header_fits(sheet, columns, optional, problems):
        return []
    found: list[Row] = []
    for line, texts in sheet.rows:
        if len(texts) != len(sheet.header):
            fact = f"has {len(texts)} cells, the header has {len(sheet.header)}."
            remedy = "Quote cells that hold commas; keep empty cells."
            problems.append(Problem(sheet.row(line), fact, remedy))
            continue
        cells: dict[str, Any] = dict(optional)
        before = len(problems)
        for index, (name, text) in enumerate(zip(sheet.header, texts, strict=True)):
            try:
                cells[name] = columns[name](text.strip())
            except ValueError as error:
                fact, _, remedy = str(error).partition("\n")
                problems.append(Problem(sheet.cell(line, index), fact, remedy))
        if len(problems) == before:
            found.append(Row(cells, sheet.row(line)))
    return found


def _header_fits(
    sheet: Sheet,
    columns: Mapping[str, Parser],
    optional: Mapping[str, Any],
    problems: list[Problem],
) -> bool:
    where = sheet.row(1)
    before = len(problems)
    if len(sheet.header) == 1 and any(mark in sheet.header[0] for mark in ";\t|"):
        problems.append(
            Problem(
                where, "the columns are not separated by commas.", "Save it as comma-separated."
            )
        )
        return False
    for name in dict.fromkeys(sheet.header):
        if sheet.header.count(name) > 1:
            problems.append(Problem(where, f"the column '{name}' stands twice.", "Remove one."))
        if name not in columns:
            fact = f"unknown column '{name}'." if name else "a column has no name."
            problems.append(Problem(where, fact, did_you_mean(name, columns)))
    for name in columns:
        if name not in sheet.header and name not in optional:
            problems.append(Problem(where, f"the column '{name}' is missing.", "Add it."))
    return len(problems) == before


def read_csv(path: Path, name: str) -> Sheet:
    """Read a comma-separated file as text.

    Raises InvalidStudyError for a file that is absent, empty, not UTF-8, or badly quoted.
    """
    reader = csv.reader(io.StringIO(read_text(path, name), newline=""), strict=True)
    rows: list[tuple[int, tuple[str, ...]]] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, tuple(cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        fact = f"is not valid CSV: {error}."
        raise InvalidStudyError(
            [Problem(f"{name} line {line}", fact, "Check the quotes of this line.")]
        ) from None
    header = tuple(cell.strip() for cell in rows[0][1])
    return Sheet(name, header, tuple(rows[1:]))


def read_workbook(path: Path, name: str, problems: list[Problem]) -> dict[str, Sheet]:
    """Read every sheet of a workbook as text; formula and error cells are problems.

    Raises InvalidStudyError for a file that is absent or is not a workbook.
    """
    # Imported on use: most rounds are CSV, and the import takes a tenth of a second.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > _UNPACKED:
            raise InvalidStudyError(
                [Problem(name, f"unpacks to {size:,} bytes.", "Remove what is not data.")]
            )
        book = load_workbook(path, read_only=True, data_only=False)
    except FileNotFoundError:
        fact = "there is no such file."
        raise InvalidStudyError([Problem(name, fact, "Check the path.")]) from None
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        fact = "is not a workbook."
        raise InvalidStudyError([Problem(name, fact, "Save it as .xlsx.")]) from None
    try:
        return {
            sheet.title: found
            for sheet in book.worksheets
            if (found := _sheet(sheet, f"{name} sheet {sheet.title}", problems)) is not None
        }
    finally:
        book.close()


def _sheet(sheet: Any, where: str, problems: list[Problem]) -> Sheet | None:
    rows: list[tuple[int, tuple[str, ...]]] = []
    width = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number > _ROWS:
            problems.append(Problem(where, f"has over {_ROWS:,} rows.", "Split the round."))
            break
        texts = tuple(_texts(cells, where, problems))
        if any(texts):
            width = width or max(i for i, text in enumerate(texts, start=1) if text)
            beyond = any(texts[width:])
            rows.append((number, texts if beyond else (texts + ("",) * width)[:width]))
    return Sheet(where, rows[0][1], tuple(rows[1:]), lettered=True) if rows else None


def _texts(cells: tuple[Any, ...], where: str, problems: list[Problem]) -> Iterator[str]:
    for cell in cells:
        if cell.value is None:
            yield ""
            continue
        place = f"{where} cell {cell.coordinate}"
        if cell.data_type == "f":
            problems.append(Problem(place, "holds a formula.", "Paste its value instead."))
        elif cell.data_type == "e":
            problems.append(Problem(place, f"holds the error {cell.value}.", "Mend or empty it."))
        yield _text(cell.value)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value).strip()
