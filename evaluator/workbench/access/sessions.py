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


@dataclass
class _Session:
    who: str
    begun: float
    seen: float


@dataclass
class Sessions:
    """Kept in memory alone: a server that begins again asks everyone who they are."""

    most: int = 50
    """At once; the one that was seen longest ago is forgotten for another."""
    idle: float = math.inf
    """Seconds without a request after which it ends."""
    longest: float = math.inf
    """Seconds after which it ends in any case."""
    clock: Callable[[], float] = time.monotonic
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _known: OrderedDict[str, _Session] = field(default_factory=OrderedDict)

    def begin(self, who: str) -> str:
        """Return the number of a new session of an identity."""
        number = secrets.token_urlsafe(32)
        self._known[number] = _Session(who, self.clock(), self.clock())
        while len(self._known) > self.most:
            self._known.popitem(last=False)
        return number

    def who(self, number: str, *, seen: bool = True) -> str | None:
        """Return whose session it is; None where there is none, or none any more.

        seen: whether they have just asked for something.
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
        return found.who

    def end(self, number: str) -> None:
        """Forget a session."""
        self._known.pop(number, None)

    def token(self, number: str) -> str:
        """Return what a page of this session shows when it changes something."""
        return hmac.new(self._secret, number.encode(), hashlib.sha256).hexdigest()
