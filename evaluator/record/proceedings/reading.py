"""The proceedings of a run, read from the chain."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Connection, func, select

from evaluator.model.proceedings import (
    Comment,
    Concurrence,
    Determination,
    Freeze,
    Proceedings,
)
from evaluator.record.ledger.database import Ledger
from evaluator.record.ledger.entries import Entry
from evaluator.record.ledger.schema import ENTRIES
from evaluator.record.ledger.writing import read
from evaluator.record.proof.checkpoints import Checkpoint

KINDS = ("freeze", "concurrence", "determination", "comment")


def proceedings(ledger: Ledger, run: Entry) -> Proceedings:
    """Return what was said of a run on record and decided on it.

    run: its entry, as `history.runs.find_run` returns it. Raises RecordError where the record
    cannot be read.
    """
    with ledger.reading() as connection:
        return within(connection, run)


def within(connection: Connection, run: Entry) -> Proceedings:
    """Return the same within a transaction."""
    entries = read(connection, ENTRIES.c.about == run.id, ENTRIES.c.kind.in_(KINDS))
    of = {kind: tuple(one for one in entries if one.kind == kind) for kind in KINDS}
    last = max((one.number for one in entries), default=run.number)
    return Proceedings(
        run=run.content["run"],
        digest=run.id,
        fingerprint=run.content["fingerprint"],
        entry=run.number,
        hash=run.hash,
        frozen=next((Freeze(note=_text(one), **_said(one)) for one in of["freeze"]), None),
        concurrences=tuple(map(_concurrence, of["concurrence"])),
        determinations=tuple(map(_determination, of["determination"])),
        comments=tuple(
            Comment(about=one.content["on"], text=_text(one), **_said(one)) for one in of["comment"]
        ),
        checkpoint=_checkpoint(connection, last),
    )


def _concurrence(entry: Entry) -> Concurrence:
    told = entry.content
    return Concurrence(
        agency=told["agency"], position=told["position"], text=_text(entry), **_said(entry)
    )


def _determination(entry: Entry) -> Determination:
    told = entry.content
    return Determination(
        agency=told["agency"],
        kind=told["act"],
        packages=tuple(told["packages"]),
        text=_text(entry),
        because=entry.personal.get("because", ""),
        **_said(entry),
    )


def _said(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "by": entry.personal.get("by"),
        "at": dt.datetime.fromisoformat(entry.at),
    }


def _text(entry: Entry) -> str | None:
    """Return the words of an entry: empty where it has none, None where they were redacted."""
    return entry.personal.get("text", "")


def _checkpoint(connection: Connection, last: int) -> str | None:
    """Return the line of the first checkpoint made after an entry, without a signature."""
    asked = select(func.min(ENTRIES.c.number))
    after = asked.where(ENTRIES.c.kind == "checkpoint", ENTRIES.c.number > last)
    number = connection.execute(after).scalar_one()
    found = read(connection, ENTRIES.c.number == number) if number is not None else []
    return Checkpoint(found[0].number, found[0].hash, found[0].at).line if found else None
