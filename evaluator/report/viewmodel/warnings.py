"""What to beware of: the notes of a run, each once, the weightiest first."""

from __future__ import annotations

import re

from evaluator.results.evaluation import Evaluation

_WEIGHT = (
    r": (not applied|condition unknown|switched off)",
    r"\bCongress\b",
    r"^weights of ",
    r": missing \(",
    r"\bnot rated\b",
    r"outside the anchors",
)
"""Patterns of notes, the weightiest first; a note of no pattern comes before all of them."""
_UNKNOWN = re.compile(r"(?P<limit>[^:]+): condition unknown:")


def warnings(evaluation: Evaluation) -> tuple[str, ...]:
    """Return the notes of the allocation and of the sources, each once, in order of weight."""
    notes = dict.fromkeys((*evaluation.allocation.notes, *evaluation.provenance.notes))
    # The allocation says of a limit without its condition what the sources say in short.
    unknown = {found["limit"] for note in notes if (found := _UNKNOWN.match(note))}
    kept = [note for note in notes if note.partition(": not applied, ")[0] not in unknown]
    said = ": not applied, for its condition is not known: "
    return tuple(n.replace(": condition unknown: ", said) for n in sorted(kept, key=_weight))


def _weight(note: str) -> int:
    """Return the place of a note among the kinds of notes; `sorted` keeps the order within."""
    places = (place for place, kind in enumerate(_WEIGHT, start=1) if re.search(kind, note))
    return next(places, 0)
