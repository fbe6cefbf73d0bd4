"""Weights drawn from what is known of them: nothing, an order, bounds, a statement, or all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evaluator.uncertainty.findings import (
    DirichletAround,
    FixedShares,
    Shares,
    UniformInOrder,
    UniformOnSimplex,
    UniformWithinBounds,
)
from evaluator.uncertainty.sampling.bounded import bounded_simplex, check_bounds
from evaluator.uncertainty.sampling.streams import BLOCK, concatenated, stream

Floats = NDArray[np.float64]

SUM_TOLERANCE = 1e-9
"""How far the sum of stated weights may be from 1 (rounding only)."""


@dataclass(frozen=True)
class Unknown:
    """Nothing is known of the weights of so many criteria."""

    criteria: int

    def __post_init__(self) -> None:
        if self.criteria < 1:
            raise ValueError(f"weights of {self.criteria} criteria: at least 1 is needed")


@dataclass(frozen=True)
class Ordered:
    """Only the order of importance is known: rank 1 is the most important, equal ranks tie.

    `ties`: `unordered`, the order among tied criteria is not known; `equal`, their weights are the
    same.
    """

    ranks: tuple[int, ...]
    ties: Literal["unordered", "equal"] = "unordered"

    def __post_init__(self) -> None:
        if not self.ranks:
            raise ValueError("ranks are empty: give one rank per criterion")
        if min(self.ranks) < 1:
            raise ValueError(f"rank {min(self.ranks)} is below 1: 1 is the most important")


@dataclass(frozen=True)
class Bounded:
    """Each weight lies in an interval."""

    lower: tuple[float, ...]
    upper: tuple[float, ...]

    def __post_init__(self) -> None:
        check_bounds(self.lower, self.upper)


@dataclass(frozen=True)
class Stated:
    """Weights are stated, with the relative standard deviation of an equal one.

    A weight w is drawn from a Dirichlet distribution: its mean is w and its variance
    w (1 - w) / (concentration + 1). Of n weights that are not 0 an equal one, 1/n, deviates by
    sqrt((n - 1) / (concentration + 1)) of itself, so that the statement means the same for any n.
    """

    weights: tuple[float, ...]
    relative_deviation: float

    def __post_init__(self) -> None:
        _check_weights(self.weights)
        if not 0 < self.relative_deviation < 1:
            raise ValueError(
                f"relative deviation {self.relative_deviation:g}: a number between 0 and 1 is "
                "needed"
            )

    @property
    def concentration(self) -> float:
        """The sum of the parameters of the distribution; a single weight, which stays, has 1."""
        free = sum(weight > 0 for weight in self.weights) - 1
        return free / self.relative_deviation**2 - 1 if free else 1.0


@dataclass(frozen=True)
class Fixed:
    """Weights are known exactly."""

    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        _check_weights(self.weights)


WeightInformation = Unknown | Ordered | Bounded | Stated | Fixed


def criteria_of(information: WeightInformation) -> int:
    """Return how many criteria the information is about."""
    match information:
        case Unknown(criteria=criteria):
            return criteria
        case Ordered(ranks=ranks):
            return len(ranks)
        case Bounded(lower=lower):
            return len(lower)
        case Stated(weights=weights) | Fixed(weights=weights):
            return len(weights)


def distribution(
    information: WeightInformation, of: Literal["influence", "weights"], agency: str = ""
) -> Shares:
    """Return what shares are drawn from, as it must stand beside every acceptability."""
    match information:
        case Unknown():
            return UniformOnSimplex(of, agency)
        case Ordered(ties=ties):
            return UniformInOrder(of, agency, ties)
        case Bounded():
            return UniformWithinBounds(of, agency)
        case Stated(relative_deviation=deviation):
            return DirichletAround(of, agency, deviation)
        case Fixed():
            return FixedShares(of, agency)


def sample_weights(
    information: WeightInformation, draws: int, *, seed: int, purpose: str = "weights"
) -> Floats:
    """Return weights (draws, m), each row on the simplex.

    `purpose` names the stream: two sets of weights of one study need two purposes.

    Raises ValueError if `draws` is below 1 or the seed is negative.
    """
    return concatenated(
        lambda block: weight_block(information, seed=seed, purpose=purpose, block=block), draws
    )


def weight_block(
    information: WeightInformation, *, seed: int, purpose: str = "weights", block: int
) -> Floats:
    """Return one whole block of weights, (BLOCK, m), each row on the simplex."""
    generator = stream(seed, purpose, block)
    match information:
        case Unknown(criteria=criteria):
            return _uniform(generator, criteria)
        case Ordered(ranks=ranks, ties="equal"):
            return _ordered_equal(generator, np.array(ranks))
        case Ordered(ranks=ranks):
            return _ordered(generator, np.array(ranks))
        case Bounded(lower=lower, upper=upper):
            return bounded_simplex(generator, np.array(lower), np.array(upper), BLOCK)
        case Stated(weights=weights):
            alpha = information.concentration * np.array(weights, dtype=np.float64)
            return _dirichlet(generator, alpha)
        case Fixed(weights=weights):
            return np.tile(np.array(weights, dtype=np.float64), (BLOCK, 1))


def _uniform(generator: np.random.Generator, criteria: int) -> Floats:
    exponentials = generator.standard_exponential((BLOCK, criteria))
    weights: Floats = exponentials / exponentials.sum(axis=1, keepdims=True)
    return weights


def _ordered(generator: np.random.Generator, ranks: NDArray[np.int64]) -> Floats:
    descending = np.flip(np.sort(_uniform(generator, len(ranks)), axis=1), axis=1)
    weights = np.empty_like(descending)
    place = 0
    for rank in np.unique(ranks):
        group = np.flatnonzero(ranks == rank)
        shares = descending[:, place : place + len(group)]
        weights[:, group] = generator.permuted(shares, axis=1)
        place += len(group)
    return weights


def _ordered_equal(generator: np.random.Generator, ranks: NDArray[np.int64]) -> Floats:
    # The corners of the polytope give equal weight to all criteria down to one rank, none below.
    corners = np.array([ranks <= rank for rank in np.unique(ranks)], dtype=np.float64)
    corners /= corners.sum(axis=1, keepdims=True)
    mixed: Floats = _uniform(generator, len(corners)) @ corners
    return mixed


def _dirichlet(generator: np.random.Generator, alpha: Floats) -> Floats:
    # Gamma(a) = Gamma(a + 1) U^(1/a), in logarithms: small a would underflow to all zeros.
    positive = alpha > 0
    shape = alpha[positive]
    size = (BLOCK, len(shape))
    logs = np.log(generator.standard_gamma(shape + 1, size))
    with np.errstate(over="ignore"):  # of a share that is nearly none, the draws are none
        logs -= generator.standard_exponential(size) / shape
    gammas = np.exp(logs - logs.max(axis=1, keepdims=True))
    weights = np.zeros((BLOCK, len(alpha)))
    weights[:, positive] = gammas / gammas.sum(axis=1, keepdims=True)
    return weights


def _check_weights(weights: tuple[float, ...]) -> None:
    values = np.array(weights, dtype=np.float64)
    if not len(values):
        raise ValueError("weights are empty: give one weight per criterion")
    wrong = np.flatnonzero(~np.isfinite(values) | (values < 0))
    if len(wrong):
        raise ValueError(f"weight {wrong[0]} is {values[wrong[0]]:g}: weights are 0 or more")
    total = values.sum()
    if abs(total - 1) > SUM_TOLERANCE:
        raise ValueError(f"weights sum to {total:.12g}, not 1: correct them, nothing is rescaled")
