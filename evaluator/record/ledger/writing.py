"""Entries are added at the end of the chain, and are never doubled."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select

from evaluator.errors import UsageError
from evaluator.record.ledger.database import Ledger
from evaluator.record.ledger.entries import (
    PERSONAL as COMMITTED,
)
from evaluator.record.ledger.entries import (
    Draft,
    Entry,
    canonical,
    check,
    commitment,
    digest,
    now,
    salted,
)
from evaluator.record.ledger.schema import ENTRIES, PERSONAL, START


def append(ledger: Ledger, drafts: Sequence[Draft]) -> list[Entry]:
    """Add entries at the end of the chain, all or none; return them as they stand.

    One whose id is there already is not added again: what was made of it first is returned.
    Raises UsageError for a draft that no record takes, or whose id stands for another entry;
    RecordError where the record cannot be written.
    """
    for draft in drafts:
        check(draft)
    with ledger.writing() as connection:
        return add(connection, drafts)


def add(connection: Connection, drafts: Iterable[Draft]) -> list[Entry]:
    """Add entries, within a transaction that alone writes; see `append`."""
    return [_added(connection, draft) for draft in drafts]


def _added(connection: Connection, draft: Draft) -> Entry:
    check(draft)
    there = find(connection, draft.id)
    if there is not None:
        _hold_same(draft, there)
        return there
    number, previous = head(connection)
    hidden = salted(draft.personal)
    committed = {name: commitment(*pair) for name, pair in hidden.items()}
    row: dict[str, Any] = {
        "number": number + 1,
        "id": draft.id,
        "kind": draft.kind,
        "at": now(),
        "about": draft.about,
        "content": canonical({**draft.content, **({COMMITTED: committed} if committed else {})}),
        "previous": previous,
    }
    row["hash"] = digest(row)
    connection.execute(insert(ENTRIES), row)
    if hidden:
        said = [
            {"entry": number + 1, "field": name, "salt": salt, "value": value}
            for name, (salt, value) in hidden.items()
        ]
        connection.execute(insert(PERSONAL), said)
    return Entry(**{**row, "content": json.loads(row["content"])}, personal=dict(draft.personal))


def head(connection: Connection) -> tuple[int, str]:
    """Return number and hash of the last entry; 0 and `START` where there is none."""
    last = select(ENTRIES.c.number, ENTRIES.c.hash).order_by(ENTRIES.c.number.desc()).limit(1)
    found = connection.execute(last).first()
    return (int(found[0]), str(found[1])) if found else (0, START)


def find(connection: Connection, id_: str) -> Entry | None:
    """Return the entry of an id, or None."""
    found = read(connection, ENTRIES.c.id == id_)
    return found[0] if found else None


def read(connection: Connection, *where: Any, limit: int | None = None) -> list[Entry]:
    """Return the entries that conditions hold for, in order; the last so many, if told."""
    order = ENTRIES.c.number.asc() if limit is None else ENTRIES.c.number.desc()
    rows = connection.execute(select(ENTRIES).where(*where).order_by(order).limit(limit)).all()
    numbers = [row.number for row in rows]
    said: dict[int, dict[str, str | None]] = {}
    for entry, name, value in _personal(connection, numbers):
        said.setdefault(entry, {})[name] = value
    found = [
        Entry(
            **{**row._mapping, "content": json.loads(row.content)},
            personal=said.get(row.number, {}),
        )
        for row in rows
    ]
    return found if limit is None else found[::-1]


def _personal(connection: Connection, numbers: Sequence[int]) -> Iterable[Any]:
    if not numbers:
        return []
    told = select(PERSONAL.c.entry, PERSONAL.c.field, PERSONAL.c.value)
    between = PERSONAL.c.entry.between(min(numbers), max(numbers))
    return connection.execute(told.where(between)).all()


def count(connection: Connection, kind: str) -> int:
    """Return how many entries of a kind there are."""
    asked = select(func.count()).select_from(ENTRIES).where(ENTRIES.c.kind == kind)
    return int(connection.execute(asked).scalar_one())


def _hold_same(draft: Draft, there: Entry) -> None:
    """Raise UsageError where the id of a draft stands for another entry."""
    content = {key: value for key, value in there.content.items() if key != COMMITTED}
    told = {name: value for name, value in there.personal.items() if value is not None}
    mine = {name: value for name, value in draft.personal.items() if name in told}
    same = (
        (draft.kind, draft.about) == (there.kind, there.about)
        and canonical(draft.content) == canonical(content)
        and mine == told
    )
    if not same:
        fact = f"the id '{draft.id}' stands for another entry, number {there.number:,}."
        raise UsageError(f"{fact} Give each entry an id of its own.")
