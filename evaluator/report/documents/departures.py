"""Where who is in, or what they get, departs from the ranking, and who made it so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluator.decision.findings import ExcludedByName, IncludedByName
from evaluator.report.documents.blocks import Block, Column, Heading, Listed, Paragraph, table
from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.phrases import sentence
from evaluator.report.messages import say
from evaluator.report.viewmodel.decision.overrides import named_decisions
from evaluator.report.viewmodel.money.unserved import unserved
from evaluator.report.viewmodel.packages.portfolio import Ranked, ranked
from evaluator.results.evaluation import Evaluation

_RULE = "the rule of designation"


def departures(evaluation: Evaluation) -> Iterator[Block]:
    """Yield departures from rank, and every named decision with what it costs."""
    w = names_of(evaluation).words
    rows = [*_of_rank(ranked(evaluation)), *_of_support(evaluation)]
    if "designation" in evaluation.study.parts:
        yield Heading("Departures from rank")
        if not rows:
            yield Paragraph(f"None: the {w.chosen} are the first of the ranking.")
    if rows:
        columns = (
            Column("Rank", 6, number=True),
            Column(w.head.package, 24),
            Column("What departs", 18),
            Column("Made by", 18),
            Column("Because", 35),
        )
        yield table(columns, [(*row[:2], w.fill(row[2]), *row[3:]) for row in rows])
    if decided := named_decisions(evaluation):
        names = names_of(evaluation)
        yield Heading("Named decisions, and what each costs", 2)
        yield Listed(tuple(sentence(say(one, names)) for one in decided))


def _of_rank(rows: Sequence[Ranked]) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield who is out although somebody ranked below is in, and who is in by name."""
    last = max((row.rank for row in rows if row.designated and row.rank), default=0)
    for row in rows:
        if row.rank is None:
            continue
        named = next(
            (x for x in row.reason if isinstance(x, IncludedByName | ExcludedByName)), None
        )
        by = f"{named.by}, {named.date}" if named else _RULE
        why = named.because if named else row.why
        if row.designated and named:
            yield str(row.rank), f"{row.title} ({row.package})", "{Priority} by name", by, why
        elif not row.designated and row.rank < last:
            yield str(row.rank), f"{row.title} ({row.package})", "Passed over", by, why


def _of_support(evaluation: Evaluation) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield who is in and gets nothing."""
    ranks = {row.package: row.rank for row in ranked(evaluation)}
    for package, one in unserved(evaluation).items():
        rank = "–" if ranks[package] is None else str(ranks[package])
        yield (
            rank,
            f"{one.title} ({package})",
            "{Priority}, nothing referred",
            "the allocation",
            one.held,
        )
