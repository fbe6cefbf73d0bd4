"""What stands at the head and the foot of every document of a run."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.report.documents.blocks import Block, Document
from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.phrases import stamp, supposed
from evaluator.results.evaluation import Evaluation


@dataclass(frozen=True)
class Source:
    """The run that a document is of."""

    run: str
    """Its name."""
    digest: str
    """The SHA-256 of its manifest."""


def document(
    evaluation: Evaluation, of: Source, name: str, title: str, blocks: tuple[Block, ...]
) -> Document:
    """Return a document of a run, with the marking and disclaimer of its study."""
    scenario, words = evaluation.study.scenario, names_of(evaluation).words
    bills = supposed(one.bill for one in scenario.if_enacted)
    return Document(
        name=name,
        programme=scenario.programme or "",
        title=title,
        subject=scenario.title,
        day=evaluation.study.as_of,
        stamp=stamp(scenario),
        disclaimer=" ".join(filter(None, (bills and f"{bills}.", words.disclaimer))),
        marking=words.marking,
        reference=f"{of.run}, study {evaluation.study.fingerprint[:12]}",
        blocks=blocks,
    )
