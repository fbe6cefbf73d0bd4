"""One deadline for all that is done for an allocation, and what it cut."""

from __future__ import annotations

import time
from typing import Literal

Part = Literal["search", "ties", "amounts", "prices", "conflicts"]
"""search: for something better. ties: for a lower subsidy cost among allocations that are as good.
amounts: the best amounts at the packages chosen. prices: of limits. conflicts: of what cannot hold
together, and of what would mend it."""

_KEPT, _AFTER = 0.4, 3.0


class Clock:
    """What is left of some seconds, from now on."""

    def __init__(self, seconds: float) -> None:
        self._began = time.monotonic()
        self._seconds = seconds
        self._cut: dict[Part, None] = {}

    @property
    def whole(self) -> float:
        """Seconds in all."""
        return self._seconds

    @property
    def spent(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self._began

    @property
    def left(self) -> float:
        """Seconds that are left; below 0 once they are over."""
        return self._seconds - self.spent

    @property
    def cut(self) -> tuple[Part, ...]:
        """What was cut, in the order in which it was."""
        return tuple(self._cut)

    def ends(self, part: Part) -> bool:
        """Whether no time is left for a part, which counts as cut then."""
        if self.left <= 0:
            self._cut[part] = None
        return self.left <= 0

    def note(self, part: Part) -> None:
        """Count a part as cut."""
        self._cut[part] = None


def searching(clock: Clock) -> float:
    """Return the seconds for the search, once the program is built.

    What follows, from rounding to the certificate, takes up to three times as long as building did:
    so much is kept back, but no more than two fifths of the whole.
    """
    return max(0.1, clock.left - min(_KEPT * clock.whole, _AFTER * clock.spent))
