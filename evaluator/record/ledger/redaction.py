"""A person's name is taken out of a record, by right, and the chain holds as before."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select, text, update

from evaluator.errors import UsageError
from evaluator.record.ledger.contents import load
from evaluator.record.ledger.database import Ledger
from evaluator.record.ledger.enter import user
from evaluator.record.ledger.entries import Draft, Entry
from evaluator.record.ledger.schema import CONTENTS, PERSONAL
from evaluator.record.ledger.writing import add
from evaluator.sanitize import shortened


@dataclass(frozen=True)
class Redacted:
    """What was taken out."""

    entry: Entry
    """Tells which fields, why, and who did it; not the name."""
    fields: int
    files: int
    """Files of runs on record that hold the name in their own text, and keep it."""


def redact(ledger: Ledger, name: str, *, because: str, by: str = "") -> Redacted:
    """Take a name out of every entry that says it of a person, and enter that this was done.

    The commitments stay, so that the chain holds; without salt and name nobody can tell whom they
    stand for. Raises UsageError where no entry says the name, or no reason is given; RecordError
    where the record cannot be written.
    """
    if not because.strip():
        raise UsageError("--because is empty. Say by which right the name is taken out.")
    with ledger.writing() as connection:
        asked = select(PERSONAL.c.entry, PERSONAL.c.field).where(PERSONAL.c.value == name)
        order = asked.order_by(PERSONAL.c.entry, PERSONAL.c.field)
        fields = [[row.entry, row.field] for row in connection.execute(order).all()]
        if not fields:
            fact = f"no entry says '{shortened(name)}' of a person"
            raise UsageError(f"{fact}. Names stand as they were given, to the letter.")
        connection.execute(
            update(PERSONAL).where(PERSONAL.c.value == name).values(salt=None, value=None)
        )
        draft = Draft(
            f"redaction.{uuid.uuid4().hex}",
            "redaction",
            {"fields": fields, "because": because},
            personal={"by": by or user()},
        )
        (entry,) = add(connection, [draft])
        every = connection.execute(select(CONTENTS.c.sha256)).scalars().all()
        files = sum(name.encode() in data for data in load(connection, every).values())
    _forget(ledger)
    return Redacted(entry, len(fields), files)


def _forget(ledger: Ledger) -> None:
    """Have the database let go of what it keeps of rows that were changed."""
    with ledger.engine.connect() as connection:
        bare = connection.execution_options(isolation_level="AUTOCOMMIT")
        if connection.dialect.name == "sqlite":
            bare.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            bare.execute(text("VACUUM (FULL) personal"))
