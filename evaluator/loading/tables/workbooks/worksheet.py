"""One sheet, in one pass over its XML."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, product
from string import ascii_uppercase

from evaluator.loading.bounds import Bounds
from evaluator.loading.tables.sheets import Fault, Sheet
from evaluator.loading.tables.workbooks.archive import Damaged, Depth, parser_of
from evaluator.loading.tables.workbooks.formats import GENERAL, KEPT_DIGITS, Format, number_text
from evaluator.loading.tables.workbooks.names import flag, locals_of
from evaluator.loading.tables.workbooks.table import LAST_COLUMN, UNHIDE, Table, column_of
from evaluator.loading.tables.workbooks.texts import plain

_LOCAL = locals_of(
    "c", "v", "row", "t", "f", "rPh", "mergeCell", "worksheet", "sheetFormatPr", "col"
)
_MIDNIGHT = re.compile(r"T00:00(:00(\.0+)?)?Z?$")
_FORMULA: Fault = ("holds a formula.", "Paste its value instead.")
_ERROR: Fault = ("holds an error.", "Mend or empty it.")
_UNSEEN: Fault = ("is hidden: its number format shows nothing.", UNHIDE)


@dataclass(frozen=True)
class Book:
    """What the sheets of a workbook share."""

    texts: Sequence[str]
    formats: Mapping[str, Format]
    """By the number of a style; those that show numbers as they are left out."""
    first_day: dt.date
    read_hidden: bool
    """What is hidden is read like all else."""


class Worksheet:
    """Takes in the part of a sheet."""

    def __init__(self, where: str, book: Book, bounds: Bounds) -> None:
        self.parser = parser_of(self)
        self._table = Table(where, bounds)
        self._where, self._book, self._bounds = where, book, bounds
        self._depth, self._root = Depth(), False
        self._count = 0
        """Cells and rows, blank ones too."""
        self._hidden: list[tuple[int, int]] = []
        self._wide, self._narrow = 0, False
        """The last column of which a width is stated; whether the others have none."""
        self._merged: list[str] = []
        self._in_row = self._in_cell = self._formula = False
        self._spoken = 0
        self._line, self._column = "", -1
        self._next_names = _names()
        self._attributes: Mapping[str, str] = {}
        self._pieces: list[str] = []
        self._take = self._pieces.append

    def sheet(self) -> Sheet:
        """Return what was taken in."""
        beyond = [(self._wide + 1, LAST_COLUMN)] if self._narrow else []
        hidden = [*self._hidden, *beyond]
        return self._table.sheet(hidden, self._merged, not self._book.read_hidden)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Enter an element."""
        local = _LOCAL.get(name)
        if local == "v" and self._in_cell and self.parser.CharacterDataHandler is None:
            self.parser.CharacterDataHandler = self._take
        elif local == "c":
            reference = attributes.get("r")
            column = self._column + 1
            if reference is not None and reference != self._next_names[column] + self._line:
                column = self._index(reference)
            if self._in_cell or not self._in_row or column <= self._column:
                raise Damaged("cells out of order")
            self._in_cell, self._column, self._attributes = True, column, attributes
        elif local == "row":
            self._open_row(attributes)
        elif local == "v":
            raise Damaged("a value that is of no cell")
        else:
            self._depth.down()
            self._other(local, attributes)

    def end(self, name: str) -> None:
        """Leave an element."""
        local = _LOCAL.get(name)
        if local == "v":
            self.parser.CharacterDataHandler = None
        elif local == "c":
            self._in_cell = False
            self._count += 1
            if self._pieces or self._formula:
                self._close_cell()
        elif local == "row":
            self._table.close_row()
            self._in_row = False
        else:
            self._depth.up()
            if local == "t":
                self.parser.CharacterDataHandler = None
            elif local == "rPh":
                self._spoken -= 1

    def _other(self, local: str | None, attributes: Mapping[str, str]) -> None:
        if local == "worksheet":
            self._root = True
        elif not self._root:
            raise Damaged("no worksheet")
        elif local == "t" and self._in_cell and not self._spoken:
            self.parser.CharacterDataHandler = self._take
        elif local == "f":
            self._formula = self._in_cell
        elif local == "rPh":
            self._spoken += 1
        elif local == "mergeCell":
            self._merged.append(attributes["ref"])
            self._bounds.check("cells", len(self._merged), self._where, counted=False)
        elif local == "sheetFormatPr":
            self._narrow = float(attributes.get("defaultColWidth", 1)) == 0
        elif local == "col":
            self._columns(int(attributes["min"]), int(attributes["max"]), attributes)

    def _columns(self, first: int, last: int, attributes: Mapping[str, str]) -> None:
        """Take a range of columns; those before it that are in none have the width of all."""
        if not self._wide < first <= last:
            raise Damaged("columns out of order")
        if self._narrow and first > self._wide + 1:
            self._hidden.append((self._wide + 1, first - 1))
        if _unseen(attributes, "width"):
            self._hidden.append((first, last))
        self._wide = last

    def _open_row(self, attributes: Mapping[str, str]) -> None:
        if self._in_row or not self._root:
            raise Damaged("a row within a row")
        self._in_row, self._column = True, -1
        line = int(attributes.get("r", self._table.line + 1))
        self._table.open_row(line, _unseen(attributes, "ht"))
        self._line = str(line)
        self._count += 1
        self._bounds.check("cells", self._count, self._where, counted=False)

    def _index(self, reference: str) -> int:
        name = reference.rstrip("0123456789")
        if name + self._line != reference:
            raise Damaged("a cell of another row")
        return column_of(name)

    def _close_cell(self) -> None:
        pieces = self._pieces
        raw = pieces[0] if len(pieces) == 1 else "".join(pieces)
        pieces.clear()
        style, kind = self._attributes.get("s"), self._attributes.get("t", "n")
        shown = self._book.formats.get(style) if style else None
        if self._formula:
            self._formula = False
            self._table.put(self._column, raw or "=", _FORMULA)
        elif kind == "e":
            self._table.put(self._column, raw or "#", _ERROR)
        elif kind != "n":
            unseen = shown is not None and shown.hides_texts and not self._book.read_hidden
            self._table.put(self._column, self._text(raw, kind), _UNSEEN if unseen else None)
        elif raw := raw.strip():
            self._number(raw, shown)

    def _number(self, raw: str, shown: Format | None) -> None:
        if shown is None:
            if len(raw) > KEPT_DIGITS and (raw.isdigit() or "E" in raw):
                self._table.note(self._column, GENERAL)
            self._table.put(self._column, number_text(raw), None)
            return
        self._table.note(self._column, shown)
        unseen = shown.hides_numbers and not self._book.read_hidden
        text = shown.read(raw, self._book.first_day)
        self._table.put(self._column, text, _UNSEEN if unseen else None)

    def _text(self, raw: str, kind: str) -> str:
        if kind == "s":
            number = raw.strip()
            if not number.isascii() or not number.isdigit():
                raise Damaged("no text of that number")
            return self._book.texts[int(number)]
        if kind == "b":
            return "TRUE" if flag(raw.strip()) else "FALSE"
        return _MIDNIGHT.sub("", raw.strip()) if kind == "d" else plain(raw)


@cache
def _names() -> tuple[str, ...]:
    """Return the names of all columns, and one more."""
    several = ("".join(name) for n in (1, 2, 3) for name in product(ascii_uppercase, repeat=n))
    return tuple(islice(several, LAST_COLUMN + 1))


def _unseen(attributes: Mapping[str, str], size: str) -> bool:
    """Return whether a row or column is hidden, or has no size."""
    return flag(attributes.get("hidden")) or float(attributes.get(size, 1)) == 0
