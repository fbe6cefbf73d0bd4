"""Workbooks of ECMA-376 (.xlsx, .xlsm) -> grids, in the one pass that strict tables take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evaluator.importing.material import Place, Source
from evaluator.importing.tables.grids.grid import Cell, Found, Grid, Kind, Merged
from evaluator.loading.documents.bounds import Bounds
from evaluator.loading.documents.characters import odd_character
from evaluator.loading.tables.sheets import Fault
from evaluator.loading.tables.workbooks.archive import Damaged
from evaluator.loading.tables.workbooks.formats import GENERAL, Format, number_text
from evaluator.loading.tables.workbooks.strict import Book
from evaluator.loading.tables.workbooks.table import LAST_ROW, range_of
from evaluator.loading.tables.workbooks.workbook import read_sheets
from evaluator.loading.tables.workbooks.worksheet import Worksheet

ERROR: Fault = ("holds an error.", "Mend or empty it.")
NOT_STORED: Fault = (
    "holds a formula whose value is not stored.",
    "Open the file in a spreadsheet program, and save it.",
)


class GridCells:
    """Takes the cells of a sheet as they are found."""

    def __init__(self, file: str, sheet: str, book: Book, bounds: Bounds) -> None:
        self.cells: dict[tuple[int, int], Cell] = {}
        self.hidden_rows: set[int] = set()
        self.line = 0
        self._file, self._sheet, self._book, self._bounds = file, sheet, book, bounds
        self._hidden = False

    def open_row(self, line: int, hidden: bool) -> None:
        """Begin a row."""
        if not self.line < line <= LAST_ROW:
            raise Damaged("rows out of order")
        self.line, self._hidden = line, hidden

    def take(self, column: int, raw: str, kind: str, style: str | None, formula: bool) -> None:
        """Take a cell."""
        shown = self._book.formats.get(style, GENERAL) if style else GENERAL
        place = Place(self._file, self._sheet, self.line, column)
        cell: Cell | None = None
        if kind == "e":
            cell = Cell(place, raw or "#", formula=formula, fault=ERROR)
        elif formula and not raw.strip() and kind != "str":
            cell = Cell(place, "=", formula=True, fault=NOT_STORED)
        elif kind == "n":
            cell = _number(place, raw.strip(), shown, self._book, formula) if raw.strip() else None
        else:
            text = self._book.text(raw, kind)
            kinds: Mapping[str, Kind] = {"b": "flag", "d": "day"}
            if text.strip():
                fault = odd_character(text)
                cell = Cell(place, text, kinds.get(kind, "text"), "", "", formula, fault)
        if cell is not None:
            self._bounds.check("cells", len(self.cells) + 1, self._sheet, counted=False)
            self.cells[self.line, column] = cell
            if self._hidden:
                self.hidden_rows.add(self.line)

    def close_row(self) -> None:
        """End a row."""


def _number(place: Place, raw: str, shown: Format, book: Book, formula: bool) -> Cell:
    text = shown.read(raw, book.first_day)
    plain = number_text(raw)
    if text != plain:
        kind: Kind = "day" if "-" in text else "time"
        return Cell(place, text, kind, formula=formula)
    digits = shown.shown(plain)
    padded = digits if digits != plain and digits.lstrip("0") == plain.lstrip("0") else ""
    return Cell(place, plain, "number", padded, shown.signs, formula)


def read_xlsx(file: Source) -> Found:
    """Read every sheet of cells. Raises InvalidStudyError for what is no workbook or too large."""

    def sink(where: str, book: Book) -> GridCells:
        return GridCells(file.file, where.removeprefix(f"{file.name} sheet "), book, file.bounds)

    found = read_sheets(file.data, file.name, file.bounds, sink)
    return Found(tuple(_grid(file, entry, sheet, cells) for entry, sheet, cells in found))


def _grid(file: Source, entry: Mapping[str, str], sheet: Worksheet, cells: GridCells) -> Grid:
    columns = {column for _, column in cells.cells}
    hidden = {c for c in columns if any(a <= c + 1 <= b for a, b in sheet.hidden)}
    return Grid(
        file.file,
        entry["name"],
        cells.cells,
        hidden=entry.get("state", "visible") != "visible",
        hidden_rows=frozenset(cells.hidden_rows),
        hidden_columns=frozenset(hidden),
        merged=tuple(_merged(sheet.merged)),
    )


def _merged(ranges: list[str]) -> Iterator[Merged]:
    for reference in ranges:
        top, left, bottom, right = range_of(reference)
        if (top, left) != (bottom, right):
            yield Merged(top, left, bottom, right)
