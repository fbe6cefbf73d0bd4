"""One stream a tab: it is told that something has changed, and looks for itself."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable

_MOST, _EACH = 300, 20
"""Streams at once, and of one person; a tab that is not seen has none."""
_BEAT = 15.0
"""Seconds after which a stream that has nothing to say says so."""


Seen = tuple[int, int]
"""The last entry of the session that somebody has seen, and the last of the record."""


class Events:
    """Tells every open stream what is new, until all ends.

    `changed`: the session; `said`: anything else of the record, such as a comment or a position.
    """

    def __init__(self) -> None:
        """Begin with nobody listening."""
        self._open: Counter[str] = Counter()
        self._now: Seen = (0, 0)
        self._ended = False
        self._news = asyncio.Event()

    @property
    def open(self) -> int:
        """How many streams are open."""
        return self._open.total()

    def full(self, who: str) -> bool:
        """Whether no further stream of a person is opened."""
        return self._open[who] >= _EACH or self.open >= _MOST

    def tell(self, version: int, number: int) -> None:
        """Tell a new version of the session, and the number of the last entry of the record."""
        if (version, number) != self._now:
            self._now = (version, number)
            self._wake()

    def end(self) -> None:
        """End every stream: the server waits for none of them."""
        self._ended = True
        self._wake()

    async def stream(self, seen: Seen, who: str, still: Callable[[], bool]) -> AsyncIterator[str]:
        """Yield events as text, the first at once where there is news since `seen`.

        still: whether this person is still let in; the stream ends once that does not hold.
        """
        self._open[who] += 1
        try:
            yield ": here\n\n"
            while not self._ended and still():
                news, now = self._news, self._now
                if now != seen:
                    kind = "changed" if now[0] != seen[0] else "said"
                    seen = now
                    yield f"id: {now[0]}.{now[1]}\nevent: {kind}\ndata: {now[0]}.{now[1]}\n\n"
                    continue
                try:
                    await asyncio.wait_for(news.wait(), _BEAT)
                except TimeoutError:
                    yield ": still here\n\n"
        finally:
            self._open[who] -= 1

    def _wake(self) -> None:
        before, self._news = self._news, asyncio.Event()
        before.set()
