"""The largest interval around today's share on which a state of affairs stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evaluator.decision.ties import Bools, Floats, tied

Ints = NDArray[np.int64]
State = Callable[[Floats], Ints]
"""Shares (p,) -> one row a share (p, n): each package's place in the matter, 0 for none."""

SAME_SHARE = 1e-12
"""Shares no further apart are one share."""
FIRST_CHUNK, LARGEST_CHUNK = 16, 256
BOUNDS = (0.0, 1.0)
NOTHING: Floats = np.empty(0)


@dataclass(frozen=True)
class Change:
    """What is different just beyond an end, against today. Packages by row index."""

    cause: Literal["none", "fixed", "order", "floor"]
    """none: the end of 0..1 is reached unchanged. fixed: the share cannot move at all.
    order: scores cross. floor: a package crosses a floor."""
    entering: tuple[int, ...] = ()
    leaving: tuple[int, ...] = ()
    reordered: tuple[int, ...] = ()
    """Neither entering nor leaving, but holding another rank."""
    floors: tuple[tuple[int, int | None], ...] = ()
    """(package, agency) for each floor that is crossed at this end; agency None: overall."""


@dataclass(frozen=True)
class Standing:
    """An interval of shares on which something stands still, and what ends it.

    An end is closed where the state still holds at the end itself: a floor is met at equality,
    whereas a tie already changes an order.
    """

    lower: float
    upper: float
    lower_closed: bool
    upper_closed: bool
    below: Change
    above: Change


@dataclass(frozen=True)
class End:
    """One end of a walk: where, whether the state still holds there, and the state beyond."""

    at: float
    closed: bool
    beyond: Ints | None
    """(n,); None where nothing changes up to the bound."""


def at_shares(line: Floats, shares: Floats) -> Floats:
    """Lines (2, ...) at shares (p,) -> (p, ...)."""
    t = shares.reshape(-1, *[1] * (line.ndim - 1))
    scores: Floats = (1 - t) * line[0] + t * line[1]
    return scores


def held(ranks: Ints, top: int) -> Ints:
    """Competition ranks up to `top`, any shape, 0 for who is below."""
    return np.where(ranks <= top, ranks, 0)


def changed(today: Ints, beyond: Ints, floors: tuple[tuple[int, int | None], ...] = ()) -> Change:
    """What is different between two states (n,); floors: those that are crossed between them."""
    had, has = today > 0, beyond > 0

    def packages(mask: Bools) -> tuple[int, ...]:
        return tuple(np.flatnonzero(mask).tolist())

    return Change(
        "floor" if floors else "order",
        entering=packages(has & ~had),
        leaving=packages(had & ~has),
        reordered=packages(had & has & (today != beyond)),
        floors=floors,
    )


def roots(start: Floats, end: Floats, span: float) -> Floats:
    """Shares in 0..1 at which lines (1 - t) * start + t * end change sign: any shape -> (r,).

    span: that of their scale. A line within a tie of 0 at one end of 0..1 has its root there; a
    line within it at both ends is 0 throughout and has none.
    """
    start, end = start.ravel(), end.ravel()
    at_zero, at_one = tied(start, 0.0, span), tied(end, 0.0, span)
    inner = ~at_zero & ~at_one & ((start > 0) != (end > 0))
    crossing: Floats = start[inner] / (start[inner] - end[inner])
    bounds = [0.0] * bool((at_zero & ~at_one).any()) + [1.0] * bool((at_one & ~at_zero).any())
    return np.concatenate([crossing, np.array(bounds, dtype=np.float64)])


def walk(
    state: State, today: Ints, present: float, breaks: Floats, crossings: Floats
) -> tuple[End, End]:
    """Go from the present share to 0 and to 1 until the state differs from today's.

    `breaks` must hold every share at which the state can stop being today's; between two of them
    it is today's throughout or nowhere. `crossings` must hold every share at which it can change
    at all, so that the state just beyond an end can be told.
    """
    ordered = np.sort(breaks)
    edges = [_outward(ordered, present, bound) for bound in BOUNDS]
    before = [np.concatenate([[present], some[:-1]]) for some in edges]
    samples = [
        np.stack([(b + e) / 2, e], axis=1).ravel() for b, e in zip(before, edges, strict=True)
    ]
    places = _first_changes(state, today, samples)
    ends = [
        None if place is None else float((e if place % 2 else b)[place // 2])
        for place, b, e in zip(places, before, edges, strict=True)
    ]
    states = iter(_beyond(state, today, ends, crossings))
    lower, upper = (
        End(bound, closed=True, beyond=None)
        if at is None or place is None
        else End(at, place % 2 == 0, next(states))
        for at, place, bound in zip(ends, places, BOUNDS, strict=True)
    )
    return lower, upper


def _first_changes(state: State, today: Ints, samples: Sequence[Floats]) -> list[int | None]:
    """The first sample each way at which the state differs; None where it does nowhere."""
    found: list[int | None] = [None for _ in samples]
    first, chunk = 0, FIRST_CHUNK
    while True:
        parts = [
            some[first : first + chunk] if place is None else NOTHING
            for some, place in zip(samples, found, strict=True)
        ]
        shares = np.concatenate(parts)
        if not shares.size:
            return found
        differs = (state(shares) != today).any(axis=1)
        for way, part in enumerate(np.split(differs, [parts[0].size])):
            if part.any():
                found[way] = first + int(part.argmax())
        first, chunk = first + chunk, min(2 * chunk, LARGEST_CHUNK)


def _outward(breaks: Floats, present: float, bound: float) -> Floats:
    """The breaks (ascending) between the present share and the bound, nearest first; the bound."""
    low, high = min(present, bound), max(present, bound)
    edges = breaks[(breaks > low + SAME_SHARE) & (breaks < high - SAME_SHARE)]
    if bound < present:
        edges = edges[::-1]
    apart = np.abs(np.diff(edges, prepend=present)) > SAME_SHARE
    edges = edges[apart]
    if abs(bound - present) > SAME_SHARE:
        edges = np.append(edges, bound)
    return edges


def _beyond(
    state: State, today: Ints, ends: Sequence[float | None], crossings: Floats
) -> Iterator[Ints]:
    """The state just beyond each end; where it is today's again, or nothing lies beyond: at it."""
    shares: list[float] = []
    for at, bound in zip(ends, BOUNDS, strict=True):
        if at is not None:
            further = crossings[(crossings - at if bound else at - crossings) > SAME_SHARE]
            nearest = float(further[np.abs(further - at).argmin()]) if further.size else bound
            shares += [at, (at + nearest) / 2]
    states = state(np.array(shares)) if shares else today[:0]
    for here, beyond in zip(states[::2], states[1::2], strict=True):
        yield here if (beyond == today).all() else beyond
