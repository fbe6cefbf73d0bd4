"""The table of a sheet, as its cells come: header, rows, and what is wrong with each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from evaluator.errors import Problem
from evaluator.loading.documents.bounds import Bounds
from evaluator.loading.tables.sheets import Disguise, Fault, Sheet, letters
from evaluator.loading.tables.workbooks.archive import Damaged

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
UNHIDE = "Unhide it or remove it, or set hidden: read in the scenario."
_RANGE = re.compile(r"\$?([A-Z]{0,3})\$?([0-9]{0,7})(?::\$?([A-Z]{0,3})\$?([0-9]{0,7}))?")


class Table:
    """Takes the cells of a sheet row by row; only what is in the table is kept."""

    def __init__(self, where: str, bounds: Bounds) -> None:
        self._where, self._bounds = where, bounds
        self._line, self._hidden = 0, False
        self._header: dict[int, str] = {}
        self._top, self._width = 1, 0
        """Of the header; without width before there is one."""
        self._row: list[str] = []
        self._filled = False
        self._rows: list[tuple[int, tuple[str, ...]]] = []
        self._faults: dict[tuple[int, int], Fault] = {}
        self._disguises: dict[int, list[tuple[int, int, Disguise]]] = {}
        self._hidden_rows: list[int] = []

    @property
    def line(self) -> int:
        """The number of the row that is open, or was last."""
        return self._line

    def open_row(self, line: int, hidden: bool) -> None:
        """Begin a row."""
        if not self._line < line <= LAST_ROW:
            raise Damaged("rows out of order")
        self._line, self._hidden, self._filled = line, hidden, False
        self._row = [""] * self._width

    def put(self, column: int, text: str, fault: Fault | None) -> None:
        """Take a cell that may be blank."""
        if not text or text.isspace():
            return
        if not self._width:
            self._header[column] = text  # a header is exact
            self._filled = True
        elif column < self._width:
            self._row[column] = text.strip()
            self._filled = True
        else:
            fact = f"stands outside the table, whose header has {self._width} columns."
            fault = fact, "Remove it, or give its column a name."
        if fault is not None:
            self._faults[self._line, column] = fault

    def note(self, column: int, disguise: Disguise) -> None:
        """Note what a number in the open row is shown by; like ones below one another are one."""
        noted = self._disguises.setdefault(column, [])
        first = self._line
        if noted and noted[-1][1] == self._line - 1 and noted[-1][2] is disguise:
            first = noted.pop()[0]
        noted.append((first, self._line, disguise))

    def close_row(self) -> None:
        """End a row."""
        if not self._filled:
            return
        if self._hidden:
            self._hidden_rows.append(self._line)
        if self._width:
            self._bounds.check("rows", len(self._rows) + 1, self._where, counted=False)
            self._rows.append((self._line, tuple(self._row)))
        else:
            width = max(self._header) + 1
            self._bounds.check("columns", width, f"{self._where} row {self._line}")
            self._top, self._width = self._line, width

    def sheet(self, hidden: Sequence[tuple[int, int]], merged: Sequence[str], look: bool) -> Sheet:
        """Return what was taken.

        hidden: the first and the last of hidden columns, counted from 1.
        merged: ranges of cells that are merged.
        look: whether hidden rows and columns are flaws.
        """
        header = tuple(self._header.get(i, "") for i in range(self._width))
        flaws = [*self._unseen(hidden, header)] if look else []
        return Sheet(
            self._where,
            header,
            tuple(self._rows),
            self._top,
            lettered=True,
            faults=self._faults,
            disguises=self._disguises,
            flaws=(*flaws, *self._merged(merged)),
        )

    def _unseen(
        self, hidden: Sequence[tuple[int, int]], header: Sequence[str]
    ) -> Iterator[Problem]:
        columns = {i for first, last in hidden for i in range(first - 1, min(last, self._width))}
        for column in sorted(columns):
            where = f"{self._where} column {letters(column)}"
            yield Problem(where, f"is hidden, with '{header[column]}'.", UNHIDE)
        for line in self._hidden_rows:
            yield Problem(f"{self._where} row {line}", "is hidden, as by a filter.", UNHIDE)

    def _merged(self, ranges: Sequence[str]) -> Iterator[Problem]:
        """Yield the merged ranges that touch the table: all but the first cell of each are lost."""
        last = self._rows[-1][0] if self._rows else self._top
        for reference in ranges:
            top, left, bottom, right = range_of(reference)
            if left < self._width and top <= last and (top, left) != (bottom, right):
                fact = "are merged: what stands in the first is read as its alone."
                remedy = "Split them, and fill each cell."
                yield Problem(f"{self._where} cells {reference}", fact, remedy)


def range_of(reference: str) -> tuple[int, int, int, int]:
    """Return the first row and column of a range, and the last; rows from 1, columns from 0.

    >>> range_of("B2:$C$5"), range_of("B2"), range_of("A:B")
    ((2, 1, 5, 2), (2, 1, 2, 1), (1, 0, 1048576, 1))
    """
    found = _RANGE.fullmatch(reference)
    if found is None:
        raise Damaged("a range that is none")
    left, top, right, bottom = found.groups()
    first = int(top or 1), column_of(left or "A")
    if right is None:
        return *first, *first
    return *first, int(bottom or LAST_ROW), column_of(right) if right else LAST_COLUMN - 1


def column_of(name: str) -> int:
    """Return the index of a column.

    >>> column_of("A"), column_of("XFD")
    (0, 16383)
    """
    found = 0
    for letter in name:
        if not "A" <= letter <= "Z" or found > LAST_COLUMN:
            raise Damaged("a column that is none")
        found = 26 * found + ord(letter) - ord("A") + 1
    if not 0 < found <= LAST_COLUMN:
        raise Damaged("a column that is none")
    return found - 1
