"""Small records, and bytes of them that are flipped one by one."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from evaluator.errors import EvaluatorError
from evaluator.record.ledger import Draft, append, enter_run, open_ledger
from evaluator.record.ledger.redaction import redact
from evaluator.record.ledger.schema import APPLICATION, ENTRIES
from evaluator.record.ledger.seals import seal_of
from evaluator.record.proof.checkpoints import Checkpoint, checkpoint
from evaluator.record.proof.exporting import lines
from evaluator.record.proof.kept import folder_faults
from evaluator.record.proof.physical import seal_faults
from evaluator.record.proof.verify import verify


def small(folder: Path, page: int = 512, run: Path | None = None) -> tuple[Path, Checkpoint]:
    """Return a record of a few entries in small pages, and its checkpoint; with a run, if told."""
    file = folder / "small.db"
    with closing(sqlite3.connect(file)) as opened:
        opened.execute(f"PRAGMA page_size = {page}")
        opened.execute("PRAGMA journal_mode = WAL")
        opened.execute(f"PRAGMA application_id = {APPLICATION}")
    with closing(open_ledger(file, make=True)) as ledger:
        drafts = [
            Draft(f"n{i}", "note", {"text": f"word {i} " * i}, personal={"by": "Ann"})
            for i in range(4)
        ]
        append(ledger, drafts)
        if run is not None:
            enter_run(ledger, run, by="Ann")
        redact(ledger, "Ann", because="asked", by="Bob")
        return file, checkpoint(ledger, by="Bob")


def verified(file: Path, kept: Checkpoint) -> bool:
    """Whether `verify` finds a record whole."""
    with closing(open_ledger(file)) as ledger:
        return verify(ledger, [kept], runs=False).whole


def held(file: Path) -> bool:
    """Whether a record is what its seal says: what `verify` looks at first, without the rest."""
    with closing(open_ledger(file)) as ledger:
        return seal_faults(ledger) == (True, [])


def flips(whole: bytes, step: int = 1, first: int = 0) -> Iterator[tuple[int, bytes]]:
    """Yield each so manieth byte of a file and the file in which it alone is another."""
    for place in range(first, len(whole), step):
        flipped = bytearray(whole)
        flipped[place] ^= 0xFF if place % 2 else 1 << place // 2 % 8
        yield place, bytes(flipped)


def unnoticed(
    file: Path, folder: Path, finds: Callable[[Path], bool], step: int = 1, first: int = 0
) -> list[int]:
    """Flip bytes of a sealed record one by one; return where it is found whole all the same."""
    copy = folder / "flipped.db"
    wrong = []
    for place, data in flips(file.read_bytes(), step, first):
        for left in folder.glob("flipped.db*"):
            left.unlink()
        shutil.copy(seal_of(file), seal_of(copy))
        copy.write_bytes(data)
        try:
            if finds(copy):
                wrong.append(place)
        except EvaluatorError:
            continue
    return wrong


def exported(file: Path) -> list[str]:
    """Return a record as plain lines."""
    with closing(open_ledger(file)) as ledger:
        return list(lines(ledger))


def unnoticed_in_run(run: Path, record: Path, step: int = 1, first: int = 0) -> list[str]:
    """Flip bytes of all files of a run on record; return those that nobody notices."""
    wrong = []
    with closing(open_ledger(record)) as ledger:
        with ledger.reading() as connection:
            asked = ENTRIES.select().where(ENTRIES.c.kind == "run")
            (row,) = connection.execute(asked).mappings().all()
        content = json.loads(row["content"])
        told = json.loads((run / "manifest.json").read_bytes())
        for path in sorted(path for path in run.rglob("*") if path.is_file()):
            whole = path.read_bytes()
            for place, data in flips(whole, step, first):
                path.write_bytes(data)
                if not folder_faults(row["number"], content, told, ledger, {content["digest"]}):
                    wrong.append(f"{path.name}: {place}")
            path.write_bytes(whole)
    return wrong
