"""Whether a record is what was entered, link by link, and what stands on it with it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from evaluator.errors import DamagedRecordError
from evaluator.record.ledger.database import Ledger
from evaluator.record.ledger.entries import PERSONAL as COMMITTED
from evaluator.record.ledger.entries import commitment, digest
from evaluator.record.ledger.schema import ENTRIES, PERSONAL, START
from evaluator.record.proof.checkpoints import Checkpoint, holds
from evaluator.record.proof.kept import kept_faults
from evaluator.record.proof.physical import physical_faults, seal_faults
from evaluator.results.findings import Finding, Findings
from evaluator.results.proof import (
    CheckpointForged,
    CheckpointUnmet,
    DatabaseDamaged,
    EntryAltered,
    EntryMissing,
    EntrySwapped,
    LinkBroken,
    PersonalAltered,
    PersonalMissing,
    RowUnknown,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Row = Mapping[str, Any]
_MANY = 200
"""Altered entries of which none is looked for in the place of another."""


@dataclass(frozen=True)
class Verified:
    """What was found of a record."""

    entries: int
    kinds: Mapping[str, int]
    """How many entries there are, by kind."""
    faults: Findings
    """The first broken link first."""
    proven: Checkpoint | None
    """The last outside checkpoint that the record meets; None where there is none."""
    signed: bool
    """Whether a key that was given signed it."""
    head: str
    """Hash of the last entry."""
    sealed: bool | None = None
    """Whether every byte of its file is as it was sealed; None of a server."""

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def verify(
    ledger: Ledger,
    outside: Sequence[Checkpoint] = (),
    key: Ed25519PublicKey | None = None,
    *,
    runs: bool = True,
) -> Verified:
    """Return what is wrong with a record, and how far its completeness is proven.

    outside: checkpoints that were kept elsewhere. key: by which they have to be signed. runs:
    whether folders of runs are looked at as well. Raises RecordError where it cannot be read.
    """
    rows: list[Row] = []
    faults: list[Finding] = []
    wrong: list[Finding] = []
    damaged: list[Finding] = []
    sealed: bool | None = False
    try:
        sealed, broken = seal_faults(ledger)
        damaged = [*physical_faults(ledger), *broken]
        with ledger.reading() as connection:
            every = connection.execute(select(ENTRIES).order_by(ENTRIES.c.number)).mappings()
            rows = [dict(row) for row in every]
            faults += _chain(rows)
            faults += _personal(connection, rows)
            wrong = kept_faults(connection, _sound(rows), ledger, runs=runs)
    except DamagedRecordError as error:
        damaged = [DatabaseDamaged(str(error))]
    except (TypeError, ValueError, AttributeError, KeyError):  # a cell of another type
        damaged = [*damaged, DatabaseDamaged("a row holds what no record writes")]
    met, unmet = _outside(rows, outside, key)
    return Verified(
        entries=len(rows),
        kinds=Counter(row["kind"] for row in rows),
        faults=(*faults, *unmet, *wrong, *damaged),
        proven=met,
        signed=met is not None and key is not None,
        head=rows[-1]["hash"] if rows else START,
        sealed=sealed,
    )


def _sound(rows: Sequence[Row]) -> list[Row]:
    """Return the rows that are what their hashes say."""
    return [row for row in rows if _holds(row)]


def _holds(row: Row) -> bool:
    try:
        return digest(row) == str(row["hash"])
    except (ValueError, TypeError):  # of a column that holds no text, or no number
        return False


def _chain(rows: Sequence[Row]) -> Iterator[Finding]:
    altered = {row["number"]: row for row in rows if not _holds(row)}
    own = {
        row["number"]: number
        for row in altered.values()
        for number in altered
        if len(altered) < _MANY and _holds({**row, "number": number})
    }
    number, previous = 0, START
    for row in rows:
        expected = number + 1
        if row["number"] > expected:
            yield EntryMissing(expected, row["number"] - 1)
        if row["number"] in own:
            yield EntrySwapped(row["number"], own[row["number"]])
        elif row["number"] in altered:
            yield EntryAltered(row["number"])
        elif row["number"] == expected and row["previous"] != previous and number not in altered:
            yield LinkBroken(row["number"])
        number, previous = row["number"], row["hash"]


def _personal(connection: Connection, rows: Sequence[Row]) -> Iterator[Finding]:
    committed: dict[tuple[int, str], str] = {}
    redacted: set[tuple[int, str]] = set()
    for row in _sound(rows):
        content = json.loads(row["content"])
        for name, told in content.get(COMMITTED, {}).items():
            committed[row["number"], name] = told
        if row["kind"] == "redaction":
            redacted |= {(number, name) for number, name in content["fields"]}
    altered = {row["number"] for row in rows if not _holds(row)}
    there = set()
    asked = select(PERSONAL).order_by(PERSONAL.c.entry, PERSONAL.c.field)
    for entry, field, salt, value in connection.execute(asked).all():
        key = entry, field
        there.add(key)
        if entry in altered:
            continue
        if key not in committed:
            yield RowUnknown("personal", f"'{field}' of entry {entry}")
        elif salt is None and value is None:
            if key not in redacted:
                yield PersonalMissing(*key)
        elif not _commits(salt, value, committed[key]):
            yield PersonalAltered(*key)
    for key in sorted(committed.keys() - there):
        yield PersonalMissing(*key)


def _commits(salt: object, value: object, committed: str) -> bool:
    try:
        return commitment(f"{salt or ''}", f"{value or ''}") == committed
    except ValueError:
        return False


def _outside(
    rows: Sequence[Row], outside: Sequence[Checkpoint], key: Ed25519PublicKey | None
) -> tuple[Checkpoint | None, list[Finding]]:
    """Return the last checkpoint that is met, and those that are not."""
    hashes = {row["number"]: row["hash"] for row in rows}
    last = rows[-1]["number"] if rows else 0
    faults: list[Finding] = []
    met = None
    for one in sorted(outside, key=lambda one: one.number):
        if (one.key or key is not None) and not holds(one, key):
            faults.append(CheckpointForged(one.number))
        elif hashes.get(one.number) != one.hash:
            faults.append(CheckpointUnmet(one.number, last))
        else:
            met = one
    return met, faults
