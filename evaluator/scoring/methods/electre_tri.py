"""ELECTRE TRI-B: sorting into ordered classes by comparison with limiting profiles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluator.scoring.findings import MethodVariant, Parameter
from evaluator.scoring.methods.preference import ramp
from evaluator.scoring.methods.problem import (
    SLACK,
    Floats,
    Integers,
    as_parameter,
    blocks,
    checked_values,
    decision_problem,
    on_criterion,
    per_criterion,
    unbatched,
    weigh,
)

_SOURCE = (
    "Yu 1992; Roy & Bouyssou 1993; Mousseau, Slowinski & Zielniewicz 2000, "
    "Computers & Operations Research 27"
)


@dataclass(frozen=True, slots=True)
class ElectreTriResult:
    """Class of each alternative, 0 (worst) to k (best); shapes (n,), or (draws, n) for a batch.

    `pessimistic` and `optimistic` are the two assignment rules; where they differ, the
    alternative is incomparable to the profiles between. `scores` are the pessimistic classes:
    an order of a few classes with many ties, not a measure of distance.
    """

    pessimistic: Integers
    optimistic: Integers
    variant: MethodVariant

    @property
    def scores(self) -> Floats:
        """Return the pessimistic classes as numbers, higher is better."""
        return self.pessimistic.astype(np.float64)


def electre_tri(
    matrix: ArrayLike,
    weights: ArrayLike,
    directions: ArrayLike,
    *,
    profiles: ArrayLike,
    q: ArrayLike = 0.0,
    p: ArrayLike = 0.0,
    v: ArrayLike | None = None,
    cut: float = 0.75,
) -> ElectreTriResult:
    """Sort alternatives into the k + 1 classes that k profiles, worst first, delimit.

    Shapes: matrix (n, m), weights (m,) or (draws, m), directions (m,) of +1 / -1, profiles
    (k, m) in the unit of the criteria -> classes (n,) or (draws, n). Thresholds of indifference
    q, preference p and veto v are numbers or (m,), q <= p <= v; v None, or infinite for a
    criterion, means no veto. A veto holds whatever the weight of its criterion. One outranks
    another if the credibility of that is at least `cut`, 0.5 to 1 (within 1e-12).
    Pessimistic: the class above the highest profile that the alternative outranks. Optimistic:
    the class below the lowest profile that outranks it and is not outranked by it.
    Raises ValueError for malformed input, profiles or thresholds out of order.
    Source: Yu 1992 (thesis, Paris-Dauphine); Roy & Bouyssou 1993, Aide multicritère à la
    décision; Mousseau, Slowinski & Zielniewicz 2000, Computers & Operations Research 27, 757-777.

    >>> result = electre_tri([[70, 40]], [0.5, 0.5], [1, 1], profiles=[[50, 50]])
    >>> result.pessimistic, result.optimistic
    (array([0]), array([1]))
    """
    problem = decision_problem(matrix, weights, directions)
    criteria = problem.matrix.shape[1]
    limits = _checked_profiles(profiles, problem.directions)
    thresholds = _checked_thresholds(q, p, v, criteria)
    if not 0.5 <= cut <= 1:
        raise ValueError(f"cut is {cut}; give a number from 0.5 to 1.")
    ahead = (problem.matrix[:, None, :] - limits) * problem.directions
    slack = SLACK * np.maximum(np.abs(problem.matrix).max(axis=0), np.abs(limits).max(axis=0))
    over = _outranking(-ahead, thresholds, slack)
    under = _outranking(ahead, thresholds, slack)
    pessimistic, optimistic = _classes(problem.weights, over, under, cut)
    quoted = ((name, as_parameter(each)) for name, each in zip("qpv", thresholds, strict=True))
    parameters: tuple[tuple[str, Parameter], ...] = (
        ("profiles", tuple(tuple(map(float, row)) for row in limits)),
        *quoted,
        ("cut", float(cut)),
    )
    return ElectreTriResult(
        pessimistic=unbatched(pessimistic, problem.single),
        optimistic=unbatched(optimistic, problem.single),
        variant=MethodVariant("electre_tri", "none", parameters, _SOURCE),
    )


@dataclass(frozen=True, slots=True)
class _Outranking:
    """Support for and opposition to one side outranking the other, each (n, k, m) in 0..1."""

    concordance: Floats
    discordance: Floats


def _outranking(
    deficit: Floats, thresholds: tuple[Floats, Floats, Floats], slack: Floats
) -> _Outranking:
    q, p, v = thresholds
    return _Outranking(1.0 - ramp(deficit, q, p, slack), ramp(deficit, p, v, slack))


def _classes(
    weights: Floats, over: _Outranking, under: _Outranking, cut: float
) -> tuple[Integers, Integers]:
    alternatives, count, _ = over.concordance.shape
    pessimistic = np.empty((len(weights), alternatives), dtype=np.intp)
    optimistic = np.empty_like(pessimistic)
    above = np.arange(1, count + 1)
    for block in blocks(len(weights), alternatives * count):
        outranks = _credibility(weights[block], over) >= cut - SLACK
        outranked = (_credibility(weights[block], under) >= cut - SLACK) & ~outranks
        pessimistic[block] = (outranks * above).max(axis=2)
        optimistic[block] = np.where(outranked.any(axis=2), outranked.argmax(axis=2), count)
    return pessimistic, optimistic


def _credibility(weights: Floats, relation: _Outranking) -> Floats:
    """Return the credibility (draws, n, k): concordance, weakened by each stronger discordance."""
    alternatives, count, criteria = relation.concordance.shape
    concordance = weigh(relation.concordance.reshape(-1, criteria), weights)
    discordance = relation.discordance.reshape(-1, criteria)
    credibility = concordance.copy()
    for column in np.flatnonzero(discordance.any(axis=0)):
        pairs = np.flatnonzero(discordance[:, column])
        against, agreed = discordance[pairs, column], concordance[:, pairs]
        factor = np.ones_like(agreed)
        np.divide(1.0 - against, 1.0 - agreed, out=factor, where=against > agreed)
        factor[:, against >= 1.0] = 0.0  # also where all that weighs agrees
        credibility[:, pairs] *= factor
    return credibility.reshape(len(weights), alternatives, count)


def _checked_profiles(profiles: ArrayLike, directions: Floats) -> Floats:
    limits = checked_values(profiles, "profiles", ("profiles", "criteria"))
    if limits.shape[1] != len(directions):
        raise ValueError(
            f"profiles have {limits.shape[1]} criteria, the matrix has {len(directions)}."
        )
    fall = np.argwhere(np.diff(limits, axis=0) * directions < 0)
    if len(fall):
        row, column = (int(i) for i in fall[0])
        where = on_criterion(column, None if (limits == limits[:, :1]).all() else limits)
        raise ValueError(
            f"profile {row + 2} ({limits[row + 1, column]:g}) is worse than profile {row + 1} "
            f"({limits[row, column]:g}){where}; order the profiles from worst to best."
        )
    return limits


def _checked_thresholds(
    q: ArrayLike, p: ArrayLike, v: ArrayLike | None, criteria: int
) -> tuple[Floats, Floats, Floats]:
    indifference = per_criterion(q, "q", criteria)
    preference = per_criterion(p, "p", criteria)
    veto = per_criterion(np.inf if v is None else v, "v", criteria)
    ordered = (indifference >= 0) & (preference >= indifference) & (veto >= preference)
    wrong = ~(ordered & np.isfinite(preference))
    if wrong.any():
        column = int(np.argmax(wrong))
        told = f"q = {indifference[column]:g}, p = {preference[column]:g}"
        if v is not None:
            told += f", v = {veto[column]:g}"
        order = "0 <= q <= p" if v is None else "0 <= q <= p <= v"
        raise ValueError(f"{told}{on_criterion(column, q, p, v)}; give finite numbers, {order}.")
    return indifference, preference, veto
