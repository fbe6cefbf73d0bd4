"""Nothing is lost: kills, full disks, locks, other schemas, backups."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from evaluator.errors import DamagedRecordError, RecordError, UsageError
from evaluator.record.ledger import Draft, Ledger, append, database, enter_run, open_ledger
from evaluator.record.ledger.backups import backup
from evaluator.record.ledger.database import HEAD, connected, upgrade, upgraded
from evaluator.record.ledger.migrations import known
from evaluator.record.ledger.schema import METADATA, STANDINGS
from evaluator.record.proof.restoring import restore
from evaluator.record.proof.verify import verify


def note(number: int) -> Draft:
    return Draft(f"n{number}", "note", {"text": "a word " * 50}, personal={"by": "Ann"})


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[Path]:
    """Mount a small file system, as root alone can."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a file system")
    folder.mkdir()
    told = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(folder)]
    if subprocess.run(told, check=False).returncode != 0:
        pytest.skip("no file system can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.slow
def test_a_full_disk_is_told_and_leaves_nothing_half(tmp_path: Path) -> None:
    with mounted(tmp_path / "small", "size=1m") as folder:
        ledger = open_ledger(folder / "record.db", make=True)
        acknowledged = 0
        with pytest.raises(RecordError, match="no room is left on the disk"):  # noqa: PT012
            for number in range(5000):
                append(ledger, [note(number)])
                acknowledged += 1
        assert acknowledged > 20
        found = verify(ledger)
        assert (found.faults, found.entries) == ((), acknowledged)
        ledger.close()
        with pytest.raises(RecordError, match=r"cannot be (made|written)"):
            open_ledger(folder / "another.db", make=True)


def test_a_record_on_what_is_read_alone_is_read(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=2m") as folder:
        ledger = open_ledger(folder / "record.db", make=True)
        append(ledger, [note(1)])
        ledger.close()
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        ledger = open_ledger(folder / "record.db")
        assert verify(ledger).entries == 1
        with pytest.raises(RecordError, match="cannot be written: it stands on what is read"):
            append(ledger, [note(2)])
        ledger.close()
        with pytest.raises(RecordError, match="cannot be made"):
            open_ledger(folder / "new" / "record.db", make=True)


def test_a_locked_record_is_told(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.2)
    other = open_ledger(ledger.place)
    with ledger.writing(), pytest.raises(RecordError, match="another program writes to it"):
        append(other, [note(1)])
    other.close()
    append(ledger, [note(1)])
    assert verify(ledger).entries == 1


def test_a_reader_holds_up_no_writer(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.2)
    with ledger.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM entries")).scalar_one() == 0
        other = open_ledger(ledger.place)
        append(other, [note(1)])
        other.close()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"no database at all, but a text that is long enough for one to be read as such" * 20,
         "is no database"),
        (b"", "holds no record"),
    ],
)  # fmt: skip
def test_what_is_no_record(data: bytes, told: str, tmp_path: Path) -> None:
    file = tmp_path / "record.db"
    file.write_bytes(data)
    with pytest.raises(RecordError, match=told):
        open_ledger(file)


def test_another_database_is_no_record(tmp_path: Path) -> None:
    file = tmp_path / "record.db"
    with sqlite3.connect(file) as opened:
        opened.execute("CREATE TABLE mine (x)")
    opened.close()
    for make in (False, True):
        with pytest.raises(RecordError, match="is not a record, but another database"):
            open_ledger(file, make=make)


def test_a_record_that_is_not_there(tmp_path: Path, server_url: str) -> None:
    for place, told in (
        (str(tmp_path / "record.db"), "is not there"),
        (server_url, "holds no record"),
        (server_url.replace("record_", "nothing_"), "does not exist"),
        ("postgresql://u:secret@127.0.0.1:1/x", "refused"),
    ):
        with pytest.raises(RecordError, match=told) as refused:
            open_ledger(place)
        assert "secret" not in str(refused.value)
    for place in ("mysql://u:secret@h/x", "sqlite://", "postgresql://[:secret"):
        with pytest.raises(UsageError, match="is no URL of a record") as wrong:
            open_ledger(place)
        assert "secret" not in str(wrong.value)


@pytest.fixture
def server_url(server: object) -> str:
    return str(server.database())  # type: ignore[attr-defined]


def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    file = tmp_path / "record.db"
    ledger = open_ledger(file, make=True)
    append(ledger, [note(n) for n in range(40)])
    ledger.close()
    data = bytearray(file.read_bytes())
    data[100:4096] = b"\xff" * 3996
    file.write_bytes(data)
    with pytest.raises(DamagedRecordError, match="is damaged"):
        open_ledger(file)


def first_schema(place: str, folder: Path) -> None:
    """Make a record as the first migration left it, with a run that was entered then."""
    ledger = connected(place)
    if ledger.file is not None:
        database._make_file(ledger, ledger.file)
    upgrade(ledger, "0001")
    with pytest.MonkeyPatch.context() as then:
        then.setattr("evaluator.record.ledger.enter.enter", lambda *_: None)
        enter_run(ledger, folder, by="Ann")
    ledger.close()


def test_a_record_of_the_first_schema_opens_under_the_last(
    place: str, runs: tuple[Path, Path]
) -> None:
    first_schema(place, runs[0])
    with pytest.raises(RecordError, match=f"is of schema 0001, this version reads {HEAD}. Upgrade"):
        open_ledger(place)
    assert upgraded(place) == ("0001", HEAD)
    assert upgraded(place) == (HEAD, HEAD)
    ledger = open_ledger(place)
    assert verify(ledger).faults == ()
    with ledger.reading() as connection:
        assert len(connection.execute(STANDINGS.select()).all()) == 3
    enter_run(ledger, runs[1])
    assert verify(ledger).faults == ()
    ledger.close()


def test_an_upgrade_that_fails_changes_nothing(
    place: str, runs: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    first_schema(place, runs[0])

    def fail(*_: object) -> None:
        raise RuntimeError("half way")

    monkeypatch.setattr("evaluator.record.ledger.standings.standings", fail)
    with pytest.raises(RuntimeError):
        upgraded(place)
    monkeypatch.undo()
    assert upgraded(place) == ("0001", HEAD)


def test_a_record_of_a_later_schema_is_told(ledger: Ledger) -> None:
    with ledger.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RecordError, match="schema 9999, which this version does not know"):
        open_ledger(ledger.place)
    with pytest.raises(RecordError, match="does not know"):
        upgraded(ledger.place)


def test_the_tables_are_those_of_the_last_migration(ledger: Ledger) -> None:
    from sqlalchemy import inspect

    assert known()[-1] == HEAD
    with ledger.reading() as connection:
        seen = inspect(connection)
        for table in METADATA.sorted_tables:
            found = {one["name"]: one["nullable"] for one in seen.get_columns(table.name)}
            assert found == {one.name: bool(one.nullable) for one in table.columns}


def test_a_backup_is_whole_while_others_write(ledger: Ledger, tmp_path: Path, place: str) -> None:
    append(ledger, [note(n) for n in range(20)])
    file = tmp_path / "backups" / "first.backup"
    with ledger.reading() as connection:
        connection.execute(text("SELECT * FROM entries")).all()
        backup(ledger, file)
    append(ledger, [note(99)])
    with pytest.raises(UsageError, match="is there already"):
        backup(ledger, file)
    if ledger.file is None:
        return
    found = restore(file, str(tmp_path / "restored.db"))
    assert (found.entries, found.faults) == (20, ())
    again = open_ledger(tmp_path / "restored.db")
    append(again, [note(50)])
    assert verify(again).faults == ()
    again.close()
    with pytest.raises(UsageError, match="is there already"):
        restore(file, str(tmp_path / "restored.db"))
    with pytest.raises(UsageError, match="is not there"):
        restore(tmp_path / "none", str(tmp_path / "x.db"))


def test_a_backup_of_a_server_is_restored(
    server_url: str, server: object, tmp_path: Path, runs: tuple[Path, Path]
) -> None:
    ledger = open_ledger(server_url, make=True)
    enter_run(ledger, runs[0], by="Ann")
    file = tmp_path / "backup.dump"
    backup(ledger, file)
    before = verify(ledger)
    ledger.close()
    with pytest.raises(UsageError, match="holds a record"):
        restore(file, server_url)
    other = str(server.database())  # type: ignore[attr-defined]
    assert restore(file, other) == before
    ledger = open_ledger(other)
    append(ledger, [note(1)])
    assert verify(ledger).faults == ()
    with pytest.raises(Exception, match="append-only"), ledger.engine.begin() as connection:
        connection.execute(text("DELETE FROM entries"))
    ledger.close()
    broken, empty = tmp_path / "broken.dump", str(server.database())  # type: ignore[attr-defined]
    broken.write_bytes(file.read_bytes()[:300])
    with pytest.raises(RecordError, match="pg_restore failed"):
        restore(broken, empty)


def test_a_damaged_backup_is_not_restored(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "record.db", make=True)
    append(ledger, [note(n) for n in range(5)])
    file = tmp_path / "backup.db"
    backup(ledger, file)
    ledger.close()
    data = file.read_bytes()
    file.write_bytes(data.replace(b"a word a word", b"a lord a word", 1))
    with pytest.raises(RecordError, match="2 faults, and is not restored"):
        restore(file, str(tmp_path / "restored.db"))
    assert not (tmp_path / "restored.db").exists()


def test_a_copy_without_its_log_is_why_backups_are_a_command(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "record.db", make=True)
    with ledger.reading() as connection:  # keeps what is written in the log
        connection.execute(text("SELECT * FROM entries")).all()
        append(ledger, [note(1)])
        shutil.copy(tmp_path / "record.db", tmp_path / "copy.db")
        backup(ledger, tmp_path / "backup.db")
    ledger.close()
    counts = []
    for name in ("copy.db", "backup.db"):
        other = open_ledger(tmp_path / name)
        counts.append(verify(other).entries)
        other.close()
    assert counts == [0, 1]
