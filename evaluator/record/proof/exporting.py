"""A record as plain JSON lines, which anyone can verify without the engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from evaluator.record.ledger.contents import joined
from evaluator.record.ledger.database import Ledger
from evaluator.record.ledger.entries import canonical
from evaluator.record.ledger.schema import CONTENTS, ENTRIES, PERSONAL

_COLUMNS = ("number", "id", "kind", "at", "about", "content", "previous", "hash")


def lines(ledger: Ledger, *, contents: bool = True) -> Iterator[str]:
    """Yield a line for each entry in order, then one for each file of a run that is kept.

    An entry: its columns, `content` as the text that its hash is of, and `personal`: by field its
    salt and value, both null where they were redacted. A file: `sha256` and `text`. Raises
    RecordError where the record cannot be read.
    """
    with ledger.reading() as connection:
        said = _personal(connection)
        for row in connection.execute(select(ENTRIES).order_by(ENTRIES.c.number)).mappings():
            told = {name: row[name] for name in _COLUMNS}
            yield canonical({**told, "personal": said.get(row["number"], {})})
        if not contents:
            return
        for row in connection.execute(select(CONTENTS).order_by(CONTENTS.c.sha256)).mappings():
            data = joined(connection, row["sha256"], bytes(row["pieces"]))
            yield json.dumps({"sha256": row["sha256"], "text": data.decode()}, ensure_ascii=False)


def _personal(connection: Connection) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for row in connection.execute(select(PERSONAL)).mappings():
        pair = {"salt": row["salt"], "value": row["value"]}
        found.setdefault(row["entry"], {})[row["field"]] = pair
    return found
