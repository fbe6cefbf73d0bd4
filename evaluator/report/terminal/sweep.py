"""The scenarios of a sweep, summed up as data and as text."""

from __future__ import annotations

from typing import Any

import pandas as pd

from evaluator.questions.sweep import Plan
from evaluator.report.formatting.names import Names
from evaluator.report.terminal.tables import framed, titled_table
from evaluator.report.viewmodel.versions.sweep import answer, summed


def as_data(table: pd.DataFrame) -> dict[str, Any]:
    """Return what is summed up as plain data for JSON; the rows themselves are in the file."""
    return summed(table)


def as_text(table: pd.DataFrame, plan: Plan, names: Names) -> str:
    """Return a summary of the rows as text for the terminal."""
    found, words = answer(table, plan, names), names.words
    tables = (titled_table(one.title, one.columns, one.rows) for one in found.tables)
    return framed(words, [*found.lines, *tables, *found.notes, words.disclaimer])
