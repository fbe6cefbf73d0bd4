"""A workbench, and its PostgreSQL, that are killed while people share: nothing is lost."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx2

from tests.load.clients import Person, Served, act_id, amiss, begin, study_in
from tests.processes import below, lives
from tests.server import Server, programs, running
from tests.soak.records import NO_SERVER

_SHARERS = 6
_PATIENCE = 60.0


def killed_workbenches(seed: int, count: int = 50) -> list[str]:
    """Kill a workbench at so many moments while people share; return what was lost."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        faults = _workbenches(folder, str(folder / "record.db"), seed, count)
    found = programs()
    if found is None:
        print(NO_SERVER)
        return faults
    with running(found) as server, tempfile.TemporaryDirectory() as name:
        return faults + _workbenches(Path(name), server.database(), seed, count)


def killed_below_a_workbench(seed: int, count: int = 50) -> list[str]:
    """Kill PostgreSQL at so many moments below a workbench that goes on; return what was lost."""
    found = programs()
    if found is None:
        print(NO_SERVER)
        return []
    with running(found) as server, tempfile.TemporaryDirectory() as name:
        return _databases(Path(name), server, seed, count)


def _workbenches(folder: Path, record: str, seed: int, count: int) -> list[str]:
    dice, faults, acknowledged = random.Random(seed), list[str](), set[str]()
    scenario = study_in(folder, hand=True)
    for moment in range(count):
        served = begin(scenario, record, folder / "runs")
        workers = below(served.process.pid)
        ended = _until_dead(served)
        acknowledged |= asyncio.run(_shared(served, dice, ended, served.process.kill))
        served.process.wait(_PATIENCE)
        assert served.process.stdout is not None
        served.process.stdout.close()
        if not _gone(workers):
            faults.append(f"{moment}: workers are alive 5 seconds after the server was killed")
        faults += [f"{moment}: {one}" for one in amiss(record, acknowledged)]
    print(f"{count} workbenches killed, {len(acknowledged):,} changes acknowledged")
    return faults


def _databases(folder: Path, server: Server, seed: int, count: int) -> list[str]:
    dice, faults, acknowledged = random.Random(seed), list[str](), set[str]()
    record, scenario = server.database(), study_in(folder, hand=True)
    served = begin(scenario, record, folder / "runs")
    for moment in range(count):
        killed = threading.Event()

        def kill(killed: threading.Event = killed) -> None:
            server.kill()
            killed.set()

        acknowledged |= asyncio.run(_shared(served, dice, killed.is_set, kill))
        server.start()
        after = asyncio.run(_once(served, dice))
        acknowledged |= after
        if not after:
            faults.append(f"{moment}: the workbench does not go on with the database")
        faults += [f"{moment}: {one}" for one in amiss(record, acknowledged)]
    if served.process.poll() is not None:
        faults.append("the workbench has ended")
    served.process.send_signal(signal.SIGTERM)
    served.process.wait(_PATIENCE)
    assert served.process.stdout is not None
    served.process.stdout.close()
    print(f"PostgreSQL killed {count} times, {len(acknowledged):,} changes acknowledged")
    return faults


def _until_dead(served: Served) -> Callable[[], bool]:
    return lambda: served.process.poll() is not None


async def _shared(
    served: Served, dice: random.Random, ended: Callable[[], bool], kill: Callable[[], None]
) -> set[str]:
    """Let people share until something is killed, at random once the first change is acknowledged.

    Return the acts to which an answer said that they are entered.
    """
    done: set[str] = set()
    first = asyncio.Event()

    async def killing() -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(first.wait(), _PATIENCE)
        await asyncio.sleep(dice.uniform(0, 1))
        kill()

    async with httpx2.AsyncClient(timeout=_PATIENCE, trust_env=False) as client:

        async def sharing(person: Person) -> None:
            while not ended():
                with suppress(httpx2.HTTPError):
                    done.update(await _share(client, served, person, dice))
                    if done:
                        first.set()
                await asyncio.sleep(0)

        await asyncio.gather(killing(), *map(sharing, served.people[:_SHARERS]))
    return done


async def _once(served: Served, dice: random.Random) -> set[str]:
    """Share once, again and again until it is entered."""
    end = time.monotonic() + _PATIENCE
    async with httpx2.AsyncClient(timeout=_PATIENCE, trust_env=False) as client:
        while time.monotonic() < end:
            with suppress(httpx2.HTTPError):
                if found := await _share(client, served, served.people[0], dice):
                    return found
            await asyncio.sleep(0.2)
    return set()


async def _share(
    client: httpx2.AsyncClient, served: Served, person: Person, dice: random.Random
) -> set[str]:
    act = act_id()
    settings = json.dumps(served.tried(person, dice))
    told = {"settings": settings, "because": "Tried.", "act": act, "seen": "999999999"}
    answer = await client.post(f"{served.base}/weigh", data=told, headers=served.headers(person))
    await asyncio.sleep(dice.uniform(0, 0.05))
    return {act} if answer.status_code == 200 else set()


def _gone(processes: list[int]) -> bool:
    end = time.monotonic() + 5
    while time.monotonic() < end:
        if not any(map(lives, processes)):
            return True
        time.sleep(0.05)
    return not processes
