"""SMAA-2 over draws held in arrays, over a sampler block by block, or over scores alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import reduce
from itertools import chain, count, islice
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from evaluator.decision.ties import POINTS, TIE
from evaluator.uncertainty.sampling.streams import BLOCK
from evaluator.uncertainty.smaa.ahead import MOST_DRAWS as STRETCH
from evaluator.uncertainty.smaa.ahead import Places, net_wins, places_of
from evaluator.uncertainty.smaa.blocks import (
    Designation,
    Draws,
    Method,
    Scores,
    at_each,
    cut_draws,
    cut_scores,
    weighted_sum,
)
from evaluator.uncertainty.smaa.memory import Scratch, one_a_thread, scratch
from evaluator.uncertainty.smaa.placing import first_sizes, packages_of, place
from evaluator.uncertainty.smaa.result import Acceptability, indices
from evaluator.uncertainty.smaa.tally import MOST_DRAWS, Tally, add, tally

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
S = TypeVar("S")
T = TypeVar("T")

_MOST_SCORES = 2**22
"""Scores at central weights that are held at once, 32 MB."""
_MOST_PLACES = 2**22
"""Places that are compared at once, and comparisons of them: 4 MB each, 8 of many packages."""


def acceptability(
    values: Floats,
    weights: Floats,
    *,
    method: Method = weighted_sum,
    scale: float = POINTS,
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
        return Draws(values[part] if values.ndim == 3 else values, weights[part])

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
    scale: float = POINTS,
    pairwise: bool = True,
    designation: Designation | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Acceptability:
    """Return the indices of SMAA-2 over a sampler, holding a few blocks at a time.

    `draws_of(b)` gives draws b BLOCK .. (b + 1) BLOCK - 1; those beyond `draws` are cut off. It is
    called twice if values differ from draw to draw (the confidence factors need the central
    weights first), so it must give the same each time; values are fixed in all blocks or in none.
    The result does not depend on `workers`, the number of threads. `progress` is told how many
    blocks are done, and of how many.

    Raises ValueError if `draws` is not in 1..2^28, and as `acceptability` does.
    """
    if not 1 <= draws <= MOST_DRAWS:
        raise ValueError(f"{draws} draws: between 1 and {MOST_DRAWS} can be evaluated")
    if workers < 1:
        raise ValueError(f"{workers} workers: at least 1 is needed")

    array = one_a_thread()

    def part(block: int) -> Draws:
        return cut_draws(draws_of(block), min(BLOCK, draws - block * BLOCK))

    def scored(block: int) -> Scores:
        drawn = part(block)
        scores = _scores(drawn.method or method, drawn.values, drawn.weights, array())
        marked = (None, None) if designation is None else designation(scores, drawn)
        return Scores(scores, drawn.weights, *marked)

    def counts(stretch: range) -> Tally:
        return _total(map(scored, stretch), scale, pairwise, array())

    def firsts(block: int) -> Ints:
        drawn = draws_of(block)  # as they were checked before
        some = drawn.values if fixed else drawn.values[: draws - block * BLOCK]
        way = drawn.method or method
        return _firsts(way, some, central, result.ever_first, scale, array())

    blocks = range(-(-draws // BLOCK))
    values = part(0).values
    fixed = values.ndim == 2
    # from the last on: a sampler may have kept those that it drew last
    value_blocks = range(1) if fixed else blocks[::-1]
    tell = _told(progress, len(blocks) + len(value_blocks))
    stretches = _stretches(blocks, values.shape[-2], workers)
    result = indices(reduce(add, _spread(counts, stretches, workers, lambda s: tell(len(s)))))
    central = np.array(result.central_weights)
    first = reduce(np.add, _spread(firsts, value_blocks, workers, lambda _: tell(1)))
    shares = first[:, 1:] @ (1 / np.arange(1, len(first) + 1)) / (1 if fixed else draws)
    return replace(result, confidence=np.ma.masked_array(shares, mask=~result.ever_first))


def acceptability_of_scores(
    blocks: Iterable[Scores], *, scale: float = POINTS, pairwise: bool = True
) -> Acceptability:
    """Return the indices over blocks of scores from any method, of any size, one at a time.

    There are no confidence factors (they need the method), and no central weights or designated
    shares unless the blocks carry weights or designations.

    Raises ValueError if there is no block, blocks differ, shapes do not fit, or a score is not
    finite.
    """
    return indices(_total(blocks, scale, pairwise, scratch()))


def _scores(method: Method, values: Floats, weights: Floats, array: Scratch) -> Floats:
    """Return the scores, those of a weighted sum of the same values in memory used again."""
    if method is not weighted_sum or values.ndim == 3:
        return method(values, weights)
    scores: Floats = array("scores", (len(weights), len(values)), np.float64)
    return np.matmul(weights, values.T, out=scores)


def _total(blocks: Iterable[Scores], scale: float, pairwise: bool, array: Scratch) -> Tally:
    parts = (part for block in blocks for part in cut_scores(block))
    tallies = (_tally(some, scale, pairwise, array) for some in _together(parts))
    first = next(tallies, None)
    if first is None:
        raise ValueError("no draws: at least one block of scores is needed")
    return reduce(add, tallies, first)


def _tally(parts: Iterable[Scores], scale: float, pairwise: bool, array: Scratch) -> Tally:
    """Count some draws; their pairs at once, since those of many blocks cost less by the block."""
    tallies: list[Tally] = []
    places: list[Places] = []
    for part in parts:
        placing = place(part.scores, scale, array)
        tallies.append(tally(placing, part))
        if pairwise:
            places.append(places_of(placing, array))
    return replace(reduce(add, tallies), net=net_wins(places, array) if pairwise else None)


def _together(parts: Iterator[Scores]) -> Iterator[Iterable[Scores]]:
    """Give the parts that are compared at once, each of them when it is asked for."""
    for part in parts:
        yield chain([part], islice(parts, _at_once(part.scores.shape[1]) - 1))


def _at_once(packages: int) -> int:
    """Return how many blocks are compared at once."""
    return max(1, min(STRETCH, _MOST_PLACES // packages) // BLOCK)


def _stretches(blocks: range, packages: int, workers: int) -> Sequence[range]:
    """Return the blocks in stretches that are compared at once, one for each worker at least."""
    length = min(_at_once(packages), -(-len(blocks) // workers))
    return [blocks[begin : begin + length] for begin in range(0, len(blocks), length)]


def _told(progress: Callable[[int, int], None] | None, total: int) -> Callable[[int], None]:
    done = count(1)

    def tell(blocks: int) -> None:
        for number in islice(done, blocks):
            if progress is not None:
                progress(number, total)

    return tell


def _spread(
    function: Callable[[S], T], parts: Sequence[S], workers: int, tell: Callable[[S], None]
) -> Iterator[T]:
    """Give function(part) for each part in order, on so many threads, few ahead at a time."""
    ahead = 4 * workers
    with ThreadPoolExecutor(workers) as pool:
        for begin in range(0, len(parts), ahead):
            near = parts[begin : begin + ahead]
            each = map(function, near) if workers == 1 else pool.map(function, near)
            for part, one in zip(near, each, strict=True):
                tell(part)
                yield one


def _firsts(
    method: Method,
    values: Floats,
    central: Floats,
    ever_first: Bools,
    scale: float,
    array: Scratch,
) -> Ints:
    """Return (n, n + 1): draws of the values that put n, at its central weights, in a first g."""
    n = len(central)
    counts = np.zeros((n, n + 1), dtype=np.int64)
    first = np.flatnonzero(ever_first)
    draws = 1 if values.ndim == 2 else len(values)
    at_once = max(1, _MOST_SCORES // (draws * n))
    # who is in the first group is linked with the best by steps of a tie, of which there are n - 1
    near = n * TIE * scale
    for begin in range(0, len(first), at_once):
        some = first[begin : begin + at_once]
        packages = np.repeat(some, draws)
        scores = at_each(method, values, central[some]).reshape(-1, n)
        own = scores[np.arange(len(packages)), packages]
        may = ~(own < scores.max(axis=1) - near)  # what is no number is found by `place`
        scores, packages = scores[may], packages[may]
        if not len(scores):
            continue
        placing = place(scores, scale, array)
        sizes = first_sizes(placing)
        at = np.argmax(packages_of(placing.cells) == packages[:, None], axis=1)
        np.add.at(counts, (packages[at < sizes], sizes[at < sizes]), 1)
    return counts
