"""Folders for the time of writing: named by their owner, cleared by others once it is dead."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evaluator.disk import scratch as module
from evaluator.disk.scratch import scratch, sweep

LEAVES = """
import os, sys
from pathlib import Path
from evaluator.disk.scratch import scratch
with scratch(Path(sys.argv[1])) as folder:
    (folder / "half").write_text("half")
    print(folder, flush=True)
    if sys.argv[2] == "dies":
        os.kill(os.getpid(), 9)
    sys.stdin.read()
"""


def leave(parent: Path, how: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", LEAVES, str(parent), how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def renamed(folder: Path, place: int, to: str) -> Path:
    """Give a folder another host (2), process (3) or start (4) in its name."""
    parts = folder.name.split("-")
    parts[place - 1] = to
    return folder.rename(folder.with_name("-".join(parts)))


def test_it_says_whose_it_is_and_goes(tmp_path: Path) -> None:
    with scratch(tmp_path) as folder:
        assert folder.parent == tmp_path
        _, _, process, start, _ = folder.name.split("-")
        assert process == str(os.getpid())
        fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
        assert start == fields[22 - 3]
        sweep(tmp_path)
        assert folder.is_dir()
    assert not list(tmp_path.iterdir())


def test_one_of_a_dead_process_is_cleared_and_of_a_living_one_is_not(tmp_path: Path) -> None:
    dead, living = leave(tmp_path, "dies"), leave(tmp_path, "lives")
    assert living.stdout is not None
    kept = Path(living.stdout.readline().strip())
    dead.communicate()
    assert dead.returncode == -9
    assert len(list(tmp_path.iterdir())) == 2
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == [kept]
    assert (kept / "half").read_text() == "half"
    living.communicate("")
    assert not list(tmp_path.iterdir())


def test_one_that_nobody_has_waited_for_is_dead(tmp_path: Path) -> None:
    dead = leave(tmp_path, "dies")
    assert dead.stdout is not None
    assert dead.stdout.read()
    while Path(f"/proc/{dead.pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
        time.sleep(0.01)
    sweep(tmp_path)
    assert not list(tmp_path.iterdir())
    dead.communicate()


def test_a_number_that_is_given_again_is_another_process(tmp_path: Path) -> None:
    with scratch(tmp_path) as folder:
        renamed(folder, 4, "1")
        sweep(tmp_path)
        assert not list(tmp_path.iterdir())


def test_one_of_another_host_goes_by_age(tmp_path: Path) -> None:
    with scratch(tmp_path) as folder:
        other = renamed(folder, 2, "elsewhere_00000000")
        sweep(tmp_path)
        assert other.is_dir()
        day = time.time() - 25 * 60 * 60
        os.utime(other, (day, day))
        sweep(tmp_path)
        assert not other.exists()


def test_what_somebody_else_made_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = 1_000_000_000
    for name in (".writing-notes", ".writing-a-1-1-b-c", "writing-a-1-1-b", ".writing-a-1-1-"):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (old, old))
    sweep(tmp_path)
    assert len(list(tmp_path.iterdir())) == 4
    with scratch(tmp_path) as folder:
        other = renamed(folder, 4, "1")
        monkeypatch.setattr(os, "geteuid", lambda: 54321)
        sweep(tmp_path)
        assert other.is_dir()


def test_what_cannot_be_rescued_is_left(tmp_path: Path) -> None:
    def fails(folder: Path) -> None:
        raise OSError

    with scratch(tmp_path) as folder:
        left = renamed(folder, 4, "1")
        sweep(tmp_path, fails)
        assert left.is_dir()
        left.rmdir()


def test_without_proc_age_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_started", lambda process: None)
    with scratch(tmp_path) as folder:
        sweep(tmp_path)
        assert folder.is_dir()
