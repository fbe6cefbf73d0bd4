"""A person's name or words are taken out of a record, by right, and the chain holds as before."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, text, update

from evaluator.errors import UsageError
from evaluator.record.ledger.contents import load
from evaluator.record.ledger.database import Ledger
from evaluator.record.ledger.enter import user
from evaluator.record.ledger.entries import Draft, Entry
from evaluator.record.ledger.schema import CONTENTS, PERSONAL
from evaluator.record.ledger.writing import add
from evaluator.sanitize import shortened

_WORDS = ("text", "because")
"""Fields that hold what a person says in words."""


@dataclass(frozen=True)
class Redacted:
    """What was taken out."""

    entry: Entry
    """Tells which fields, why, and who did it; not what stood there."""
    fields: int
    words: tuple[int, ...] = ()
    """Entries that hold the name in somebody's words, and keep it."""
    files: int = 0
    """Files of runs on record that hold the name in their own text, and keep it."""


def redact(ledger: Ledger, name: str, *, because: str, by: str = "") -> Redacted:
    """Take a name out of every entry that says it of a person, and enter that this was done.

    The commitments stay, so that the chain holds; without salt and name nobody can tell whom they
    stand for. Raises UsageError where no entry says the name, or no reason is given; RecordError
    where the record cannot be written.
    """
    _hold_reason(because)
    named = PERSONAL.c.value == name, PERSONAL.c.field.not_in(_WORDS)
    with ledger.writing() as connection:
        made = _redacted(connection, named, because, by)
        if made is None:
            fact = f"no entry says '{shortened(name)}' of a person"
            raise UsageError(f"{fact}. Names stand as they were given, to the letter.")
        told = select(PERSONAL.c.entry).where(PERSONAL.c.field.in_(_WORDS))
        holding = told.where(PERSONAL.c.value.contains(name, autoescape=True)).distinct()
        words = connection.execute(holding.order_by(PERSONAL.c.entry)).scalars().all()
        every = connection.execute(select(CONTENTS.c.sha256)).scalars().all()
        files = sum(name.encode() in data for data in load(connection, every).values())
    _forget(ledger)
    return Redacted(made, len(made.content["fields"]), tuple(words), files)


def redact_words(ledger: Ledger, number: int, *, because: str, by: str = "") -> Redacted:
    """Take the words of one entry out, as `redact` does a name; who spoke and how stays.

    number: of the entry. Raises UsageError where it holds no words of a person, or no reason is
    given; RecordError where the record cannot be written.
    """
    _hold_reason(because)
    said = PERSONAL.c.entry == number, PERSONAL.c.field.in_(_WORDS), PERSONAL.c.value.is_not(None)
    with ledger.writing() as connection:
        made = _redacted(connection, said, because, by)
        if made is None:
            fact = f"entry {number:,} holds no words of a person that can be taken out"
            raise UsageError(f"{fact}. 'evaluator record show' tells the entries of a run.")
    _forget(ledger)
    return Redacted(made, len(made.content["fields"]))


def _hold_reason(because: str) -> None:
    if not because.strip():
        raise UsageError("--because is empty. Say by which right it is taken out.")


def _redacted(connection: Connection, where: Sequence[Any], because: str, by: str) -> Entry | None:
    """Empty the fields that conditions hold for, and enter which; None where there are none."""
    asked = select(PERSONAL.c.entry, PERSONAL.c.field).where(*where)
    order = asked.order_by(PERSONAL.c.entry, PERSONAL.c.field)
    fields = [[row.entry, row.field] for row in connection.execute(order).all()]
    if not fields:
        return None
    connection.execute(update(PERSONAL).where(*where).values(salt=None, value=None))
    draft = Draft(
        f"redaction.{uuid.uuid4().hex}",
        "redaction",
        {"fields": fields, "because": because},
        personal={"by": by or user()},
    )
    (entry,) = add(connection, [draft])
    return entry


def _forget(ledger: Ledger) -> None:
    """Have the database let go of what it keeps of rows that were changed."""
    with ledger.engine.connect() as connection:
        bare = connection.execution_options(isolation_level="AUTOCOMMIT")
        if connection.dialect.name == "sqlite":
            bare.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            bare.execute(text("VACUUM (FULL) personal"))
