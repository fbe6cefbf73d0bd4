"""What is reported and not bounded: commitments above a threshold of notice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from evaluator.allocation.model.eligibility import dollars, sort_requests
from evaluator.allocation.model.limits import notice_rows
from evaluator.allocation.model.rows import total
from evaluator.model.study import Study

_TYPES = {
    "notice": "str",
    "label": "str",
    "group": "str",
    "amount_usd": "float64",
    "threshold_usd": "Float64",
    "citation": "str",
    "confidence": "str",
    "note": "str",
}


def notice_table(study: Study, amounts: pd.DataFrame) -> pd.DataFrame:
    """Return one row a notice and group above its threshold, or whose threshold is not known.

    amounts: whole dollars, packages x tools. Columns: notice, label, group, amount_usd,
    threshold_usd (missing if not known), citation, confidence, note. Notices that the scenario
    ignores, and those not in force, are left out.
    """
    table = amounts.to_dict("index")
    given = [package for package, row in table.items() if any(row.values())]
    eligibility = sort_requests(study, [str(package) for package in given])
    dollar = [int(table[pair.package][pair.tool]) for pair in eligibility.pairs]
    rows: list[dict[str, object]] = []
    for row in notice_rows(study, eligibility):
        amount = row.plus + total(row.left, dollar)
        threshold = row.constant + total(row.base, dollar)
        if amount <= (0 if row.held else threshold):
            continue
        rows.append(
            {
                "notice": row.limit,
                "label": row.spec.label,
                "group": row.group,
                "amount_usd": float(amount),
                "threshold_usd": None if row.held else float(threshold),
                "citation": row.spec.citation.title,
                "confidence": row.spec.citation.confidence,
                "note": row.held,
            }
        )
    return pd.DataFrame(rows, columns=list(_TYPES)).astype(_TYPES)


def notice_lines(study: Study, amounts: pd.DataFrame) -> Iterator[str]:
    """Yield one line a notice that any commitment calls for."""
    rows = notice_table(study, amounts).to_dict("records")
    for notice in dict.fromkeys(row["notice"] for row in rows):
        mine = [row for row in rows if row["notice"] == notice]
        first = mine[0]
        amounts_of = ", ".join(
            f"{row['group']} ({dollars(row['amount_usd'])})".lstrip() for row in mine
        )
        yield f"{notice}: {first['label']} ({first['citation']}; {_above(mine)}): {amounts_of}"


def _above(rows: Sequence[Mapping[Any, Any]]) -> str:
    if rows[0]["note"]:
        return f"threshold unknown, {rows[0]['note']}"
    values = {row["threshold_usd"] for row in rows}
    return f"above {dollars(values.pop())}" if len(values) == 1 else "each above its own threshold"
