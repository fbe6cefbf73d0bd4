"""A file system that is full at any moment: the run that is there stays, and nothing is left."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

from evaluator import Override, evaluate, load_study
from evaluator.errors import RunError
from evaluator.record import place_run, read_run
from tests.soak.kills import HAND

NOT_ROOT = "skipped: only root can mount a small file system"


def full_disks(seed: int, count: int = 50) -> list[str]:
    """Write a run to a file system with random room left; as root alone, who can mount one."""
    if os.geteuid() != 0:
        print(NOT_ROOT)
        return []
    with tempfile.TemporaryDirectory() as folder:
        mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", folder]
        if subprocess.run(mount, check=False).returncode != 0:
            print(NOT_ROOT)
            return []
        try:
            return _filled(Path(folder), seed, count)
        finally:
            subprocess.run(["umount", folder], check=True)


def _filled(at: Path, seed: int, count: int) -> list[str]:
    dice, faults, ends = random.Random(seed), list[str](), Counter[str]()
    few = Override("uncertainty.draws", "0", "a trial")
    evaluation = evaluate(load_study(HAND, [few]))
    run = place_run(evaluation, at / "runs").folder
    (run / "note.txt").write_text("mine")
    size = sum(path.stat().st_size for path in run.rglob("*") if path.is_file())
    for moment in range(count):
        room = dice.randrange(2 * size)  # blocks are rounded up, one file at least each
        ballast = at / "ballast"
        ballast.write_bytes(b"\0" * max(shutil.disk_usage(at).free - room, 0))
        before = (run / "manifest.json").read_bytes()
        try:
            place_run(evaluation, at / "runs")
            ends["written"] += 1
        except RunError as error:
            ends["refused"] += 1
            if "No space left on device. Nothing was written." not in str(error):
                faults.append(f"{moment}: {error}")
            if (run / "manifest.json").read_bytes() != before:
                faults.append(f"{moment}: the run that was there is another")
        ballast.unlink()
        if list((at / "runs").iterdir()) != [run] or read_run(run).strangers != ("note.txt",):
            faults.append(f"{moment}: {sorted(p.name for p in (at / 'runs').iterdir())}")
    print(dict(ends))
    return faults
