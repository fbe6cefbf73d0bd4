"""Whether what stands beside the entries is theirs: files of runs, ranks, folders on disk."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from evaluator.errors import RecordError
from evaluator.record.ledger.contents import DIGEST, joined
from evaluator.record.ledger.database import Ledger
from evaluator.record.ledger.enter import kept_files
from evaluator.record.ledger.schema import CONTENTS, PIECES, STANDINGS
from evaluator.record.ledger.standings import TABLES, digest, standings
from evaluator.record.runs.manifest import MANIFEST
from evaluator.results.findings import Finding
from evaluator.results.proof import (
    ContentAltered,
    ContentMissing,
    RowUnknown,
    RunFileFault,
    RunReplaced,
    StandingsAltered,
)

Row = Mapping[str, Any]


def kept_faults(
    connection: Connection, rows: Sequence[Row], ledger: Ledger, *, runs: bool
) -> list[Finding]:
    """Return what is wrong with what is kept of runs, and with their folders where runs are told.

    rows: entries that are what their hashes say.
    """
    entries = [(row["number"], json.loads(row["content"])) for row in rows if row["kind"] == "run"]
    whole, faults = _contents(connection)
    asked: set[str] = set()
    manifests: dict[int, Mapping[str, Any]] = {}
    for number, content in entries:
        asked.add(content["manifest"])
        told = _manifest(connection, content["manifest"], whole)
        if told is None:
            if content["manifest"] not in whole:
                faults.append(ContentMissing(number, MANIFEST))
            continue
        manifests[number] = told
        for name, sha256 in kept_files(told).items():
            asked.add(sha256)
            if sha256 not in whole:
                faults.append(ContentMissing(number, name))
    faults += [RowUnknown("contents", one) for one in sorted(whole.keys() - asked)]
    faults += _pieces(connection, {piece for pieces in whole.values() for piece in pieces})
    faults += _standings(connection, entries, manifests, whole)
    if runs:
        digests = {content["digest"] for _, content in entries}
        for number, content in entries:
            if number in manifests:
                faults += folder_faults(number, content, manifests[number], ledger, digests)
    return faults


def _contents(connection: Connection) -> tuple[dict[str, list[bytes]], list[Finding]]:
    """Return the pieces of each file that is kept, and those that are not what they should be."""
    faults: list[Finding] = []
    found: dict[str, list[bytes]] = {}
    for row in connection.execute(select(CONTENTS).order_by(CONTENTS.c.sha256)).all():
        order = bytes(row.pieces)
        found[row.sha256] = [order[at : at + DIGEST] for at in range(0, len(order), DIGEST)]
        try:
            size = len(joined(connection, row.sha256, order))
        except RecordError:
            size = -1
        if size != row.size:
            faults.append(ContentAltered(row.sha256))
    return found, faults


def _pieces(connection: Connection, asked: set[bytes]) -> Iterator[Finding]:
    for row in connection.execute(select(PIECES).order_by(PIECES.c.sha256)):
        name, data = bytes(row.sha256), bytes(row.data)
        if name not in asked:
            yield RowUnknown("pieces", name.hex())
        elif hashlib.sha256(data).digest() != bytes(row.stored) or _unpacked(data) != name:
            yield ContentAltered(name.hex())


def _unpacked(data: bytes) -> bytes:
    try:
        return hashlib.sha256(zlib.decompress(data)).digest()
    except zlib.error:
        return b""


def _manifest(
    connection: Connection, name: str, whole: Mapping[str, list[bytes]]
) -> Mapping[str, Any] | None:
    if name not in whole:
        return None
    try:
        return dict(json.loads(joined(connection, name, b"".join(whole[name]))))
    except (RecordError, ValueError):
        return None


def _standings(
    connection: Connection,
    entries: Sequence[tuple[int, Mapping[str, Any]]],
    manifests: Mapping[int, Mapping[str, Any]],
    whole: Mapping[str, list[bytes]],
) -> Iterator[Finding]:
    kept: dict[int, list[dict[str, Any]]] = {}
    order = STANDINGS.c.run, STANDINGS.c.package
    for row in connection.execute(select(STANDINGS).order_by(*order)).mappings():
        kept.setdefault(row["run"], []).append({k: v for k, v in row.items() if k != "run"})
    for number, content in entries:
        rows = sorted(kept.pop(number, []), key=lambda row: str(row["package"]))
        told = manifests.get(number)
        if told is None:
            continue
        listed = kept_files(told)
        names = {f"{t}.csv": listed[f"{t}.csv"] for t in TABLES if f"{t}.csv" in listed}
        try:
            files = {
                name: joined(connection, sha256, b"".join(whole[sha256]))
                for name, sha256 in names.items()
            }
        except (KeyError, RecordError):  # told of the content itself
            continue
        if rows != standings(files) or digest(rows) != content["standings"]:
            yield StandingsAltered(number, content["run"])
    for number in sorted(kept):
        yield RowUnknown("standings", f"of entry {number}")


def folder_faults(
    number: int,
    content: Mapping[str, Any],
    manifest: Mapping[str, Any],
    ledger: Ledger,
    digests: set[str],
) -> list[Finding]:
    """Return what is wrong with the folder of a run.

    One that is gone, or in which a later run on record stands, is no fault: the record has all that
    the run follows from.
    """
    home = ledger.file.resolve().parent if ledger.file is not None else Path()
    folder = home / content["folder"]
    run = content["run"]
    if not folder.is_dir():
        return []
    found = _digest_in(folder)
    if found != content["digest"]:
        if found in digests:
            return []
        if found:
            return [RunReplaced(number, run)]
    files = {MANIFEST: content["manifest"], **manifest["files"]}
    faults: list[Finding] = []
    for name, sha256 in files.items():
        try:
            with (folder / name).open("rb") as opened:
                if hashlib.file_digest(opened, "sha256").hexdigest() != sha256:
                    faults.append(RunFileFault(number, run, name, "altered"))
        except OSError:
            faults.append(RunFileFault(number, run, name, "missing"))
    return faults


def _digest_in(folder: Path) -> str:
    """Return the digest that the manifest in a folder states; empty where it is none."""
    try:
        return str(json.loads((folder / MANIFEST).read_bytes())["digest"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
