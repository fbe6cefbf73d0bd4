"""Workbooks (.xlsx) -> sheets as text. What another program wrote is not to be trusted."""

from __future__ import annotations

from pathlib import Path

from evaluator.loading.documents.bounds import Bounds
from evaluator.loading.tables.sheets import Sheet


def read_workbook(path: Path, name: str, bounds: Bounds, *, hidden: bool) -> dict[str, Sheet]:
    """Read every sheet of cells as text; formulas, errors and what is hidden are faults.

    hidden: rows, columns and sheets that are hidden are read like all else.
    An empty sheet has no header. Raises InvalidStudyError for a file that is absent, beyond a
    bound, or not a workbook.
    """
    # Loaded on use: most rounds are CSV.
    from evaluator.loading.tables.workbooks.workbook import sheets_of

    return sheets_of(path, name, bounds, hidden=hidden)
