"""CSV files -> sheets as text."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from evaluator.errors import InvalidStudyError, Problem
from evaluator.loading.tables.sheets import Sheet
from evaluator.loading.text_files import read_text

_BYTES = 50_000_000


def read_csv(path: Path, name: str) -> Sheet:
    """Read a comma-separated file as text.

    Raises InvalidStudyError for a file that is absent, empty, not UTF-8, or badly quoted.
    """
    reader = csv.reader(io.StringIO(read_text(path, name, _BYTES), newline=""), strict=True)
    rows: list[tuple[int, tuple[str, ...]]] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, tuple(cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        fact = f"is not valid CSV: {error}."
        raise InvalidStudyError(
            [Problem(f"{name} line {line}", fact, "Check the quotes of this line.")]
        ) from None
    if not rows:
        raise InvalidStudyError([Problem(name, "holds empty cells only.", "Fill the table.")])
    return Sheet(name, rows[0][1], tuple(rows[1:]))
