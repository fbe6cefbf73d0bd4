"""A run from the record alone: its manifest, study and tables, as they were written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from evaluator.errors import RecordError, RunError
from evaluator.record.ledger.contents import load
from evaluator.record.ledger.database import Ledger
from evaluator.record.ledger.enter import kept_files
from evaluator.record.ledger.entries import Entry
from evaluator.record.runs.manifest import MANIFEST
from evaluator.record.runs.tables import read_csv
from evaluator.results.schema import TABLES


def files_on_record(ledger: Ledger, run: Entry) -> dict[str, bytes]:
    """Return the files of a run that the record keeps, by name, its manifest among them.

    Raises RecordError where one is not there, or was altered.
    """
    with ledger.reading() as connection:
        name = run.content["manifest"]
        data = _found(load(connection, [name]), name, run)
        listed = kept_files(json.loads(data))
        kept = load(connection, listed.values())
    files = {name: _found(kept, sha256, run) for name, sha256 in listed.items()}
    return {MANIFEST: data, **files}


def tables_on_record(
    ledger: Ledger, run: Entry
) -> tuple[dict[str, Any], Mapping[str, pd.DataFrame]]:
    """Return the manifest of a run on record, and its tables, each read when it is asked for."""
    files = files_on_record(ledger, run)
    manifest = json.loads(files[MANIFEST])
    return manifest, _Tables(files, manifest["tables"], run)


class _Tables(Mapping[str, pd.DataFrame]):
    """Tables by name."""

    def __init__(self, files: Mapping[str, bytes], names: list[str], run: Entry) -> None:
        self._files, self._names, self._run = files, names, run

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._names:
            raise KeyError(name)
        try:
            return read_csv(TABLES[name], self._files[f"{name}.csv"])
        except (ValueError, KeyError) as error:
            fact = f"its table {name} is none of this version: {error}"
            raise RunError(f"{self._run.content['run']} cannot be shown: {fact}.") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _found(files: Mapping[str, bytes], name: str, run: Entry) -> bytes:
    if name not in files:
        fact = f"does not keep the file {name[:12]} of run {run.content['run']}"
        raise RecordError(f"the record {fact}. Verify it: evaluator record verify")
    return files[name]
