"""Runs on disk and runs on record, as one list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from evaluator.record.history.runs import about
from evaluator.record.ledger.database import Ledger
from evaluator.record.ledger.enter import change_of
from evaluator.record.ledger.entries import Entry
from evaluator.record.ledger.schema import ENTRIES
from evaluator.record.ledger.writing import read

SHOWN = 50
"""Runs that are on record alone, the newest, which a list has."""


def with_record(runs: Sequence[dict[str, Any]], ledger: Ledger) -> tuple[list[dict[str, Any]], int]:
    """Return runs of a folder, each with the number of its entry, and those on record alone.

    runs: as `listing.as_data` tells them. The newest first, by when they were made. Returns as well
    how many more are on record alone than the list has.
    """
    with ledger.reading() as connection:
        asked = select(ENTRIES.c.number, ENTRIES.c.id).where(ENTRIES.c.kind == "run")
        numbers = {row.id: int(row.number) for row in connection.execute(asked).all()}
        here = {run["digest"] for run in runs}
        alone = sorted(number for id_, number in numbers.items() if id_ not in here)
        entries = read(connection, ENTRIES.c.number.in_(alone[-SHOWN:])) if alone else []
        said = about(connection, [entry.id for entry in entries])
    every = [
        *({**run, "record": numbers.get(run["digest"])} for run in runs),
        *(_as_data(one, said.get(one.id, ())) for one in entries),
    ]
    every.sort(key=lambda run: str(run["made"]), reverse=True)
    return every, max(len(alone) - SHOWN, 0)


def _as_data(run: Entry, entries: Sequence[Entry]) -> dict[str, Any]:
    """Return what a list shows of a run that no folder has; see `listing.as_data`."""
    told = run.content
    return {
        "run": told["run"],
        **{key: told[key] for key in ("scenario", "title", "as_of", "fingerprint", "digest")},
        "made": told["created_at"],
        **{key: told[key] for key in ("status", "supported") if key in told},
        "before": told["before"] or None,
        "changed": [asdict(change_of(one)) for one in entries if one.kind == "change"],
        "record": run.number,
        "alone": True,
    }
