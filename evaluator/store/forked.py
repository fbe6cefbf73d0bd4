"""Work in a second process while this one goes on."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

A = TypeVar("A")
T = TypeVar("T")
Begin = Callable[[A], Callable[[], T]]
"""Begins a call; what it returns waits for the answer and gives it."""


@contextmanager
def beside(call: Callable[[A], T], prepare: Callable[[], object]) -> Iterator[Begin[A, T]]:
    """Give a way to make one call in a fork of this process, which prepares itself meanwhile.

    Where no fork is safe or of use, or where it fails, the call is made here when its answer is
    asked for: the answer, or what it raises, is the same.
    """
    if not _can_fork():
        yield lambda argument: partial(call, argument)
        return
    context = get_context("fork")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(call, prepare, there, here), daemon=True)
    process.start()
    there.close()

    def begin(argument: A) -> Callable[[], T]:
        with suppress(OSError):
            here.send(argument)

        def answer() -> T:
            try:
                found: T = here.recv()
            except (EOFError, OSError):
                return call(argument)
            return found

        return answer

    try:
        yield begin
    finally:
        here.close()
        process.kill()
        process.join()


def _can_fork() -> bool:
    # A lock that another thread holds stays locked in a fork for ever.
    try:
        alone = len([*Path("/proc/self/task").iterdir()]) == 1
    except OSError:  # not Linux
        return False
    return alone and len(os.sched_getaffinity(0)) > 1


def _serve(
    call: Callable[[A], object], prepare: Callable[[], object], there: Connection, here: Connection
) -> None:
    here.close()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # the one who asks tells of an interrupt
    with suppress(BaseException):
        prepare()
        there.send(call(there.recv()))
