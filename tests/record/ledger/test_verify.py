"""What was altered is named; what was not is whole."""

from __future__ import annotations

import json
import re
import runpy
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization import PublicFormat as Public
from sqlalchemy import text

from evaluator.errors import UsageError
from evaluator.record.ledger import Draft, Ledger, append, enter_run, open_ledger
from evaluator.record.ledger.entries import canonical, digest
from evaluator.record.ledger.redaction import redact
from evaluator.record.ledger.schema import ENTRIES
from evaluator.record.ledger.seals import unseal
from evaluator.record.proof.checkpoints import Checkpoint, checkpoint, checkpoints_of, public_key
from evaluator.record.proof.exporting import lines
from evaluator.record.proof.verify import Verified, verify
from evaluator.results import proof
from evaluator.results.findings import Finding
from tests.conftest import GUIDES
from tests.record.ledger.flipped import small


@pytest.fixture
def filled(ledger: Ledger, runs: tuple[Path, Path]) -> tuple[Ledger, Checkpoint]:
    """A record of two runs and what was said of them, and a checkpoint that was kept."""
    enter_run(ledger, runs[0], by="Ann", note="first")
    enter_run(ledger, runs[1], by="Bob", note="second")
    return ledger, checkpoint(ledger, by="Cy")


def unguarded(ledger: Ledger, *statements: str) -> None:
    """Do to a record what somebody could who owns its database."""
    if ledger.file is not None:
        unseal(ledger.file)
    with ledger.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            asked = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            triggers = connection.execute(text(asked)).all()
            for name, _ in triggers:
                connection.execute(text(f"DROP TRIGGER {name}"))
            for statement in statements:
                connection.execute(text(statement))
            for _, sql in triggers:
                connection.exec_driver_sql(sql)
        else:
            connection.execute(text("SET session_replication_role = replica"))
            for statement in statements:
                connection.execute(text(statement))
            connection.execute(text("SET session_replication_role = origin"))


def faults(found: Verified) -> list[Finding]:
    return list(found.faults)


def test_a_record_is_whole_and_proven_up_to_its_checkpoint(
    filled: tuple[Ledger, Checkpoint],
) -> None:
    ledger, kept = filled
    found = verify(ledger, [kept])
    assert (found.faults, found.entries, found.proven) == ((), 6, kept)
    append(ledger, [Draft("later", "note", {"text": "x"})])
    assert verify(ledger, [kept]).proven == kept
    assert verify(ledger).proven is None


SWAP = [
    "UPDATE entries SET number = 99 WHERE number = 2",
    "UPDATE entries SET number = 2 WHERE number = 3",
    "UPDATE entries SET number = 3 WHERE number = 99",
]
CASES: dict[str, tuple[Sequence[str], list[Finding]]] = {
    "a word of an entry": (
        ["UPDATE entries SET content = replace(content, 'first', 'worst') WHERE number = 2"],
        [proof.EntryAltered(2)],
    ),
    "a time": (
        ["UPDATE entries SET at = '2020-01-01T00:00:00.000000Z' WHERE number = 3"],
        [proof.EntryAltered(3)],
    ),
    "a row": (["DELETE FROM entries WHERE number = 3"], [proof.EntryMissing(3, 3)]),
    "rows": (["DELETE FROM entries WHERE number IN (2, 3)"], [proof.EntryMissing(2, 3)]),
    "places of two rows": (SWAP, [proof.EntrySwapped(2, 3), proof.EntrySwapped(3, 2)]),
    "a name": (
        ["UPDATE personal SET value = 'Dan' WHERE entry = 1"],
        [proof.PersonalAltered(1, "by")],
    ),
    "a name that is gone": (
        ["UPDATE personal SET value = NULL, salt = NULL WHERE entry = 1"],
        [proof.PersonalMissing(1, "by")],
    ),
    "a rank": (
        ["UPDATE standings SET rank = 9 WHERE run = 1 AND package = 'P1'"],
        [proof.StandingsAltered(1, "first")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_was_altered_is_named_first(filled: tuple[Ledger, Checkpoint], case: str) -> None:
    ledger, kept = filled
    statements, expected = CASES[case]
    unguarded(ledger, *statements)
    found = faults(verify(ledger, [kept]))
    assert found[: len(expected)] == expected
    assert not [one for one in found if isinstance(one, proof.GuardMissing)]


def test_the_tail_that_is_cut_is_seen_by_the_checkpoint_alone(
    filled: tuple[Ledger, Checkpoint],
) -> None:
    ledger, kept = filled
    unguarded(
        ledger,
        "DELETE FROM entries WHERE number > 5",
        "DELETE FROM personal WHERE entry > 5",
    )
    assert verify(ledger).faults == ()
    assert verify(ledger, [kept]).faults == (proof.CheckpointUnmet(6, 5),)


def test_a_chain_that_was_made_anew_is_seen_by_the_checkpoint(
    filled: tuple[Ledger, Checkpoint],
) -> None:
    ledger, kept = filled
    with ledger.reading() as connection:
        rows = connection.execute(ENTRIES.select().order_by(ENTRIES.c.number)).mappings().all()
    statements, previous = [], rows[0]["hash"]
    for row in [dict(one) for one in rows[1:]]:
        told = json.loads(row["content"])
        row |= {"previous": previous, "content": canonical({**told, "text": "another"})}
        previous = row["hash"] = digest(row)
        content = row["content"].replace("'", "''").replace(":", "\\:")
        statements.append(
            f"UPDATE entries SET content = '{content}', previous = '{row['previous']}', "
            f"hash = '{row['hash']}' WHERE number = {row['number']}"
        )
        if row["number"] == 2:
            unguarded(ledger, *statements)
            assert faults(verify(ledger))[0] == proof.LinkBroken(3)
    unguarded(ledger, *statements)
    assert proof.CheckpointUnmet(6, 6) in faults(verify(ledger, [kept]))
    assert not [one for one in faults(verify(ledger)) if isinstance(one, proof.LinkBroken)]


def test_a_guard_that_was_taken_away_is_named(ledger: Ledger) -> None:
    sqlite = ledger.file is not None
    name = "entries_no_delete" if sqlite else "entries_stand"
    with ledger.engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER {name}{'' if sqlite else ' ON entries'}"))
    assert faults(verify(ledger)) == [proof.GuardMissing(name)]


def test_files_of_runs_are_named(ledger: Ledger, runs: tuple[Path, Path], tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "first"
    shutil.copytree(runs[0], folder)
    enter_run(ledger, folder)
    assert verify(ledger).faults == ()
    page = folder / "report.html"
    page.write_bytes(page.read_bytes() + b" ")
    (folder / "values.csv").unlink()
    assert faults(verify(ledger)) == [
        proof.RunFileFault(1, "first", "report.html", "altered"),
        proof.RunFileFault(1, "first", "values.csv", "missing"),
    ]
    assert verify(ledger, runs=False).faults == ()
    shutil.rmtree(folder)
    assert verify(ledger).faults == ()  # the record has what the run follows from
    shutil.copytree(runs[1], folder)
    assert faults(verify(ledger)) == [proof.RunReplaced(1, "first")]
    enter_run(ledger, folder)
    assert verify(ledger).faults == ()


def told_of(line: Sequence[str], folder: Path) -> str:
    """Return what the script of the guide says of exported lines."""
    data = "".join(f"{one}\n" for one in line).encode("utf-8", "surrogateescape")
    return script(data, folder)


def script(data: bytes, folder: Path) -> str:
    """Return what the script of the guide says of an exported file."""
    guide = (GUIDES / "record.md").read_text()
    (code,) = re.findall(r"\*\*verify_record.py\*\*\n```python\n(.*?)```", guide, re.DOTALL)
    assert len(code.splitlines()) <= 35
    (folder / "verify_record.py").write_text(code)
    exported = folder / "record.jsonl"
    exported.write_bytes(data)
    before, sys.argv = sys.argv, ["verify_record.py", str(exported)]
    try:
        runpy.run_path(str(folder / "verify_record.py"))
    except SystemExit as end:
        return "whole" if not end.code else "faults"
    except Exception as error:
        return type(error).__name__
    finally:
        sys.argv = before
    raise AssertionError


def test_the_script_of_the_guide_verifies_an_export(
    filled: tuple[Ledger, Checkpoint], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger, kept = filled
    redact(ledger, "Ann", because="asked", by="Cy")
    every = list(lines(ledger))
    assert told_of(every, tmp_path) == "whole"
    assert f"whole: 7 entries, head {verify(ledger, [kept]).head}" in capsys.readouterr().out
    assert told_of(every[:2] + every[3:], tmp_path) == "faults"
    assert told_of([every[1], every[0], *every[2:]], tmp_path) == "faults"
    assert told_of(every[:7], tmp_path) == "faults"  # without the files of runs
    assert told_of([one.replace("Bob", "Bib") for one in every], tmp_path) == "faults"
    assert told_of([one.replace("second", "seventh") for one in every], tmp_path) == "faults"


def test_every_byte_of_an_export_is_held(tmp_path: Path) -> None:
    file, _ = small(tmp_path)
    ledger = open_ledger(file)
    data = "".join(f"{line}\n" for line in lines(ledger)).encode()
    ledger.close()
    assert script(data, tmp_path) == "whole"
    for place in range(len(data)):
        flipped = bytearray(data)
        flipped[place] ^= 1 << place % 8
        assert script(bytes(flipped), tmp_path) != "whole", data[max(place - 10, 0) : place + 10]


def keys(folder: Path, name: str) -> tuple[Path, Path]:
    key = Ed25519PrivateKey.generate()
    private, public = folder / f"{name}.pem", folder / f"{name}.pub"
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    told = key.public_key().public_bytes(Encoding.PEM, Public.SubjectPublicKeyInfo)
    public.write_bytes(told)
    return private, public


def test_checkpoints_are_signed(ledger: Ledger, tmp_path: Path) -> None:
    mine, other = keys(tmp_path, "mine"), keys(tmp_path, "other")
    append(ledger, [Draft("n", "note", {"text": "x"})])
    kept = checkpoint(ledger, key=mine[0])
    (again,) = checkpoints_of([kept.line])
    assert again == kept
    found = verify(ledger, [kept], public_key(mine[1]))
    assert (found.faults, found.signed, found.proven) == ((), True, kept)
    forged = (proof.CheckpointForged(kept.number),)
    assert verify(ledger, [kept], public_key(other[1])).faults == forged
    altered = kept.line.replace(kept.at, kept.at.replace("2", "3", 1))
    assert verify(ledger, checkpoints_of([altered])).faults == forged
    bare = Checkpoint(kept.number, kept.hash, kept.at)
    assert verify(ledger, [bare], public_key(mine[1])).faults == forged
    file = tmp_path / "checkpoints.txt"
    file.write_text(f"{kept.line}\n\n{checkpoint(ledger).line}\n")
    assert len(checkpoints_of([str(file)])) == 2
    for wrong in ("evaluator-checkpoint-1 5", str(tmp_path / "nothing.txt"), str(mine[0])):
        with pytest.raises(UsageError):
            checkpoints_of([wrong])
    with pytest.raises(UsageError, match="no Ed25519 private key"):
        checkpoint(ledger, key=mine[1])
    with pytest.raises(UsageError, match="no Ed25519 public key"):
        public_key(mine[0])


def test_a_name_is_redacted_and_the_chain_holds(
    filled: tuple[Ledger, Checkpoint], tmp_path: Path
) -> None:
    ledger, kept = filled
    assert any('"Ann"' in line for line in lines(ledger))
    done = redact(ledger, "Ann", because="Asked for.", by="Cy")
    assert (done.fields, done.entry.content["fields"]) == (2, [[1, "by"], [2, "by"]])
    found = verify(ledger, [kept])
    assert (found.faults, found.proven) == ((), kept)
    assert not any('"Ann"' in line for line in lines(ledger))
    if ledger.file is not None:
        stored = b"".join(path.read_bytes() for path in tmp_path.glob("record.db*"))
        assert b"Bob" in stored
        assert b"Ann" not in stored
    with pytest.raises(UsageError, match="no entry says 'Ann'"):
        redact(ledger, "Ann", because="again")
    with pytest.raises(UsageError, match="--because is empty"):
        redact(ledger, "Bob", because=" ")
