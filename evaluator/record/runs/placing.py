"""The folder of a run, put in its place in one step; what others keep in it stays there."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from evaluator.disk.scratch import scratch, sweep
from evaluator.disk.whole import CANNOT, exchange, move, sync
from evaluator.errors import RunError
from evaluator.record.runs.manifest import MANIFEST
from evaluator.results.schema import TABLES
from evaluator.signals import held

_ASIDE = "~"
"""Behind the name of a run that is replaced where folders cannot trade places."""
_TRIES = 20


@dataclass(frozen=True)
class Placed:
    """A run in its place."""

    folder: Path
    strangers: tuple[str, ...]
    """What of others was in the run that it replaces, by its path now."""
    away: bool
    """Whether the run that it replaces was away for a moment: folders cannot trade places here."""


@held()
def place(files: Mapping[str, bytes], target: Path) -> Placed:
    """Write the files of a run, its manifest among them, to a folder in place of the target.

    They are on disk before they take the place of the run that is there. Files that its manifest
    does not list are kept; where one has the name of a file of the new run, as `<name>.kept`.
    Raises RunError where there is something that is no run, and where it cannot be written.
    """
    target = target.resolve() if target.is_symlink() else target
    missing = [one for one in target.parents if not os.path.lexists(one)]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        sweep(target.parent, _rescue)
        with scratch(target.parent) as folder:
            new = folder / target.name
            _write(files, new)
            listed = _files_of(target)
            strangers = _carry(target, new, listed) if listed is not None else []
            sync(new)
            old, away = _swap(new, target)
            if old is not None:
                strangers += _bring(old, target)
            sync(target.parent)
    except OSError as error:
        for parent in missing:
            with suppress(OSError):
                parent.rmdir()
        _cannot(target, error)
    return Placed(target, tuple(dict.fromkeys(strangers)), away)


@held()
def remove(target: Path, listed: Mapping[str, object]) -> bool:
    """Remove the folder of a run in one step; return False where files of others are in it.

    listed: the files of its manifest. Raises RunError where it cannot be removed.
    """
    try:
        with scratch(target.parent) as aside:
            old = aside / f"{target.name}{_ASIDE}"
            target.rename(old)
            if any(strangers_in(old, listed)):
                move(old, target)
                return False
            shutil.rmtree(old)
            sync(target.parent)
    except OSError as error:
        raise RunError(f"{target} cannot be removed: {error.strerror}.") from None
    return True


def strangers_in(folder: Path, listed: Mapping[str, object]) -> Iterator[str]:
    """Yield what is in a run's folder that its manifest does not list, folders that are empty too.

    Raises OSError where it cannot be read.
    """
    known = {MANIFEST, *listed}
    for base, folders, names in os.walk(folder):
        here = Path(base).relative_to(folder)
        links = [name for name in folders if (Path(base) / name).is_symlink()]
        for name in (*names, *links):
            path = (here / name).as_posix()
            if path not in known:
                yield path
        if not names and not folders and base != str(folder):
            yield here.as_posix()


def _write(files: Mapping[str, bytes], new: Path) -> None:
    """Write a run's files to a new folder, its manifest last, and have them on disk."""
    new.mkdir()
    folders = {new}
    for name in sorted(files, key=lambda name: name == MANIFEST):
        path = new / name
        path.parent.mkdir(exist_ok=True)
        folders.add(path.parent)
        path.write_bytes(files[name])
        sync(path)
    for folder in folders:
        sync(folder)


def _files_of(target: Path) -> Mapping[str, object] | None:
    """Return what the manifest of a run lists; None where nothing is there.

    Raises RunError where there is something that is no run: it may be somebody's.
    """
    for _ in range(_TRIES):  # one that another is putting in its place may be away for a moment
        if not os.path.lexists(target):
            return None
        with suppress(OSError, ValueError, TypeError, KeyError):
            return dict(json.loads((target / MANIFEST).read_bytes())["files"])
    fact = "exists and is not a run. Move it away or choose another place."
    raise RunError(f"{target} {fact}")


def _swap(new: Path, target: Path) -> tuple[Path | None, bool]:
    """Put the new folder in the place of the old one, or of none.

    Another process may do the same; it writes the same run, and whichever is last stays. Returns
    where the old one is now, if there was any, and whether it was away for a moment.
    """
    for _ in range(_TRIES):
        try:
            exchange(new, target)
        except FileNotFoundError:
            with suppress(FileExistsError):
                move(new, target)
                return None, False
        except OSError as error:
            if error.errno not in CANNOT:
                raise
            if not os.path.lexists(target):
                with suppress(FileExistsError):
                    move(new, target)
                    return None, False
                continue
            return _aside(new, target), True
        else:
            return new, False
    raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(target))


def _aside(new: Path, target: Path) -> Path | None:
    """Move the old folder aside and the new one in its place, or the old one back."""
    aside = new.with_name(f"{new.name}{_ASIDE}")
    with suppress(FileNotFoundError):  # another has just moved it aside, and puts the same there
        target.rename(aside)
    try:
        move(new, target)
    except OSError as error:
        if aside.exists() and not os.path.lexists(target):
            aside.rename(target)
        if error.errno != errno.EEXIST:
            raise
    return aside if aside.exists() else None


def _carry(old: Path, new: Path, listed: Mapping[str, object]) -> list[str]:
    """Have what others keep in the old folder in the new one too; return it by its new path."""
    kept = []
    for name in strangers_in(old, listed):
        source, goal = old / name, new / _free(new, name)
        goal.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # whoever owns it has just taken it away
            if source.is_dir() and not source.is_symlink():
                goal.mkdir(exist_ok=True)
            else:
                try:
                    os.link(source, goal, follow_symlinks=False)
                except OSError:
                    shutil.copy2(source, goal, follow_symlinks=False)
            kept.append(goal.relative_to(new).as_posix())
    return kept


def _bring(old: Path, target: Path) -> list[str]:
    """Move what others changed or put in the old folder of late; return it by its new path."""
    brought = []
    for name in strangers_in(old, _files_of(old) or {}):
        source, goal = old / name, target / name
        if source.is_dir() and not source.is_symlink():
            continue
        if _listed_or_table(target, name):
            goal = target / _kept(name)
        with suppress(FileNotFoundError):
            if os.path.lexists(goal) and os.path.samestat(source.lstat(), goal.lstat()):
                continue
            if goal.is_file() and source.is_file() and goal.read_bytes() == source.read_bytes():
                continue
            goal.parent.mkdir(parents=True, exist_ok=True)
            source.rename(goal)
            brought.append(goal.relative_to(target).as_posix())
    return brought


def _free(new: Path, name: str) -> str:
    """Return the path for a stranger: its own where no file of a run has it."""
    return _kept(name) if (new / name).exists() or _table(name) else name


def _listed_or_table(target: Path, name: str) -> bool:
    return _table(name) or name in (_files_of(target) or {})


def _table(name: str) -> bool:
    return name in {f"{table}.csv" for table in TABLES}


def _kept(name: str) -> str:
    return f"{name}.kept"


def _rescue(folder: Path) -> None:
    """Save what others kept in runs that a killed process has left in a folder of its own.

    A run that was moved aside and never replaced goes back. Raises OSError where that cannot be.
    """
    for old in folder.iterdir():
        target = folder.parent / old.name.removesuffix(_ASIDE)
        if not (old / MANIFEST).is_file():
            continue
        if os.path.lexists(target):
            _bring(old, target)
        elif old.name.endswith(_ASIDE):
            old.rename(target)


def _cannot(target: Path, error: OSError) -> NoReturn:
    """Say that a run cannot be written, and why."""
    fact, remedy = f"cannot be written: {error.strerror}.", "Choose another place."
    if error.errno == errno.EXDEV:
        fact = "cannot be replaced: this file system does not move the folder that is there."
        remedy = "Choose another place, or move it away yourself."
    raise RunError(f"{target} {fact} Nothing was written. {remedy}") from None
