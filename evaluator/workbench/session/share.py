"""What a person does becomes entries: once, whole, and over nothing that they have not seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection

from evaluator.errors import EvaluatorError, UsageError
from evaluator.record.ledger.entries import Entry
from evaluator.record.ledger.writing import add
from evaluator.workbench.session.acts import Act, Setting, check
from evaluator.workbench.session.state import Session, Step, drafts_of
from evaluator.workbench.session.table import Table


class ConflictError(EvaluatorError):
    """Others have set the same keys since the person looked; carries what they set."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        super().__init__("the same was changed meanwhile. Look at it, and decide again.")


def share(table: Table, act: Act) -> Step:
    """Enter an act, if its keys stand as the person saw them and the scenario holds with it.

    Who sends the same act again gets the first answer. Raises UsageError for what may not be done
    or an id that stands for another act, ConflictError, InvalidStudyError with every fault of
    the scenario that would follow, RecordError where the record cannot be written.
    """
    check(act)
    while True:
        seen = table.session()
        if there := _answered(seen, act):
            return there
        _hold_seen(seen, act)
        day = dt.datetime.now(dt.UTC).date()
        before = table.before(seen, seen.with_act(act, day), (one.set for one in act.settings))
        drafts = drafts_of(seen, act, before, day)
        with table.ledger.writing() as connection:
            if _still(table, connection, seen):
                return Step(act.id, tuple(add(connection, drafts)))


def undoing(session: Session, id_: str) -> tuple[Setting, ...]:
    """Return what sets the keys of a step to what the session had before it.

    Raises KeyError where there is no such step.
    """
    step = session.step(id_)
    first = step.entries[0].number
    before = {
        entry.content["set"]: entry.content["to"]
        for one in session.steps
        for entry in one.entries
        if entry.number < first
    }
    return tuple(Setting(one.set, before.get(one.set)) for one in step.settings)


def _still(table: Table, connection: Connection, seen: Session) -> bool:
    """Return whether nobody did anything between looking and writing."""
    return table.read(connection).version == seen.version


def _answered(session: Session, act: Act) -> Step | None:
    """Return what was made of an act before; UsageError where its id stands for another."""
    there = next((step for step in session.steps if step.id == act.id), None)
    if there is None:
        return None
    if (there.settings, there.because) != (act.settings, act.because):
        raise UsageError("the id of this change stands for another. Load the page again.")
    return there


def _hold_seen(session: Session, act: Act) -> None:
    meanwhile = session.since(act.seen, (one.set for one in act.settings))
    if meanwhile:
        raise ConflictError(meanwhile)
