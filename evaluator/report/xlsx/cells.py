"""Cells of a workbook: text is never a formula or a link, what is missing stays empty."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd
import xlsxwriter  # type: ignore[import-untyped]

from evaluator.report.formatting.palette import LIGHT

TEXT_LIMIT = 32_767
"""UTF-16 units that a cell of Excel holds."""
NAVY, WASH, LINK = LIGHT["navy"], LIGHT["wash"], LIGHT["link"]
_CUT = " … [cut here: a cell holds no more; the run's CSV has the whole text]"
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class Book:
    """A file in memory, with a format for each set of properties that is asked for."""

    def __init__(self, footer: str, properties: Mapping[str, object]) -> None:
        self._data = io.BytesIO()
        self._footer = footer
        self._file = xlsxwriter.Workbook(self._data, _OPTIONS)
        self._file.set_properties(properties)
        self.format = cache(self._format)

    def _format(self, **properties: object) -> Any:
        return self._file.add_format({"valign": "top", **properties})

    def sheet(self, name: str) -> Any:
        """Add a sheet that prints across, with the footer on each page."""
        found = self._file.add_worksheet(name)
        found.set_landscape()
        found.set_paper(1)  # letter
        found.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        found.set_footer(self._footer)
        return found

    def close(self) -> bytes:
        """Return the file."""
        self._file.close()
        return self._data.getvalue()


def write(sheet: Any, row: int, column: int, value: object, shown: Any) -> None:
    """Write one value in a format.

    Raises TypeError for what is neither text, number, bool nor missing.
    """
    if isinstance(value, str) and value:
        _write_text(sheet, row, column, fitted(value), shown)
    elif missing(value):
        sheet.write_blank(row, column, None, shown)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, shown)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, shown)
    else:
        raise TypeError(f"a cell cannot hold {value!r}: text, number, bool or missing is needed")


def missing(value: object) -> bool:
    """Return whether there is nothing to write: an empty text, None, NaN or NA."""
    return value is None or value is pd.NA or value == "" or value != value


def _write_text(sheet: Any, row: int, column: int, text: str, shown: Any) -> None:
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter takes such a text for markup of its own and would write it unescaped.
        sheet.write_rich_string(row, column, text[:1], text[1:2], text[2:], shown)
    else:
        sheet.write_string(row, column, text, shown)


def fitted(text: str) -> str:
    """Return a text that a cell can hold: what is too long is cut, with a mark.

    >>> fitted("=1+1"), len(fitted("x" * 40_000))
    ('=1+1', 32767)
    """
    if 2 * len(text) <= TEXT_LIMIT or _units(text) <= TEXT_LIMIT:
        return text
    data = text.encode("utf-16-le")[: 2 * (TEXT_LIMIT - _units(_CUT))]
    # Between the two halves of one character the first is dropped.
    return data.decode("utf-16-le", errors="ignore") + _CUT


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
