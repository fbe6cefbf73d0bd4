"""Folders for the time of writing. Their names say whose they are, so that others can clear them.

`.writing-<host>-<process>-<start of the process>-<random>`. A process that is killed leaves its
folder behind; the next that writes to the same place clears it, unless its owner still lives.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from evaluator.signals import if_stopped

_NAME = re.compile(r"\.writing-([A-Za-z0-9_]+)-([0-9]+)-([0-9]+)-[a-z0-9_]+")
_OLD = 24 * 60 * 60
"""Seconds after which a folder of another host is abandoned: writing takes a few."""
_START = 19
"""Of the fields of /proc/<process>/stat behind the name: the start in ticks since the boot."""


@contextmanager
def scratch(parent: Path | None = None) -> Iterator[Path]:
    """Make a folder in a place, or where temporary files go, and remove it with all in it.

    It goes as well where a signal ends the process (see `signals.stoppable`). Raises OSError where
    there can be none.
    """
    if parent is None:
        parent = Path(tempfile.gettempdir())
        _sweep_once(parent)
    start = _started(os.getpid()) or 0
    prefix = f".writing-{_host()}-{os.getpid()}-{start}-"
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))

    def remove() -> None:
        shutil.rmtree(folder, ignore_errors=True)

    with if_stopped(remove):
        try:
            yield folder
        finally:
            remove()


def sweep(parent: Path, rescue: Callable[[Path], None] = lambda folder: None) -> None:
    """Remove folders that dead processes of the same user left in a place.

    Those of this host go once their process is gone, those of another after a day. `rescue` is
    told each before it is removed; one that it raises OSError for is left. What cannot be removed
    is left as well.
    """
    with suppress(OSError):
        for folder in [one for one in parent.iterdir() if _abandoned(one)]:
            with suppress(OSError):
                rescue(folder)
                shutil.rmtree(folder, ignore_errors=True)


@cache
def _sweep_once(parent: Path) -> None:
    sweep(parent)


def _abandoned(folder: Path) -> bool:
    named = _NAME.fullmatch(folder.name)
    if named is None:
        return False
    try:
        about = folder.lstat()
    except OSError:  # another has just removed it
        return False
    if about.st_uid != os.geteuid():
        return False
    host, process, start = named.groups()
    if host == _host() and start != "0":
        return _started(int(process)) != int(start)
    return time.time() - about.st_mtime > _OLD


def _started(process: int) -> int | None:
    """Return when a process began, in ticks since the boot; None if it is gone or not known."""
    try:
        told = Path(f"/proc/{process}/stat").read_text(errors="replace")
    except OSError:
        return None
    state, *fields = told.rpartition(")")[2].split()
    return None if state in "ZX" else int(fields[_START - 1])


@cache
def _host() -> str:
    """Return host, boot and space of process numbers: where a number means one process."""
    parts = [os.uname().nodename]
    for place in ("/proc/sys/kernel/random/boot_id", "/proc/self/ns/pid"):
        with suppress(OSError):
            path = Path(place)
            parts.append(str(path.readlink()) if path.is_symlink() else path.read_text().strip())
    short = re.sub(r"[^A-Za-z0-9]", "_", parts[0])[:20]
    return f"{short}_{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:8]}"
