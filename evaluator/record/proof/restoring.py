"""A backup is put back, once it is verified."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from evaluator.disk.scratch import scratch
from evaluator.errors import RecordError, UsageError
from evaluator.record.ledger.backups import call_server, copy_file, put
from evaluator.record.ledger.database import Ledger, connected, open_ledger, version_of
from evaluator.record.proof.physical import seal_faults
from evaluator.record.proof.verify import Verified, verify
from evaluator.report.formatting.numbers import counted
from evaluator.results.findings import Finding
from evaluator.signals import held


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
        call_server(
            target, ["pg_restore", *how, str(file)], f"--dbname={target.engine.url.database}"
        )
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
    _, broken = seal_faults(source)
    source.close()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with scratch(target.parent) as folder:
            new = folder / target.name
            copy_file(source, file, new)
            ledger = open_ledger(new)
            try:
                found = _whole(file, ledger, broken)
            finally:
                ledger.close()
            put(new, target)
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror}.") from None
    return found


def _whole(file: Path, ledger: Ledger, more: Sequence[Finding] = ()) -> Verified:
    found = verify(ledger, runs=False)
    if count := len(found.faults) + len(more):
        fact = f"{counted(count, 'fault')}, and is not restored"
        raise RecordError(f"{file} has {fact}. 'evaluator record verify' tells them.")
    return found
