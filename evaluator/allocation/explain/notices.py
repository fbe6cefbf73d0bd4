"""What is reported and not bounded: commitments above a threshold of notice, or from it on."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from evaluator.allocation.explain.findings import NoticeDue
from evaluator.allocation.model.eligibility import sort_requests
from evaluator.allocation.model.families import moves_by
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
    "note": "object",
}


def notice_table(study: Study, amounts: pd.DataFrame) -> pd.DataFrame:
    """Return one row a notice and group over its threshold, or whose threshold is not known.

    Over it is above `at_most`, or at `at_least` and above.

    amounts: whole dollars, packages x tools. Columns: notice, label, group, amount_usd,
    threshold_usd (missing if not known), citation, confidence, note (findings). Notices that the
    scenario ignores, and those not in force, are left out.
    """
    table = amounts.to_dict("index")
    given = [package for package, row in table.items() if any(row.values())]
    eligibility = sort_requests(study, [str(package) for package in given])
    dollar = [int(table[pair.package][pair.tool]) for pair in eligibility.pairs]
    moves = moves_by(dollar)
    rows: list[dict[str, object]] = []
    for row in notice_rows(study, eligibility):
        amount = row.plus + total(row.left, dollar)
        threshold = row.constant + moves(row)
        reached = study.limits[row.limit].at_least is not None and row.held is None
        least = 0 if row.held else threshold
        if amount < least or (amount == least and not (reached and amount)):
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
                "note": () if row.held is None else (row.held,),
            }
        )
    return pd.DataFrame(rows, columns=list(_TYPES)).astype(_TYPES)


def notices_due(study: Study, amounts: pd.DataFrame) -> Iterator[NoticeDue]:
    """Yield the notices that any commitment calls for."""
    rows = notice_table(study, amounts).to_dict("records")
    for notice in dict.fromkeys(row["notice"] for row in rows):
        mine = [row for row in rows if row["notice"] == notice]
        held = next((note.fact for row in mine for note in row["note"]), None)
        amounts_of = tuple(
            (
                str(row["group"]),
                float(row["amount_usd"]),
                None if pd.isna(row["threshold_usd"]) else float(row["threshold_usd"]),
            )
            for row in mine
        )
        reached = study.limits[str(notice)].at_least is not None
        yield NoticeDue(str(notice), str(mine[0]["citation"]), amounts_of, held, reached)
