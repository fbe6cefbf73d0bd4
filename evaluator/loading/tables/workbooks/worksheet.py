"""One sheet, in one pass over its XML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import islice, product
from string import ascii_uppercase
from typing import Protocol

from evaluator.loading.documents.bounds import Bounds
from evaluator.loading.tables.workbooks.archive import Damaged, Depth, parser_of
from evaluator.loading.tables.workbooks.names import flag, locals_of
from evaluator.loading.tables.workbooks.table import LAST_COLUMN, column_of

_LOCAL = locals_of(
    "c", "v", "row", "t", "f", "rPh", "mergeCell", "worksheet", "sheetFormatPr", "col"
)


class Sink(Protocol):
    """What takes the cells of a sheet, row by row."""

    @property
    def line(self) -> int:
        """The number of the row that is open, or was last."""

    def open_row(self, line: int, hidden: bool) -> None:
        """Begin a row."""

    def take(self, column: int, raw: str, kind: str, style: str | None, formula: bool) -> None:
        """Take a cell: its index, what it stores, of what type (`t`) and style (`s`)."""

    def close_row(self) -> None:
        """End a row."""


class Worksheet:
    """Takes in the part of a sheet."""

    def __init__(self, where: str, sink: Sink, bounds: Bounds) -> None:
        self.parser = parser_of(self)
        self.merged: list[str] = []
        """Ranges of cells that are merged."""
        self._sink = sink
        self._where, self._bounds = where, bounds
        self._depth, self._root = Depth(), False
        self._count = 0
        """Cells and rows, blank ones too."""
        self._hidden: list[tuple[int, int]] = []
        self._wide, self._narrow = 0, False
        """The last column of which a width is stated; whether the others have none."""
        self._in_row = self._in_cell = self._formula = False
        self._spoken = 0
        self._line, self._column = "", -1
        self._next_names = _names()
        self._attributes: Mapping[str, str] = {}
        self._pieces: list[str] = []
        self._take = self._pieces.append

    @property
    def hidden(self) -> Sequence[tuple[int, int]]:
        """The first and the last of hidden columns, counted from 1."""
        beyond = [(self._wide + 1, LAST_COLUMN)] if self._narrow else []
        return [*self._hidden, *beyond]

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
            self._sink.close_row()
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
            self.merged.append(attributes["ref"])
            self._bounds.check("cells", len(self.merged), self._where, counted=False)
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
        line = int(attributes.get("r", self._sink.line + 1))
        self._sink.open_row(line, _unseen(attributes, "ht"))
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
        formula, self._formula = self._formula, False
        attributes = self._attributes
        self._sink.take(self._column, raw, attributes.get("t", "n"), attributes.get("s"), formula)


@cache
def _names() -> tuple[str, ...]:
    """Return the names of all columns, and one more."""
    several = ("".join(name) for n in (1, 2, 3) for name in product(ascii_uppercase, repeat=n))
    return tuple(islice(several, LAST_COLUMN + 1))


def _unseen(attributes: Mapping[str, str], size: str) -> bool:
    """Return whether a row or column is hidden, or has no size."""
    return flag(attributes.get("hidden")) or float(attributes.get(size, 1)) == 0
