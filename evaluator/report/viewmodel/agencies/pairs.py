"""Each two agencies, with what drives them apart."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from evaluator.report.formatting.numbers import share
from evaluator.report.formatting.records import records
from evaluator.results.evaluation import Agreement, Evaluation

_DRIVERS = 3


def pairs(evaluation: Evaluation, found: Agreement) -> list[dict[str, Any]]:
    """Return each two agencies with the three criteria that drive them furthest apart."""
    criteria = evaluation.study.criteria
    told: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in records(found.drivers.sort_values("share", ascending=False, kind="stable")):
        told[row["agency"], row["other"]].append(
            f"{criteria[row['criterion']].label} {share(row['share'])}"
        )
    return [
        {**row, "drivers": "; ".join(told[row["agency"], row["other"]][:_DRIVERS])}
        for row in records(found.pairs)
    ]
