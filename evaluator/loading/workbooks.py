"""Workbooks -> sheets as text. What another program wrote is not to be trusted."""

from __future__ import annotations

import datetime as dt
import os
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from evaluator.errors import InvalidStudyError, Problem
from evaluator.loading.tables import Fault, Sheet

_UNPACKED = 50_000_000
_CELLS = 10_000_000


def read_workbook(path: Path, name: str) -> dict[str, Sheet]:
    """Read every sheet of a workbook as text; formulas and errors are faults of their cells.

    Raises InvalidStudyError for a file that is absent, too large, or not a workbook.
    """
    # Imported on use: most rounds are CSV, and the import takes a tenth of a second.
    from openpyxl import load_workbook

    if not os.path.exists(path):  # noqa: PTH110  Path.exists raises for a name that is too long
        raise _invalid(name, "there is no such file.", "Check the path.")
    try:
        size = _unpacked(path)
        if size <= _UNPACKED:
            with warnings.catch_warnings(action="ignore"):
                book = load_workbook(path, read_only=True, data_only=False)
                try:
                    return dict(_sheets(book.worksheets, name))
                finally:
                    book.close()
    except InvalidStudyError:
        raise
    except Exception:  # a damaged file makes its reader raise anything at all
        fact = "is not a workbook, or is damaged."
        raise _invalid(name, fact, "Save it as .xlsx again, with plain sheets only.") from None
    raise _invalid(name, f"unpacks to {size:,} bytes.", "Remove what is not data.")


def _unpacked(path: Path) -> int:
    with zipfile.ZipFile(path) as archive:
        return sum(entry.file_size for entry in archive.infolist())


def _invalid(where: str, fact: str, remedy: str) -> InvalidStudyError:
    return InvalidStudyError([Problem(where, fact, remedy)])


def _sheets(sheets: Iterable[Any], name: str) -> Iterator[tuple[str, Sheet]]:
    for sheet in sheets:
        # The size that a file states may be wrong, and rows beyond it would be lost.
        sheet.reset_dimensions()
        found = _sheet(sheet.iter_rows(), f"{name} sheet {sheet.title}")
        if found is not None:
            yield sheet.title, found


def _sheet(rows: Iterable[tuple[Any, ...]], where: str) -> Sheet | None:
    found: list[tuple[int, tuple[str, ...]]] = []
    faults: dict[tuple[int, int], Fault] = {}
    width = count = 0
    for line, cells in enumerate(rows, start=1):
        count += len(cells) + 1
        if count > _CELLS:
            raise _invalid(where, f"has over {_CELLS:,} cells.", "Delete empty rows and columns.")
        texts = tuple(_text(cell.value) for cell in cells)
        if not any(text.strip() for text in texts):
            continue
        if found:  # a header is exact
            texts = tuple(text.strip() for text in texts)
        width = width or max(i for i, text in enumerate(texts, start=1) if text)
        beyond = any(texts[width:])
        found.append((line, texts if beyond else (texts + ("",) * width)[:width]))
        faults |= {(line, i): fault for i, cell in enumerate(cells) if (fault := _fault(cell))}
    if not found:
        return None
    return Sheet(where, found[0][1], tuple(found[1:]), lettered=True, faults=faults)


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
