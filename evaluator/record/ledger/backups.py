"""Backups of a record, by the database's own call, and how one is put back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from evaluator.disk.scratch import scratch, sweep
from evaluator.disk.whole import move, sync
from evaluator.errors import RecordError, UsageError
from evaluator.record.ledger.database import PATIENCE, Ledger, connected, open_ledger, version_of
from evaluator.record.proof.verify import Verified, verify
from evaluator.report.formatting.numbers import counted
from evaluator.signals import held


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
                _copy(ledger, ledger.file, new)
            else:
                _call(ledger, ["pg_dump", "--format=custom", f"--file={new}"])
            sync(new)
            move(new, file)
            sync(file.parent)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}.") from None


@held()
def restore(file: Path, place: str) -> Verified:
    """Put a backup where there is no record; return what `verify` finds of it there.

    Raises UsageError where there is a record already or the backup cannot be read, RecordError
    where it is damaged or not whole: then nothing is written.
    """
    if not file.is_file():
        raise UsageError(f"{file} is not there, or is no file. Name a backup.")
    target = connected(place)
    try:
        if target.file is not None:
            return _restored_file(file, target.file)
        if version_of(target) is not None:
            raise UsageError(f"{target.place} holds a record. Name a database that is empty.")
        how = ["--single-transaction", "--exit-on-error", "--no-owner"]
        _call(target, ["pg_restore", *how, str(file)], f"--dbname={_url(target).database}")
    finally:
        target.close()
    ledger = open_ledger(place)
    try:
        return _whole(file, ledger)
    finally:
        ledger.close()


def _restored_file(file: Path, target: Path) -> Verified:
    if os.path.lexists(target):
        raise UsageError(f"{target} is there already. Move it away, or name another place.")
    source = open_ledger(file)
    source.close()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with scratch(target.parent) as folder:
            new = folder / target.name
            _copy(source, file, new)
            ledger = open_ledger(new)
            try:
                found = _whole(file, ledger)
            finally:
                ledger.close()
            sync(new)
            move(new, target)
            sync(target.parent)
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror}.") from None
    return found


def _whole(file: Path, ledger: Ledger) -> Verified:
    found = verify(ledger, runs=False)
    if not found.whole:
        fact = f"{counted(len(found.faults), 'fault')}, and is not restored"
        raise RecordError(f"{file} has {fact}. 'evaluator record verify' tells them.")
    return found


def _copy(ledger: Ledger, source: Path, target: Path) -> None:
    """Copy a file of SQLite by its own call, whatever is written to it meanwhile."""
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


def _call(ledger: Ledger, command: Sequence[str], *more: str) -> None:
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
