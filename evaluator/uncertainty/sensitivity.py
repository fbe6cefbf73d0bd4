"""Which inputs move a package's score: one at a time (tornado) and by share of variance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evaluator.decision.ordering import WEIGHTED_SUM, Ordering
from evaluator.decision.ties import tied
from evaluator.uncertainty.stability.moves import check_study, in_proportion, may_weigh

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Range = tuple[Floats, Floats]
"""Lowest and highest of each entry, two arrays of one shape."""


@dataclass(frozen=True)
class Bar:
    """One input's pull on one package's score, everything else as it is today."""

    kind: Literal["influence", "weight", "value"]
    agency: int | None
    criterion: int | None
    low: float
    """The input at the low end of its range."""
    high: float
    score_at_low: float
    """In the unit of the method; above `score_at_high` where more of the input does harm."""
    score_at_high: float

    @property
    def swing(self) -> float:
        """Between the two ends, in the unit of the method."""
        return abs(self.score_at_high - self.score_at_low)


@dataclass(frozen=True)
class Tornado:
    """One package's bars, widest first; inputs that do not move it are left out."""

    package: int
    score: float
    """Today's, by the method."""
    bars: tuple[Bar, ...]


def tornado(
    values: Floats,
    weights: Floats,
    influence: Floats,
    *,
    packages: Sequence[int],
    ordering: Ordering = WEIGHTED_SUM,
    value_range: Range | None = None,
    weight_range: Range | None = None,
    influence_range: Range | None = None,
    own: Bools | None = None,
) -> tuple[Tornado, ...]:
    """One-at-a-time sensitivity of the scores that rank, one tornado a package.

    values (n, m) in points, weights (k, m) and influence (k,) summing to 1; ranges in the same
    shapes, holding today's numbers. A share that moves takes its siblings along in proportion.
    Scores are those of the ordering at the ends of each range: where the overall score ranks, it is
    a straight line in every input, and these are its extremes.
    `own` (k, m) says which criteria an agency may weigh (default: those it weighs today); a share
    without siblings cannot move, whatever its range.

    Raises ValueError where shapes or sums do not fit, or a range misses today's number.
    """
    check_study(values, weights, influence, partly=ordering.separate)
    _check_range("value", value_range, values)
    _check_range("weight", weight_range, weights)
    _check_range("influence", influence_range, influence)
    for package in packages:
        if not 0 <= package < values.shape[0]:
            raise ValueError(f"package {package} is not among 0..{values.shape[0] - 1}")
    may = may_weigh(weights, own)
    effective = influence @ weights
    shares = [
        *_influence_moves(weights, influence, influence_range),
        *_weight_moves(weights, influence, may, weight_range),
    ]
    # the effective weights at the ends of each share's range: (shares, 2, m)
    moved = np.array([move.ends for move in shares]).reshape(-1, effective.size)
    today = ordering.scores(values, effective)
    at_ends = ordering.scores(values, moved) if shares else np.zeros((0, len(values)))
    found = []
    for package in packages:
        score = float(today[package])
        bars = [
            Bar(move.kind, move.agency, move.criterion, move.low, move.high, *at)
            for move, at in zip(shares, at_ends[:, package].reshape(-1, 2).tolist(), strict=True)
        ]
        bars += _value_bars(package, values, effective, ordering, value_range)
        moving = [bar for bar in bars if not tied(bar.swing, 0.0, ordering.span)]
        moving.sort(key=lambda bar: -bar.swing)
        found.append(Tornado(package, score, tuple(moving)))
    return tuple(found)


class _Move(NamedTuple):
    """A share that moves over its range, and the effective weights at its ends, (2, m)."""

    kind: Literal["influence", "weight"]
    agency: int
    criterion: int | None
    low: float
    high: float
    ends: Floats


def _influence_moves(weights: Floats, influence: Floats, ends: Range | None) -> Iterator[_Move]:
    for a, low, high in _moving(ends if influence.size > 1 else None):
        shares = np.stack([in_proportion(influence, a, to) for to in (low, high)])
        yield _Move("influence", a, None, low, high, shares @ weights)


def _weight_moves(
    weights: Floats, influence: Floats, may: Bools, ends: Range | None
) -> Iterator[_Move]:
    effective = influence @ weights
    for flat, low, high in _moving(ends):
        a, c = divmod(flat, weights.shape[1])
        if not np.delete(may[a], c).any():
            continue
        own = np.stack([in_proportion(weights[a], c, to, own=may[a]) for to in (low, high)])
        yield _Move("weight", a, c, low, high, effective + influence[a] * (own - weights[a]))


def _value_bars(
    package: int, values: Floats, effective: Floats, ordering: Ordering, ends: Range | None
) -> Iterator[Bar]:
    # Where only its own values make a package's score, the others are left out.
    by_itself = ordering.overall and ordering.totals is None
    alone = slice(package, package + 1) if by_itself else slice(None)
    row = 0 if by_itself else package
    for c, low, high in _moving(None if ends is None else (ends[0][package], ends[1][package])):
        at = []
        for to in (low, high):
            tried = values[alone].copy()
            tried[row, c] = to
            at.append(float(ordering.scores(tried, effective)[row]))
        yield Bar("value", None, c, low, high, at[0], at[1])


def _moving(ends: Range | None) -> list[tuple[int, float, float]]:
    """(flat index, low, high) of the entries that have a range."""
    if ends is None:
        return []
    low, high = ends[0].ravel(), ends[1].ravel()
    return [(i, float(low[i]), float(high[i])) for i in np.flatnonzero(high > low).tolist()]


def _check_range(name: str, ends: Range | None, today: Floats) -> None:
    if ends is None:
        return
    low, high = ends
    if low.shape != today.shape or high.shape != today.shape:
        raise ValueError(f"{name}_range has shapes {low.shape}, {high.shape}, not {today.shape}")
    outside = ~((low <= today) & (today <= high)) & ~np.isnan(today)
    if outside.any():
        where = tuple(np.argwhere(outside)[0].tolist())
        raise ValueError(
            f"{name}_range at {where} is {low[where]}..{high[where]}, "
            f"without today's {today[where]}; widen it"
        )


@dataclass(frozen=True)
class Moments:
    """Means and spreads of influence, weights and values, independent between the three."""

    influence_mean: Floats
    """(k,)."""
    influence_cov: Floats
    """(k, k)."""
    weights_mean: Floats
    """(k, m)."""
    weights_cov: Floats
    """(k, m, m): one matrix an agency; agencies are independent of each other."""
    values_mean: Floats
    """(n, m), points."""
    values_var: Floats
    """(n, m), points squared; values are independent of each other."""


@dataclass(frozen=True)
class VarianceShares:
    """Sobol indices of each package's overall weighted sum, closed form.

    First order: the share of variance that goes if the group alone were known. Total: the share
    that stays if all but the group were known. A score that does not vary has shares of 0.
    """

    variance: Floats
    """(n,), points squared."""
    groups: tuple[str, str, str]
    """Names of the columns below."""
    first: Floats
    """(n, 3)."""
    total: Floats
    """(n, 3)."""
    interaction: Floats
    """(n,): 1 less all first-order shares of the groups."""
    value_first: Floats
    """(n, m): of each criterion's value alone; a row sums to the group's first-order share."""
    value_total: Floats
    """(n, m)."""


GROUPS = ("influence", "weights", "values")


def variance_shares(moments: Moments) -> VarianceShares:
    """Who drives the variance of each score: influence, weights or values.

    The score is sum_a g_a sum_c W_ac v_c, a product of three independent groups, so the variance
    of its mean given any of the groups follows from first and second moments alone: exact for
    every distribution with these moments, no sampling. Indices as in Sobol, Mathematics and
    Computers in Simulation 55 (2001), for groups of inputs. Weights of one agency sum to 1 and
    so depend on each other: no index of a single weight is given, as it would not be unique.

    Raises ValueError where shapes do not fit or a variance is negative.
    """
    _check_moments(moments)
    effective = (moments.influence_mean @ moments.weights_mean) ** 2
    spread = {
        (g, w): _effective_cov(moments, influence=g, weights=w)
        for g in (False, True)
        for w in (False, True)
    }

    def explained(g: bool, w: bool, v: bool) -> Floats:
        """Variance of the mean score given the chosen groups: (n,)."""
        cov = spread[g, w]
        part: Floats = ((moments.values_mean @ cov) * moments.values_mean).sum(axis=1)
        return part + moments.values_var @ (effective + np.diag(cov)) if v else part

    variance = explained(True, True, True)
    alone = [explained(True, False, False), explained(False, True, False)]
    alone.append(explained(False, False, True))
    without = [explained(False, True, True), explained(True, False, True)]
    without.append(explained(True, True, False))
    first = _share(np.stack(alone, axis=1), variance)
    every = effective + np.diag(spread[True, True])
    return VarianceShares(
        variance=variance,
        groups=GROUPS,
        first=first,
        total=_share(variance[:, None] - np.stack(without, axis=1), variance),
        interaction=np.where(variance > 0, np.maximum(1 - first.sum(axis=1), 0.0), 0.0),
        value_first=_share(moments.values_var * effective, variance),
        value_total=_share(moments.values_var * every, variance),
    )


def _effective_cov(moments: Moments, *, influence: bool, weights: bool) -> Floats:
    """Covariance of the effective weights g W, groups not named held at their means: (m, m)."""
    between = moments.influence_cov if influence else np.zeros_like(moments.influence_cov)
    cov: Floats = moments.weights_mean.T @ between @ moments.weights_mean
    if weights:
        squares = moments.influence_mean**2 + np.diag(between)
        cov = cov + np.tensordot(squares, moments.weights_cov, axes=1)
    return cov


def _share(part: Floats, variance: Floats) -> Floats:
    """Parts (n, .) of variances (n,), 0 where nothing varies."""
    whole = variance[:, None]
    shares: Floats = np.divide(
        np.maximum(part, 0.0), whole, out=np.zeros_like(part), where=whole > 0
    )
    return shares


def _check_moments(moments: Moments) -> None:
    agencies, criteria = moments.weights_mean.shape
    packages = moments.values_mean.shape[0]
    expected = {
        "influence_mean": (agencies,),
        "influence_cov": (agencies, agencies),
        "weights_cov": (agencies, criteria, criteria),
        "values_mean": (packages, criteria),
        "values_var": (packages, criteria),
    }
    for name, shape in expected.items():
        entry: Floats = getattr(moments, name)
        if entry.shape != shape:
            raise ValueError(f"{name} has shape {entry.shape}, expected {shape}")
        if not np.isfinite(entry).all():
            raise ValueError(f"{name} holds an entry that is not finite")
    spreads = {
        "influence_cov": np.diag(moments.influence_cov),
        "weights_cov": np.diagonal(moments.weights_cov, axis1=1, axis2=2),
        "values_var": moments.values_var,
    }
    for name, variances in spreads.items():
        if (variances < 0).any():
            raise ValueError(f"{name} holds the negative variance {variances.min()}")
