"""Every requirement with its source, and who does not meet it or has it open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from evaluator.report.documents.blocks import Block, Column, Heading, Paragraph, table
from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.records import grouped, records
from evaluator.report.messages import say_all
from evaluator.results.evaluation import Evaluation

_STATE = {"failed": "failed", "unknown": "not settled"}


def requirements(evaluation: Evaluation) -> Iterator[Block]:
    """Yield counts by requirement, and each that is failed or open with the fact that decided."""
    if evaluation.gates.empty:
        return
    names, titles = names_of(evaluation), evaluation.ranking["title"].to_dict()
    w, every = names.words, grouped(evaluation.gates, "requirement")
    yield Heading("Requirements")
    rows = []
    for found in every.values():
        told = Counter(row["outcome"] for row in found)
        counts = tuple(str(told[state] or "–") for state in ("passed", "failed", "unknown"))
        rows.append(
            (found[0]["label"], _source(found[0]["citation"], found[0]["confidence"]), *counts)
        )
    columns = (
        Column("Requirement", 38),
        Column("Source", 34),
        Column("Met", 6, number=True),
        Column("Failed", 7, number=True),
        Column("Not settled", 8, number=True),
    )
    yield table(columns, rows)
    short = [row for row in records(evaluation.gates) if row["outcome"] in _STATE]
    yield Heading("Failed or not settled", 2)
    if not short:
        yield Paragraph(f"None: every {w.package} meets every requirement that it is asked.")
        return
    cells = [
        (
            f"{titles[row['package']]} ({row['package']})",
            row["label"],
            _STATE[row["outcome"]],
            say_all(row["reason"], names),
            ", ".join(map(names.tool, row["tools"])),
        )
        for row in short
    ]
    columns = (
        Column(w.head.package, 22),
        Column("Requirement", 26),
        Column("State", 9),
        Column("Fact", 36),
        Column(f"Concerns these {w.tools} alone", 16),
    )
    yield table(columns, cells)


def _source(citation: str, confidence: str) -> str:
    return f"{citation} ({confidence})"
