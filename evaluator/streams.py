"""Standard output and error of the process: closed, full, or read by nobody, they cost no work.

What cannot be written is dropped, and the exit code says so in the end. A reader that goes away
has read what it wanted: that changes nothing.
"""

from __future__ import annotations

import errno
import io
import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO

_CLOSED = "it is closed"
NOT_SHOWN = 5
"""Exit code of what was done, and could not be shown."""


class _Stream(io.RawIOBase):
    """A file number to which every write seems to succeed."""

    def __init__(self, number: int, fault: str) -> None:
        self._number = number
        self._gone = False
        self.fault = fault
        """Why something was dropped; empty where nothing was."""

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._number

    def isatty(self) -> bool:
        return os.isatty(self._number)

    def write(self, data: Any) -> int:
        while not self.fault and not self._gone:
            try:
                return os.write(self._number, data)
            except BlockingIOError:
                select.select([], [self._number], [])
            except OSError as error:
                self._gone = error.errno == errno.EPIPE
                self.fault = "" if self._gone else str(error.strerror)
        return len(data)


class Ended:
    """How the command ended."""

    code = 0


@contextmanager
def streams() -> Iterator[Ended]:
    """Print through streams that never fail; take up the exit of what is inside.

    Numbers that are closed lead nowhere, so that no file that is opened is taken for them. What
    somebody has put in the place of the streams of the process stays there.
    """
    closed = _opened()
    before, ended = (sys.stdout, sys.stderr), Ended()
    shown, told = (_Stream(number, _CLOSED if number in closed else "") for number in (1, 2))
    if before[0] is sys.__stdout__:
        sys.stdout = _text(shown, before[0], "strict")
    if before[1] is sys.__stderr__:
        sys.stderr = _text(told, before[1])
    try:
        yield ended
    except SystemExit as end:
        ended.code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        sys.stdout.flush()
        if shown.fault:
            print(
                f"Standard output cannot be written ({shown.fault}): not all is shown.",
                file=sys.stderr,
            )
            ended.code = ended.code or NOT_SHOWN
        sys.stderr.flush()
        sys.stdout, sys.stderr = before


def reached() -> bool:
    """Return whether nothing of what was printed so far was dropped for a fault of the output."""
    if sys.stdout is None:  # closed, and nobody has called `streams`
        return False
    sys.stdout.flush()
    stream = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return not getattr(stream, "fault", "")


def _opened() -> set[int]:
    """Have the three standard numbers lead somewhere; return those that did not."""
    closed = set()
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            closed.add(number)
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    return closed


def _text(stream: _Stream, like: TextIO | None, errors: str = "backslashreplace") -> TextIO:
    with suppress(OSError, ValueError):
        if like is not None:
            like.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(stream),
        encoding=like.encoding if like is not None else "utf-8",
        errors=(like.errors if like is not None else None) or errors,
        line_buffering=stream.isatty(),
    )
