"""A run is entered: what changed since the one before of its scenario, itself, and its note."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from evaluator.errors import RunError
from evaluator.record.ledger.contents import Packed, load, packed, store
from evaluator.record.ledger.database import Ledger
from evaluator.record.ledger.entries import Draft, Entry
from evaluator.record.ledger.schema import ENTRIES
from evaluator.record.ledger.standings import digest, enter, standings
from evaluator.record.ledger.writing import add, find, read
from evaluator.record.runs.listing import Difference, differences
from evaluator.record.runs.manifest import MANIFEST, read_manifest
from evaluator.record.runs.verify import STUDY


def enter_run(ledger: Ledger, folder: str | Path, *, by: str = "", note: str = "") -> list[Entry]:
    """Enter a run that was written: its changes, the run, and a note where there is one.

    Its manifest, study and tables are kept in the record, by what is in them; what a report shows
    follows from them. A run that is there already is not entered again. by: who made it; the name
    of the user where nothing is said. Returns the entries as they stand. Raises RunError where the
    folder is no run, RecordError where the record cannot be written: then nothing is entered.
    """
    path = Path(folder)
    manifest = read_manifest(path)
    files = {name: _read(path, name, sha256) for name, sha256 in kept_files(manifest).items()}
    told = (path / MANIFEST).read_bytes()
    every = [packed(data) for data in (told, *files.values())]
    rows = standings(files)
    run = Draft(
        id=manifest["digest"],
        kind="run",
        about=manifest["scenario"],
        content={
            "run": path.resolve().name,
            "folder": _place(path, ledger),
            **{name: manifest[name] for name in _TOLD},
            **_allocation(manifest.get("allocation")),
            "priority": sum(row["priority"] == "yes" for row in rows),
            "manifest": every[0].sha256,
            "standings": digest(rows),
        },
        personal={"by": by or user()},
    )
    with ledger.writing() as connection:
        return _entered(connection, run, manifest, every, rows, note)


_TOLD = ("scenario", "title", "as_of", "fingerprint", "digest", "created_at")


def _allocation(told: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what an entry tells of an allocation; nothing where the study has no tools."""
    if told is None:
        return {}
    named = ("status", "objective", "subsidy_usd")
    return {**{name: told[name] for name in named}, "supported": len(told["supported"])}


def _entered(
    connection: Connection,
    run: Draft,
    manifest: Mapping[str, Any],
    files: list[Packed],
    rows: list[dict[str, Any]],
    note: str,
) -> list[Entry]:
    there = find(connection, run.id)
    if there is not None:
        return [there]
    before = last_of(connection, manifest["scenario"])
    old = manifest_of(connection, before) if before is not None else None
    drafts = [*changes(run, manifest, old)] if old is not None else []
    content = {**run.content, "before": before.id if before is not None else ""}
    store(connection, files)
    mine = Draft(run.id, run.kind, content, run.about, run.personal)
    made = add(connection, [*drafts, mine])
    enter(connection, made[-1].number, rows)
    if note:
        said = Draft(f"{run.id}.note", "note", {"text": note}, run.id, run.personal)
        made += add(connection, [said])
    return made


def changes(run: Draft, new: Mapping[str, Any], old: Mapping[str, Any]) -> Iterator[Draft]:
    """Yield what a run has otherwise than the one before of its scenario: an entry a change."""
    stated = {one["set"]: one for one in new["changes"]}
    for place, one in enumerate(differences(old, new)):
        why = stated.get(one.what, {}) if one.kind == "key" else {}
        content = {
            "kind": one.kind,
            "set": one.what,
            "old": one.old,
            "to": one.new,
            "because": why.get("because"),
            "date": why.get("date"),
        }
        personal = {"by": why.get("by") or run.personal["by"]}
        yield Draft(f"{run.id}.change.{place}", "change", content, run.id, personal)


def change_of(entry: Entry) -> Difference:
    """Return what an entry of a change says."""
    told = entry.content
    return Difference(told["kind"], told["set"], told["old"], told["to"])


def last_of(connection: Connection, scenario: str) -> Entry | None:
    """Return the last run on record of a scenario."""
    found = read(connection, ENTRIES.c.kind == "run", ENTRIES.c.about == scenario, limit=1)
    return found[0] if found else None


def manifest_of(connection: Connection, run: Entry) -> dict[str, Any]:
    """Return the manifest of a run on record, as it was written."""
    name = run.content["manifest"]
    return dict(json.loads(load(connection, [name])[name]))


def kept_files(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return the files of a run that a record keeps beside its manifest: the study and the tables.

    By name, each with its digest.
    """
    names = [STUDY, *(f"{table}.csv" for table in manifest["tables"])]
    return {name: manifest["files"][name] for name in names}


def user() -> str:
    """Return the name of who runs this process."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no user of the system has this number
        return "unknown"


def _place(folder: Path, ledger: Ledger) -> str:
    """Return where a run stands: from the record's own folder where it is below that."""
    full = folder.resolve()
    home = ledger.file.resolve().parent if ledger.file is not None else None
    if home is not None and full.is_relative_to(home):
        return full.relative_to(home).as_posix()
    return str(full)


def _read(folder: Path, name: str, sha256: str) -> bytes:
    data = (folder / name).read_bytes()
    if packed(data).sha256 != sha256:
        raise RunError(f"{folder} is not a run: {name} was altered after the run.")
    return data
