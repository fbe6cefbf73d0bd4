"""Whether the database is as it should be below its rows: pages, indices, guards."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, text

from evaluator.record.ledger import migrations
from evaluator.record.ledger.database import Ledger, begin_plainly
from evaluator.record.ledger.schema import APPLICATION
from evaluator.record.ledger.seals import parsed, seal_of, seen, told
from evaluator.results.findings import Finding
from evaluator.results.proof import DatabaseDamaged, GuardMissing, SealBroken

_GUARDS = """
    SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE NOT tgisinternal AND tgenabled = 'O' AND relnamespace = current_schema()::regnamespace
"""
_OF_SERVER = frozenset(
    [f"{table}_stand" for table in ("entries", "personal", "contents", "pieces", "standings")]
    + [f"{table}_no_truncate" for table in ("entries", "personal", "contents", "pieces")]
    + ["standings_no_truncate", "entries_follow"]
)
_SHOWN = 10
_AHEAD = b"\2\2"
"""Who writes and who reads finds what was written last in a log beside the file."""
_FORM = 4
"""Of the schema: what every SQLite since 2006 writes."""
_HEAD = 100
"""Bytes of the head of a file of SQLite (sqlite.org/fileformat.html, Sec. 1.3)."""


def physical_faults(ledger: Ledger) -> list[Finding]:
    """Return what is wrong with the database of a record, whatever its rows say."""
    with ledger.reading() as connection:
        if connection.dialect.name != "sqlite":
            there = set(connection.execute(text(_GUARDS)).scalars())
            return [GuardMissing(name) for name in sorted(_OF_SERVER - there)]
        faults: list[Finding] = [*_damaged(connection), *_schema(connection)]
    if ledger.file is not None:
        faults += _header(ledger.file)
    return faults


def seal_faults(ledger: Ledger) -> tuple[bool | None, list[Finding]]:
    """Return whether a record is what its seal says, and what is wrong where it is not.

    False without a fault: it was not sealed since it was last written to. None: a server has no
    seal. Others may write, and seal, meanwhile: a seal is held to what the record was while that
    very seal stood.
    """
    file = ledger.file
    if file is None:
        return None, []
    try:
        line = told(file)
        while line is not None:
            made = parsed(line)
            if made is None:
                return False, [SealBroken(seal_of(file).name, "no seal")]
            with ledger.reading() as connection:
                driver: Any = connection.connection.driver_connection
                found = seen(driver)
            before, line = line, told(file)
            if line == before:
                altered = [] if found == made else [SealBroken(file.name, "altered")]
                return not altered, [*altered]
    except OSError:
        return False, [SealBroken(seal_of(file).name, "unreadable")]
    except sqlite3.Error:
        return False, [SealBroken(file.name, "unreadable")]
    return False, []


def _damaged(connection: Connection) -> Iterator[Finding]:
    told = connection.execute(text(f"PRAGMA integrity_check({_SHOWN})")).scalars().all()
    for reason in told:
        if reason != "ok":
            yield DatabaseDamaged(str(reason).replace("\n", " "))


def _schema(connection: Connection) -> Iterator[Finding]:
    """Yield what of the schema is otherwise than that of a record made now."""
    expected, found = _made_now(), _objects(connection)
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            yield GuardMissing(name)


@cache
def _made_now() -> dict[str, Any]:
    engine = create_engine("sqlite://")
    begin_plainly(engine)
    try:
        with engine.begin() as connection:
            migrations.migrate(connection)
            return _objects(connection)
    finally:
        engine.dispose()


def _objects(connection: Connection) -> dict[str, Any]:
    asked = "SELECT name, type, tbl_name, sql, rootpage > 0 FROM sqlite_master"
    rows = connection.execute(text(asked)).all()
    return {row[0]: tuple(row[1:]) for row in rows}


def _header(file: Path) -> Iterator[Finding]:
    """Yield what of the head of a file is otherwise than a record's, where SQLite looks away."""
    log = file.with_name(f"{file.name}-wal")
    with file.open("rb") as opened:
        data = opened.read(_HEAD)
    if len(data) < _HEAD:
        yield DatabaseDamaged("its head is cut short")
        return
    (size,) = struct.unpack(">H", data[16:18])
    counter, pages = struct.unpack(">2I", data[24:32])
    form, cache, _, encoding, user, incremental, application = struct.unpack(">7I", data[44:72])
    (valid,) = struct.unpack(">I", data[92:96])
    wrong = {
        "form of journal": data[18:20] != _AHEAD,
        "form of schema": form != _FORM,
        "cache size": cache != 0,
        "text encoding": encoding != 1,
        "user version": user != 0,
        "incremental vacuum": incremental != 0,
        "application": application != APPLICATION,
        "bytes that are kept for later": any(data[72:92]),
        "change counter": counter != valid and not log.exists(),
        "size": pages * (size if size > 1 else 1 << 16) != file.stat().st_size and not log.exists(),
    }
    for name, is_wrong in wrong.items():
        if is_wrong:
            yield DatabaseDamaged(f"the {name} in its head is not that of a record")
