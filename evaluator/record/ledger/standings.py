"""What a run makes of each package, worked out from its tables alone."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, insert, select

from evaluator.record.ledger.contents import load
from evaluator.record.ledger.entries import canonical
from evaluator.record.ledger.schema import ENTRIES, STANDINGS
from evaluator.sanitize import active

TABLES = ("ranking", "allocation", "acceptability")
"""Tables of a run that standings follow from; the last is there where there were draws."""
Standing = dict[str, Any]


def standings(files: Mapping[str, bytes]) -> list[Standing]:
    """Return a row for each package of a run, by id: rank, priority, tier, dollars.

    files: those of a run, by name. rank: None of a package that failed a requirement. priority:
    `yes`, `no` or `contested`; empty without a designation. tier: by the draws; empty where there
    were none. amount_usd: of all tools; None where there is no allocation.
    """
    given: dict[str, int | None] = {}
    for row in _rows(files, "allocation"):
        amount = row["allocated"]
        before = given.get(row["package"], 0)
        given[row["package"]] = (
            None if amount == "" or before is None else before + int(float(amount))
        )
    none = None if "allocation.csv" not in files else 0
    tiers = {row["package"]: row.get("tier", "") for row in _rows(files, "acceptability")}
    return sorted(
        (
            {
                "package": active(row["package"]),
                "rank": int(row["rank"]) if row["rank"] else None,
                "priority": _priority(row),
                "tier": tiers.get(row["package"], ""),
                "amount_usd": given.get(row["package"], none),
            }
            for row in _rows(files, "ranking")
        ),
        key=lambda row: str(row["package"]),
    )


def digest(rows: list[Standing]) -> str:
    """Return the SHA-256 of the standings of one run."""
    return hashlib.sha256(canonical({"standings": rows}).encode()).hexdigest()


def enter(connection: Connection, run: int, rows: list[Standing]) -> None:
    """Keep the standings of a run, within a transaction that alone writes."""
    if rows:
        connection.execute(insert(STANDINGS), [{"run": run, **row} for row in rows])


def fill(connection: Connection) -> None:
    """Keep the standings of every run on record, from the tables that are kept there."""
    asked = select(ENTRIES.c.number, ENTRIES.c.content).where(ENTRIES.c.kind == "run")
    for number, content in connection.execute(asked).all():
        enter(connection, number, standings(tables_of(connection, json.loads(content))))


def tables_of(connection: Connection, content: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the files that the standings of a run on record follow from."""
    kept = load(connection, [content["manifest"]])
    listed = json.loads(kept[content["manifest"]])["files"]
    names = {f"{table}.csv": listed[f"{table}.csv"] for table in TABLES if f"{table}.csv" in listed}
    found = load(connection, names.values())
    return {name: found[sha256] for name, sha256 in names.items()}


def _priority(row: Mapping[str, str]) -> str:
    if "designated" not in row:
        return ""  # nothing parts the packages
    if row["designated"] == "True":
        return "yes"
    return "contested" if row["contested"] == "True" else "no"


def _rows(files: Mapping[str, bytes], table: str) -> Iterator[Mapping[str, str]]:
    data = files.get(f"{table}.csv")
    if data is not None:
        yield from csv.DictReader(io.StringIO(data.decode(), newline=""))
