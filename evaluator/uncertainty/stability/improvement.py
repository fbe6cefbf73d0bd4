"""What it would take: the smallest improvement that brings a package into the designated set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from evaluator.decision.designation import DesignationRule, check_rule, decide
from evaluator.decision.ties import POINTS, TIE, Floats
from evaluator.errors import SolverError
from evaluator.linear import minimise, sparse
from evaluator.uncertainty.stability.moves import check_study

BEST = POINTS
"""No value is higher."""
_TIE = TIE * POINTS


@dataclass(frozen=True)
class Improvement:
    """The smallest improvements of one package's values that bring it in, the others unchanged."""

    package: int
    outcome: Literal["possible", "impossible", "ineligible"]
    """impossible: not even with 100 on every criterion it lacks. ineligible: no value helps."""
    target: float
    """Points its overall score must reach: the overall floor or, if higher, the best score that
    is one place too far down plus the margin. Infinite where the rule takes nobody."""
    needed: Floats
    """(m,), the value needed on each criterion if it alone improves; infinite where that cannot
    do, or the package is not eligible."""
    criterion: int | None
    """The criterion that brings it in alone with the fewest points; None where none does."""
    points: float | None
    """Fewest value points in total, over any criteria together; None unless possible."""
    values: Floats | None
    """(m,), the values that cost these points; None unless possible."""


def smallest_improvements(
    values: Floats,
    weights: Floats,
    influence: Floats,
    *,
    rule: DesignationRule,
    margin: float = 0.01,
) -> tuple[Improvement, ...]:
    """For each package outside the designated set: what would bring it in.

    values (n, m) in points, at most 100; weights (k, m) and influence (k,) sum to 1. A tie at the
    cut is contested, so a package must beat it by `margin` points (above the tie tolerance);
    floors are met at equality. Points count alike on every criterion. The cheapest combination is
    a linear program: least total points subject to the target and each agency's floor.

    Raises ValueError where shapes or sums do not fit, or a value exceeds 100; SolverError where
    the linear program, which has an answer, is not solved.
    """
    check_study(values, weights, influence)
    check_rule(rule, values.shape[0], influence.size)
    if values.max() > BEST:
        raise ValueError(f"a value is {values.max()}; values are points up to {BEST:g}")
    if not margin > _TIE:
        raise ValueError(f"margin is {margin}; it must exceed the tie tolerance of {_TIE:g} points")
    agencies = weights @ values.T
    overall = influence @ agencies
    today = decide(rule, overall, agencies, overall)
    # A package outside ranks behind the places anyway, so counting it as its own rival is no harm.
    target = max(rule.min_overall, _cut(overall[today.competing], rule.places) + margin)
    floors = np.zeros(influence.size) if rule.min_agency is None else rule.min_agency
    lacking = np.concatenate([[target], floors])[:, None] - np.vstack([overall, agencies])
    pulls: Floats = np.vstack([influence @ weights, weights])
    able = rule.able(len(values))
    return tuple(
        _improvement(
            package,
            values[package],
            pulls,
            lacking[:, package],
            target,
            bool(able[package]),
        )
        for package in np.flatnonzero(~today.members).tolist()
    )


def _cut(rivals: Floats, places: int | None) -> float:
    """The rivals' score that must be beaten for one of the places; -inf where one is free."""
    if places is None or rivals.size < places:
        return -np.inf
    return float(np.sort(rivals)[-places]) if places > 0 else np.inf


def _improvement(
    package: int, values: Floats, pulls: Floats, lacking: Floats, target: float, able: bool
) -> Improvement:
    needed = _alone(values, pulls, lacking) if able else np.full(values.shape, np.inf)
    best = int((needed - values).argmin())
    criterion = best if np.isfinite(needed[best]) else None
    if not able:
        return Improvement(package, "ineligible", target, needed, None, None, None)
    room = BEST - values
    rows = lacking > _TIE
    if not (pulls @ room >= lacking - _TIE).all():
        return Improvement(package, "impossible", target, needed, None, None, None)
    needs = np.minimum(lacking, pulls @ room)[rows]
    solved = minimise(
        np.ones(values.size),
        sparse(pulls[rows]),
        (needs, np.full(needs.size, np.inf)),
        (np.zeros(values.size), room),
        tolerance=1e-10,
    )
    if solved is None:
        raise SolverError(f"least improvement of package {package}: no solution was found.")
    improved: Floats = np.minimum(values + solved.x, BEST)
    points = float((improved - values).sum())
    return Improvement(package, "possible", target, needed, criterion, points, improved)


def _alone(values: Floats, pulls: Floats, lacking: Floats) -> Floats:
    """Value each criterion needs if it alone makes up for all that is lacking: (m,)."""
    rows = lacking > _TIE
    with np.errstate(divide="ignore"):
        rise = (lacking[rows, None] / pulls[rows]).max(axis=0, initial=0.0)
    needed = values + rise
    return np.where(needed <= BEST + _TIE, np.minimum(needed, BEST), np.inf)
