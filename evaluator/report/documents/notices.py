"""What has to be told before money moves, when it may move, and where the strategy is met."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.allocation.explain.findings import NoticeDue
from evaluator.report.documents.blocks import (
    Block,
    Column,
    Heading,
    Listed,
    Paragraph,
    Table,
    table,
)
from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.phrases import sentence
from evaluator.report.formatting.records import records
from evaluator.report.messages import say
from evaluator.report.viewmodel.money.coordination import Acting, Coordinated, coordination
from evaluator.results.evaluation import Evaluation


def notices(evaluation: Evaluation) -> Iterator[Block]:
    """Yield notices that are due with their clocks, by institution, and what is not in time."""
    names, found = names_of(evaluation), coordination(evaluation)
    due = [note for note in evaluation.allocation.notes if isinstance(note, NoticeDue)]
    if found is not None and any(one.due for one in found.institutions):
        yield Heading("Notices due, and clocks")
        yield from _clocks(found)
    elif due:
        yield Heading("Notices due")
        yield Listed(tuple(sentence(say(note, names)) for note in due))
    yield from _strategy(evaluation)


def _clocks(found: Coordinated) -> Iterator[Block]:
    if found.body is not None:
        yield Paragraph(f"{found.body.body} ({found.body.citation.title}): {found.body.task}")
    yield Paragraph(found.started, "note")
    for note in found.late:
        yield Paragraph(note, "warning")
    for one in found.institutions:
        if one.due:
            lapses = f" Its authority ends on {one.lapses_on}." if one.lapses_on else ""
            yield Heading(one.name, 2)
            yield _due(one)
            if lapses:
                yield Paragraph(lapses.strip(), "note")


def _due(one: Acting) -> Table:
    rows = []
    for due in one.due:
        several = len(due.counts) > 1
        named = [(f"{head}: " if several else "", act, start) for head, act, start in due.counts]
        acts = "\n".join(f"{head}{act}" for head, act, _ in named)
        starts = "\n".join(f"{head}{start}" for head, _, start in named if start != "–")
        source = f"{due.citation} ({due.confidence})"
        rows.append((due.label, source, str(due.packages), due.clock, acts, starts))
    columns = (
        Column("Notice", 24),
        Column("Source", 14),
        Column("Due for", 6, number=True),
        Column("Clock", 22),
        Column("Act from", 17),
        Column("Start by", 17),
    )
    return table(columns, rows)


def _strategy(evaluation: Evaluation) -> Iterator[Block]:
    """Yield which targets of the strategy are reached, by whom and with how much."""
    every = {} if evaluation.extended is None else evaluation.extended.tables
    found = records(every["coverage"].table) if "coverage" in every else []
    if not found:
        return
    names = names_of(evaluation)
    w, unit = names.words, names.words.money.unit([row["proposed_usd"] for row in found])
    rows = [
        (
            row["label"],
            "\n".join(map(names.package, row["packages"])) or "–",
            unit.amount(row["proposed_usd"]) if row["proposed_usd"] else "",
            f"{row['citation']} ({row['confidence']})",
        )
        for row in found
    ]
    columns = (
        Column("Target", 18),
        Column(f"Reached by {w.chosen}", 40),
        Column(f"Amount, {unit.head}", 12, number=True),
        Column("Source", 30),
    )
    yield Heading("Where the strategy is met", 2)
    yield table(columns, rows)
