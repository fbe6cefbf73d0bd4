"""One stream a tab: it is told that something has changed, and looks for itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

_MOST = 20
"""Streams at once; a tab that is not seen has none."""
_BEAT = 15.0
"""Seconds after which a stream that has nothing to say says so."""


class Events:
    """Tells every open stream the number of the session's last entry, until all ends."""

    def __init__(self) -> None:
        """Begin with nobody listening."""
        self._open = 0
        self._version = 0
        self._ended = False
        self._news = asyncio.Event()

    @property
    def full(self) -> bool:
        """Whether no further stream is opened."""
        return self._open >= _MOST

    def tell(self, version: int) -> None:
        """Tell a new version."""
        if version != self._version:
            self._version = version
            self._wake()

    def end(self) -> None:
        """End every stream: the server waits for none of them."""
        self._ended = True
        self._wake()

    async def stream(self, seen: int) -> AsyncIterator[str]:
        """Yield events as text, the first at once where there is news since `seen`."""
        self._open += 1
        try:
            yield ": here\n\n"
            while not self._ended:
                news = self._news
                if self._version != seen:
                    seen = self._version
                    yield f"id: {seen}\nevent: changed\ndata: {seen}\n\n"
                    continue
                try:
                    await asyncio.wait_for(news.wait(), _BEAT)
                except TimeoutError:
                    yield ": still here\n\n"
        finally:
            self._open -= 1

    def _wake(self) -> None:
        before, self._news = self._news, asyncio.Event()
        before.set()
