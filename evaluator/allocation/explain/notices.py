"""What is reported and not bounded: commitments above a threshold of notice, or from it on."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from evaluator.allocation.explain.findings import NoticeDue
from evaluator.allocation.model.exact.rows import total
from evaluator.allocation.model.limits.families import moves_by
from evaluator.allocation.model.limits.limits import notice_rows
from evaluator.allocation.model.requests.eligibility import sort_requests
from evaluator.allocation.model.requests.facts import Facts
from evaluator.model.study import Study
from evaluator.results.schema.allocation import NOTICES


def notice_table(study: Study, amounts: pd.DataFrame, facts: Facts | None = None) -> pd.DataFrame:
    """Return `NOTICES`: one row a notice and group over its threshold, or whose threshold is not
    known.

    Over it is above `at_most`, or at `at_least` and above.

    amounts: whole dollars, packages x tools. facts: of the study, as far as they have been read.
    Notices that the scenario ignores, and those not in
    force, are left out.
    """
    table = amounts.to_dict("index")
    given = [package for package, row in table.items() if any(row.values())]
    eligibility = sort_requests(study, [str(package) for package in given], facts)
    pairs = eligibility.pairs
    dollar = [int(table[pair.package][pair.tool]) for pair in pairs]
    moves = moves_by(dollar)
    rows: list[dict[str, object]] = []
    for row in notice_rows(study, eligibility):
        amount = row.plus + total(row.left, dollar)
        threshold = row.constant + moves(row)
        reached = study.limits[row.limit].at_least is not None and row.held is None
        least = 0 if row.held else threshold
        if amount < least or (amount == least and not (reached and amount)):
            continue
        among = dict.fromkeys(pairs[place].package for place in row.left if dollar[place])
        rows.append(
            {
                "limit": row.limit,
                "label": row.spec.label,
                "group": row.group,
                "packages": tuple(among),
                "amount_usd": float(amount),
                "threshold_usd": None if row.held else float(threshold),
                "citation": row.spec.citation.title,
                "confidence": row.spec.citation.confidence,
                "note": () if row.held is None else (row.held,),
            }
        )
    return NOTICES.frame(rows)


def called_for(notices: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return by notice the packages whose amounts call for it, each once, of its table."""
    found: dict[str, dict[str, None]] = {}
    for limit, packages in zip(notices["limit"], notices["packages"], strict=True):
        found.setdefault(limit, {}).update(dict.fromkeys(packages))
    return {limit: tuple(packages) for limit, packages in found.items()}


def notices_due(study: Study, notices: pd.DataFrame) -> Iterator[NoticeDue]:
    """Yield the notices that any commitment calls for, of their table."""
    rows = notices.to_dict("records")
    for notice in dict.fromkeys(row["limit"] for row in rows):
        mine = [row for row in rows if row["limit"] == notice]
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
