"""Who waits for a worker: of each person the newest wish alone, in the order in which they came.

What all look at comes before what one person tries; what may be late comes after all else, and
leaves a worker for it where there are two.
"""

from __future__ import annotations

import asyncio
import math
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, Protocol

from evaluator.errors import EvaluatorError
from evaluator.workbench.solving.process import Wish, Worker

Turn = Literal["first", "soon", "late"]
"""first: many wait for it. late: it takes long, and nobody else is to wait for it."""
_TURNS: tuple[Turn, ...] = ("first", "soon", "late")
_KEEPS = 0.8
"""Of the mean time of a solve, what a new one leaves of it."""


class SupersededError(EvaluatorError):
    """The same person has asked for something newer since: nobody waits for this answer."""


class LateError(EvaluatorError):
    """A solve was ended, as it took longer than it may."""


class Works(Protocol):
    """Who answers one wish at a time: a process of our own, or a place on a cluster."""

    @property
    def number(self) -> int | None:
        """Of the process, where it is ours."""

    @property
    def alive(self) -> bool:
        """Whether it answers."""

    def ask(self, wish: Wish, seconds: float) -> Any:
        """Return the answer to a wish; see `Worker.ask`."""

    def end(self) -> None:
        """Answer nothing more."""


Begin = Callable[[Callable[[], Any]], Works]
"""Begins a worker, from what is called there once."""


@dataclass(eq=False)
class _Job:
    wish: Wish
    seconds: float
    turn: Turn = "soon"
    answer: asyncio.Future[Any] = field(default_factory=asyncio.Future)


class Solver:
    """So many workers, and those who wait for them. Used within one event loop."""

    def __init__(
        self, keep: Callable[[], Any], workers: int, seconds: float, begin: Begin = Worker
    ) -> None:
        """Take up work. keep: see `Worker`. seconds: that a solve may take, then it is ended."""
        self._seconds, self._begin = seconds, partial(begin, keep)
        self._waiting: OrderedDict[str, _Job] = OrderedDict()
        self._running: dict[str, _Job] = {}
        self._mean = 0.0
        self.solved, self.busy = 0, 0.0
        self._came = asyncio.Condition()
        self._workers = [self._begin() for _ in range(workers)]
        self._threads = ThreadPoolExecutor(workers)
        self._tasks = [asyncio.create_task(self._work(place)) for place in range(workers)]

    @property
    def processes(self) -> list[int]:
        """The numbers of the processes of our own at work."""
        return [one.number for one in self._workers if one.number is not None]

    def place(self, who: str) -> tuple[int, float] | None:
        """Return how many wishes are ahead of somebody's, and in how many seconds it is answered.

        None where nothing of theirs waits for a worker. By the mean of the last solves.
        """
        if who not in self._waiting:
            return None
        ahead = self._order().index(who)
        turns = math.ceil((ahead + 1) / len(self._workers)) + 1
        return ahead + len(self._running), turns * self._mean

    @property
    def workers(self) -> int:
        """How many wishes are answered at once."""
        return len(self._workers)

    @property
    def alive(self) -> bool:
        """Whether a process is at work; one that ended is replaced at the next wish."""
        return any(worker.alive for worker in self._workers)

    @property
    def waiting(self) -> int:
        """How many wishes no worker has taken yet."""
        return len(self._waiting)

    async def ask(
        self, who: str, wish: Wish, seconds: float | None = None, *, turn: Turn = "soon"
    ) -> Any:
        """Return the answer to a wish.

        Raises SupersededError once the same `who` asks for something else, LateError past the
        deadline, and what the wish raised of this package. A wish that a worker has taken is
        solved to its end, and its answer dropped: to end the process would take longer than most.
        """
        job = _Job(wish, self._seconds if seconds is None else seconds, turn)
        async with self._came:
            for before in (self._waiting.pop(who, None), self._running.get(who)):
                if before is not None:
                    _settle(before, SupersededError("something newer was asked for."))
            self._waiting[who] = job
            self._came.notify()
        return await job.answer

    async def close(self) -> None:
        """End the processes; who waits is told that nothing comes."""
        for job in (*self._waiting.values(), *self._running.values()):
            _settle(job, SupersededError("the workbench ends."))
        for task in self._tasks:
            task.cancel()
        for worker in self._workers:
            worker.end()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        self._threads.shutdown(wait=False)

    def _order(self) -> list[str]:
        """Return who waits, first who is answered first."""
        return sorted(self._waiting, key=lambda who: _TURNS.index(self._waiting[who].turn))

    def _next(self) -> str | None:
        """Return whose wish a free worker takes; None where it waits for what is not late."""
        who = next(iter(self._order()), None)
        if who is None or self._waiting[who].turn != "late":
            return who
        late = sum(job.turn == "late" for job in self._running.values())
        return who if late < max(1, len(self._workers) - 1) else None

    async def _work(self, place: int) -> None:
        while True:
            async with self._came:
                who = await self._came.wait_for(self._next) or ""
                job = self._waiting.pop(who)
                if job.answer.done():  # who asked has gone away
                    continue
                self._running[who] = job
            try:
                await self._solve(place, job)
            finally:
                if self._running.get(who) is job:
                    del self._running[who]

    async def _solve(self, place: int, job: _Job) -> None:
        loop, worker = asyncio.get_running_loop(), self._workers[place]
        begun = loop.time()
        try:
            found = await loop.run_in_executor(self._threads, worker.ask, job.wish, job.seconds)
        except EvaluatorError as error:
            _settle(job, error)
        except (TimeoutError, EOFError) as error:
            await loop.run_in_executor(self._threads, worker.end)
            self._workers[place] = self._begin()
            late = isinstance(error, TimeoutError)
            told = f"took over {job.seconds:g} seconds" if late else "ended by itself"
            _settle(job, LateError(f"the solve {told}. Try it once more, or something smaller."))
        else:
            took = loop.time() - begun
            self.solved += 1
            self.busy += took
            self._mean = took if not self._mean else _KEEPS * self._mean + (1 - _KEEPS) * took
            _settle(job, found)


def _settle(job: _Job, found: Any) -> None:
    if job.answer.done():
        return
    if isinstance(found, EvaluatorError):
        job.answer.set_exception(found)
    else:
        job.answer.set_result(found)
