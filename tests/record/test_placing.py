"""A run takes the place of another in one step, and what others keep beside it stays."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from evaluator.disk import whole
from evaluator.errors import RunError
from evaluator.record.runs import placing
from evaluator.record.runs.placing import place

ROUNDS = 12
WRITER = """
import sys
from pathlib import Path
from evaluator.record.runs.placing import place
target, word = Path(sys.argv[1]), sys.argv[2]
sys.stdin.read(1)
for number in range(int(sys.argv[3])):
    files = {f"{n}.txt": f"{word}{number}".encode() * 1000 for n in range(6)}
    files["manifest.json"] = b'{"files": {%s}}' % b", ".join(
        b'"%d.txt": ""' % n for n in range(6)
    )
    place(files, target)
"""


def run(*names: str, say: str = "one") -> dict[str, bytes]:
    """Return the files of something that looks like a run."""
    files = {name: f"{say} of {name}".encode() for name in names}
    manifest = {"files": dict.fromkeys(names, ""), "say": say}
    return {"manifest.json": json.dumps(manifest).encode(), **files}


def there(folder: Path) -> dict[str, str]:
    """Return what is in a folder but for the manifest."""
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }


def fails(number: int, monkeypatch: pytest.MonkeyPatch, *, of: int = -1) -> None:
    """Let the system refuse to let folders trade places, or (`of`) every such renaming."""
    right = whole._rename

    def wrong(one: Path, other: Path, how: int) -> None:
        if how in (2, of):
            raise OSError(number, os.strerror(number), str(other))
        right(one, other, how)

    monkeypatch.setattr(whole, "_rename", wrong)


@pytest.fixture(params=["trading", "moving"])
def _either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a test where folders can trade places, and where they cannot."""
    if request.param == "moving":
        fails(errno.EINVAL, monkeypatch)


@pytest.mark.usefixtures("_either")
def test_a_run_takes_the_place_of_another(tmp_path: Path) -> None:
    target = tmp_path / "run"
    assert not place(run("a.csv", "b/c.svg"), target).away
    placed = place(run("a.csv", say="two"), target)
    assert there(target) == {"a.csv": "two of a.csv"}
    assert placed.strangers == ()
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.usefixtures("_either")
def test_what_others_keep_in_it_stays(tmp_path: Path) -> None:
    target = tmp_path / "run"
    place(run("a.csv", "gone.csv", "figures/x.svg"), target)
    (target / "note.txt").write_text("mine")
    (target / "figures" / "mine.svg").write_text("my figure")
    (target / "new.csv").write_text("was mine before the run had one")
    (target / "ranking.csv").write_text("has the name of a table")
    (target / "empty").mkdir()
    (target / "latest").symlink_to("..")
    (target / "note.txt").chmod(0o600)
    placed = place(run("a.csv", "new.csv", say="two"), target)
    assert there(target) == {
        "a.csv": "two of a.csv",
        "new.csv": "two of new.csv",
        "note.txt": "mine",
        "figures/mine.svg": "my figure",
        "new.csv.kept": "was mine before the run had one",
        "ranking.csv.kept": "has the name of a table",
    }
    assert (target / "empty").is_dir()
    assert (target / "latest").readlink() == Path("..")
    assert (target / "note.txt").stat().st_mode & 0o777 == 0o600
    assert set(placed.strangers) == {
        *("note.txt", "figures/mine.svg", "empty", "latest"),
        *("new.csv.kept", "ranking.csv.kept"),
    }
    assert list(tmp_path.iterdir()) == [target]
    assert set(place(run("a.csv", "new.csv"), target).strangers) == set(placed.strangers)


def test_what_cannot_be_linked_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    target = tmp_path / "run"
    place(run("a.csv"), target)
    (target / "note.txt").write_text("mine")
    monkeypatch.setattr(os, "link", refuse)
    assert place(run("a.csv"), target).strangers == ("note.txt",)
    assert there(target)["note.txt"] == "mine"


def test_what_comes_at_the_last_moment_stays_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "run"
    place(run("a.csv"), target)
    (target / "note.txt").write_text("before")
    swap = placing._swap

    def late(new: Path, target: Path) -> tuple[Path | None, bool]:
        (target / "late.txt").write_text("late")
        (target / "editor").write_text("after")
        (target / "editor").replace(target / "note.txt")  # as editors save
        return swap(new, target)

    monkeypatch.setattr(placing, "_swap", late)
    assert set(place(run("a.csv"), target).strangers) == {"note.txt", "late.txt"}
    assert there(target) == {"a.csv": "one of a.csv", "note.txt": "after", "late.txt": "late"}


def test_where_folders_cannot_be_moved_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "run"
    place(run("a.csv"), target)
    fails(errno.EXDEV, monkeypatch)
    with pytest.raises(RunError, match=r"does not move .* Nothing was written\. Choose another"):
        place(run("a.csv", say="two"), target)
    assert there(target) == {"a.csv": "one of a.csv"}
    assert list(tmp_path.iterdir()) == [target]


def test_where_one_cannot_take_the_place_the_old_one_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "run"
    place(run("a.csv"), target)
    fails(errno.EINVAL, monkeypatch)

    def full(one: Path, other: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(placing, "move", full)
    with pytest.raises(RunError, match="No space left on device"):
        place(run("a.csv", say="two"), target)
    assert there(target) == {"a.csv": "one of a.csv"}
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("what", ["file", "empty", "notes", "broken", "list"])
def test_what_is_no_run_is_left_alone(what: str, tmp_path: Path) -> None:
    target = tmp_path / "run"
    if what == "file":
        target.write_text("notes")
    else:
        target.mkdir()
        content = {"notes": "notes", "broken": "{", "list": "[]"}.get(what)
        if content:
            (target / ("notes.txt" if what == "notes" else "manifest.json")).write_text(content)
    with pytest.raises(RunError, match="exists and is not a run"):
        place(run("a.csv"), target)
    assert list(tmp_path.iterdir()) == [target]
    assert target.is_file() == (what == "file")


def test_folders_made_for_a_run_that_cannot_be_written_are_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(one: Path, other: Path, how: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(whole, "_rename", full)
    with pytest.raises(RunError, match=r"No space left on device\. Nothing was written"):
        place(run("a.csv"), tmp_path / "below" / "further" / "run")
    assert not list(tmp_path.iterdir())


def test_a_link_to_a_run_stays_one(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    real = place(run("a.csv"), tmp_path / "far" / "run").folder
    (tmp_path / "run").symlink_to(real)
    place(run("a.csv", say="two"), tmp_path / "run")
    assert (tmp_path / "run").is_symlink()
    assert there(real) == {"a.csv": "two of a.csv"}


def left_by_a_dead_process(parent: Path, folders: Mapping[str, Mapping[str, bytes]]) -> None:
    """Make what a process that was killed left behind, as `evaluator.disk.scratch` names it."""
    from evaluator.disk.scratch import _host

    folder = parent / f".writing-{_host()}-{os.getpid()}-1-dead"
    for name, files in folders.items():
        for path, data in files.items():
            (folder / name / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / name / path).write_bytes(data)


def test_the_next_run_clears_what_a_killed_one_left_and_saves_what_is_not_its_own(
    tmp_path: Path,
) -> None:
    target = tmp_path / "run"
    place(run("a.csv"), target)
    old = {**run("a.csv", say="old"), "note.txt": b"mine"}
    half = {"a.csv": b"half"}
    left_by_a_dead_process(tmp_path, {"run": old, "other": half})
    assert place(run("a.csv", say="two"), target).strangers == ("note.txt",)
    assert there(target) == {"a.csv": "two of a.csv", "note.txt": "mine"}
    assert list(tmp_path.iterdir()) == [target]


def test_a_run_that_a_killed_one_moved_aside_is_put_back(tmp_path: Path) -> None:
    left_by_a_dead_process(tmp_path, {"run~": run("a.csv", say="old"), "run": {"a.csv": b"half"}})
    place(run("b.csv"), tmp_path / "another")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["another", "run"]
    assert there(tmp_path / "run") == {"a.csv": "old of a.csv"}


@pytest.fixture
def locked() -> Iterator[Path]:
    """A folder that cannot be written to, whoever runs the tests."""
    folder = Path(tempfile.mkdtemp())  # tmp_path is closed to the user below
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    yield folder
    if root:
        os.seteuid(0)
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_folder_that_cannot_be_written_to(locked: Path) -> None:
    for target in (locked / "run", locked / "below" / "run"):
        with pytest.raises(RunError, match=r"Permission denied\. Nothing was written\. Choose"):
            place(run("a.csv"), target)
    assert not list(locked.iterdir())


@pytest.mark.slow
def test_eight_write_the_same_run(tmp_path: Path) -> None:
    target = tmp_path / "run"
    place(run("a.csv"), target)
    (target / "note.txt").write_text("mine")
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(target), word, str(ROUNDS)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for word in "abcdefgh"
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("x")
        writer.stdin.flush()
    seen = 0
    while any(writer.poll() is None for writer in writers):
        assert (target / "manifest.json").is_file(), "a run is away"
        seen += 1
    for writer in writers:
        assert writer.communicate()[1] == ""
        assert writer.returncode == 0
    assert seen > 100
    files = there(target)
    assert files.pop("note.txt") == "mine"
    assert len(files) == 6
    assert len(set(files.values())) == 1, "files of several writers"
    assert list(tmp_path.iterdir()) == [target]
