"""The determination memo: all that whoever determines has to know, and where they sign."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.model.proceedings import Proceedings
from evaluator.report.documents.blocks import Block, Document, printable
from evaluator.report.documents.consultation import consultation
from evaluator.report.documents.departures import departures
from evaluator.report.documents.heads import Source, document
from evaluator.report.documents.notices import notices
from evaluator.report.documents.put_forward import put_forward
from evaluator.report.documents.requirements import requirements
from evaluator.report.documents.rests import rests
from evaluator.report.documents.signing import proof, to_decide
from evaluator.report.documents.weighing import weighing
from evaluator.results.evaluation import Evaluation


def memo(evaluation: Evaluation, of: Source, said: Proceedings | None = None) -> Document:
    """Return the determination memo of a run.

    said: what is on record of the run; None where it is on no record. What the study lacks is not
    mentioned.
    """
    title, blocks = "Determination memorandum", tuple(_blocks(evaluation, of, said))
    return printable(document(evaluation, of, "memo", title, blocks), evaluation.study)


def _blocks(evaluation: Evaluation, of: Source, said: Proceedings | None) -> Iterator[Block]:
    yield from put_forward(evaluation, said)
    yield from weighing(evaluation)
    yield from departures(evaluation)
    yield from requirements(evaluation)
    yield from notices(evaluation)
    yield from consultation(evaluation, said)
    yield from rests(evaluation)
    yield from to_decide(evaluation, said)
    yield from proof(evaluation, of, said)
