"""Where a record stands, and how it is opened, read and written: SQLite or PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

from evaluator.errors import DamagedRecordError, RecordError, UsageError
from evaluator.record.ledger import migrations
from evaluator.record.ledger.failures import refusal
from evaluator.record.ledger.schema import APPLICATION, ENTRIES, HEAD
from evaluator.record.ledger.seals import AT_CLOSE, LARGEST, seal, unseal
from evaluator.sanitize import shortened

FILE = "record.db"
"""The record of a study, in its folder, where nothing else is said."""
PATIENCE = 30.0
"""Seconds that a writer waits for the others."""
_WRITES = "evaluator_writes"
_LOCK = 0x45564C52
"""Number of the advisory lock that every writer to PostgreSQL takes."""


@dataclass(frozen=True)
class Ledger:
    """A record that is open."""

    engine: Engine
    place: str
    """As it is told: a path, or a URL without its password."""
    file: Path | None
    """Of SQLite; None of a server."""
    frozen: bool = False
    """Whether it can be read alone: it stands where nothing can be written."""
    _wrote: threading.Event = field(default_factory=threading.Event, repr=False, compare=False)
    """Set once the seal was taken away by who writes here."""

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees one state of the record and holds up no writer."""
        with self._told(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection that alone writes; all of what it does stands, or nothing.

        Raises RecordError where it cannot be written, or another writes for too long.
        """
        if self.frozen:
            raise RecordError(f"{self.place} cannot be written: it stands on what is read alone.")
        with self._told():
            engine = self.engine.execution_options(**{_WRITES: True})
            with engine.begin() as connection:
                if connection.dialect.name == "postgresql":
                    connection.execute(
                        text("SELECT set_config('lock_timeout', :ms, true)"),
                        {"ms": str(int(PATIENCE * 1000))},
                    )
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                self._unseal()
                yield connection

    def _unseal(self) -> None:
        """Take the seal away, before anything that is written stands."""
        if self.file is None:
            return
        try:
            unseal(self.file)
        except OSError as error:
            fact = f"the seal beside it cannot be removed: {error.strerror}"
            raise RecordError(f"{self.place} cannot be written: {fact}.") from None
        self._wrote.set()

    def seal(self, most: int = LARGEST) -> None:
        """Seal what was written here, unless another writes: it seals when it is closed.

        most: bytes of the largest file that is sealed. A server has no seal. What cannot be sealed
        is left without a seal, which `verify` tells.
        """
        if self.file is None or not self._wrote.is_set():
            return
        with suppress(sqlite3.Error, OSError):
            if seal(self.file, most):
                self._wrote.clear()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise refusal(self.place, error) from error
        except UnicodeDecodeError:  # of a message of SQLite about what is no text
            fact = "is damaged: a name in it is no text. Restore a backup: evaluator record restore"
            raise DamagedRecordError(f"{self.place} {fact}.") from None

    def close(self) -> None:
        """Let go of the database; seal a small file that was written to."""
        self.engine.dispose()
        self.seal(AT_CLOSE)


def place_of(named: str | Path, beside: Path = Path()) -> str:
    """Return the record that is meant: a URL, a file, a folder that holds one, or nothing said.

    beside: the folder of the study.
    """
    told = str(named)
    if "://" in told:
        return told
    path = Path(told) if told else beside
    return str(path / FILE if path.is_dir() else path)


def open_ledger(place: str | Path, *, make: bool = False) -> Ledger:
    """Open a record by a path or URL, and make it where there is none if that is asked.

    Raises RecordError where there is none, where it is of another version, or no record at all;
    UsageError for a URL of another kind.
    """
    ledger = connected(place)
    try:
        _hold(ledger, make)
    except BaseException:
        ledger.close()
        raise
    return ledger


def connected(place: str | Path) -> Ledger:
    """Return a record whose version nobody has looked at."""
    url = _url(str(place))
    if url.get_backend_name() == "sqlite":
        return _of_file(Path(url.database or ""))
    try:
        import psycopg  # noqa: F401
    except ImportError:
        fact = "a record on a server needs psycopg."
        raise UsageError(f"{fact} Install the engine with its extra 'server'.") from None
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        pool_size=1,
        connect_args={"connect_timeout": int(PATIENCE), "application_name": "evaluator"},
    )
    return Ledger(engine, url.render_as_string(hide_password=True), None)


def _url(place: str) -> URL:
    if "://" not in place:
        return URL.create("sqlite", database=place)
    try:
        url = make_url(place)
        known = url.get_backend_name() in ("sqlite", "postgresql")
    except (ArgumentError, ValueError):
        known = False
    if not known or (url.get_backend_name() == "sqlite" and not url.database):
        fact = "is no URL of a record: postgresql://user@host/database, or the path of a file."
        raise UsageError(f"'{shortened(_bare(place))}' {fact}")
    return url


def _bare(place: str) -> str:
    """Return what may be told of a URL that cannot be read: a password may stand in it."""
    scheme, _, _ = place.partition("://")
    return f"{scheme}://..."


def _of_file(path: Path) -> Ledger:
    frozen = path.is_file() and not _writable(path)
    target = f"file:{_quoted(path)}?mode=ro&immutable=1" if frozen else str(path)

    def connect() -> sqlite3.Connection:
        opened = sqlite3.connect(target, timeout=PATIENCE, uri=frozen, isolation_level=None)
        opened.text_factory = _as_text
        opened.execute(f"PRAGMA busy_timeout = {int(PATIENCE * 1000)}")
        opened.execute("PRAGMA foreign_keys = ON")
        opened.execute("PRAGMA recursive_triggers = ON")  # REPLACE is refused as well
        if not frozen:
            opened.execute("PRAGMA synchronous = FULL")
            opened.execute("PRAGMA secure_delete = ON")  # what is redacted is gone
        return opened

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    begin_plainly(engine)
    return Ledger(engine, str(path), path, frozen)


def _as_text(data: bytes) -> str:
    """Return text of the file: bytes that are none stay apart from all that are."""
    return data.decode("utf-8", "surrogateescape")


def begin_plainly(engine: Engine) -> None:
    """Have SQLite begin when it is told to: at once alone, where a transaction is to write."""

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _writable(path: Path) -> bool:
    """Whether a file and its folder, in which the log of SQLite stands, can be written."""
    read_only = False
    with suppress(OSError):
        read_only = bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    return not read_only and os.access(path, os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)


def _quoted(path: Path) -> str:
    return quote(str(path.absolute()))


def _hold(ledger: Ledger, make: bool) -> None:
    """Raise RecordError where a record is not there, or not of this version; make it if asked."""
    file = ledger.file
    if file is not None and not file.is_file():
        if not make:
            remedy = "'evaluator run SCENARIO --record' makes one."
            raise RecordError(f"{ledger.place} is not there: there is no record. {remedy}")
        _make_file(ledger, file)
    found = version_of(ledger)
    if found is None and make:
        upgrade(ledger)
    elif found is None:
        raise RecordError(f"{ledger.place} holds no record.")
    elif found != HEAD:
        hold_known(ledger, found)
        remedy = f"Upgrade it: evaluator record upgrade --record {ledger.place}"
        fact = f"is of schema {found}, this version reads {HEAD}."
        raise RecordError(f"{ledger.place} {fact} {remedy}")


def hold_known(ledger: Ledger, found: str) -> None:
    """Raise RecordError where a record's schema is none that this version knows."""
    if found not in migrations.known():
        fact = f"is of schema {shortened(found)}, which this version does not know"
        remedy = "Open it with the version of the engine that wrote it, or a newer one."
        raise RecordError(f"{ledger.place} {fact}: it reads {HEAD}. {remedy}")


def version_of(ledger: Ledger) -> str | None:
    """Return the migration that a record stands at; None where there is none.

    Raises RecordError where there is something that is no record.
    """
    with ledger.reading() as connection:
        tables = set(inspect(connection).get_table_names())
        if "alembic_version" not in tables:
            _hold_empty(ledger, tables)
            return None
        found = [
            str(one) for one in connection.execute(text("SELECT * FROM alembic_version")).scalars()
        ]
        if ENTRIES.name not in tables or len(found) != 1:
            raise RecordError(f"{ledger.place} is not a record, but another database.")
        return found[0]


def _hold_empty(ledger: Ledger, tables: set[str]) -> None:
    if tables:
        raise RecordError(f"{ledger.place} is not a record, but another database.")


def upgraded(place: str) -> tuple[str, str]:
    """Bring a record that is there to the last schema; return which it had, and which it has.

    Raises RecordError where there is none, or it is of a schema that this version does not know.
    """
    ledger = connected(place)
    try:
        if ledger.file is not None and not ledger.file.is_file():
            raise RecordError(f"{ledger.place} is not there: there is no record.")
        before = version_of(ledger)
        if before is None:
            raise RecordError(f"{ledger.place} holds no record.")
        hold_known(ledger, before)
        if before != HEAD:
            upgrade(ledger)
        return before, HEAD
    finally:
        ledger.close()


def upgrade(ledger: Ledger, to: str = "head") -> None:
    """Bring a record to a schema, in one step or not at all."""
    with ledger.writing() as connection:
        migrations.migrate(connection, to)


def _make_file(ledger: Ledger, file: Path) -> None:
    """Make the file of a record, whose log is written ahead from then on."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)) as opened:
            opened.execute("PRAGMA journal_mode = WAL")
            opened.execute(f"PRAGMA application_id = {APPLICATION}")
    except OSError as error:
        raise RecordError(f"{ledger.place} cannot be made: {error.strerror}.") from None
    except sqlite3.Error as error:
        raise RecordError(f"{ledger.place} cannot be made: {error}.") from None
