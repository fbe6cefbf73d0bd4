"""The seal of a record in a file: one line beside it, with the SHA-256 of every byte of the file.

It is there while nobody has written since it was made. A writer takes it away within its
transaction, before anything of that stands; who closes a record that it wrote to makes it anew,
with all others kept from writing. So one that is there and does not hold says that the file was
altered by what is no writer of records; and a kill, at whatever moment, leaves one that holds, or
none.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from evaluator.disk.whole import sync

AT_CLOSE = 8 << 20
"""Bytes of the largest file that is sealed whenever a writer closes it: a few milliseconds."""
LARGEST = 1 << 30
"""Bytes of the largest that is sealed at all: it is read into memory, as SQLite sees it."""
_LINE = re.compile(rb"evaluator-seal-1 (0|[1-9][0-9]{0,14}) ([0-9a-f]{64})\n")
_MOST = 200
_WAIT = 0.1
"""Seconds that a seal waits for who reads or writes: then it is left to others, or not made."""


@dataclass(frozen=True)
class Seal:
    """What a file was when it was sealed."""

    number: int
    """Of the last entry."""
    sha256: str
    """Of the whole file."""

    @property
    def line(self) -> bytes:
        """What stands in the file of the seal."""
        return f"evaluator-seal-1 {self.number} {self.sha256}\n".encode()


def seal_of(file: Path) -> Path:
    """Return where the seal of a record's file stands."""
    return file.with_name(f"{file.name}.seal")


def told(file: Path) -> bytes | None:
    """Return what stands in the seal of a file; None where there is none.

    Raises OSError where it cannot be read.
    """
    try:
        with seal_of(file).open("rb") as opened:
            return opened.read(_MOST)
    except FileNotFoundError:
        return None


def parsed(line: bytes) -> Seal | None:
    """Return the seal that a line is; None where it is none.

    >>> parsed(Seal(2, "0" * 64).line) == Seal(2, "0" * 64)
    True
    >>> parsed(b"evaluator-seal-1 2 0") is None
    True
    """
    matched = _LINE.fullmatch(line)
    return None if matched is None else Seal(int(matched[1]), matched[2].decode())


def seen(opened: sqlite3.Connection) -> Seal:
    """Return what a seal of a record would say of it, as a connection sees it in a transaction.

    The file is read by SQLite: whoever opens and closes it otherwise takes away the locks that
    this process holds on it (sqlite.org/howtocorrupt.html, Sec. 2.2).
    """
    (number,) = opened.execute("SELECT coalesce(max(number), 0) FROM entries").fetchone()
    told = number if isinstance(number, int) else -1  # of a file that was altered
    return Seal(told, hashlib.sha256(opened.serialize()).hexdigest())


def unseal(file: Path) -> None:
    """Take the seal of a file away, for good: also where power fails. Raises OSError."""
    try:
        seal_of(file).unlink()
    except FileNotFoundError:
        return
    sync(file.parent)


def seal(file: Path, most: int = AT_CLOSE) -> bool:
    """Seal a record, where nobody writes to it or keeps it from being one file; or leave it.

    most: bytes of the largest file that is sealed. Returns whether it was. Raises sqlite3.Error or
    OSError where that is not possible: then there is no seal.
    """
    if file.stat().st_size > most:
        return False
    target = f"file:{quote(str(file.absolute()))}?mode=rw"
    with closing(sqlite3.connect(target, timeout=_WAIT, uri=True, isolation_level=None)) as opened:
        opened.execute("PRAGMA synchronous = FULL")
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        opened.execute("BEGIN IMMEDIATE")
        try:
            if _logged(file) or file.stat().st_size > most:
                return False
            _put(file, seen(opened))
            return True
        finally:
            opened.execute("ROLLBACK")


def _logged(file: Path) -> bool:
    """Whether anything that was written stands in the log beside the file."""
    with suppress(FileNotFoundError):
        return file.with_name(f"{file.name}-wal").stat().st_size > 0
    return False


def _put(file: Path, made: Seal) -> None:
    """Write a seal, whole or not at all; who does so keeps all others from writing."""
    place = seal_of(file)
    new = place.with_name(f"{place.name}.new")
    new.unlink(missing_ok=True)  # of one that was killed
    with new.open("xb") as opened:
        opened.write(made.line)
        opened.flush()
        os.fsync(opened.fileno())
    shutil.copymode(file, new)
    new.replace(place)
    sync(file.parent)
