"""The seal: no byte of a record is flipped unnoticed, and nobody is alarmed for nothing."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluator.cli import main
from evaluator.errors import RecordError
from evaluator.record.ledger import Draft, Ledger, append, database, enter_run, open_ledger
from evaluator.record.ledger.backups import backup
from evaluator.record.ledger.redaction import redact
from evaluator.record.ledger.seals import parsed, seal_of, unseal
from evaluator.record.proof.checkpoints import checkpoint
from evaluator.record.proof.restoring import restore
from evaluator.record.proof.verify import Verified, verify
from evaluator.results import proof
from tests.record.ledger.flipped import (
    exported,
    flips,
    held,
    small,
    unnoticed,
    unnoticed_in_run,
    verified,
)


def note(id_: str) -> Draft:
    return Draft(id_, "note", {"text": "a word"}, personal={"by": "Ann"})


def of(file: Path) -> Verified:
    with closing(open_ledger(file)) as ledger:
        return verify(ledger)


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """A record of one entry that was closed."""
    file = tmp_path / "record.db"
    with closing(open_ledger(file, make=True)) as ledger:
        append(ledger, [note("n")])
    return file


@pytest.mark.slow
def test_no_byte_of_a_small_record_is_flipped_unnoticed(
    tmp_path: Path, runs: tuple[Path, Path]
) -> None:
    file, kept = small(tmp_path, run=runs[0])
    assert verified(file, kept)
    assert unnoticed(file, tmp_path, held) == []
    assert unnoticed(file, tmp_path, lambda one: verified(one, kept), 397) == []


def test_no_bit_of_a_seal_is_flipped_unnoticed(record: Path) -> None:
    whole = seal_of(record).read_bytes()
    for place in range(len(whole)):
        for bit in range(8):
            flipped = bytearray(whole)
            flipped[place] ^= 1 << bit
            seal_of(record).write_bytes(flipped)
            assert not held(record), (place, bit)
    for wrong in (b"", whole + b"\n", whole[:-1], whole * 2, b"\0" * 300):
        seal_of(record).write_bytes(wrong)
        assert of(record).faults == (proof.SealBroken("record.db.seal", "no seal"),)


def test_no_byte_of_a_backup_is_flipped_unnoticed(tmp_path: Path) -> None:
    file, _ = small(tmp_path)
    copy = tmp_path / "backups" / "backup.db"
    with closing(open_ledger(file)) as ledger:
        backup(ledger, copy)
    assert unnoticed(copy, tmp_path, held, 7) == []
    free = next(p for p, data in flips(copy.read_bytes()) if p > 4000 and _same(copy, data))
    whole = bytearray(copy.read_bytes())
    whole[free] ^= 1
    copy.write_bytes(whole)
    with pytest.raises(RecordError, match="1 fault, and is not restored"):
        restore(copy, str(tmp_path / "restored.db"))


def _same(copy: Path, data: bytes) -> bool:
    """Whether a record in which a byte is another is whole, but for its seal."""
    other = copy.with_name("other.db")
    other.write_bytes(data)
    try:
        return of(other).whole
    except RecordError:
        return False


@pytest.mark.slow
def test_no_byte_of_a_run_on_record_is_flipped_unnoticed(
    tmp_path: Path, runs: tuple[Path, Path]
) -> None:
    run = Path(shutil.copytree(runs[0], tmp_path / "first"))
    file, _ = small(tmp_path, run=run)
    assert unnoticed_in_run(run, file, 29) == []


def test_a_byte_of_a_record_without_a_seal_changes_nothing_or_is_noticed(tmp_path: Path) -> None:
    file, kept = small(tmp_path)
    entries = exported(file)

    def otherwise(copy: Path) -> bool:
        unseal(copy)
        return verified(copy, kept) and exported(copy) != entries

    assert unnoticed(file, tmp_path, otherwise, 97) == []


def test_a_seal_is_the_hash_of_the_file_and_goes_when_it_is_written_to(record: Path) -> None:
    made = parsed(seal_of(record).read_bytes())
    assert made is not None
    assert (made.number, made.sha256) == (1, hashlib.sha256(record.read_bytes()).hexdigest())
    assert seal_of(record).stat().st_mode == record.stat().st_mode
    with closing(open_ledger(record)) as ledger:
        assert verify(ledger).sealed is True
        append(ledger, [note("m")])
        assert not seal_of(record).exists()
        found = verify(ledger)
        assert (found.faults, found.sealed) == ((), False)
    assert of(record).sealed is True
    assert of(record).entries == 2


def test_who_reads_neither_takes_a_seal_away_nor_makes_one(record: Path) -> None:
    before = seal_of(record).read_bytes()
    assert of(record).sealed
    assert seal_of(record).read_bytes() == before
    seal_of(record).unlink()
    assert of(record).sealed is False
    assert not seal_of(record).exists()


def test_who_closes_while_another_writes_leaves_the_seal_to_that_one(record: Path) -> None:
    one, other = open_ledger(record), open_ledger(record)
    append(one, [note("m")])
    with other.writing():
        one.close()
        assert not seal_of(record).exists()
    other.close()
    assert of(record).sealed


def test_who_closes_while_another_reads_leaves_no_seal_that_does_not_hold(record: Path) -> None:
    one, other = open_ledger(record), open_ledger(record)
    with other.reading() as connection:
        connection.exec_driver_sql("SELECT * FROM entries").all()
        append(one, [note("m")])
        one.close()
        assert of(record).faults == ()
    other.close()
    assert (of(record).faults, of(record).entries) == ((), 2)


def test_what_was_not_done_leaves_no_seal_that_does_not_hold(record: Path) -> None:
    ledger = open_ledger(record)
    with pytest.raises(RuntimeError), ledger.writing():
        raise RuntimeError
    assert not seal_of(record).exists()
    ledger.close()
    assert of(record).sealed


def test_large_records_are_sealed_by_checkpoints_and_backups(
    record: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "AT_CLOSE", 100)
    with closing(open_ledger(record)) as ledger:
        append(ledger, [note("m")])
    assert of(record).sealed is False
    with closing(open_ledger(record)) as ledger:
        checkpoint(ledger)
        backup(ledger, tmp_path / "backup.db")
    assert of(record).sealed
    assert of(tmp_path / "backup.db").sealed


def test_backups_redactions_and_exports_raise_no_alarm(record: Path, tmp_path: Path) -> None:
    target = tmp_path / "restored.db"
    seal_of(target).write_bytes(b"of a record that was there once\n")
    copy = tmp_path / "backup.db"
    seal_of(copy).write_bytes(b"of a backup that was there once\n")
    with closing(open_ledger(record)) as ledger:
        backup(ledger, copy)
        redact(ledger, "Ann", because="asked")
    exported(record)
    assert restore(copy, str(target)).sealed
    assert [of(one).sealed for one in (record, copy, target)] == [True] * 3
    record.unlink()
    with closing(open_ledger(record, make=True)):
        assert not seal_of(record).exists()
    assert (of(record).faults, of(record).sealed) == ((), True)


def test_an_upgrade_raises_no_alarm(tmp_path: Path, runs: tuple[Path, Path]) -> None:
    from tests.record.ledger.test_lost import first_schema

    file = tmp_path / "record.db"
    first_schema(str(file), runs[0])
    assert seal_of(file).exists()
    database.upgraded(str(file))
    assert (of(file).faults, of(file).sealed) == ((), True)


def test_a_seal_that_cannot_be_made_or_read(record: Path) -> None:
    ledger = open_ledger(record)
    append(ledger, [note("m")])
    seal_of(record).mkdir()
    ledger.close()  # the entry stands, whatever becomes of the seal
    assert of(record).faults == (proof.SealBroken("record.db.seal", "unreadable"),)
    ledger = open_ledger(record)
    with pytest.raises(RecordError, match="the seal beside it cannot be removed"):
        append(ledger, [note("o")])
    ledger.close()
    seal_of(record).rmdir()
    assert of(record).entries == 2


def run_command(record: Path, *more: str, code: int = 0) -> str:
    done = CliRunner().invoke(main, ["record", "verify", "--record", str(record), *more])
    assert done.exit_code == code, done.output
    return done.stdout


def test_the_command_names_the_file(record: Path) -> None:
    assert "Sealed  Every byte of the file is as it was" in run_command(record)
    whole = bytearray(record.read_bytes())
    whole[96] ^= 1  # which SQLite wrote last: nothing hangs on it
    record.write_bytes(whole)
    told = run_command(record, code=1)
    fault = "Fault   record.db or its seal was altered: it is not, byte for byte, what was sealed."
    assert fault in told
    assert "Sealed" not in told
    seal_of(record).unlink()
    assert "Sealed  No: not since it was last written to" in run_command(record)
    assert json.loads(run_command(record, "--json"))["sealed"] is False


WRITER = """
import random, sys, time
from evaluator.record.ledger import Draft, append, open_ledger
dice = random.Random(sys.argv[2])
number = 0
print("ready", flush=True)
while time.monotonic() < float(sys.argv[3]):
    ledger = open_ledger(sys.argv[1])
    for _ in range(dice.randrange(4)):
        number += 1
        append(ledger, [Draft(f"{sys.argv[2]}.{number}", "note", {"text": "a word " * 20})])
    ledger.close()
    if dice.random() < 0.3:
        time.sleep(dice.uniform(0, 0.02))
"""


def writers(record: Path, count: int, until: float) -> Iterator[subprocess.Popen[str]]:
    for one in range(count):
        line = [sys.executable, "-c", WRITER, str(record), f"w{one}", str(until)]
        yield subprocess.Popen(line, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_writers_that_close_at_random_raise_no_alarm(record: Path) -> None:
    started = list(writers(record, 3, time.monotonic() + 12))
    seen: list[bool | None] = []
    while any(one.poll() is None for one in started):
        found = of(record)
        assert found.faults == ()
        seen.append(found.sealed)
    assert [one.communicate()[0] for one in started] == ["ready\n"] * 3
    assert len(seen) > 20
    with closing(open_ledger(record)) as ledger:  # the last of them may have met who verified
        append(ledger, [note("last")])
    assert (of(record).faults, of(record).sealed) == ((), True)


@pytest.mark.slow
def test_writers_that_are_killed_raise_no_alarm(record: Path) -> None:
    dice = random.Random(19)
    for moment in range(12):
        started = list(writers(record, 1 + moment % 2, time.monotonic() + 60))
        for one in started:
            assert one.stdout is not None
            one.stdout.readline()
        time.sleep(dice.uniform(0, 0.4))
        for one in started:
            one.kill()
            one.communicate()
        assert of(record).faults == ()
    with closing(open_ledger(record)) as ledger:
        append(ledger, [note("last")])
    assert (of(record).faults, of(record).sealed) == ((), True)
    assert sorted(one.name for one in record.parent.iterdir() if ".writing" not in one.name) in (
        ["record.db", "record.db.seal"],
        ["record.db", "record.db.seal", "record.db.seal.new"],
    )


def test_a_kill_at_each_step_of_sealing_leaves_a_seal_that_holds_or_none(
    record: Path,
) -> None:
    program = """
import os, sys
from pathlib import Path
from evaluator.record.ledger import Draft, append, open_ledger, seals
def die(*_, **__):
    os._exit(9)
ledger = open_ledger(sys.argv[1])
append(ledger, [Draft(sys.argv[2], "note", {"text": "a word"})])
place = {"serialize": (seals, "seen"), "fsync": (os, "fsync"), "replace": (Path, "replace")}
setattr(*place[sys.argv[2]], die)
ledger.close()
"""
    for step in ("serialize", "fsync", "replace"):
        line = [sys.executable, "-c", program, str(record), step]
        assert subprocess.run(line, check=False).returncode == 9
        assert (of(record).faults, of(record).sealed) == ((), False)
    with closing(open_ledger(record)) as ledger:
        append(ledger, [note("last")])
    assert (of(record).faults, of(record).sealed, of(record).entries) == ((), True, 5)


def test_a_server_has_no_seal(ledger: Ledger) -> None:
    append(ledger, [note("n")])
    assert verify(ledger).sealed is (None if ledger.file is None else False)


def test_another_program_that_writes_is_told(record: Path) -> None:
    with closing(sqlite3.connect(record)) as other:
        other.execute("CREATE TABLE mine (x)")
        other.commit()
    assert proof.SealBroken("record.db", "altered") in of(record).faults


def test_entering_a_run_seals_the_record(record: Path, runs: tuple[Path, Path]) -> None:
    with closing(open_ledger(record)) as ledger:
        enter_run(ledger, runs[0])
    assert of(record).sealed
