"""What it would take: the smallest improvement that brings a package into the designated set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

import numpy as np

from evaluator.decision.designation import DesignationRule, check_rule, decide
from evaluator.decision.ordering import WEIGHTED_SUM, Ordering
from evaluator.decision.ties import POINTS, TIE, Floats
from evaluator.errors import SolverError
from evaluator.linear import minimise, sparse
from evaluator.uncertainty.stability.moves import check_study

BEST = POINTS
"""No value is higher."""
_TIE = TIE * POINTS


Outcome: TypeAlias = Literal["possible", "impossible", "ineligible", "unknown"]


@dataclass(frozen=True)
class Improvement:
    """The smallest improvements of one package's values that bring it in, the others unchanged."""

    package: int
    outcome: Outcome
    """impossible: not even with 100 on every criterion it lacks. ineligible: no value helps.
    unknown: it was not sought."""
    target: float | None
    """Points its overall score must reach: the overall floor or, if higher, the best score that
    is one place too far down plus the margin. Infinite where the rule takes nobody; None where
    packages are not ordered by the overall score."""
    needed: Floats
    """(m,), the value needed on each criterion if it alone improves; infinite where that cannot
    do, or the package is not eligible. Where it is sought, of the best criterion alone."""
    criterion: int | None
    """The criterion that brings it in alone with the fewest points; None where none does."""
    points: float | None
    """Fewest value points in total, over any criteria together; None where not known."""
    values: Floats | None
    """(m,), the values that cost these points; None where not known."""


def smallest_improvements(
    values: Floats,
    weights: Floats,
    influence: Floats,
    *,
    ordering: Ordering = WEIGHTED_SUM,
    rule: DesignationRule,
    margin: float = 1e-6,
) -> tuple[Improvement, ...]:
    """For each package outside the designated set: what would bring it in.

    values (n, m) in points, at most 100; weights (k, m) and influence (k,) sum to 1. A tie at the
    cut is contested, so a package must beat it by `margin` points (above the tie tolerance);
    floors are met at equality. Points count alike on every criterion. Where the overall score
    orders, the cheapest combination is a linear program: least total points subject to the target
    and each agency's floor. By any other ordering what one criterion needs is sought by scoring
    and designating again (see `sought`), and combinations are not known.

    Raises ValueError where shapes or sums do not fit, or a value exceeds 100; SolverError where
    the linear program, which has an answer, is not solved.
    """
    check_study(values, weights, influence, partly=ordering.separate)
    check_rule(rule, values.shape[0], influence.size)
    if np.nanmax(values) > BEST:
        raise ValueError(f"a value is {values.max()}; values are points up to {BEST:g}")
    if not margin > _TIE:
        raise ValueError(f"margin is {margin}; it must exceed the tie tolerance of {_TIE:g} points")
    if not ordering.additive:
        return sought(values, weights, influence, ordering, rule)
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


SOUGHT = 40
"""Packages for which improvements are sought, the best outside; of others they are not known."""
_STEPS, WITHIN = 10, 1e-4
"""Steps up to 100 on one criterion; points within which the least value is found."""


def sought(
    values: Floats,
    weights: Floats,
    influence: Floats,
    ordering: Ordering,
    rule: DesignationRule,
) -> tuple[Improvement, ...]:
    """What one criterion alone needs: upwards in ten steps to 100, then halved to 1e-4 points.

    Every value that is tried is scored by the method and designated by the rule, the others
    unchanged. A package that comes in and drops out again within a step may go unseen. Packages
    are taken best first by the ordering.
    """

    def scored(tried: Floats, order: Floats) -> tuple[Floats, Floats]:
        if ordering.separate:
            return order, ordering.scores(tried, weights)
        scores = weights @ tried.T
        return influence @ scores, scores

    def enters(package: int, raised: Floats) -> bool:
        tried = values.copy()
        tried[package] = raised
        order = ordering.scores(tried, influence @ weights)
        found = decide(rule.valued(tried), *scored(tried, order), order, ordering.span)
        return bool(found.members[package])

    order = ordering.scores(values, influence @ weights)
    today = decide(rule, *scored(values, order), order, ordering.span)
    able = rule.able(len(values))
    outside = [int(p) for p in np.argsort(-order, kind="stable") if not today.members[p]]
    look = [package for package in outside if able[package]][:SOUGHT]
    nothing = np.full(values.shape[1], np.inf)
    found = {}
    for package in outside:
        if not able[package]:
            found[package] = Improvement(package, "ineligible", None, nothing, None, None, None)
        elif package not in look:
            found[package] = Improvement(package, "unknown", None, nothing, None, None, None)
        else:
            found[package] = _sought(package, values[package], partial(enters, package))
    return tuple(found[package] for package in sorted(found))


def _sought(package: int, values: Floats, enters: Callable[[Floats], bool]) -> Improvement:
    needed, best, rise = np.full(values.shape, np.inf), None, np.inf
    for criterion in np.flatnonzero(values < BEST).tolist():
        at = _least(values, criterion, enters, rise)
        if at is not None:
            best, rise = criterion, at - float(values[criterion])
    if best is not None:
        needed[best] = values[best] + rise
    possible = best is not None or enters(np.where(np.isnan(values), values, BEST))
    outcome: Outcome = "possible" if possible else "impossible"
    return Improvement(package, outcome, None, needed, best, None, None)


def _least(
    values: Floats, criterion: int, enters: Callable[[Floats], bool], most: float
) -> float | None:
    """The least value found on one criterion that brings the package in by a rise under `most`."""

    def tried(value: float) -> bool:
        raised = values.copy()
        raised[criterion] = value
        return enters(raised)

    steps = np.linspace(values[criterion], BEST, _STEPS + 1).tolist()
    inside = next((i for i, value in enumerate(steps[1:], 1) if tried(value)), None)
    if inside is None:
        return None
    below, above = steps[inside - 1], steps[inside]
    while above - below > WITHIN:
        middle = (below + above) / 2
        below, above = (below, middle) if tried(middle) else (middle, above)
    return above if above - values[criterion] < most else None
