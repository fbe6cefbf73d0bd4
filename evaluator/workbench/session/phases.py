"""Phases of a session: in a blind one, an agency sees what others shared once it has shared too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from evaluator.errors import InvalidEntryError, UsageError
from evaluator.loading.changes import parse_path
from evaluator.record.ledger import Draft, append
from evaluator.record.ledger.entries import Entry
from evaluator.record.proceedings.acts import unsaid
from evaluator.workbench.session.acts import hold_id
from evaluator.workbench.session.comments import Comment
from evaluator.workbench.session.state import Session, Step
from evaluator.workbench.session.table import Table

_LONGEST = 60


@dataclass(frozen=True)
class Phase:
    """A stretch of a session, from the entry that begins it on."""

    name: str = ""
    blind: bool = False
    number: int = 0
    """Of its entry; 0 before anyone has begun one."""


def begin(table: Table, id_: str, name: str, by: str, *, blind: bool) -> Phase:
    """Begin a phase; who sends the same again gets the first answer.

    Raises UsageError for an id that is none or a name that is too long, InvalidEntryError for one
    that says nothing, RecordError where it cannot be written.
    """
    hold_id(id_)
    name = " ".join(name.split())
    if len(name) > _LONGEST:
        raise UsageError(f"the name of a phase has {_LONGEST} letters at most.")
    if faults := list(unsaid({"name": name}, optional="")):
        raise InvalidEntryError(faults)
    told = {"name": name, "blind": blind}
    draft = Draft(f"{table.name}.{id_}.phase", "phase", told, table.name, {"by": by})
    (entry,) = append(table.ledger, [draft])
    return phase_of([entry])


def phase_of(entries: Iterable[Entry]) -> Phase:
    """Return the phase that the last of some entries begins."""
    last = max(entries, key=lambda one: one.number, default=None)
    if last is None:
        return Phase()
    return Phase(last.content["name"], last.content["blind"], last.number)


def hidden(
    phase: Phase,
    session: Session,
    comments: Iterable[Comment],
    mine: Iterable[str],
    agencies: Iterable[str],
) -> frozenset[str]:
    """Return the agencies of which somebody who speaks for `mine` sees nothing new yet.

    Whoever speaks for no agency sees all. An agency has shared in a phase once it has set its
    weights or said something in it.
    """
    own = frozenset(mine)
    if not phase.blind or not own:
        return frozenset()
    shared = {
        agency for step in session.steps if step.version > phase.number for agency in _weighed(step)
    }
    shared |= {one.agency for one in comments if one.number > phase.number}
    return frozenset(agencies) - own if own - shared else frozenset()


def without(session: Session, phase: Phase, agencies: frozenset[str]) -> Session:
    """Return a session without what some agencies weighed in a phase."""
    if not agencies:
        return session
    kept = [
        step
        for step in session.steps
        if step.version <= phase.number or agencies.isdisjoint(_weighed(step))
    ]
    return replace(session, steps=tuple(kept))


def _weighed(step: Step) -> frozenset[str]:
    """Return the agencies whose weights a step sets."""
    paths = (parse_path(one.set) or () for one in step.settings)
    return frozenset(path[1] for path in paths if path[0:1] == ("agencies",))
