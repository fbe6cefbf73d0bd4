"""CSV files -> sheets as text."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from evaluator.errors import InvalidStudyError, Problem
from evaluator.loading.documents.bounds import Bounds
from evaluator.loading.documents.text_files import decoded, read_bytes
from evaluator.loading.tables.kinds import no_text
from evaluator.loading.tables.sheets import Sheet


def read_csv(path: Path, name: str, bounds: Bounds) -> Sheet:
    """Read a comma-separated file as text.

    Raises InvalidStudyError for a file that is absent, empty, not UTF-8, badly quoted, or beyond a
    bound, which is noticed as soon as it is crossed.
    """
    data = read_bytes(path, name, bounds)
    if fault := no_text(data):
        raise InvalidStudyError([Problem(name, *fault)])
    decoded(data, name)
    lines = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")
    reader = csv.reader(lines, strict=True)
    rows: list[tuple[int, tuple[str, ...]]] = []
    line, count = 1, 0
    # how long a cell may be is said by who parses it
    before = csv.field_size_limit(len(data) + 1)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if not rows:
                    bounds.check("columns", len(cells), f"{name} line {line}")
                count += len(cells)
                bounds.check("rows", len(rows), name, counted=False)
                bounds.check("cells", count, name, counted=False)
                rows.append((line, tuple(cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        fact = f"is not valid CSV: {error}."
        raise InvalidStudyError(
            [Problem(f"{name} line {line}", fact, "Check the quotes of this line.")]
        ) from None
    finally:
        csv.field_size_limit(before)
    if not rows:
        raise InvalidStudyError([Problem(name, "holds empty cells only.", "Fill the table.")])
    (top, header), *below = rows
    return Sheet(name, header, tuple(below), top)
