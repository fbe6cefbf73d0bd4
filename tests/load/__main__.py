"""Thirty people at a workbench: `python -m tests.load --seconds 180 [--postgresql]`.

Each asks for a page every 5 s, for the live part every 5 s, for dollars every 20 s, shares every
60 s, and has a stream open; half of them try something new each time. A plain Starlette "hello" is
asked beside. Told are times, growth of server and workers from the first minute to the third, and
what went wrong: an error, or a change that is lost or doubled.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import ROOT
from tests.load.clients import amiss, serving, study_in
from tests.load.people import Crowd, Pace, Seen
from tests.processes import children, resident, worked
from tests.server import programs, running
from tests.soak.records import NO_SERVER

HELLO = """
import socket, uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
async def hello(request):
    return PlainTextResponse("hello")
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(128)
print(listener.getsockname()[1], flush=True)
app = Starlette(routes=[Route("/", hello)])
uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[listener])
"""


@dataclass
class Memory:
    """Megabytes of processes, by what they are, over time."""

    server: int
    sizes: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    worked: dict[str, float] = field(default_factory=dict)
    """Seconds of a processor."""
    _ended: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        began = time.monotonic()
        while not self._ended.wait(1):
            for name, process in self.processes().items():
                size = resident(process)
                if size is not None:
                    self.sizes.setdefault(name, []).append((time.monotonic() - began, size))
                    self.worked[name] = worked(process)

    def processes(self) -> Mapping[str, int]:
        """Return the server and its workers: what the forkserver below it began."""
        below = [two for one in children(self.server) for two in children(one)]
        workers = {f"worker {place}": one for place, one in enumerate(sorted(below), 1)}
        return {"server": self.server, **workers}

    def end(self) -> None:
        self._ended.set()

    def growth(self, seconds: float) -> Mapping[str, tuple[float, float]]:
        """Return the mean of the end of the first third, and of the end of the last."""
        found = {}
        for name, sizes in self.sizes.items():
            thirds = [
                [size for at, size in sizes if end - seconds / 12 <= at <= end]
                for end in (seconds / 3, seconds)
            ]
            if all(thirds):
                found[name] = (statistics.mean(thirds[0]), statistics.mean(thirds[1]))
        return found


@contextmanager
def _hello() -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HELLO], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    yield f"http://127.0.0.1:{int(process.stdout.readline())}/"
    process.terminate()
    process.wait(30)
    process.stdout.close()


def load(
    record: str, folder: Path, seconds: float, pace: Pace, seed: int = 1, *, hand: bool = False
) -> list[str]:
    """Let the people work, tell what was seen, and return what went wrong."""
    scenario = study_in(folder, hand=hand)
    with serving(scenario, record, folder / "runs") as served, _hello() as hello:
        memory = Memory(served.process.pid)
        watch = threading.Thread(target=memory.watch)
        watch.start()
        seen = asyncio.run(Crowd(served, hello, pace, seed).work(seconds))
        memory.end()
        watch.join()
    _told(seen, memory.growth(seconds))
    print(
        "seconds of a processor:",
        ", ".join(f"{name} {took:.1f}" for name, took in memory.worked.items()),
    )
    print(f"{len(seen.acknowledged)} changes acknowledged")
    return [f"{count} times {error}" for error, count in seen.errors.items()] + amiss(
        record, seen.acknowledged.keys()
    )


def _told(seen: Seen, growth: Mapping[str, tuple[float, float]]) -> None:
    print(f"{'what':<12}{'times':>7}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}")
    for kind, took in sorted(seen.took.items()):
        if kind == "event":
            print(f"{kind:<12}{len(took):>7}")
            continue
        cuts = statistics.quantiles(took, n=20) if len(took) > 1 else took * 20
        told = (1000 * one for one in (statistics.median(took), cuts[18], max(took)))
        print(f"{kind:<12}{len(took):>7}" + "".join(f"{one:>9.0f}" for one in told))
    print(
        f"{seen.conflicts} shares refused over what was not seen, "
        f"{seen.superseded} solves superseded, "
        f"{seen.queued} had others ahead and were told so"
        + (f" after {1000 * max(seen.told):.0f} ms at most" if seen.told else "")
    )
    for name, (first, last) in growth.items():
        print(f"{name:<12}{first:8.1f} MB -> {last:.1f} MB, {100 * (last / first - 1):+.1f} %")
    print("load of the machine:", " ".join(f"{one:.1f}" for one in os.getloadavg()))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--postgresql", action="store_true", help="the record on a server")
    parser.add_argument("--dollars", type=float, default=Pace.dollars, help="seconds between two")
    asked = parser.parse_args(arguments)
    wrong = people_at_work(asked.seconds, Pace(dollars=asked.dollars), server=asked.postgresql)
    for one in wrong:
        print(one)
    return int(bool(wrong))


def thirty_people(seed: int, seconds: float = 180) -> list[str]:
    """Let thirty people work on both databases; return what went wrong."""
    return [
        fault
        for server in (False, True)
        for fault in people_at_work(seconds, Pace(), seed, server=server)
    ]


def people_at_work(seconds: float, pace: Pace, seed: int = 1, *, server: bool) -> list[str]:
    """Let thirty people work; return what went wrong. server: the record is PostgreSQL's."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not server:
            return load(str(folder / "record.db"), folder, seconds, pace, seed)
        found = programs()
        if found is None:
            print(NO_SERVER)
            return []
        with running(found) as one:
            return load(one.database(), folder, seconds, pace, seed)


if __name__ == "__main__":
    sys.exit(main())
