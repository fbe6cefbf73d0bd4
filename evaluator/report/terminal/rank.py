"""A ranked table as data and as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from evaluator.report.formatting.names import method_name
from evaluator.report.formatting.numbers import fixed
from evaluator.report.formatting.text import Columns, text_table
from evaluator.report.terminal.tables import one_line


def as_data(ranked: pd.DataFrame) -> dict[str, Any]:
    """Return the ranking, and how it was made, as plain data for JSON."""
    variant = ranked.attrs["variant"]
    return {
        "method": variant.method,
        "normalization": variant.normalization,
        "parameters": dict(variant.parameters),
        "source": variant.source,
        "ranking": [
            {"rank": int(rank), "name": str(name), "score": float(score), "tied": bool(tied)}
            for name, rank, score, tied in ranked.itertuples()
        ],
    }


def as_text(ranked: pd.DataFrame, weights: Mapping[str, float], lower: Mapping[str, bool]) -> str:
    """Return the ranking as a table, below it what it rests on.

    weights: shares by criterion. lower: whether less is better.
    """
    variant = ranked.attrs["variant"]
    columns: Columns = [("Rank", "right"), ("Name", "left"), ("Score", "right")]
    rows = [
        (f"{rank}{' tied' if tied else ''}", one_line(name), fixed(score, 4))
        for name, rank, score, tied in ranked.itertuples()
    ]
    stated = [
        f"normalization {variant.normalization}",
        *(f"{name} {value}" for name, value in variant.parameters),
    ]
    counted = ", ".join(
        f"{one_line(name)} {fixed(100 * share, 1)} %{' (lower is better)' if lower[name] else ''}"
        for name, share in weights.items()
    )
    return "\n".join(
        [
            text_table(f"Ranked by {method_name(variant.method)}", columns, rows),
            f"Weights: {counted}.",
            f"Method: {', '.join(stated)}. {variant.source}.",
        ]
    )
