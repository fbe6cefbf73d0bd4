"""SMAA-2 over draws held in arrays, over a sampler block by block, or over scores alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import reduce
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from evaluator.uncertainty.sampling.streams import BLOCK
from evaluator.uncertainty.sampling.weights import SUM_TOLERANCE
from evaluator.uncertainty.smaa.placing import first_sizes, grid, place
from evaluator.uncertainty.smaa.result import Acceptability, indices
from evaluator.uncertainty.smaa.tally import MOST_DRAWS, Tally, add, tally

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
T = TypeVar("T")

VALUE_SCALE = 100.0


@dataclass(frozen=True, eq=False)
class Draws:
    """Some draws: values (n, m), or (b, n, m) if they differ from draw to draw, weights (b, m).

    `agency_weights` (b, a, m), if given, are there for the designation rule.
    """

    values: Floats
    weights: Floats
    agency_weights: Floats | None = None


@dataclass(frozen=True, eq=False)
class Scores:
    """Scores (b, n) of some draws, higher is better, with what else is to be counted.

    `weights` (b, m) for the central weights; `designated` (b, n) for the share designated.
    """

    scores: Floats
    weights: Floats | None = None
    designated: Bools | None = None


Method = Callable[[Floats, Floats], Floats]
"""From values (n, m) or (b, n, m) and weights (b, m) to scores (b, n), higher is better."""

Designation = Callable[[Floats, Draws], Bools]
"""From the scores (b, n) of some draws and the draws to who is designated (b, n)."""


def weighted_sum(values: Floats, weights: Floats) -> Floats:
    """Return scores (b, n) of values (n, m) or (b, n, m) at weights (b, m)."""
    if values.ndim == 2:
        return weights @ values.T
    scores: Floats = np.matmul(values, weights[:, :, None])[:, :, 0]
    return scores


def by_draw(method: Method) -> Method:
    """Return a method for values that differ from draw to draw, of one for fixed values (n, m).

    It calls the method once for each draw.
    """

    def each(values: Floats, weights: Floats) -> Floats:
        if values.ndim == 2:
            return method(values, weights)
        pairs = zip(values, weights, strict=True)
        return np.concatenate([method(one, weight[None, :]) for one, weight in pairs])

    return each


def acceptability(
    values: Floats,
    weights: Floats,
    *,
    method: Method = weighted_sum,
    scale: float = VALUE_SCALE,
    pairwise: bool = True,
    designation: Designation | None = None,
    workers: int = 1,
) -> Acceptability:
    """Return the indices of SMAA-2 for values (n, m) or (draws, n, m) and weights (draws, m).

    `scale` is that of the method's scores, 100 for the weighted sum of values: it sets when scores
    are tied. Lahdelma and Salminen, 'SMAA-2: stochastic multicriteria acceptability analysis for
    group decision making', Operations Research 49(3), 2001; Tervonen and Figueira, 'A survey on
    stochastic multicriteria acceptability analysis methods', Journal of Multi-Criteria Decision
    Analysis 15(1-2), 2008.

    Raises ValueError if shapes do not fit, a number is not finite, or a row of weights is negative
    or does not sum to 1.
    """
    values, weights = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if weights.ndim != 2 or not len(weights):
        raise ValueError(f"weights have shape {weights.shape}: (draws, m) is needed")
    if values.ndim == 3 and len(values) != len(weights):
        raise ValueError(f"{len(values)} draws of values, {len(weights)} of weights")

    def draws_of(block: int) -> Draws:
        part = slice(block * BLOCK, (block + 1) * BLOCK)
        return Draws(values if values.ndim == 2 else values[part], weights[part])

    return simulate(
        draws_of,
        len(weights),
        method=method,
        scale=scale,
        pairwise=pairwise,
        designation=designation,
        workers=workers,
    )


def simulate(
    draws_of: Callable[[int], Draws],
    draws: int,
    *,
    method: Method = weighted_sum,
    scale: float = VALUE_SCALE,
    pairwise: bool = True,
    designation: Designation | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Acceptability:
    """Return the indices of SMAA-2 over a sampler, holding a few blocks at a time.

    `draws_of(b)` gives draws b BLOCK .. (b + 1) BLOCK - 1; those beyond `draws` are cut off. It is
    called twice if values differ from draw to draw (the confidence factors need the central
    weights first), so it must give the same each time; values are fixed in all blocks or in none.
    The result does not depend on `workers`. `progress` is told the draws done and all draws.

    Raises ValueError if `draws` is not in 1..2^28, and as `acceptability` does.
    """
    if not 1 <= draws <= MOST_DRAWS:
        raise ValueError(f"{draws} draws: between 1 and {MOST_DRAWS} can be evaluated")
    step = grid(scale)

    def part(block: int) -> Draws:
        return _checked(_cut(draws_of(block), min(BLOCK, draws - block * BLOCK)))

    def count(block: int) -> Tally:
        drawn = part(block)
        scores = method(drawn.values, drawn.weights)
        designated = None if designation is None else designation(scores, drawn)
        return _tally(Scores(scores, drawn.weights, designated), step, pairwise)

    def firsts(block: int) -> Ints:
        return _firsts(method, part(block).values, central, result.ever_first, step)

    blocks = range(-(-draws // BLOCK))
    result = indices(_total(_spread(count, blocks, workers), draws, progress))
    central = np.array(result.central_weights)
    fixed = part(0).values.ndim == 2
    counts = reduce(np.add, _spread(firsts, range(1) if fixed else blocks, workers))
    shares = counts[:, 1:] @ (1 / np.arange(1, len(counts) + 1)) / (1 if fixed else draws)
    return replace(result, confidence=np.ma.masked_array(shares, mask=~result.ever_first))


def acceptability_of_scores(
    blocks: Iterable[Scores], *, scale: float = VALUE_SCALE, pairwise: bool = True
) -> Acceptability:
    """Return the indices over blocks of scores from any method, of any size, one at a time.

    There are no confidence factors (they need the method), and no central weights or designated
    shares unless every block carries weights or designations.

    Raises ValueError if there is no block, shapes differ, or a score is not finite.
    """
    step = grid(scale)
    parts = (part for block in blocks for part in _parts(block))
    return indices(_total((_tally(part, step, pairwise) for part in parts), 0, None))


def _total(
    tallies: Iterable[Tally], draws: int, progress: Callable[[int, int], None] | None
) -> Tally:
    total: Tally | None = None
    for one in tallies:
        total = one if total is None else add(total, one)
        if progress is not None:
            progress(total.draws, draws)
    if total is None:
        raise ValueError("no draws: at least one block of scores is needed")
    return total


def _tally(block: Scores, step: float, pairwise: bool) -> Tally:
    shape = np.shape(block.scores)
    if len(shape) != 2 or not all(shape):
        raise ValueError(f"scores have shape {shape}: (draws, packages) is needed")
    if block.weights is not None and len(block.weights) != shape[0]:
        raise ValueError(f"scores of {shape[0]} draws, weights of {len(block.weights)}")
    if block.designated is not None and block.designated.shape != shape:
        raise ValueError(f"scores {shape}, designations {block.designated.shape}: give one each")
    placing = place(block.scores, step)
    return tally(placing, block.weights, block.designated, pairwise=pairwise)


def _parts(block: Scores) -> Iterator[Scores]:
    for begin in range(0, len(block.scores), BLOCK):
        part = slice(begin, begin + BLOCK)
        yield Scores(
            block.scores[part],
            None if block.weights is None else block.weights[part],
            None if block.designated is None else block.designated[part],
        )


def _cut(drawn: Draws, size: int) -> Draws:
    if len(drawn.weights) == size:
        return drawn
    return Draws(
        drawn.values if drawn.values.ndim == 2 else drawn.values[:size],
        drawn.weights[:size],
        None if drawn.agency_weights is None else drawn.agency_weights[:size],
    )


def _checked(drawn: Draws) -> Draws:
    values, weights = drawn.values, drawn.weights
    if values.ndim not in (2, 3) or weights.ndim != 2 or values.shape[-1] != weights.shape[1]:
        raise ValueError(
            f"values {values.shape} and weights {weights.shape} do not fit: values are (n, m) or "
            "(draws, n, m), weights (draws, m)"
        )
    if values.ndim == 3 and len(values) != len(weights):
        raise ValueError(f"{len(values)} draws of values, {len(weights)} of weights")
    if not np.isfinite(values).all():
        cell = tuple(np.argwhere(~np.isfinite(values))[0].tolist())
        raise ValueError(f"the value at {cell} is not a finite number: a missing one is a range")
    sums = weights.sum(axis=1)
    wrong = np.flatnonzero(~(np.abs(sums - 1) <= SUM_TOLERANCE) | (weights.min(axis=1) < 0))
    if len(wrong):
        raise ValueError(
            f"weights of draw {wrong[0]} of its block are negative or sum to {sums[wrong[0]]:.12g},"
            " not 1: correct them, nothing is rescaled"
        )
    return drawn


def _spread(function: Callable[[int], T], blocks: range, workers: int) -> Iterator[T]:
    """Give function(block) for each block in order, on so many threads, few ahead at a time."""
    if workers < 1:
        raise ValueError(f"{workers} workers: at least 1 is needed")
    if workers == 1:
        yield from map(function, blocks)
        return
    ahead = 4 * workers
    with ThreadPoolExecutor(workers) as pool:
        for begin in range(0, len(blocks), ahead):
            yield from pool.map(function, blocks[begin : begin + ahead])


def _firsts(
    method: Method, values: Floats, central: Floats, ever_first: Bools, step: float
) -> Ints:
    """Return (n, n + 1): draws of the values that put n, at its central weights, in a first g."""
    n = len(central)
    counts = np.zeros((n, n + 1), dtype=np.int64)
    first = np.flatnonzero(ever_first)
    # Fixed values take all central weights at once; others one package at a time.
    repeats = [first] if values.ndim == 2 else [np.full(len(values), one) for one in first]
    for packages in repeats:
        placing = place(method(values, central[packages]), step)
        sizes = first_sizes(placing)
        at = np.argmax(placing.packages == packages[:, None], axis=1)
        np.add.at(counts, (packages[at < sizes], sizes[at < sizes]), 1)
    return counts
