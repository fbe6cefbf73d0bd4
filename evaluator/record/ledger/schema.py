"""The tables of a record, as its last migration leaves them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

HEAD = "0002"
"""The migration that made the tables as they stand here."""
APPLICATION = 0x45564C52
"""What a file of SQLite says that it is: EVLR."""
START = "0" * 64
"""What stands in the place of a hash before the first entry."""
METADATA = MetaData()

ENTRIES = Table(
    "entries",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("id", String(200), nullable=False, unique=True),
    Column("kind", String(40), nullable=False),
    Column("at", String(40), nullable=False),
    Column("about", String(200), nullable=False),
    Column("content", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("entries_kind", "kind", "about", "number"),
)
"""number: from 1 without a gap. about: the id of the run, of a run its scenario, else empty.
content: canonical JSON. hash: see `entries.digest`."""

PERSONAL = Table(
    "personal",
    METADATA,
    Column("entry", Integer, primary_key=True, autoincrement=False),
    Column("field", String(100), primary_key=True),
    Column("salt", String(64)),
    Column("value", Text),
)
"""What an entry says of persons, beside the commitments in its content; gone once redacted."""

CONTENTS = Table(
    "contents",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("pieces", LargeBinary, nullable=False),
)
"""Files of runs by what is in them. pieces: digests of 32 bytes, one after the other."""

PIECES = Table(
    "pieces",
    METADATA,
    Column("sha256", LargeBinary(32), primary_key=True),
    Column("stored", LargeBinary(32), nullable=False),
    Column("data", LargeBinary, nullable=False),
)
"""data: compressed by zlib. sha256: of what was compressed. stored: SHA-256 of the data."""

STANDINGS = Table(
    "standings",
    METADATA,
    Column("package", String(200), primary_key=True),
    Column("run", Integer, primary_key=True, autoincrement=False),
    Column("rank", Integer),
    Column("priority", String(10), nullable=False),
    Column("tier", String(40), nullable=False),
    Column("amount_usd", BigInteger),
    sqlite_with_rowid=False,
)
"""What each run makes of each package, worked out from its tables. run: number of its entry."""

APPEND_ONLY = ("entries", "contents", "pieces", "standings")
"""Tables of which no row is ever changed or removed."""
