"""The largest interval around today's share on which a state of affairs stands still."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evaluator.decision.ties import Bools, Floats, competition_ranks, tied

Ints = NDArray[np.int64]
State = Callable[[Floats], Ints]
"""Shares (p,) -> one row a share (p, n): each package's place in the matter, 0 for none."""

SAME_SHARE = 1e-12
"""Shares no further apart are one share."""
FIRST_CHUNK, LARGEST_CHUNK = 16, 256


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


def held_ranks(order: Floats, span: float, top: int) -> Ints:
    """Competition ranks up to `top` of scores (p, n), 0 for who is below."""
    ranks = competition_ranks(order, span)
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
    state: State, today: Ints, present: float, breaks: Floats, bound: float, crossings: Floats
) -> End:
    """Go from the present share to the bound until the state differs from today's.

    `breaks` must hold every share at which the state can stop being today's; between two of them
    it is today's throughout or nowhere. `crossings` must hold every share at which it can change
    at all, so that the state just beyond the end can be told.
    """
    sign = 1.0 if bound > present else -1.0
    edges = _outward(breaks, present, bound)
    before = np.concatenate([[present], edges[:-1]])
    samples = np.stack([(before + edges) / 2, edges], axis=1).ravel()
    first, chunk = 0, FIRST_CHUNK
    while first < samples.size:
        differs = (state(samples[first : first + chunk]) != today).any(axis=1)
        if differs.any():
            found = first + int(differs.argmax())
            at = float(before[found // 2] if found % 2 == 0 else edges[found // 2])
            return End(at, found % 2 == 0, _beyond(state, today, at, sign, bound, crossings))
        first, chunk = first + chunk, min(2 * chunk, LARGEST_CHUNK)
    return End(bound, closed=True, beyond=None)


def _outward(breaks: Floats, present: float, bound: float) -> Floats:
    """The breaks between the present share and the bound, nearest first, the bound last."""
    low, high = min(present, bound), max(present, bound)
    inside = breaks[(breaks > low + SAME_SHARE) & (breaks < high - SAME_SHARE)]
    edges = np.unique(inside)
    if bound < present:
        edges = edges[::-1]
    apart = np.abs(np.diff(edges, prepend=present)) > SAME_SHARE
    edges = edges[apart]
    if abs(bound - present) > SAME_SHARE:
        edges = np.append(edges, bound)
    return edges


def _beyond(
    state: State, today: Ints, at: float, sign: float, bound: float, crossings: Floats
) -> Ints:
    """The state just beyond an end; where it is today's again, or nothing lies beyond: at it."""
    here: Ints = state(np.array([at]))[0]
    further = crossings[sign * (crossings - at) > SAME_SHARE]
    nearest = float(at + sign * np.abs(further - at).min()) if further.size else bound
    beyond: Ints = state(np.array([(at + nearest) / 2]))[0]
    return here if (beyond == today).all() else beyond
