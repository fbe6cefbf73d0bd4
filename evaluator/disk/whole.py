"""Files and folders put in their place in one step."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from evaluator.disk.scratch import scratch, sweep
from evaluator.signals import held

_HERE, _EXCHANGE, _NO_REPLACE = -100, 2, 1
"""AT_FDCWD, RENAME_EXCHANGE and RENAME_NOREPLACE of renameat2(2)."""
CANNOT = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM)
"""What a system says that knows no such renaming."""


@held()
def write_whole(files: Mapping[Path, bytes]) -> None:
    """Write files of one folder, each whole or as it was before, links followed.

    All are on disk before the first is put in its place. What is neither a file nor a folder, such
    as a pipe, is written to. Raises OSError where one cannot be written.
    """
    plain = {}
    for path, data in files.items():
        if path.exists() and not path.is_file():
            path.write_bytes(data)  # IsADirectoryError of a folder
        else:
            plain[path.resolve()] = data
    if not plain:
        return
    parent = next(iter(plain)).parent
    sweep(parent)
    with scratch(parent) as folder:
        for path, data in plain.items():
            new = folder / path.name
            new.write_bytes(data)
            sync(new)
            if path.exists():
                shutil.copymode(path, new)
        for path in plain:
            (folder / path.name).replace(path)
    sync(parent)


def sync(path: Path) -> None:
    """Have a file or folder on disk. Raises OSError where a file cannot be."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    except OSError:
        if path.is_file():  # not every system can do so for a folder
            raise
    finally:
        os.close(opened)


def exchange(one: Path, other: Path) -> None:
    """Let two folders trade places, so that there is always one in either.

    Raises OSError: of `CANNOT` where the system knows no such thing, else where one is missing
    or cannot be moved.
    """
    _rename(one, other, _EXCHANGE)


def move(one: Path, other: Path) -> None:
    """Move a folder to where there is nothing. Raises FileExistsError where there is something."""
    try:
        _rename(one, other, _NO_REPLACE)
    except OSError as error:
        if error.errno not in CANNOT:
            raise
        with suppress(FileNotFoundError):
            other.lstat()
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(other)) from None
        one.rename(other)


def _rename(one: Path, other: Path, how: int) -> None:
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), str(other))
    names = os.fsencode(one), os.fsencode(other)
    if call(_HERE, names[0], _HERE, names[1], ctypes.c_uint(how)) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(other))
