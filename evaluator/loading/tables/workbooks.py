"""Workbooks -> sheets as text. What another program wrote is not to be trusted."""

from __future__ import annotations

import datetime as dt
import io
import os
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from evaluator.errors import InvalidStudyError, Problem
from evaluator.loading.bounds import Bounds
from evaluator.loading.tables.sheets import Fault, Sheet


def read_workbook(path: Path, name: str, bounds: Bounds) -> dict[str, Sheet]:
    """Read every sheet of cells as text; formulas and errors are faults of their cells.

    An empty sheet has no header. Raises InvalidStudyError for a file that is absent, too large, or
    not a workbook.
    """
    if not os.path.isfile(path):  # noqa: PTH113  Path.is_file raises where it may not look
        raise _invalid(name, "is not a file.", "Check the path.")
    try:
        bounds.check("unpacked_bytes", _unpacked(path), name)
        with warnings.catch_warnings(action="ignore"):
            book = _opened(path)
            try:
                return dict(_sheets(book.worksheets, name, bounds))
            finally:
                book.close()
    except InvalidStudyError:
        raise
    except Exception:  # a damaged file makes its reader raise anything at all
        fact = "is not a workbook, or is damaged."
        raise _invalid(name, fact, "Save it as .xlsx again, with plain sheets only.") from None


def _opened(path: Path) -> Any:
    # Imported on use: most rounds are CSV, and the import takes a tenth of a second.
    from openpyxl.reader.excel import ExcelReader

    class Reader(ExcelReader):
        """A reader that passes over sheets of one chart, which hold no cells."""

        def read_chartsheet(self, sheet: Any, rel: Any) -> None:
            """Pass over a sheet."""

    reader = Reader(path, read_only=True, data_only=False)
    reader.read()
    return reader.wb


def _unpacked(path: Path) -> int:
    with zipfile.ZipFile(path) as archive:
        return sum(entry.file_size for entry in archive.infolist())


def _invalid(where: str, fact: str, remedy: str) -> InvalidStudyError:
    return InvalidStudyError([Problem(where, fact, remedy)])


def _sheets(sheets: Iterable[Any], name: str, bounds: Bounds) -> Iterator[tuple[str, Sheet]]:
    for sheet in sheets:
        # The size that a file states may be wrong, and rows beyond it would be lost.
        sheet.reset_dimensions()
        found = _sheet(sheet.iter_rows(), f"{name} sheet {sheet.title}", bounds)
        yield sheet.title, replace(found, flaws=tuple(_merged(sheet, found)))


def _merged(sheet: Any, table: Sheet) -> Iterator[Problem]:
    """Yield the merged ranges that touch a table: all cells but the first of each are lost."""
    from openpyxl.utils.cell import range_boundaries
    from openpyxl.xml.functions import iterparse

    with sheet.parent._archive.open(sheet._worksheet_path) as part:
        data = part.read()
    if b"mergeCell" not in data.replace(b"\0", b""):
        return
    last = table.rows[-1][0] if table.rows else 1
    for _, element in iterparse(io.BytesIO(data)):
        if element.tag.endswith("}mergeCell"):
            reference = element.get("ref")
            left, top, right, bottom = range_boundaries(reference)
            touches = (left or 1) <= len(table.header) and (top or 1) <= last
            if touches and (left, top) != (right, bottom):
                fact = "are merged: what stands in the first is read as its alone."
                remedy = "Split them, and fill each cell."
                yield Problem(f"{table.where} cells {reference}", fact, remedy)
        if not element.tag.endswith("}mergeCells"):
            element.clear()


def _sheet(rows: Iterable[tuple[Any, ...]], where: str, bounds: Bounds) -> Sheet:
    found: list[tuple[int, tuple[str, ...]]] = []
    faults: dict[tuple[int, int], Fault] = {}
    width = count = 0
    for line, cells in enumerate(rows, start=1):
        count += len(cells) + 1
        bounds.check("cells", count, where, counted=False)
        texts = tuple(_text(cell.value) for cell in cells)
        if not any(text.strip() for text in texts):
            continue
        if found:  # a header is exact
            texts = tuple(text.strip() for text in texts)
        width = width or max(i for i, text in enumerate(texts, start=1) if text)
        beyond = any(texts[width:])
        found.append((line, texts if beyond else (texts + ("",) * width)[:width]))
        faults |= {(line, i): fault for i, cell in enumerate(cells) if (fault := _fault(cell))}
    header = found[0][1] if found else ()
    return Sheet(where, header, tuple(found[1:]), lettered=True, faults=faults)


def _fault(cell: Any) -> Fault | None:
    if cell.value is None:
        return None
    if cell.data_type == "f":
        return "holds a formula.", "Paste its value instead."
    return ("holds an error.", "Mend or empty it.") if cell.data_type == "e" else None


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)
