"""Browsers that came in: known by a random number in a cookie, until they leave or time is up."""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass
class _Kept(Generic[T]):
    what: T
    begun: float
    seen: float


@dataclass
class Numbered(Generic[T]):
    """What is kept for a while under random numbers, in memory alone."""

    most: int = 50
    """At once; what was seen longest ago is forgotten for another."""
    idle: float = math.inf
    """Seconds without a request after which it ends."""
    longest: float = math.inf
    """Seconds after which it ends in any case."""
    clock: Callable[[], float] = time.monotonic
    _known: OrderedDict[str, _Kept[T]] = field(default_factory=OrderedDict)

    def begin(self, what: T) -> str:
        """Keep something; return its number, of 256 random bits."""
        number, now = secrets.token_urlsafe(32), self.clock()
        self._known[number] = _Kept(what, now, now)
        while len(self._known) > self.most:
            self._known.popitem(last=False)
        return number

    def get(self, number: str, *, seen: bool = True) -> T | None:
        """Return what is kept under a number; None where nothing is, or nothing any more.

        seen: whether it has just been asked for by a person.
        """
        found, now = self._known.get(number), self.clock()
        if found is None:
            return None
        if now - found.seen > self.idle or now - found.begun > self.longest:
            self.end(number)
            return None
        if seen:
            found.seen = now
            self._known.move_to_end(number)
        return found.what

    def end(self, number: str) -> T | None:
        """Forget a number; return what was kept under it."""
        found = self._known.pop(number, None)
        return None if found is None else found.what

    def __len__(self) -> int:
        return len(self._known)


@dataclass
class Sessions(Numbered[str]):
    """Identities by the session of their browser: a server that begins again asks everyone anew."""

    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def token(self, number: str) -> str:
        """Return what a page of a session shows when it changes something."""
        return hmac.new(self._secret, number.encode(), hashlib.sha256).hexdigest()
