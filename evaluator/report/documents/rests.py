"""What rests on numbers that were made up, or not checked."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.allocation.explain.findings import NoticeDue
from evaluator.questions.dated.weak_sources import weak_sources
from evaluator.report.documents.blocks import Block, Column, Heading, Listed, Paragraph, table
from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.phrases import CONFIDENCE, sentence
from evaluator.report.formatting.records import records
from evaluator.report.messages.allocation import noted
from evaluator.report.viewmodel.decision.rests import WEAK, missing_in_words, weak_kinds
from evaluator.report.viewmodel.decision.warnings import WEIGHTS, in_order, study_notes
from evaluator.results.evaluation import Evaluation

_WEIGHTY = 2
"""What is lighter concerns one package or one criterion, and stands in the report."""


def rests(evaluation: Evaluation) -> Iterator[Block]:
    """Yield weak numbers by kind, what of the result hangs on which, and what is missing."""
    found = weak_kinds(evaluation)
    yield Heading("What rests on illustrative or unverified numbers")
    if found:
        yield Paragraph(sentence("; ".join(f"{one}: {CONFIDENCE[one]}" for one in WEAK)), "note")
        columns = (
            Column("Kind of number or rule", 50),
            Column("Illustrative", 12, number=True),
            Column("Unverified", 12, number=True),
            Column("Of all", 12, number=True),
        )
        rows = [(x.kind, str(x.illustrative), str(x.unverified), str(x.of)) for x in found]
        yield table(columns, rows)
        yield from _hangs(evaluation)
    else:
        yield Paragraph("Nothing: every number was read in a source.")
    if missing := missing_in_words(evaluation):
        yield Paragraph(missing)
    yield from _beware(evaluation)


def _beware(evaluation: Evaluation) -> Iterator[Block]:
    """Yield the weightiest notes of the run; notices that are due stand above."""
    names = names_of(evaluation)
    every = in_order((*evaluation.allocation.notes, *study_notes(evaluation)))
    notes = [one for one in every if WEIGHTS.get(type(one), 0) <= _WEIGHTY]
    if told := [sentence(noted(one, names)) for one in notes if not isinstance(one, NoticeDue)]:
        yield Heading("What to beware of", 2)
        yield Listed(tuple(told))


def _hangs(evaluation: Evaluation) -> Iterator[Block]:
    """Yield limits that bind, tools that give and requirements that are open, on which number."""
    names, w = names_of(evaluation), names_of(evaluation).words
    called = {"limit": names.limit, "tool": names.tool, "requirement": names.requirement}
    found = [
        row
        for row in records(weak_sources(evaluation))
        if row["confidence"] in WEAK and row["rests"] and (row["binds"] or row["usd"])
    ]
    unit = w.money.unit([row["usd"] for row in found])
    rows = [
        (
            row["label"],
            row["confidence"],
            row["citation"],
            called[row["rests"]](row["subject"]),
            unit.amount(row["usd"]) if row["usd"] else "",
        )
        for row in found
    ]
    if rows:
        columns = (
            Column("Number or rule", 30),
            Column("How sure", 11),
            Column("Source", 22),
            Column("What rests on it", 26),
            Column(f"Amount, {unit.head}", 11, number=True),
        )
        yield Heading("Limits that bind and amounts that rest on them", 2)
        yield table(columns, rows)
