"""Stability of an answer that only a fresh solve can tell, such as the funded set."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass


@dataclass(frozen=True)
class SolvedStanding:
    """Where an answer held and where it was first seen to differ, by solving again and again."""

    lower: float
    """The answer is today's here."""
    upper: float
    lower_differs: float | None
    """The nearest share below at which another answer came out; None: none down to 0."""
    upper_differs: float | None
    tolerance: float
    """An end lies between `lower` and `lower_differs`, which are no further apart than this."""
    step: float
    """A change that comes and goes within one step may go unseen."""
    solves: int


def standing_by_solving(
    answer: Callable[[float], Hashable], present: float, *, step: float = 0.05, tolerance: float
) -> SolvedStanding:
    """Interval of shares within 0..1 around the present one on which `answer(share)` is today's.

    Goes outward in steps until the answer differs, then halves to the tolerance: not exact, in
    contrast to the intervals of a weighted sum.

    Raises ValueError unless 0 <= present <= 1 and 0 < tolerance <= step.
    """
    if not 0 <= present <= 1:
        raise ValueError(f"present share is {present}; it must lie within 0..1")
    if not 0 < tolerance <= step:
        raise ValueError(f"tolerance {tolerance} must be above 0 and at most the step {step}")
    today = answer(present)
    solves = 1

    def differs(share: float) -> bool:
        nonlocal solves
        solves += 1
        return answer(share) != today

    lower, below = _search(differs, present, 0.0, step, tolerance)
    upper, above = _search(differs, present, 1.0, step, tolerance)
    return SolvedStanding(lower, upper, below, above, tolerance, step, solves)


def _search(
    differs: Callable[[float], bool], present: float, bound: float, step: float, tolerance: float
) -> tuple[float, float | None]:
    """The last share that holds and the first that differs, going from present to the bound."""
    held, sign = present, 1.0 if bound > present else -1.0
    while held != bound:
        ahead = held + sign * step
        tried = bound if sign * (ahead - bound) >= 0 else ahead
        if not differs(tried):
            held = tried
            continue
        while abs(tried - held) > tolerance:
            middle = (held + tried) / 2
            held, tried = (held, middle) if differs(middle) else (middle, tried)
        return held, tried
    return held, None
