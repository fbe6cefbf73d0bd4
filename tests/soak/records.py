"""Writers to a record, and its server, that are killed at random moments: nothing is lost."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from evaluator import evaluate, load_study, write_run
from evaluator.errors import RecordError
from evaluator.questions import ask
from evaluator.record.ledger import Draft, Ledger, append, open_ledger
from evaluator.record.ledger.writing import read
from evaluator.record.proof.verify import verify
from tests.record.ledger.flipped import small, unnoticed, unnoticed_in_run, verified
from tests.server import Server, programs, running

HAND = Path(__file__).parents[1] / "cases" / "hand" / "scenarios" / "baseline.yaml"
NO_SERVER = "skipped: PostgreSQL is not installed"
_WRITER = """
import sys
from evaluator.record.ledger import Draft, append, open_ledger
ledger = open_ledger(sys.argv[1])
print("ready", flush=True)
for number in range(10**6):
    append(ledger, [Draft(f"{sys.argv[2]}.{number}", "note", {"text": "a word " * 20})])
    print(number, flush=True)
"""


def killed_writers(seed: int, count: int = 50) -> list[str]:
    """Kill writers to either database at so many moments; return what was lost."""
    with tempfile.TemporaryDirectory() as folder:
        faults = _writers(str(Path(folder) / "record.db"), seed, count)
    return faults + _on_server(lambda server: _writers(server.database(), seed, count))


def killed_servers(seed: int, count: int = 50) -> list[str]:
    """Kill a server under a writer at so many moments; return what was lost."""
    return _on_server(lambda server: _servers(server, seed, count))


def flipped_bytes(seed: int, step: int = 1) -> list[str]:
    """Flip every so many bytes of a small record, and of the files of a run on it.

    Returns those that nobody notices.
    """
    first = seed % step
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run = write_run(ask(evaluate(load_study(HAND))), folder, "first")
        file, kept = small(folder, run=run)
        places = unnoticed(file, folder, lambda one: verified(one, kept), step, first)
        told = [f"record: {place}" for place in places]
        told += unnoticed_in_run(run, file, step, first)
    return [f"byte {one} was flipped, and nobody noticed" for one in told]


def _on_server(call: Callable[[Server], list[str]]) -> list[str]:
    found = programs()
    if found is None:
        print(NO_SERVER)
        return []
    with running(found) as server:
        return call(server)


def _writers(place: str, seed: int, count: int) -> list[str]:
    dice, faults, total = random.Random(seed), list[str](), 0
    open_ledger(place, make=True).close()
    for moment in range(count):
        command = [sys.executable, "-c", _WRITER, place, f"w{moment}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            told = [writer.stdout.readline()]
            killer = threading.Timer(dice.uniform(0, 0.5), writer.kill)
            killer.start()
            told += writer.stdout.readlines()
            killer.cancel()
        acknowledged = {f"w{moment}.{line.strip()}" for line in told if line.strip().isdigit()}
        total += len(acknowledged)
        ledger = open_ledger(place)
        with ledger.reading() as connection:
            there = {entry.id for entry in read(connection)}
        if lost := acknowledged - there:
            faults.append(f"{moment}: lost {sorted(lost)[:5]}")
        ledger.close()
    ledger = open_ledger(place)
    faults += [str(one) for one in verify(ledger).faults]
    ledger.close()
    print(f"{count} writers killed, {total:,} entries acknowledged")
    return faults


def _servers(server: Server, seed: int, count: int) -> list[str]:
    dice, faults = random.Random(seed), list[str]()
    place = server.database()
    ledger = open_ledger(place, make=True)
    acknowledged: list[str] = []
    number = 0
    for moment in range(count):
        killer = threading.Timer(dice.uniform(0, 0.4), server.kill)
        killer.start()
        while True:
            draft = Draft(f"e.{number}", "note", {"text": f"{number}"})
            try:
                append(ledger, [draft])
            except RecordError:
                break
            acknowledged.append(draft.id)
            number += 1
        killer.join()
        server.start()
        _again(ledger, draft, faults, moment)  # an answer that was lost is asked for again
        acknowledged.append(draft.id)
        number += 1
    with ledger.reading() as connection:
        there = [entry.id for entry in read(connection)]
    if there != acknowledged:
        faults.append(f"{len(acknowledged)} acknowledged, {len(there)} there, or in another order")
    faults += [str(one) for one in verify(ledger).faults]
    ledger.close()
    print(f"the server killed {count} times, {len(acknowledged):,} entries acknowledged")
    return faults


def _again(ledger: Ledger, draft: Draft, faults: list[str], moment: int) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            append(ledger, [draft])
        except RecordError as error:
            if time.monotonic() > end:
                faults.append(f"{moment}: {error}")
                return
            time.sleep(0.1)
        else:
            return
