"""Files are there whole or as they were; folders trade places in one step."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from evaluator.disk import whole
from evaluator.disk.whole import exchange, move, write_whole


def folder(path: Path, text: str) -> Path:
    path.mkdir()
    (path / "what").write_text(text)
    return path


def test_folders_trade_places(tmp_path: Path) -> None:
    one, other = folder(tmp_path / "one", "1"), folder(tmp_path / "other", "2")
    exchange(one, other)
    assert ((one / "what").read_text(), (other / "what").read_text()) == ("2", "1")
    with pytest.raises(FileNotFoundError):
        exchange(one, tmp_path / "nowhere")
    assert (one / "what").read_text() == "2"


@pytest.mark.parametrize("known", [True, False])
def test_nothing_is_moved_over_something(
    known: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not known:

        def unknown(one: Path, other: Path, how: int) -> None:
            raise OSError(errno.EINVAL, "Invalid argument")

        monkeypatch.setattr(whole, "_rename", unknown)
    one, other = folder(tmp_path / "one", "1"), tmp_path / "other"
    other.mkdir()  # a plain rename would replace it, as it is empty
    with pytest.raises(FileExistsError):
        move(one, other)
    other.rmdir()
    move(one, other)
    assert (other / "what").read_text() == "1"


def test_a_link_is_followed_and_the_mode_stays(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    page = tmp_path / "far" / "page.html"
    page.write_text("old")
    page.chmod(0o640)
    (tmp_path / "link.html").symlink_to(page)
    write_whole({tmp_path / "link.html": b"new"})
    assert (page.read_bytes(), stat.S_IMODE(page.stat().st_mode)) == (b"new", 0o640)
    assert (tmp_path / "link.html").is_symlink()


def test_one_that_fails_leaves_all_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "b").mkdir()
    with pytest.raises(OSError, match="Is a directory"):
        write_whole({tmp_path / "a": b"new", tmp_path / "b": b"new"})
    with pytest.raises(OSError, match="No such file"):
        write_whole({tmp_path / "nowhere" / "c": b"new"})
    assert (tmp_path / "a").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_what_is_no_file_is_written_to(tmp_path: Path) -> None:
    hears, tells = os.pipe()
    write_whole({Path(f"/dev/fd/{tells}"): b"page"})
    os.close(tells)
    assert os.read(hears, 10) == b"page"
    os.close(hears)
