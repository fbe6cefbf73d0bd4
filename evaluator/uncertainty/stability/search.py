"""Stability where scores are no straight lines in a share: the order is scored again and again."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from evaluator.decision.designation import DesignationRule, decide
from evaluator.decision.ordering import Ordering
from evaluator.decision.ties import Floats, competition_ranks
from evaluator.uncertainty.stability.moves import ScoreLines
from evaluator.uncertainty.stability.walk import (
    Change,
    Ints,
    Standing,
    at_shares,
    changed,
    held,
)

STEP = 0.004
"""Going outward. A change that comes and goes within one step may go unseen."""
TOLERANCE = 1e-6
"""An end is no further from the change than this."""
_PARTS = 16
"""Of a step, tried at once."""
_AT_ONCE = 2**18
"""Scores held at once."""

State: TypeAlias = Callable[[Floats], Ints]
"""Shares (p,) -> the three matters at each, (p, 3, n)."""


def search(
    lines: ScoreLines, values: Floats, ordering: Ordering, rule: DesignationRule, top: int
) -> tuple[Standing, Standing, Standing]:
    """Leader, first `top` ranks and designated set: outward in steps, then halved.

    Scores are the method's own at each share that is tried. An end is the furthest share found
    at which today's state holds, so both ends are closed.
    """
    if not lines.movable:
        fixed = Change("fixed")
        stays = Standing(lines.present, lines.present, True, True, fixed, fixed)
        return stays, stays, stays

    def states(shares: Floats) -> Ints:
        """The three matters at shares (p,), (p, 3, n)."""
        weights = at_shares(lines.effective, shares)
        order = ordering.scores(values, weights)
        if ordering.separate:  # neither is a straight line in the share
            own = at_shares(lines.weights, shares)
            overall, agencies = order, ordering.scores(values, own)
        else:
            overall, agencies = at_shares(lines.overall, shares), at_shares(lines.agencies, shares)
        members = decide(rule, overall, agencies, order, ordering.span).members
        ranks = competition_ranks(order, ordering.span)
        return np.stack([held(ranks, 1), held(ranks, top), members.astype(np.int64)], axis=1)

    today = states(np.array([lines.present]))[0]
    below, above = (_outward(states, today, lines.present, bound) for bound in (0.0, 1.0))
    leader, first, members = (
        Standing(low, high, True, True, under, over)
        for (low, under), (high, over) in zip(below, above, strict=True)
    )
    return leader, first, members


def _outward(
    states: State, today: Ints, present: float, bound: float
) -> list[tuple[float, Change]]:
    """For each matter the furthest share that holds, and what changes beyond it."""
    steps = max(1, math.ceil(abs(bound - present) / STEP))
    shares = np.linspace(present, bound, steps + 1)
    ends: list[tuple[float, Change] | None] = [None] * len(today)
    rows = max(1, _AT_ONCE // today.shape[1])
    for begin in range(1, len(shares), rows):
        seen = states(shares[begin : begin + rows])
        differs = (seen != today).any(axis=2)
        for matter in [m for m, end in enumerate(ends) if end is None and differs[:, m].any()]:
            at = begin + int(differs[:, matter].argmax())
            ends[matter] = _narrowed(states, today, matter, shares[at - 1], shares[at])
        if None not in ends:
            break
    return [(bound, Change("none")) if end is None else end for end in ends]


def _narrowed(
    states: State, today: Ints, matter: int, held: float, differs: float
) -> tuple[float, Change]:
    """Between a share that holds and one that does not, within the tolerance."""
    beyond = states(np.array([differs]))[0, matter]
    while abs(differs - held) > TOLERANCE:
        inner = np.linspace(held, differs, _PARTS + 1)
        seen = states(inner[1:-1])[:, matter]
        other = np.append((seen != today[matter]).any(axis=1), True)
        first = int(other.argmax())
        held, differs = float(inner[first]), float(inner[first + 1])
        beyond = seen[first] if first < len(seen) else beyond
    return float(held), changed(today[matter], beyond)
