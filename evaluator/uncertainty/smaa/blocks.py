"""What a block of draws or scores holds, what must be true of it, and the method between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.uncertainty.sampling.streams import BLOCK
from evaluator.uncertainty.sampling.weighting import OwnWeights
from evaluator.uncertainty.sampling.weights import SUM_TOLERANCE

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


Method = Callable[[Floats, Floats], Floats]
"""From values (n, m) or (b, n, m) and weights (b, m) to scores (b, n), higher is better."""


@dataclass(frozen=True, eq=False)
class Draws:
    """Some draws: values (n, m), or (b, n, m) if they differ from draw to draw, weights (b, m).

    `agencies`, if given, are the weights of each, there for the designation rule.
    """

    values: Floats
    weights: Floats
    agencies: tuple[OwnWeights, ...] = ()
    partly: bool = False
    """Whether some values may not count (NaN)."""
    method: Method | None = None
    """What scores these draws, where it differs from block to block."""


@dataclass(frozen=True, eq=False)
class Scores:
    """Scores (b, n) of some draws, higher is better, with what else is to be counted.

    `weights` (b, m) for the central weights; `designated` and `tied` (b, n) for the shares of draws
    in which a package is designated, and tied for too few places.
    """

    scores: Floats
    weights: Floats | None = None
    designated: Bools | None = None
    tied: Bools | None = None


Designation = Callable[[Floats, Draws], tuple[Bools, Bools]]
"""From the scores (b, n) of some draws and the draws to who is designated, and who is tied for
fewer places than they are, (b, n) each."""


def weighted_sum(values: Floats, weights: Floats) -> Floats:
    """Return scores (b, n) of values (n, m) or (b, n, m) at weights (b, m)."""
    if values.ndim == 2:
        return weights @ values.T
    scores: Floats = np.matmul(values, weights[:, :, None])[:, :, 0]
    return scores


def at_each(method: Method, values: Floats, weights: Floats) -> Floats:
    """Return scores of values (n, m) or (b, n, m) at each of the weights (k, m).

    They have the shape (k, n) or (k, b, n).
    """
    if values.ndim == 2:
        return method(values, weights)
    if method is weighted_sum:  # it scores a package by itself: those of all draws at once
        every = values.reshape(-1, values.shape[2])
        return method(every, weights).reshape(len(weights), *values.shape[:2])
    return np.stack([method(values, np.broadcast_to(one, values[:, 0].shape)) for one in weights])


def cut_draws(drawn: Draws, size: int) -> Draws:
    """Return the first `size` draws of a block.

    Raises ValueError if there are fewer, shapes do not fit, a value is not finite, or a row of
    weights is negative or does not sum to 1.
    """
    if len(drawn.weights) < size:
        raise ValueError(f"a block of {len(drawn.weights)} draws where {size} are needed")
    part = Draws(
        drawn.values[:size] if drawn.values.ndim == 3 else drawn.values,
        drawn.weights[:size],
        tuple(one.first(size) for one in drawn.agencies),
        drawn.partly,
        drawn.method,
    )
    _check_draws(part.values, part.weights, partly=part.partly)
    return part


def cut_scores(block: Scores) -> Iterator[Scores]:
    """Give the parts of a block of scores, none of more than BLOCK draws.

    Raises ValueError if shapes do not fit.
    """
    shape = np.shape(block.scores)
    if len(shape) != 2 or not all(shape):
        raise ValueError(f"scores have shape {shape}: (draws, packages) is needed")
    if block.weights is not None and len(block.weights) != shape[0]:
        raise ValueError(f"scores of {shape[0]} draws, weights of {len(block.weights)}")
    for marked in (block.designated, block.tied):
        if marked is not None and marked.shape != shape:
            raise ValueError(f"scores {shape}, designations {marked.shape}: give one each")
    for begin in range(0, shape[0], BLOCK):
        part = slice(begin, begin + BLOCK)
        yield Scores(
            block.scores[part],
            None if block.weights is None else block.weights[part],
            None if block.designated is None else block.designated[part],
            None if block.tied is None else block.tied[part],
        )


def _check_draws(values: Floats, weights: Floats, *, partly: bool) -> None:
    if values.ndim not in (2, 3) or weights.ndim != 2 or values.shape[-1] != weights.shape[1]:
        raise ValueError(
            f"values {values.shape} and weights {weights.shape} do not fit: values are (n, m) or "
            "(draws, n, m), weights (draws, m)"
        )
    if values.ndim == 3 and len(values) != len(weights):
        raise ValueError(f"{len(values)} draws of values, {len(weights)} of weights")
    wrong = np.isinf(values) if partly else ~np.isfinite(values)
    if wrong.any():
        cell = tuple(np.argwhere(wrong)[0].tolist())
        raise ValueError(f"the value at {cell} is not a finite number: a missing one is a range")
    sums = weights @ np.ones(weights.shape[1])
    if np.abs(sums - 1).max() <= SUM_TOLERANCE and weights.min() >= 0:
        return
    wrong = np.flatnonzero(~(np.abs(sums - 1) <= SUM_TOLERANCE) | (weights.min(axis=1) < 0))
    if len(wrong):
        raise ValueError(
            f"weights of draw {wrong[0]} of its block are negative or sum to {sums[wrong[0]]:.12g},"
            " not 1: correct them, nothing is rescaled"
        )
