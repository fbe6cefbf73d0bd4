"""One worker: a process that answers wishes by a pipe, and ends with the process that began it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import Any, Protocol

from evaluator.errors import EvaluatorError
from evaluator.sanitize import shortened

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    [f"evaluator.workbench.solving.{name}" for name in ("effect", "screen")]
)
_BEHIND = 5
"""How far workers stand behind the server for a processor: a page is not to wait for a solve."""
_LONGEST = 300
"""Letters of an error that is told."""
_FEW = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MALLOC_ARENA_MAX"), "1")
"""Two solves at once on two cores: threads within each only hold up the other. One arena: with one
for each thread of the draws a worker holds a sixth more memory, which it never gives back."""


class FaultError(EvaluatorError):
    """A wish failed by a fault of the program, which is told in one line."""


class Wish(Protocol):
    """What a worker is asked; it is sent to it, and so is what comes of it."""

    def answer(self, kept: Any) -> Any:
        """Return what comes of it, from what the worker keeps."""


class Worker:
    """A process and the pipe to it."""

    def __init__(self, keep: Callable[[], Any]) -> None:
        """Begin a process. keep: called there once; each wish gets what it returns."""
        os.environ.update(_FEW)  # before numpy is loaded there
        self._pipe, theirs = CONTEXT.Pipe()
        self.process = CONTEXT.Process(target=_serve, args=(theirs, keep), daemon=True)
        self.process.start()
        theirs.close()

    def ask(self, wish: Wish, seconds: float) -> Any:
        """Return the answer to a wish.

        Raises TimeoutError where it does not come in time, EOFError where the process is gone, and
        what the wish itself raised of this package; FaultError for anything else.
        """
        try:
            self._pipe.send(wish)
            if not self._pipe.poll(seconds):
                raise TimeoutError
            done, answer = self._pipe.recv()
        except ConnectionError:
            raise EOFError from None
        if not done:
            raise answer
        return answer

    @property
    def number(self) -> int | None:
        """Of the process."""
        return self.process.pid

    @property
    def alive(self) -> bool:
        """Whether it answers: one that has ended is replaced at the next wish."""
        return self.process.is_alive()

    def end(self) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        self.process.join()
        self._pipe.close()


def _serve(pipe: Connection, keep: Callable[[], Any]) -> None:
    """Answer wishes until the other end is closed."""
    Thread(target=_end_with_parent, daemon=True).start()
    os.nice(_BEHIND)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who interrupts the server means the server
    kept, fault = None, None
    try:
        kept = keep()
    except EvaluatorError as error:
        fault = error
    for wish in _wishes(pipe):
        pipe.send((False, fault) if fault is not None else answered(wish, kept))


def _wishes(pipe: Connection) -> Iterator[Wish]:
    with suppress(EOFError, OSError):
        while True:
            yield pipe.recv()


def answered(wish: Wish, kept: Any) -> tuple[bool, Any]:
    """Return whether a wish was answered, and its answer, or else the error to be told."""
    try:
        return True, wish.answer(kept)
    except EvaluatorError as error:
        return False, error
    except Exception as error:  # the worker goes on, and whoever asked is told
        return False, _fault(error)


def _fault(error: Exception) -> FaultError:
    """Return what failed and where, in one line."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    said = shortened(f"{type(error).__name__}: {error}", _LONGEST)
    return FaultError(
        f"the solve failed by a fault of the program: {said} ({Path(last.filename).name}, line "
        f"{last.lineno}). Undo what was done last, and tell who looks after the workbench."
    )


def _end_with_parent() -> None:
    """End this process once the one that began it is gone, even by a signal nobody can catch."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)
