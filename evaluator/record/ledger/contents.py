"""Files of runs, kept by what is in them: what two runs have in common is kept once.

A file is cut into pieces at lines that its own text chooses, so that a changed line changes one
piece, wherever it stands (content-defined chunking: Muthitacharoen, Chen and Mazières, A
Low-bandwidth Network File System, SOSP 2001, Sec. 3.1).
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from evaluator.errors import RecordError
from evaluator.record.ledger.schema import CONTENTS, PIECES

_LEAST, _MOST = 1 << 12, 1 << 17
"""Bytes of a piece, but for the last of a file and for one long line."""
_ONE_IN = 1 << 8
"""Of so many lines one ends a piece."""
_BATCH = 500
DIGEST = 32
"""Bytes of a digest."""


@dataclass(frozen=True)
class Packed:
    """A file in pieces."""

    sha256: str
    size: int
    pieces: tuple[tuple[bytes, bytes], ...]
    """The digest of each, and the bytes themselves."""


def packed(data: bytes) -> Packed:
    """Return a file in pieces."""
    pieces = tuple((hashlib.sha256(one).digest(), one) for one in cut(data))
    return Packed(hashlib.sha256(data).hexdigest(), len(data), pieces)


def cut(data: bytes) -> Iterator[bytes]:
    """Yield the pieces of a file in order."""
    begin = at = 0
    for line in data.splitlines(keepends=True):
        at += len(line)
        long = at - begin
        if long >= _MOST or (long >= _LEAST and zlib.crc32(line) % _ONE_IN == 0):
            yield data[begin:at]
            begin = at
    if begin < len(data):
        yield data[begin:]


def store(connection: Connection, files: Iterable[Packed]) -> None:
    """Keep files, within a transaction that alone writes; what is there is not kept again."""
    every = {one.sha256: one for one in files}
    new = [every[name] for name in _absent(connection, CONTENTS.c.sha256, every)]
    pieces = {name: data for one in new for name, data in one.pieces}
    absent = _absent(connection, PIECES.c.sha256, pieces)
    if absent:
        connection.execute(insert(PIECES), [_row(name, pieces[name]) for name in absent])
    if new:
        told = [
            {"sha256": one.sha256, "size": one.size, "pieces": b"".join(n for n, _ in one.pieces)}
            for one in new
        ]
        connection.execute(insert(CONTENTS), told)


def _row(name: bytes, piece: bytes) -> dict[str, bytes]:
    data = zlib.compress(piece)
    return {"sha256": name, "stored": hashlib.sha256(data).digest(), "data": data}


def load(connection: Connection, names: Iterable[str]) -> dict[str, bytes]:
    """Return the files of the digests that are kept, held to them.

    Raises RecordError where one was altered.
    """
    wanted = list(dict.fromkeys(names))
    rows = [
        row
        for batch in _batches(wanted)
        for row in connection.execute(select(CONTENTS).where(CONTENTS.c.sha256.in_(batch))).all()
    ]
    pieces = _pieces(connection, [one for row in rows for one in _order(row.pieces)])
    return {row.sha256: _joined(row.sha256, row.pieces, pieces) for row in rows}


def joined(connection: Connection, name: str, pieces: bytes) -> bytes:
    """Return a file of its pieces; RecordError where it is not what its digest says."""
    return _joined(name, pieces, _pieces(connection, _order(pieces)))


def _order(pieces: bytes) -> list[bytes]:
    """Return the names of a file's pieces, in order."""
    return [pieces[at : at + DIGEST] for at in range(0, len(pieces), DIGEST)]


def _pieces(connection: Connection, names: Iterable[bytes]) -> dict[bytes, bytes]:
    """Return pieces as they were cut; those that are gone or broken are not among them."""
    kept: dict[bytes, bytes] = {}
    for batch in _batches(list(dict.fromkeys(names))):
        for row in connection.execute(select(PIECES).where(PIECES.c.sha256.in_(batch))).all():
            with suppress(zlib.error):
                kept[bytes(row.sha256)] = zlib.decompress(row.data)
    return kept


def _joined(name: str, pieces: bytes, kept: Mapping[bytes, bytes]) -> bytes:
    order = _order(pieces)
    data = b"".join(kept[one] for one in order) if all(one in kept for one in order) else None
    if data is None or hashlib.sha256(data).hexdigest() != name:
        raise RecordError(f"the content {name[:12]} on record was altered. Verify the record.")
    return data


def _absent(connection: Connection, column: Any, wanted: Mapping[Any, Any]) -> list[Any]:
    """Return which of some digests are not kept yet, in their order."""
    there = set()
    for batch in _batches(list(wanted)):
        rows = connection.execute(select(column).where(column.in_(batch))).scalars()
        there |= {bytes(one) if isinstance(one, memoryview) else one for one in rows}
    return [one for one in wanted if one not in there]


def _batches(names: list[Any]) -> Iterator[list[Any]]:
    for at in range(0, len(names), _BATCH):
        yield names[at : at + _BATCH]
