"""Backups of a record, by the database's own call."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from evaluator.disk.scratch import scratch, sweep
from evaluator.disk.whole import move, sync
from evaluator.errors import RecordError, UsageError
from evaluator.record.ledger.database import PATIENCE, Ledger
from evaluator.record.ledger.seals import LARGEST, seal, seal_of, unseal


def backup(ledger: Ledger, file: Path) -> None:
    """Write a record as it is now to a file that is not there: whole, or not at all.

    Others may write meanwhile. A copy of the file of SQLite is no backup: what was written last
    stands in the log beside it. Raises UsageError where the file is there or cannot be written,
    RecordError where the record cannot be read.
    """
    if os.path.lexists(file):
        raise UsageError(f"{file} is there already. Name another file.")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        sweep(file.parent)
        with scratch(file.parent) as folder:
            new = folder / file.name
            if ledger.file is not None:
                copy_file(ledger, ledger.file, new)
            else:
                call_server(ledger, ["pg_dump", "--format=custom", f"--file={new}"])
            put(new, file)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}.") from None


def put(new: Path, target: Path) -> None:
    """Put a file, and then its seal if it has one, where there is none. Raises OSError."""
    unseal(target)  # of a file that was there once
    sync(new)
    move(new, target)
    with suppress(FileNotFoundError):
        seal_of(new).replace(seal_of(target))
    sync(target.parent)


def copy_file(ledger: Ledger, source: Path, target: Path) -> None:
    """Copy a file of SQLite by its own call, whatever is written to it meanwhile; seal the copy."""
    try:
        with (
            closing(ledger.engine.raw_connection()) as opened,
            closing(sqlite3.connect(target, timeout=PATIENCE)) as copied,
        ):
            driver: Any = opened.driver_connection
            driver.backup(copied)
            copied.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error as error:
        raise RecordError(f"{source} cannot be copied: {error}. Nothing was written.") from None
    with suppress(sqlite3.Error, OSError):
        seal(target, LARGEST)


def call_server(ledger: Ledger, command: Sequence[str], *more: str) -> None:
    """Call a program of PostgreSQL; its password goes by the environment, which no list shows."""
    program = shutil.which(command[0])
    if program is None:
        fact = f"{command[0]} is not installed: it comes with the client of PostgreSQL."
        raise UsageError(f"{fact} On Debian and Ubuntu: apt-get install postgresql-client")
    done = subprocess.run(  # noqa: S603  a fixed program and arguments of ours
        [program, *command[1:], *more],
        env={**os.environ, **_environment(ledger)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        told = " ".join(done.stderr.split())
        raise RecordError(f"{ledger.place}: {command[0]} failed. Nothing was written. {told}")


def _environment(ledger: Ledger) -> Mapping[str, str]:
    url = _url(ledger)
    told = {
        "PGHOST": url.host,
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    return {name: str(value) for name, value in told.items() if value is not None}


def _url(ledger: Ledger) -> Any:
    return ledger.engine.url
