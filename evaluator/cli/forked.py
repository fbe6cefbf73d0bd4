"""Work in a second process while this one goes on."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import Any

from evaluator.steps import Begin


@contextmanager
def beside(prepare: Callable[[], object]) -> Iterator[Begin]:
    """Give a way to make calls in a fork of this process, which prepares itself meanwhile.

    Calls are made one after the other, in the order in which they are begun. Where no fork is safe
    or of use, or where it fails, a call is made here when its answer is asked for: the answer, or
    what it raises, is the same.
    """
    if not _can_fork():
        yield partial
        return
    context = get_context("fork")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(prepare, there, here), daemon=True)
    process.start()
    there.close()
    # A pipe holds little: sent from this thread, a call would wait until the fork is ready for it.
    calls = ThreadPoolExecutor(1)
    try:
        yield partial(_begin, calls, here)
    finally:
        process.kill()
        process.join()
        calls.shutdown(cancel_futures=True)
        here.close()


def _begin(
    calls: ThreadPoolExecutor,
    here: Connection,
    call: Callable[..., Any],
    *arguments: object,
    **named: object,
) -> Callable[[], Any]:
    answered = calls.submit(_ask, here, ForkingPickler.dumps((call, arguments, named)))

    def answer() -> Any:
        try:
            return answered.result()
        except (EOFError, OSError):
            return call(*arguments, **named)

    return answer


def _ask(here: Connection, message: memoryview) -> Any:
    here.send_bytes(message)
    return here.recv()


def _can_fork() -> bool:
    # A lock that another thread holds stays locked in a fork for ever.
    try:
        alone = len([*Path("/proc/self/task").iterdir()]) == 1
    except OSError:  # not Linux
        return False
    return alone and len(os.sched_getaffinity(0)) > 1


def _serve(prepare: Callable[[], object], there: Connection, here: Connection) -> None:
    here.close()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # the one who asks tells of an interrupt
    with suppress(BaseException):
        prepare()
        while True:
            call, arguments, named = there.recv()
            there.send(call(*arguments, **named))
