"""Does the ranking depend on the method, or on packages that should not matter?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evaluator.decision.ordering import Ordering
from evaluator.decision.ties import competition_ranks, levelled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Test = Literal["remove", "copy", "worse"]
WORSE = (0.9, 0.5, 0.0)
"""Factors on the values of a package that is replaced by a worse one."""


@dataclass(frozen=True)
class MethodRankings:
    """Each method's scores and competition ranks side by side."""

    methods: tuple[str, ...]
    scores: Floats
    """(methods, n), each on its method's own scale."""
    ranks: Ints
    """(methods, n): 1 is best, ties share the better rank (1, 2, 2, 4)."""


@dataclass(frozen=True)
class Reversal:
    """One change of the packages after which a method orders the others differently."""

    method: str
    test: Test
    package: int
    """The one removed, copied or replaced."""
    factor: float | None
    """Replaced by this multiple of its values; None for the other tests."""
    flips: tuple[tuple[int, int], ...]
    """Pairs (i, j): i was ahead of j and now is behind it. Best former rank first."""
    ties: tuple[tuple[int, int], ...]
    """Pairs that were tied and no longer are, or now are and were not."""
    leader_changed: bool
    """The others' best is another than before."""


@dataclass(frozen=True)
class Refusal:
    """A method that would not score the changed packages."""

    method: str
    test: Test
    package: int
    factor: float | None


@dataclass(frozen=True)
class ReversalReport:
    """What the tests found; a method and test that is in `checks` but not in `reversals` passed."""

    checks: Mapping[tuple[str, Test], int]
    """Changes tried, by method and test."""
    reversals: tuple[Reversal, ...]
    refusals: tuple[Refusal, ...]


def method_rankings(
    values: Floats, weights: Floats, methods: Mapping[str, Ordering]
) -> MethodRankings:
    """Rank the packages under each method.

    values (n, m) in points, weights (m,). Raises ValueError where shapes do not fit or a method
    returns scores that are not finite.
    """
    _check(values, weights, methods)
    scores = [_scores(name, one, values, weights) for name, one in methods.items()]
    spans = [one.span for one in methods.values()]
    ranks = [competition_ranks(*found) for found in zip(scores, spans, strict=True)]
    return MethodRankings(tuple(methods), np.stack(scores), np.stack(ranks))


def rank_reversals(
    values: Floats,
    weights: Floats,
    methods: Mapping[str, Ordering],
    *,
    worse: tuple[float, ...] = WORSE,
) -> ReversalReport:
    """Try every removal, copy and worsening of one package, and compare the others' order.

    values (n, m) in points from 0 up, n >= 3; weights (m,). `remove`: package r is left out;
    `copy`: a second r is added (Belton & Gear, Omega 11 (1983)); `worse`: a package that is not
    best is replaced by itself times each factor in `worse`, every one from 0 up to below 1 (test
    criterion 1 of Wang & Triantaphyllou, Omega 36 (2008), who ask that the best stay best; here
    the order of all others is compared). A method that raises ValueError on a changed table is
    recorded as a refusal.

    Raises ValueError where shapes do not fit or a method refuses the packages as they are.
    """
    _check(values, weights, methods)
    if values.shape[0] < 3:
        raise ValueError(f"{values.shape[0]} packages have no order of others; use at least 3")
    if any(not 0 <= factor < 1 for factor in worse):
        raise ValueError(f"worse is {worse}; each factor must be at least 0 and below 1")
    if (values < 0).any():
        raise ValueError("values must be at least 0, so that a smaller multiple is worse")
    checks: dict[tuple[str, Test], int] = {}
    reversals: list[Reversal] = []
    refusals: list[Refusal] = []
    for method, ordering in methods.items():
        before = _order(_scores(method, ordering, values, weights), ordering.span)
        best = _leaders(before)
        for test, package, factor, table, kept in _changes(values, best, worse):
            checks[method, test] = checks.get((method, test), 0) + 1
            try:
                after = _order(_scores(method, ordering, table, weights), ordering.span)
            except ValueError:
                refusals.append(Refusal(method, test, package, factor))
                continue
            now = after[: kept.size, : kept.size]
            flips, ties = _differences(before, now, kept)
            if flips or ties:
                had, has = _leaders(before[np.ix_(kept, kept)]), _leaders(now)
                reversals.append(
                    Reversal(method, test, package, factor, flips, ties, bool((had != has).any()))
                )
    return ReversalReport(checks, tuple(reversals), tuple(refusals))


def _changes(
    values: Floats, best: NDArray[np.bool_], worse: tuple[float, ...]
) -> Iterator[tuple[Test, int, float | None, Floats, Ints]]:
    """Each change with its table; the packages to compare, by old index, are its first rows."""
    everyone = np.arange(values.shape[0])
    for package in everyone.tolist():
        others = np.delete(everyone, package)
        yield "remove", package, None, values[others], others
        yield "copy", package, None, np.vstack([values, values[package]]), everyone
        if not best[package]:
            for factor in worse:
                changed = np.vstack([values[others], factor * values[package]])
                yield "worse", package, factor, changed, others


def _differences(
    before: Ints, now: Ints, kept: Ints
) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """Pairs of kept packages, by old index, that flipped, and that gained or lost a tie."""
    was = before[np.ix_(kept, kept)]
    ranks = (before < 0).sum(axis=1)[kept]

    def pairs(mask: NDArray[np.bool_]) -> tuple[tuple[int, int], ...]:
        found = np.argwhere(mask).tolist()
        found.sort(key=lambda pair: (ranks[pair[0]], ranks[pair[1]], pair))
        return tuple((int(kept[i]), int(kept[j])) for i, j in found)

    flips = pairs((was > 0) & (now < 0))
    ties = pairs(np.triu((was == 0) != (now == 0), k=1))
    return flips, ties


def _leaders(order: Ints) -> NDArray[np.bool_]:
    leaders: NDArray[np.bool_] = order.min(axis=1) >= 0
    return leaders


def _order(scores: Floats, span: float) -> Ints:
    """Entry (i, j) is 1 where i is ahead of j, -1 where behind, 0 where tied."""
    levels = levelled(scores, span)
    return np.sign(levels[:, None] - levels[None, :]).astype(np.int64)


def _scores(name: str, ordering: Ordering, values: Floats, weights: Floats) -> Floats:
    scores = np.asarray(ordering.scores(values, weights), dtype=np.float64)
    if scores.shape != values.shape[:1] or not np.isfinite(scores).all():
        raise ValueError(
            f"method {name}: scores of shape {scores.shape} for {values.shape[0]} packages, or "
            "not finite; a method gives one finite score a package"
        )
    return scores


def _check(values: Floats, weights: Floats, methods: Mapping[str, Ordering]) -> None:
    if values.ndim != 2 or weights.shape != values.shape[1:]:
        raise ValueError(
            "expected values (packages, criteria) and weights (criteria,), "
            f"got {values.shape} and {weights.shape}"
        )
    if not methods:
        raise ValueError("no method is given; name at least one")
