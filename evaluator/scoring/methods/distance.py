"""Methods that measure the way to an ideal point: TOPSIS and VIKOR."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluator.scoring.findings import MethodVariant
from evaluator.scoring.methods.normalization import Normalization, extremes, normalize
from evaluator.scoring.methods.problem import (
    ROW_CELLS,
    SLACK,
    Bools,
    Floats,
    Scored,
    blocks,
    checked_share,
    decision_problem,
    unbatched,
    weigh,
)

_TOPSIS_SOURCE = "Hwang & Yoon 1981, Multiple Attribute Decision Making"
_VIKOR_SOURCE = "Opricovic & Tzeng 2004, EJOR 156(2)"


@dataclass(frozen=True, slots=True)
class VikorResult:
    """VIKOR's measures, lower is better in S, R and Q; shapes (n,), or (draws, n) for a batch.

    S: group utility. R: individual regret. Q: their compromise. `acceptable_advantage` and
    `acceptable_stability`: the two conditions on the leader by Q, a bool or (draws,).
    `compromise`: which alternatives form the compromise set. `scores` are 1 - Q.
    """

    S: Floats
    R: Floats
    Q: Floats
    acceptable_advantage: bool | Bools
    acceptable_stability: bool | Bools
    compromise: Bools
    variant: MethodVariant

    @property
    def scores(self) -> Floats:
        """Return 1 - Q, higher is better."""
        return 1.0 - self.Q


def topsis(
    matrix: ArrayLike,
    weights: ArrayLike,
    directions: ArrayLike,
    *,
    normalization: Normalization = "vector",
) -> Scored:
    """Score by closeness: distance to the worst point / (distances to the worst and best points).

    Shapes: matrix (n, m), weights (m,) or (draws, m), directions (m,) of +1 / -1 -> scores (n,)
    or (draws, n) in 0..1. Distances are Euclidean, between weighted normalised values; the best
    and worst points are taken from the alternatives. Where all alternatives are equal on every
    criterion that has a weight, both distances are 0 and the score is 0.5.
    Raises ValueError for malformed input or a column that the normalisation cannot take.
    Source: Hwang & Yoon 1981, Multiple Attribute Decision Making.

    >>> topsis([[1, 3], [3, 1], [2, 2]], [0.5, 0.5], [1, 1]).scores
    array([0.5, 0.5, 0.5])
    """
    problem = decision_problem(matrix, weights, directions)
    values = normalize(problem.matrix, problem.directions, normalization)
    worst, best = extremes(values)
    # Closeness does not change with the unit; the largest span as unit keeps squares in range.
    unit = float((best - worst).max()) or 1.0
    scores = np.full((problem.draws, len(values)), 0.5)
    for rows in blocks(len(values), values.shape[1], ROW_CELLS):
        to_best, to_worst = (_squared_gaps(values[rows], point, unit) for point in (best, worst))
        for draws in blocks(problem.draws, len(to_best)):
            squares = problem.weights[draws] ** 2
            near, far = np.sqrt(weigh(to_best, squares)), np.sqrt(weigh(to_worst, squares))
            total = near + far
            np.divide(far, total, out=scores[draws, rows], where=total > 0)
    variant = MethodVariant("topsis", normalization, (), _TOPSIS_SOURCE)
    return Scored(unbatched(scores, problem.single), variant)


def _squared_gaps(values: Floats, point: Floats, unit: float) -> Floats:
    gaps: Floats = values - point
    gaps /= unit
    gaps *= gaps
    return gaps


def vikor(
    matrix: ArrayLike,
    weights: ArrayLike,
    directions: ArrayLike,
    *,
    v: float = 0.5,
    normalization: Normalization = "minmax",
) -> VikorResult:
    """Rank by Q, a compromise between group utility S (weight v) and individual regret R (1 - v).

    Shapes: matrix (n, m), weights (m,) or (draws, m), directions (m,) of +1 / -1 -> S, R, Q (n,)
    or (draws, n). VIKOR always measures a criterion from its best (0) to its worst value (1),
    which is what minmax means here; another normalisation is applied before that. A constant
    criterion adds nothing to S and R. Where S or R is the same for all (within 1e-12), its part
    of Q is 0.
    Advantage: the second by Q is at least 1/(n-1) behind the leader. Stability: the leader also
    leads by S or by R. Both: the leader alone is the compromise. Advantage only: the leader and
    the second. No advantage: all less than 1/(n-1) behind the leader. Ties by Q share a place,
    so that a tie at the top has no advantage.
    Raises ValueError for malformed input or a column that the normalisation cannot take.
    Source: Opricovic & Tzeng 2004, European Journal of Operational Research 156(2), 445-455.

    >>> vikor([[1, 3000], [2, 3750], [5, 4500]], [0.5, 0.5], [-1, 1]).Q
    array([1., 0., 1.])
    """
    problem = decision_problem(matrix, weights, directions)
    share = checked_share(v, "v")
    values = normalize(problem.matrix, problem.directions, normalization)
    behind = 1.0 - normalize(values, np.ones_like(problem.directions), "minmax")
    measures = np.empty((3, problem.draws, len(values)))
    conditions = np.empty((2, problem.draws), dtype=np.bool_)
    members = np.empty((problem.draws, len(values)), dtype=np.bool_)
    for block in blocks(problem.draws, len(values)):
        utility, regret = _utility_and_regret(behind, problem.weights[block])
        both = share * _spread(utility) + (1 - share) * _spread(regret)
        measures[:, block] = utility, regret, both
        conditions[:, block], members[block] = _compromise(utility, regret, both)
    single = problem.single
    S, R, Q = (unbatched(measure, single) for measure in measures)
    advantage, stability = (bool(held[0]) if single else held for held in conditions)
    return VikorResult(
        S=S,
        R=R,
        Q=Q,
        acceptable_advantage=advantage,
        acceptable_stability=stability,
        compromise=unbatched(members, single),
        variant=MethodVariant("vikor", normalization, (("v", share),), _VIKOR_SOURCE),
    )


def _utility_and_regret(behind: Floats, weights: Floats) -> tuple[Floats, Floats]:
    regret = np.zeros((len(weights), len(behind)))
    for criterion in range(behind.shape[1]):
        np.maximum(regret, weights[:, criterion, None] * behind[:, criterion], out=regret)
    return weigh(behind, weights), regret


def _spread(measure: Floats) -> Floats:
    low = measure.min(axis=1, keepdims=True)
    span = measure.max(axis=1, keepdims=True) - low
    flat = span <= SLACK
    shares: Floats = np.where(flat, 0.0, (measure - low) / np.where(flat, 1.0, span))
    return shares


def _compromise(utility: Floats, regret: Floats, both: Floats) -> tuple[Bools, Bools]:
    """Return whether the two conditions hold (2, draws), and the compromise set (draws, n)."""
    draws, alternatives = both.shape
    if alternatives == 1:
        return np.ones((2, draws), dtype=np.bool_), np.ones((draws, 1), dtype=np.bool_)
    places = np.partition(both, 1, axis=1)[:, :2]
    first, second = places[:, 0], places[:, 1]
    threshold = 1 / (alternatives - 1)
    advantage = second - first >= threshold - SLACK
    leads_both = both <= first[:, None] + SLACK
    stability = np.all(_leads(utility) | _leads(regret) | ~leads_both, axis=1)
    beyond = np.where(stability, first + SLACK, second + SLACK)
    beyond = np.where(advantage, beyond, first + threshold - SLACK)
    return np.stack([advantage, stability]), both < beyond[:, None]


def _leads(measure: Floats) -> Bools:
    leads: Bools = measure <= measure.min(axis=1, keepdims=True) + SLACK
    return leads
