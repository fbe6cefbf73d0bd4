"""What people have to judge and sign, and by what the memo can be held to its run."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.model.proceedings import Proceedings
from evaluator.report.documents.blocks import Blank, Block, Column, Facts, Heading, Paragraph, table
from evaluator.report.documents.consultation import moment
from evaluator.report.documents.heads import Source
from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.numbers import share
from evaluator.report.formatting.phrases import STATE
from evaluator.report.viewmodel.decision.contested import contested
from evaluator.report.viewmodel.packages.portfolio import Ranked
from evaluator.results.evaluation import Evaluation


def to_decide(evaluation: Evaluation, said: Proceedings | None) -> Iterator[Block]:
    """Yield what is open with room to decide it, and the lines on which whoever decides signs."""
    w = names_of(evaluation).words
    yield Heading("For decision")
    if open_ := contested(evaluation):
        rows = [
            (
                f"{one.row.title} ({one.row.package})",
                w.fill(STATE[one.row.state]),
                "; ".join(filter(None, (*one.reasons, _drawn(one.row)))),
                "☐ in  ☐ out",
                "\u00a0",
            )
            for one in open_
        ]
        columns = (
            Column(w.head.package, 24),
            Column("Now", 14),
            Column("What is open", 30),
            Column("Decision", 12),
            Column("Rationale", 22),
        )
        yield table(columns, rows)
    if said is not None and said.determination is not None:
        yield Paragraph("A determination is on record; it stands above, word for word.")
    yield Blank("☐ as put forward   ☐ with these changes   ☐ not now", 3)
    yield Blank("Rationale", 5)
    deciding = [one.name for one in evaluation.study.agencies if one.role == "decides"]
    yield Blank(f"For {deciding[0]}: name and title" if deciding else "Name and title")
    yield Blank("Signature")
    yield Blank("Date")


def _drawn(row: Ranked) -> str:
    contested = row.tier == "contested" and row.in_share is not None
    return f"in by {share(row.in_share or 0.0)} of the draws" if contested else ""


def proof(evaluation: Evaluation, of: Source, said: Proceedings | None) -> Iterator[Block]:
    """Yield digests, the entry on record and the checkpoint, and how to hold the memo to them."""
    rows = [
        ("Run", of.run),
        ("Digest", of.digest),
        ("Study", evaluation.study.fingerprint),
        ("Engine", f"evaluator {evaluation.provenance.versions['evaluator']}"),
    ]
    if said is not None:
        frozen = said.frozen
        rows += [
            ("On record", f"entry {said.entry:,}, hash {said.hash}"),
            (
                "Frozen",
                "not yet" if frozen is None else f"{moment(frozen.at)}, entry {frozen.number:,}",
            ),
            ("Checkpoint", said.checkpoint or "none after what stands here: make one, and keep it"),
        ]
    yield Heading("What this can be held to")
    yield Facts(tuple(rows))
    told = (
        "This was worked out anew from the study of the run, and every table was the run's to the "
        "byte. 'evaluator reproduce' does it again."
    )
    yield Paragraph(told, "note")
