"""`results.xlsx` as sheets of rows by head."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import load_workbook


@dataclass
class Sheet:
    """The rows of a sheet by head, and all its cells."""

    heads: list[str]
    rows: list[dict[str, Any]]
    cells: list[tuple[Any, ...]]


def read_workbook(path: Path) -> dict[str, Sheet]:
    """Read a workbook by the titles of its sheets; heads stand in the second row."""
    book = load_workbook(path, read_only=True, data_only=True)
    found = {}
    for sheet in book.worksheets:
        cells = [tuple(row) for row in sheet.iter_rows(values_only=True)]
        heads = [str(one) for one in (cells[1] if len(cells) > 1 else ()) if one is not None]
        rows = [dict(zip(heads, row, strict=False)) for row in cells[2:]]
        found[sheet.title] = Sheet(heads, rows, cells)
    book.close()
    return found
