"""What thirty people do in a while, and how long each answer took."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle

import httpx2

from tests.load.clients import Person, Served, act_id

PAGES = ("/decide", "/weigh", "/disagree", "/ratings", "/concur", "/history")
_FEW = 5
"""Weightings that those share who do not ask for something new each time."""
_PATIENCE = 120.0


@dataclass(frozen=True)
class Pace:
    """Seconds between two of a kind, of one person."""

    page: float = 5
    ranks: float = 5
    dollars: float = 20
    share: float = 60


@dataclass
class Seen:
    """What the people saw."""

    took: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    acknowledged: dict[str, int] = field(default_factory=dict)
    """The version of the session by the id of the act."""
    shared_at: dict[int, float] = field(default_factory=dict)
    conflicts: int = 0
    superseded: int = 0
    queued: int = 0
    """Answers to which others were ahead."""
    told: list[float] = field(default_factory=list)
    """Seconds after which place and wait were told to those."""


class Crowd:
    """People at a workbench, for so many seconds."""

    def __init__(self, served: Served, hello: str, pace: Pace, seed: int) -> None:
        self.served, self.hello, self.pace = served, hello, pace
        self.seen, self.dice = Seen(), random.Random(seed)
        self.version = 0
        self._end = 0.0

    async def work(self, seconds: float) -> Seen:
        self._end = time.monotonic() + seconds
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=100)
        async with httpx2.AsyncClient(limits=limits, timeout=_PATIENCE, trust_env=False) as client:
            streams = [asyncio.create_task(self._listen(client, one)) for one in self.served.people]
            await asyncio.gather(
                *(
                    self._again(every, act)
                    for person in self.served.people
                    for every, act in self._acts(client, person)
                )
            )
            for one in streams:
                one.cancel()
            await asyncio.gather(*streams, return_exceptions=True)
        return self.seen

    def _acts(
        self, client: httpx2.AsyncClient, person: Person
    ) -> list[tuple[float, Callable[[], Awaitable[None]]]]:
        pages = cycle(PAGES[person.place % len(PAGES) :] + PAGES[: person.place % len(PAGES)])
        headers, pace = self.served.headers(person), self.pace

        async def page() -> None:
            await self._asked("page", client.get(self.served.base + next(pages), headers=headers))

        async def ranks() -> None:
            address = f"{self.served.base}/decide/screen"
            await self._asked("live part", client.get(address, headers=headers))

        async def hello() -> None:
            await self._asked("hello", client.get(self.hello))

        return [
            (pace.page, page),
            (pace.ranks, ranks),
            (pace.page, hello),
            (pace.dollars, lambda: self._dollars(client, person, headers)),
            (pace.share, lambda: self._share(client, person, headers)),
        ]

    async def _again(self, every: float, act: Callable[[], Awaitable[None]]) -> None:
        await asyncio.sleep(self.dice.uniform(0, every))
        while time.monotonic() < self._end:
            began = time.monotonic()
            await act()
            await asyncio.sleep(max(0.0, every - (time.monotonic() - began)))

    async def _asked(
        self, kind: str, answer: Awaitable[httpx2.Response], fine: tuple[int, ...] = (200,)
    ) -> httpx2.Response | None:
        began = time.monotonic()
        try:
            found = await answer
        except httpx2.HTTPError as error:
            self.seen.errors[f"{kind}: {type(error).__name__}"] += 1
            return None
        self.seen.took[kind].append(time.monotonic() - began)
        if found.status_code not in fine:
            self.seen.errors[f"{kind}: {found.status_code}"] += 1
        return found

    async def _dollars(
        self, client: httpx2.AsyncClient, person: Person, headers: dict[str, str]
    ) -> None:
        new = person.place % 2 == 0
        dice = self.dice if new else random.Random(self.dice.randrange(_FEW))
        data = {"settings": json.dumps(self.served.tried(person, dice)), "seen": "0"}
        address = f"{self.served.base}/weigh/effect"
        asked = asyncio.ensure_future(
            self._asked("dollars", client.post(address, data=data, headers=headers), (200, 204))
        )
        await asyncio.wait({asked}, timeout=0.1)
        if not asked.done():
            began = time.monotonic()
            with suppress(httpx2.HTTPError):
                place = await client.get(f"{self.served.base}/weigh/place", headers=headers)
                if place.json().get("ahead") is not None:
                    self.seen.queued += 1
                    self.seen.told.append(0.1 + time.monotonic() - began)
        found = await asked
        self.seen.superseded += found is not None and found.status_code == 204

    async def _share(
        self, client: httpx2.AsyncClient, person: Person, headers: dict[str, str]
    ) -> None:
        act = act_id()
        settings = json.dumps(self.served.tried(person, self.dice))
        lost = self.dice.random() < 0.3  # the answer is lost: the browser asks again
        while True:
            told = {"settings": settings, "because": f"Tried by {person.place}.", "act": act}
            data = {**told, "seen": str(self.version)}
            address = f"{self.served.base}/weigh"
            for _ in range(1 + lost):
                found = await self._asked(
                    "share", client.post(address, data=data, headers=headers), (200, 409)
                )
            if found is None or found.status_code != 409 or time.monotonic() > self._end:
                break
            self.seen.conflicts += 1
            self.version = await self._newest(client, headers)
        if found is not None and found.status_code == 200:
            self.seen.acknowledged[act] = 1

    async def _newest(self, client: httpx2.AsyncClient, headers: dict[str, str]) -> int:
        """Return the version that a page shows: who is told of a conflict loads it again."""
        page = await client.get(f"{self.served.base}/history/steps", headers=headers)
        return int(page.text.split('data-version="')[1].split('"')[0])

    async def _listen(self, client: httpx2.AsyncClient, person: Person) -> None:
        headers = self.served.headers(person)
        while True:
            try:
                address = f"{self.served.base}/events?seen={self.version}"
                async with client.stream("GET", address, headers=headers, timeout=None) as stream:
                    if stream.status_code != 200:
                        self.seen.errors[f"stream: {stream.status_code}"] += 1
                        return
                    async for line in stream.aiter_lines():
                        if line.startswith("data: "):
                            self.version = max(self.version, int(line[6:].partition(".")[0]))
                            self.seen.took["event"].append(0.0)
            except httpx2.HTTPError as error:
                if time.monotonic() < self._end:
                    self.seen.errors[f"stream: {type(error).__name__}"] += 1
                return
