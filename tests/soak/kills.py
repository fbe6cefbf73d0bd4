"""A run that a signal ends at a random moment: it is there whole, or as it was before."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from evaluator.errors import RunError
from evaluator.record import read_run

HAND = Path(__file__).parents[1] / "cases" / "hand" / "scenarios" / "baseline.yaml"
NOTE = "kept beside the run"
SIGNALS = {signal.SIGKILL: -9, signal.SIGTERM: 143, signal.SIGINT: 130}
"""By which exit code each ends a run."""
BEGUN = "... loading"
"""What tells that the program runs, and no longer Python's own start."""


@dataclass(frozen=True)
class Ended:
    """How a run ended that was sent a signal."""

    code: int
    errors: str
    writing: bool
    """Whether it was sent while a folder for the time of writing was there."""


def kills(seed: int, count: int = 50) -> list[str]:
    """Send each signal at so many moments; return what it left that it should not."""
    with tempfile.TemporaryDirectory() as folder:
        return [
            fault
            for number, code in SIGNALS.items()
            for fault in _killed(Path(folder) / str(number), number, code, seed, count)
        ]


def _killed(at: Path, number: int, code: int, seed: int, count: int) -> list[str]:
    """Send one signal at so many moments to runs into one folder."""
    dice, faults, ends = random.Random(seed + number), list[str](), Counter[str]()
    start = time.monotonic()
    if not _runs(at):
        return ["the run does not run"]
    whole = time.monotonic() - start
    (run,) = at.iterdir()
    (run / "note.txt").write_text(NOTE)
    for moment in range(count):
        first = moment % 5 == 4  # into a place where no run is yet
        place = at.with_name(f"{at.name}-{moment}") if first else at
        ended = _end(place, number, dice, whole if moment % 2 else None)
        kind = "finished" if ended.code == 0 else "while writing" if ended.writing else "before"
        ends[f"{kind}{', first' if first else ''}"] += 1
        where = f"{signal.Signals(number).name} {moment} ({kind})"
        faults += [f"{where}: {fault}" for fault in _faults(place, ended, number, code, first)]
    if not _runs(at):
        faults.append("the run that comes after does not run")
    left = sorted(path.name for place in (at, at.parent / "temporary") for path in place.iterdir())
    if left != [run.name]:
        faults.append(f"the run that comes after leaves {left}")
    print(f"{signal.Signals(number).name}: {dict(sorted(ends.items()))}", flush=True)
    return faults


def _runs(at: Path) -> bool:
    with _start(at) as process:
        process.communicate()
    return process.returncode == 0


def _start(at: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "evaluator", "run", str(HAND), "--draws", "0"]
    temporary = at.parent / "temporary"
    temporary.mkdir(parents=True, exist_ok=True)
    return subprocess.Popen(
        [*command, "--out", str(at)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
    )


def _end(at: Path, number: int, dice: random.Random, whole: float | None) -> Ended:
    """End a run within `whole` seconds of its start, or (None) as soon as it writes."""
    process = _start(at)
    if whole is not None:
        time.sleep(dice.uniform(0, whole))
    else:
        while process.poll() is None and not _writing(at, process.pid):
            time.sleep(0.0005)
        time.sleep(dice.uniform(0, 0.05))
    writing = _writing(at, process.pid)
    process.send_signal(number)
    _, errors = process.communicate(timeout=120)
    return Ended(process.returncode, errors, writing)


def _writing(at: Path, process: int) -> bool:
    """Whether a process has a folder for the time of writing in a place."""
    return at.is_dir() and any(f"-{process}-" in path.name for path in at.iterdir())


def _faults(at: Path, ended: Ended, number: int, code: int, first: bool) -> list[str]:
    """Return what is wrong with how a run ended, and with what it left."""
    faults = []
    begun = BEGUN in ended.errors
    if ended.code not in ((0, code) if begun else (0, code, -number)):
        faults.append(f"exit code {ended.code}: {ended.errors[-300:]}")
    if begun and "Traceback" in ended.errors:
        faults.append(f"a traceback: {ended.errors[-300:]}")
    there = list(at.iterdir()) if at.is_dir() else []
    runs = [path for path in there if not path.name.startswith(".")]
    left = [path for path in there if path.name.startswith(".")]
    if left and number != signal.SIGKILL:
        faults.append(f"left behind: {[path.name for path in left]}")
    if not runs and (ended.code == 0 or not first):
        faults.append("there is no run")
    for run in runs:
        try:
            kept = read_run(run).strangers
        except RunError as error:
            faults.append(str(error))
        else:
            if not first and (kept != ("note.txt",) or (run / "note.txt").read_text() != NOTE):
                faults.append(f"the note is not kept: {kept}")
    return faults
