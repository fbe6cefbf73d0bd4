"""The cells of a sheet as the table of a study: formulas, errors and what is hidden are faults."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluator.loading.documents.bounds import Bounds
from evaluator.loading.tables.sheets import Fault, Sheet
from evaluator.loading.tables.workbooks.archive import Damaged
from evaluator.loading.tables.workbooks.formats import GENERAL, KEPT_DIGITS, Format, number_text
from evaluator.loading.tables.workbooks.names import flag
from evaluator.loading.tables.workbooks.table import UNHIDE, Table
from evaluator.loading.tables.workbooks.texts import plain

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

    def text(self, raw: str, kind: str) -> str:
        """Return what a cell says that stores no number. Raises Damaged where it says nothing."""
        if kind == "s":
            number = raw.strip()
            if not number.isascii() or not number.isdigit():
                raise Damaged("no text of that number")
            return self.texts[int(number)]
        if kind == "b":
            return "TRUE" if flag(raw.strip()) else "FALSE"
        return _MIDNIGHT.sub("", raw.strip()) if kind == "d" else plain(raw)


class StrictCells(Table):
    """Takes the cells of a sheet."""

    def __init__(self, where: str, book: Book, bounds: Bounds, *, hidden: bool) -> None:
        super().__init__(where, bounds)
        self._book, self._read_hidden = book, hidden

    def take(self, column: int, raw: str, kind: str, style: str | None, formula: bool) -> None:
        """Take a cell: its index, what it stores, of what type and style."""
        shown = self._book.formats.get(style) if style else None
        if formula:
            self.put(column, raw or "=", _FORMULA)
        elif kind == "e":
            self.put(column, raw or "#", _ERROR)
        elif kind != "n":
            unseen = shown is not None and shown.hides_texts and not self._read_hidden
            self.put(column, self._book.text(raw, kind), _UNSEEN if unseen else None)
        elif raw := raw.strip():
            self._number(column, raw, shown)

    def taken(self, hidden: Sequence[tuple[int, int]], merged: Sequence[str]) -> Sheet:
        """Return the table; see `Table.sheet`."""
        return self.sheet(hidden, merged, not self._read_hidden)

    def _number(self, column: int, raw: str, shown: Format | None) -> None:
        if shown is None:
            if len(raw) > KEPT_DIGITS and (raw.isdigit() or "E" in raw):
                self.note(column, GENERAL)
            self.put(column, number_text(raw), None)
            return
        self.note(column, shown)
        unseen = shown.hides_numbers and not self._read_hidden
        text = shown.read(raw, self._book.first_day)
        self.put(column, text, _UNSEEN if unseen else None)
