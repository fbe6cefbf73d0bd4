"""Which criteria decide, as data and as text for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import counted, fixed
from evaluator.report.formatting.phrases import STATUS
from evaluator.report.formatting.records import json_records, records
from evaluator.report.formatting.text import text_table
from evaluator.report.formatting.words import Words
from evaluator.report.terminal.tables import framed

_IDS = 5
"""Packages that one cell names."""


def as_data(table: pd.DataFrame) -> dict[str, Any]:
    """Return the table as plain data for JSON."""
    return {"criteria": json_records(table)}


def as_text(table: pd.DataFrame, names: Names) -> str:
    """Return what would change without each criterion, and which decide nothing."""
    rows = records(table)
    deciding = [row for row in rows if row["decides"] != "nothing"]
    columns = [("Criterion", "left"), ("Weight", "right"), ("Without it", "left")]
    shown = [
        (
            f"{names.criterion(row['criterion'])}\n{row['criterion']}",
            f"{fixed(100 * row['weight'], 1)} %",
            "\n".join(_changes(row, names.words)),
        )
        for row in deciding
    ]
    parts = []
    if shown:
        parts.append(
            text_table("What each criterion decides, the weightiest first", columns, shown)
        )
    idle = [row for row in rows if row["decides"] == "nothing"]
    parts += [_idle("Without these nothing would change", [r for r in idle if r["weight"]])]
    parts += [_idle("These carry no weight", [r for r in idle if not r["weight"]])]
    return framed(names.words, [*parts, names.words.disclaimer])


def _idle(what: str, rows: Sequence[Mapping[str, Any]]) -> str:
    return f"{what}: {', '.join(row['criterion'] for row in rows)}.\n" if rows else ""


def _changes(row: Mapping[str, Any], words: Words) -> Iterator[str]:
    if row["decides"] == "all":
        yield "nothing else is weighed"
        return
    for key, told in (
        ("entered", f"now {words.priority}"),
        ("left", f"no longer {words.priority}"),
    ):
        if row[key]:
            yield f"{told}: {_listed(row[key])}"
    for key, told in (("funded_in", "now funded"), ("funded_out", "no longer funded")):
        if row[key]:
            yield f"{told}: {_listed(row[key])}"
    if row["moved_usd"]:
        yield f"{words.money.amount(row['moved_usd'])} moves"
    elif row["status"] and row["moved_usd"] is None:
        yield f"no allocation: {words.fill(STATUS[row['status']])}"
    if row["ranks"]:
        yield f"{counted(row['ranks'], 'rank')} moved, by {row['furthest']} at most"


def _listed(packages: Sequence[str]) -> str:
    more = len(packages) - _IDS
    return ", ".join([*packages[:_IDS], *([f"and {more} more"] if more > 0 else [])])
