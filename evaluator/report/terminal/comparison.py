"""A comparison as data, and as text for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from evaluator.questions.versions.comparison import Comparison
from evaluator.questions.versions.outcome import Outcome
from evaluator.report.formatting.text import Columns, text_table
from evaluator.report.formatting.words import Words, words_of
from evaluator.report.terminal.tables import framed
from evaluator.report.viewmodel.versions.comparison import key_rows, rank_rows, sentences, tool_rows

_SHOWN = 60


def as_data(comparisons: Sequence[Comparison]) -> list[dict[str, Any]]:
    """Return comparisons as plain data for JSON."""
    return [
        {
            "first": one.called[0],
            "other": one.called[1],
            "if_enacted": [
                [bill.bill for bill in side.study.scenario.if_enacted]
                for side in (one.first, one.other)
            ],
            "set": [[change.model_dump(mode="json") for change in side] for side in one.stated],
            **_outcome_data(one.outcome),
            "attributions": [
                {
                    "key": a.difference.name,
                    "old": a.difference.old,
                    "new": a.difference.new,
                    "because": a.difference.because,
                    "by": a.difference.by,
                    "in_order": _outcome_data(a.in_order),
                    "alone": _outcome_data(a.alone),
                }
                for a in one.attributions
            ],
        }
        for one in comparisons
    ]


def _outcome_data(outcome: Outcome) -> dict[str, Any]:
    return {
        "status": list(outcome.status),
        "designated_in": list(outcome.designated_in),
        "designated_out": list(outcome.designated_out),
        "funded_in": list(outcome.funded_in),
        "funded_out": list(outcome.funded_out),
        "moved_usd": outcome.moved_usd,
        "ranks": {
            str(p): [_whole(row["rank_before"]), _whole(row["rank_after"])]
            for p, row in outcome.reranked.iterrows()
        },
        "usd": {
            str(p): [_whole(row["usd_before"]), _whole(row["usd_after"])]
            for p, row in outcome.packages.iterrows()
            if _whole(row["usd_before"]) != _whole(row["usd_after"])
        },
        "tools": {
            str(t): {str(k): int(v) for k, v in row.items()} for t, row in outcome.tools.iterrows()
        },
    }


def _whole(rank: Any) -> int | None:
    return None if pd.isna(rank) else int(rank)


def as_text(comparisons: Sequence[Comparison]) -> str:
    """Return comparisons as text for the terminal."""
    words = words_of(comparisons[0].first.study.scenario)
    return framed(words, [*(_pair_text(one, words) for one in comparisons), words.disclaimer])


def _pair_text(comparison: Comparison, words: Words) -> str:
    title = " -> ".join(comparison.called)
    tables = (_keys(comparison), _ranks(comparison, words), _tools(comparison, words))
    parts = [f"{title}\n{'=' * len(title)}", *sentences(comparison), *filter(None, tables)]
    return "\n".join(parts)


def _keys(comparison: Comparison) -> str:
    heads = ("Changed", "From", "To", "In order", "Alone", "Because", "By")
    words = words_of(comparison.first.study.scenario)
    rows = [
        (
            f"{row.what}\n{words.key(row.key)}".strip() if row.what else row.key,
            *(row.old, row.new, row.in_order, row.alone, row.because, row.by),
        )
        for row in key_rows(comparison)
    ]
    return _table("What each changed key does", [(head, "left") for head in heads], rows)


def _ranks(comparison: Comparison, words: Words) -> str:
    columns = [
        *((head, "left") for head in (words.head.package, "Title")),
        *((head, "right") for head in ("Before", "After", "Rises")),
    ]
    rows = [(r.package, r.title, r.before, r.after, r.risen) for r in rank_rows(comparison)]
    return _table("Rank changes", columns, rows[:_SHOWN])


def _tools(comparison: Comparison, words: Words) -> str:
    columns = [
        (words.head.tool, "left"),
        *((h, "right") for h in ("Before", "After", "Net", "Moved")),
    ]
    unit, rows = tool_rows(comparison)
    return _table(f"Amounts by {words.tool}, {unit.head}", columns, rows)


def _table(title: str, columns: Columns, rows: Sequence[Sequence[str]]) -> str:
    return text_table(title, columns, rows) if rows else ""
