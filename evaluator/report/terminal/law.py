"""The law by date as data, and as text for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evaluator.questions.dated.law import Law
from evaluator.report.formatting.money import Unit
from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.phrases import supposed
from evaluator.report.formatting.records import json_records
from evaluator.report.formatting.text import text_table
from evaluator.report.formatting.words import Words
from evaluator.report.terminal.tables import framed
from evaluator.report.viewmodel.law import (
    ChangeRow,
    ahead,
    behind,
    between_rows,
    between_sentence,
    counts,
    sentences,
    title,
    weak_rows,
    weak_sentences,
)


def as_data(law: Law) -> dict[str, Any]:
    """Return the tables as plain data for JSON, under the names of their files."""
    study = law.evaluation.study
    days = [law.between.first, law.between.second] if law.between else []
    return {
        "scenario": study.scenario.scenario,
        "as_of": study.as_of.isoformat(),
        "if_enacted": [one.bill for one in study.scenario.if_enacted],
        "horizon": law.horizon,
        "look_back": law.look_back,
        "between": [one.study.as_of.isoformat() for one in days],
        **{name: json_records(table) for name, table in law.tables.items()},
    }


def as_text(law: Law) -> str:
    """Return what lapses or begins, what changed, and what rests on what was not read."""
    heading, words = title(law), names_of(law.evaluation).words
    told = ", ".join(f"{count} {name}" for name, count in counts(law))
    parts = [
        f"{heading}\n{'=' * len(heading)}",
        words.disclaimer,
        supposed(one.bill for one in law.evaluation.study.scenario.if_enacted),
        f"Values of law and fact in force: {told}.",
        *sentences(law),
    ]
    if law.between is not None:
        parts += [between_sentence(law.between)]
        parts += [_changes(words, "Between the two days", *between_rows(law.between))]
    parts += [
        _changes(words, f"What lapses or begins in the next {law.horizon:,} days", *ahead(law)),
        _changes(words, f"What changed in the last {law.look_back:,} days", *behind(law)),
        _weak(law),
        *weak_sentences(law),
        "Every value and its days: --html, --tables or --json.",
    ]
    return framed(words, parts)


def _changes(words: Words, title: str, unit: Unit, rows: Sequence[ChangeRow]) -> str:
    columns = [
        ("Day", "left"),
        ("In days", "right"),
        *((head, "left") for head in ("What", "From", "To")),
        *((f"{head}\n{unit.head}", "right") for head in ("Old", "New", "Moved")),
        (words.head.packages, "left"),
        ("Note", "left"),
    ]
    cells = [
        (
            *(row.day, row.days, f"{row.what}\n{row.id}".strip(), row.old, row.new),
            *(row.before, row.after, row.moved, row.packages, row.note),
        )
        for row in rows
    ]
    return text_table(title, columns, cells) if cells else ""


def _weak(law: Law) -> str:
    unit, rows = weak_rows(law)
    columns = [
        *((head, "left") for head in ("Confidence", "Value", "Rests on it", "Binds")),
        (f"Under it\n{unit.head}", "right"),
    ]
    cells = [(r.confidence, f"{r.label}\n{r.id}", r.rests, r.binds, r.amount) for r in rows]
    return text_table("What rests on what was not read", columns, cells) if cells else ""
