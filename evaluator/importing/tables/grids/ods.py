"""Workbooks of OpenDocument (.ods) -> grids, in one pass within bounds.

OpenDocument 1.3, part 3, chapter 9: repeated cells and rows are written once, and a value stands
beside the text that shows it.
"""

from __future__ import annotations

from collections.abc import Mapping

from evaluator.errors import InvalidStudyError, Problem
from evaluator.importing.material import Place, Source
from evaluator.importing.tables.grids.grid import Cell, Found, Grid, Kind, Merged
from evaluator.importing.tables.grids.xlsx import ERROR, NOT_STORED
from evaluator.loading.documents.bounds import Bounds
from evaluator.loading.documents.characters import odd_character
from evaluator.loading.tables.kinds import DAMAGED, PROTECTED
from evaluator.loading.tables.workbooks.archive import (
    BROKEN,
    Archive,
    Damaged,
    Depth,
    parser_of,
)
from evaluator.loading.tables.workbooks.formats import number_text

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE, _TEXT, _STYLE = (
    f"{_NAMES}{part}:1.0 " for part in ("table", "office", "text", "style")
)
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
_PART = "content.xml"
_NUMBERS = ("float", "percentage", "currency")
_UNSEEN = ("collapse", "filter")
_MOST = 1_000_000
"""Times that a cell or row is repeated, by which a file is damaged rather than long."""


def read_ods(file: Source) -> Found:
    """Read every sheet. Raises InvalidStudyError for what is no workbook or too large."""
    try:
        archive = Archive(file.data, file.name, file.bounds)
        if _PART in archive and not archive.head(_PART).lstrip(b"\xef\xbb\xbf").startswith(b"<"):
            raise InvalidStudyError([Problem(file.name, *PROTECTED)])
        archive.claim([_PART])
        content = _Content(file.file, file.name, file.bounds)
        archive.feed(_PART, content.parser)
    except BROKEN:
        raise InvalidStudyError([Problem(file.name, *DAMAGED)]) from None
    return Found(tuple(content.grids))


class _Content:
    """Takes in the part that holds the sheets."""

    def __init__(self, file: str, name: str, bounds: Bounds) -> None:
        self.parser = parser_of(self)
        self.grids: list[Grid] = []
        self._file, self._name, self._bounds = file, name, bounds
        self._depth = Depth()
        self._style, self._unseen_styles = "", set[str]()
        self._sheet, self._sheet_hidden = "", False
        self._cells: dict[tuple[int, int], Cell] = {}
        self._merged: list[Merged] = []
        self._hidden_rows: set[int] = set()
        self._hidden_columns: list[tuple[int, int]] = []
        self._row = self._column = self._columns = 0
        self._row_repeats, self._row_unseen, self._filled = 1, False, False
        self._cell: Mapping[str, str] | None = None
        self._pieces: list[str] = []
        self._aside = 0
        """How deep in a comment or drawing, which is not the text of its cell."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Enter an element."""
        self._depth.down()
        if self._aside or name in (f"{_OFFICE}annotation", f"{_TABLE}shapes"):
            self._aside += 1
        elif name.startswith(_TEXT) and self._cell is not None:
            self._text(name.removeprefix(_TEXT), attributes)
        elif name == f"{_STYLE}style":
            self._style = attributes.get(f"{_STYLE}name", "")
        elif name == f"{_STYLE}table-properties":
            if attributes.get(f"{_TABLE}display") == "false":
                self._unseen_styles.add(self._style)
        elif name.startswith(_TABLE):
            self._open(name.removeprefix(_TABLE), attributes)

    def end(self, name: str) -> None:
        """Leave an element."""
        self._depth.up()
        if self._aside:
            self._aside -= 1
        elif name == f"{_TEXT}p":
            self.parser.CharacterDataHandler = None
        elif name in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            self._close_cell()
        elif name == f"{_TABLE}table-row":
            self._close_row()
        elif name == f"{_TABLE}table":
            self._close_sheet()

    def _text(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "p":
            if self._pieces:
                self._pieces.append("\n")
            self.parser.CharacterDataHandler = self._piece
        elif name == "s":
            self._pieces.append(" " * min(int(attributes.get(f"{_TEXT}c", 1)), _MOST))
        elif name in ("tab", "line-break"):
            self._pieces.append("\t" if name == "tab" else "\n")

    def _piece(self, text: str) -> None:
        if not self._aside:
            self._pieces.append(text)

    def _open(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "table":
            if self._sheet:
                raise Damaged("a sheet within a sheet")
            self._sheet = attributes.get(f"{_TABLE}name", "") or f"Sheet{len(self.grids) + 1}"
            self._sheet_hidden = attributes.get(f"{_TABLE}style-name") in self._unseen_styles
            self._row = self._columns = 0
        elif name == "table-column":
            count = _count(attributes, "number-columns-repeated")
            if attributes.get(f"{_TABLE}visibility") in _UNSEEN:
                self._hidden_columns.append((self._columns, self._columns + count - 1))
            self._columns += count
        elif name == "table-row":
            self._row += 1
            self._column, self._filled = 0, False
            self._row_repeats = _count(attributes, "number-rows-repeated")
            self._row_unseen = attributes.get(f"{_TABLE}visibility") in _UNSEEN
        elif name in ("table-cell", "covered-table-cell"):
            self._cell = {**attributes, "covered": "1"} if name[0] == "c" else attributes
            self._pieces.clear()

    def _close_cell(self) -> None:
        attributes, self._cell = self._cell or {}, None
        repeats = _count(attributes, "number-columns-repeated")
        first = self._column
        self._column += repeats
        value = _value(attributes, "".join(self._pieces))
        self._pieces.clear()
        rows, columns = (_count(attributes, f"number-{x}-spanned") for x in ("rows", "columns"))
        if (rows, columns) != (1, 1):
            self._merged.append(Merged(self._row, first, self._row + rows - 1, first + columns - 1))
        if value is None or attributes.get("covered"):
            return
        self._filled = True
        for row in range(self._row, self._row + self._row_repeats):
            self._bounds.check("cells", len(self._cells) + repeats, self._name, counted=False)
            for column in range(first, first + repeats):
                self._bounds.check("columns", column + 1, self._name, counted=False)
                place = Place(self._file, self._sheet, row, column)
                found, kind, signs, fault = value
                formula = f"{_TABLE}formula" in attributes
                self._cells[row, column] = Cell(place, found, kind, "", signs, formula, fault)

    def _close_row(self) -> None:
        last = self._row + self._row_repeats - 1
        if self._row_unseen and self._filled:
            self._hidden_rows |= set(range(self._row, last + 1))
        self._row = last

    def _close_sheet(self) -> None:
        columns = {column for _, column in self._cells}
        grid = Grid(
            self._file,
            self._sheet,
            dict(self._cells),
            hidden=self._sheet_hidden,
            hidden_rows=frozenset(self._hidden_rows),
            hidden_columns=frozenset(
                c for c in columns if any(a <= c <= b for a, b in self._hidden_columns)
            ),
            merged=tuple(self._merged),
        )
        self.grids.append(grid)
        self._sheet = ""
        for held in (self._cells, self._merged, self._hidden_rows, self._hidden_columns):
            held.clear()


def _count(attributes: Mapping[str, str], name: str) -> int:
    count = int(attributes.get(f"{_TABLE}{name}", 1))
    if not 0 < count <= 2**31:
        raise Damaged("a count that is none")
    return count


def _value(
    attributes: Mapping[str, str], text: str
) -> tuple[str, Kind, str, tuple[str, str] | None] | None:
    """Return what a cell holds, of what kind, with what sign and what fault; None if blank."""
    kind = attributes.get(f"{_OFFICE}value-type", "")
    formula = f"{_TABLE}formula" in attributes
    if attributes.get(_CALC) == "error":
        return text or "#", "text", "", ERROR
    if kind in _NUMBERS:
        number = number_text(attributes[f"{_OFFICE}value"])
        sign = "%" if kind == "percentage" else attributes.get(f"{_OFFICE}currency", "")
        return number, "number", sign, None
    if kind == "date":
        day = attributes[f"{_OFFICE}date-value"]
        return day.removesuffix("T00:00:00"), "day", "", None
    if kind == "time":
        return text or attributes[f"{_OFFICE}time-value"], "time", "", None
    if kind == "boolean":
        return attributes[f"{_OFFICE}boolean-value"].upper(), "flag", "", None
    if text.strip():
        return text, "text", "", odd_character(text)
    return ("=", "text", "", NOT_STORED) if formula and not kind else None
