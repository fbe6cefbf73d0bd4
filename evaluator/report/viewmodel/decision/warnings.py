"""What to beware of: the notes of a run, each once, the weightiest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from evaluator.allocation.explain.findings import NoticeDue
from evaluator.allocation.model.findings import AuthorityLapsed, ConditionUnknown
from evaluator.report.formatting.names import names_of
from evaluator.report.messages.allocation import noted
from evaluator.results.evaluation import Evaluation
from evaluator.results.findings import Finding
from evaluator.results.idle import (
    AlternativeToNothing,
    GroupOfOne,
    LimitWithoutTools,
    NothingChanged,
    NothingForbidden,
    NothingIgnored,
    ValueNowhere,
)
from evaluator.results.provenance import (
    BesideEnvelope,
    LapsedAuthority,
    LimitWithoutCondition,
    MissingPerformance,
    NotAppropriated,
    OutsideAnchors,
    PartlyRated,
    RequirementOutsideItsDays,
)
from evaluator.scoring.findings import (
    BeyondScale,
    Inconsistent,
    InconsistentRespondents,
    TiedForBest,
    TiedForWorst,
)
from evaluator.uncertainty.panels import BlankRatings, LoneRatings

WEIGHTS: Mapping[type[Finding], int] = {
    Inconsistent: 0,
    InconsistentRespondents: 0,
    ConditionUnknown: 1,
    LimitWithoutCondition: 1,
    AuthorityLapsed: 1,
    LapsedAuthority: 1,
    NotAppropriated: 1,
    RequirementOutsideItsDays: 1,
    BesideEnvelope: 2,
    NoticeDue: 2,
    BeyondScale: 3,
    TiedForBest: 3,
    TiedForWorst: 3,
    ValueNowhere: 3,
    LimitWithoutTools: 3,
    NothingIgnored: 3,
    NothingForbidden: 3,
    MissingPerformance: 4,
    PartlyRated: 5,
    LoneRatings: 5,
    BlankRatings: 5,
    OutsideAnchors: 6,
    GroupOfOne: 6,
    AlternativeToNothing: 6,
    NothingChanged: 6,
}
"""The weightiest kinds first; a note of any other kind comes before all of them."""


def in_order(notes: Iterable[Finding]) -> list[Finding]:
    """Return notes, each once, the weightiest kinds first."""
    return sorted(dict.fromkeys(notes), key=lambda note: WEIGHTS.get(type(note), 0))


def study_notes(evaluation: Evaluation) -> list[Finding]:
    """Return the notes of the sources and the draws that the allocation does not make itself."""
    made, drawn = evaluation.allocation.notes, evaluation.uncertainty
    unknown = {note.limit for note in made if isinstance(note, ConditionUnknown)}
    return in_order(
        note
        for note in (*evaluation.provenance.notes, *(drawn.notes if drawn else ()))
        if not (isinstance(note, LimitWithoutCondition) and note.limit in unknown)
    )


def warnings(evaluation: Evaluation) -> tuple[str, ...]:
    """Return the notes of a run in words, the weightiest first."""
    names = names_of(evaluation)
    notes = in_order((*evaluation.allocation.notes, *study_notes(evaluation)))
    return tuple(noted(note, names) for note in notes)
