"""Signals that end a process: at once, yet not while something is half written."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import RLock, Thread, current_thread, main_thread
from types import FrameType
from typing import NoReturn

_ENDING = tuple(
    number
    for name in ("SIGINT", "SIGTERM", "SIGHUP")
    if (number := getattr(signal, name, None)) is not None
)
_STOPPED: Mapping[int, str] = {
    signal.SIGINT: "Interrupted.",
    signal.SIGTERM: "Ended by SIGTERM.",
}
_WHOLE = "What is written is written whole; nothing is there by half."
_WRITING = RLock()
"""Held while something is written: whoever ends the process waits for it."""
_undone: dict[int, Callable[[], object]] = {}


@contextmanager
def held() -> Iterator[None]:
    """Hold signals that end the process until what is inside is done; one that came acts then.

    Holds without `stoppable` as well, as in a notebook, there in the main thread only, which is
    the one that is interrupted.
    """
    came: list[int] = []
    before = {}
    if current_thread() is main_thread():
        before = {number: signal.getsignal(number) for number in _ENDING}
    ours = [number for number, now in before.items() if now not in (signal.SIG_IGN, None)]
    for number in ours:
        signal.signal(number, lambda number, _: came.append(number))
    try:
        with _WRITING:
            yield
    finally:
        for number in ours:
            signal.signal(number, before[number])
        for number in came[:1]:
            signal.raise_signal(number)


@contextmanager
def if_stopped(undo: Callable[[], object]) -> Iterator[None]:
    """Let `undo` be called where a signal ends the process in the meantime."""
    _undone[id(undo)] = undo
    try:
        yield
    finally:
        del _undone[id(undo)]


@contextmanager
def stoppable() -> Iterator[None]:
    """End the process by a signal with 128 and its number, without a traceback, at once.

    A thread waits for signals, as the main one may be in a library for minutes, and libraries in C
    turn an exception into another or a crash. It waits while something is written (see `held`). A
    signal that is ignored, as under nohup, stays so. For the whole of a process: once what is
    inside is done, it ends by itself, and signals change that no more.
    """
    hears, tells = os.pipe()
    for end in (hears, tells):
        os.set_blocking(end, end == hears)
    ours = [one for one in _ENDING if signal.getsignal(one) != signal.SIG_IGN]
    for number in ours:
        signal.signal(number, _wait)
    signal.set_wakeup_fd(tells, warn_on_full_buffer=False)
    Thread(target=_watch, args=(hears, frozenset(ours)), daemon=True).start()
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_IGN)
        signal.set_wakeup_fd(-1)
        os.close(tells)


@contextmanager
def left_alone() -> Iterator[None]:
    """Leave signals to what is inside, which ends by itself on them: a server, by its own rules."""
    before = signal.set_wakeup_fd(-1)
    try:
        yield
    finally:
        signal.set_wakeup_fd(before, warn_on_full_buffer=False)


def _wait(number: int, frame: FrameType | None) -> None:
    """Do nothing: the thread that watches ends the process."""


def _watch(hears: int, ours: frozenset[int]) -> None:
    while heard := os.read(hears, 1):
        if heard[0] in ours:
            with _WRITING:
                _end(heard[0])
    os.close(hears)


def _end(number: int) -> NoReturn:
    for undo in list(_undone.values()):
        with suppress(Exception):
            undo()
    told = f"{_STOPPED.get(number, 'The terminal is gone.')} {_WHOLE}\n"
    with suppress(OSError, ValueError):  # closed, full, or nobody reads it: it must not hang here
        if select.select([], [2], [], 0)[1]:
            os.write(2, told.encode())
    os._exit(128 + number)
