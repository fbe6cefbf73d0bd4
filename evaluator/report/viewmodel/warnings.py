"""What to beware of: the notes of a run, each once, the weightiest first."""

from __future__ import annotations

from collections.abc import Mapping

from evaluator.allocation.explain.findings import NoticeDue
from evaluator.allocation.model.findings import AuthorityLapsed, ConditionUnknown
from evaluator.report.formatting.names import names_of
from evaluator.report.messages import say
from evaluator.report.messages.allocation import noted
from evaluator.results.evaluation import Evaluation
from evaluator.results.findings import Finding
from evaluator.results.provenance import (
    LapsedAuthority,
    LimitWithoutCondition,
    MissingPerformance,
    OutsideAnchors,
    PartlyRated,
)
from evaluator.scoring.findings import BeyondScale, Inconsistent, TiedForBest, TiedForWorst

WEIGHTS: Mapping[type[Finding], int] = {
    ConditionUnknown: 1,
    LimitWithoutCondition: 1,
    AuthorityLapsed: 1,
    LapsedAuthority: 1,
    NoticeDue: 2,
    Inconsistent: 3,
    BeyondScale: 3,
    TiedForBest: 3,
    TiedForWorst: 3,
    MissingPerformance: 4,
    PartlyRated: 5,
    OutsideAnchors: 6,
}
"""The weightiest kinds first; a note of any other kind comes before all of them."""


def warnings(evaluation: Evaluation) -> tuple[str, ...]:
    """Return the notes of the allocation and of the sources, each once, in order of weight."""
    names, found = names_of(evaluation), evaluation.allocation.notes
    # The allocation says of a limit without its condition what the sources say in short.
    unknown = {note.limit for note in found if isinstance(note, ConditionUnknown)}
    told = [(WEIGHTS.get(type(note), 0), noted(note, names)) for note in found]
    told += [
        (WEIGHTS[type(note)], say(note, names))
        for note in evaluation.provenance.notes
        if not (isinstance(note, LimitWithoutCondition) and note.limit in unknown)
    ]
    return tuple(dict.fromkeys(text for _, text in sorted(told, key=lambda one: one[0])))
