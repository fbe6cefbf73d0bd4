"""The tables of a full run as the page shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from evaluator.model.results import Evaluation
from evaluator.report.tables import records
from evaluator.report.wording import millions, sentence

_HIDDEN = ("cap", "status", "gap", "entered", "left", "supported")
_SHOWN = {
    "next_dollars": ("subject", "gained", "foretold", "used_usd", "sentence"),
    "what_it_takes": ("package", "score", "score_needed", "request_share", "more_usd", "sentence"),
    "override_costs": ("kind", "subject", "lost", "moved_usd", "sentence"),
}
"""Columns of tables whose sentences tell the rest."""
_ROWS = 200


def extended(evaluation: Evaluation) -> Mapping[str, Any] | None:
    """Return each table's title, rule, heads and rows as text; None in a plain run."""
    found = evaluation.extended
    if found is None:
        return None
    shown = {name: one for name, one in found.tables.items() if not one.table.empty}
    return {
        "tables": [
            {
                "id": name.replace("_", "-"),
                "title": one.title,
                "rule": sentence(one.rule) if one.rule else "",
                "heads": [_head(c) for c in _columns(name, one.table)],
                "numeric": [_numeric(one.table, c) for c in _columns(name, one.table)],
                "rows": [
                    [_cell(row[c], c) for c in _columns(name, one.table)]
                    for row in records(one.table.head(_ROWS))
                ],
                "more": max(0, len(one.table) - _ROWS),
                "file": f"{name}.csv",
            }
            for name, one in shown.items()
        ]
    }


def _columns(name: str, table: pd.DataFrame) -> list[str]:
    """Return the columns that a page shows; all of them are in the file."""
    if name in _SHOWN:
        return list(_SHOWN[name])
    return [str(c) for c in table.columns if c not in _HIDDEN]


def _head(column: str) -> str:
    words = column.removesuffix("_usd").replace("_", " ")
    unit = ", $ million" if column.endswith("_usd") else ""
    return f"{words[:1].upper()}{words[1:]}{unit}"


def _numeric(table: pd.DataFrame, column: str) -> bool:
    kind = table[column].dtype
    return pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)


def _cell(value: Any, column: str) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return millions(value) if column.endswith("_usd") else f"{value:,.4g}"
    return str(value)
