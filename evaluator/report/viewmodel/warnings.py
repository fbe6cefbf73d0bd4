"""What to beware of: the notes of a run, each once, the weightiest first."""

from __future__ import annotations

import re
from collections.abc import Mapping

from evaluator.report.formatting.names import names_of, speller
from evaluator.report.messages import say
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
    LimitWithoutCondition: 1,
    LapsedAuthority: 1,
    Inconsistent: 3,
    BeyondScale: 3,
    TiedForBest: 3,
    TiedForWorst: 3,
    MissingPerformance: 4,
    PartlyRated: 5,
    OutsideAnchors: 6,
}
"""The weightiest kinds first; a note of any other kind comes before all of them."""
_OF_TEXTS = (r": condition unknown", r"\bCongress\b")
_UNKNOWN = re.compile(r"(?P<limit>[^:]+): condition unknown:")


def warnings(evaluation: Evaluation) -> tuple[str, ...]:
    """Return the notes of the allocation and of the sources, each once, in order of weight."""
    names, spelt = names_of(evaluation), speller(evaluation)
    texts = evaluation.allocation.notes
    # The allocation says of a limit without its condition what the sources say in short.
    unknown = {found["limit"] for text in texts if (found := _UNKNOWN.match(text))}
    said = ": not applied, for its condition is not known: "
    told = [(_weight(t), spelt(t.replace(": condition unknown: ", said))) for t in texts]
    told += [
        (WEIGHTS[type(note)], say(note, names))
        for note in evaluation.provenance.notes
        if not (isinstance(note, LimitWithoutCondition) and note.limit in unknown)
    ]
    return tuple(dict.fromkeys(text for _, text in sorted(told, key=lambda one: one[0])))


def _weight(note: str) -> int:
    places = (place for place, kind in enumerate(_OF_TEXTS, start=1) if re.search(kind, note))
    return next(places, 0)
