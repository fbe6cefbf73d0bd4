"""What the tables of a run are shown with, in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from evaluator.report.formatting.text import Columns, text_table
from evaluator.report.formatting.words import Words
from evaluator.report.viewmodel.answers import Answer
from evaluator.report.viewmodel.packages.portfolio import scores_shown
from evaluator.results.schema import TABLES

Manifest = Mapping[str, Any]
Tables = Mapping[str, pd.DataFrame]
_ROWS = 60
"""Rows of a table that a terminal shows; the files hold all of them."""


def whole(tables: Tables, name: str) -> pd.DataFrame:
    """Return a table of a run; an empty one where it is about a part that the study lacks."""
    if name in tables:
        return tables[name]
    schema = TABLES[name]
    findings = [f"{one.name}_findings" for one in schema.columns if one.type == "findings"]
    return schema.frame(()).assign(**dict.fromkeys(findings, ""))


def titled_table(
    title: str, columns: Columns, rows: Sequence[Sequence[Any]], total: Sequence[Any] = ()
) -> str:
    """Return a table of one line a cell, cut where it is long; nothing if it has no row.

    total: a last row that sums up all of them.
    """
    if not rows:
        return ""
    lines = [[one_line(cell) for cell in row] for row in rows[:_ROWS]]
    table = text_table(title, columns, [*lines, total] if total else lines)
    more = len(rows) - len(lines)
    return f"{table.rstrip()}\nand {more:,} more rows in the files of the run\n" if more else table


def framed(words: Words, parts: Iterable[str]) -> str:
    """Return parts that say something, in lines, the study's marking first and last."""
    return "\n".join(filter(None, (words.marking, *parts, words.marking)))


def answered(found: Answer, words: Words) -> str:
    """Return what a question comes to: its sentences first, then tables and notes."""
    tables = (
        text_table(one.title, one.columns, [*one.rows, *([one.total] if one.total else [])])
        for one in found.tables
    )
    return framed(words, [*found.lines, *tables, *found.notes, words.disclaimer])


def one_line(value: object) -> str:
    """Return a value as text without line ends or double spaces."""
    return " ".join(str(value).split())


def rank_range(low: int, high: int) -> str:
    """Return the ranks from one to another.

    >>> rank_range(3, 3), rank_range(3, 7)
    ('3', '3–7')
    """
    return str(low) if low == high else f"{low}–{high}"


def agency_scores(row: Mapping[Any, Any], names: Mapping[str, str]) -> dict[str, str]:
    """Return what each agency scores, by agency, from a row of the ranking."""
    return scores_shown({a: row[f"score.{a}"] for a in names}, row["reason_findings"])
