"""For each package: how far the agencies are apart, who objects, what it is beaten by."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from evaluator.agreement.arrays import (
    Bools,
    Floats,
    Ints,
    levels,
    matrix,
    vector,
)
from evaluator.agreement.findings import (
    DominatedBy,
    ObjectsBelow,
    ObjectsBelowMedian,
    ObjectsOutside,
)
from evaluator.decision.ties import POINTS, competition_ranks, levelled, meets
from evaluator.results.findings import Finding

ObjectionRule: TypeAlias = Literal["below_floor", "below_own_median", "outside_top"]


@dataclass(frozen=True)
class Spread:
    """How far the agencies are apart on each package, all (n,) unless said.

    `lowest` and `highest` agency score, their difference `spread` (same unit as the scores),
    `rank_spread` the difference of the worst and the best rank; `is_lowest`, `is_highest` (k, n):
    the agencies at the two ends, all of them where several tie.
    """

    lowest: Floats
    highest: Floats
    spread: Floats
    rank_spread: Ints
    is_lowest: Bools
    is_highest: Bools


@dataclass(frozen=True)
class Objections:
    """`objects` (k, n): agency a objects to package p, by the rule that `variant` states."""

    objects: Bools
    variant: Finding

    def agencies(self, package: int) -> tuple[int, ...]:
        """The agencies that object to `package`."""
        return tuple(int(a) for a in np.flatnonzero(self.objects[:, package]))


@dataclass(frozen=True)
class Dominance:
    """Which packages are beaten on every agency's score.

    `beats[i, j]` (n, n): i beats j with every agency; `dominated` (n,); `beaten_by` for each
    package the packages that beat it; `variant` says what 'beats' means.
    """

    beats: Bools
    dominated: Bools
    beaten_by: tuple[tuple[int, ...], ...]
    variant: Finding


def spread(scores: ArrayLike, span: float = POINTS) -> Spread:
    """Spread between the agencies' scores (k, n) of each package. Raises ValueError."""
    array = matrix(scores, "scores")
    ranks = competition_ranks(array, span)
    lowest, highest = array.min(axis=0), array.max(axis=0)
    of_package = levelled(array.T, span).T
    return Spread(
        lowest,
        highest,
        highest - lowest,
        ranks.max(axis=0) - ranks.min(axis=0),
        of_package == of_package.min(axis=0),
        of_package == of_package.max(axis=0),
    )


def objections(
    scores: ArrayLike,
    rule: ObjectionRule,
    *,
    floor: ArrayLike | None = None,
    top: int | None = None,
    span: float = POINTS,
) -> Objections:
    """The agencies that object to each package, by one named rule.

    `scores` (k, n). Rules: `below_floor`: the agency's score is below `floor`, one number or one
    per agency (k,); `below_own_median`: below the median of the agency's own scores;
    `outside_top`: the agency's competition rank is worse than `top`. `span`: that of the scores'
    scale. Raises ValueError for a rule unknown or without its parameter.
    """
    array = matrix(scores, "scores")
    if (rule == "below_floor") != (floor is not None) or (rule == "outside_top") != (
        top is not None
    ):
        raise ValueError(
            f"rule {rule!r} with floor={floor!r}, top={top!r}: give floor with 'below_floor' "
            "only, top with 'outside_top' only"
        )
    if rule == "below_floor":
        given = np.asarray(floor, dtype=np.float64)
        each = np.full(len(array), given) if given.ndim == 0 else given
        floors = vector(each, "floor", len(array))
        stated = ObjectsBelow(tuple(floors.tolist()))
        return Objections(~meets(array, floors[:, None], span), stated)
    if rule == "below_own_median":
        median: Floats = np.median(array, axis=1, keepdims=True)
        return Objections(~meets(array, median, span), ObjectsBelowMedian())
    if rule == "outside_top":
        if top is None or top < 1:
            raise ValueError(f"top is {top}; give the number of places, at least 1")
        return Objections(competition_ranks(array, span) > top, ObjectsOutside(top))
    raise ValueError(
        f"unknown rule {rule!r}; use 'below_floor', 'below_own_median' or 'outside_top'"
    )


def dominance(
    scores: ArrayLike, kind: Literal["strict", "weak"] = "strict", span: float = POINTS
) -> Dominance:
    """Which packages are beaten by another on every agency's score.

    `scores` (k, n). `strict`: i has the higher score with every agency. `weak` (Pareto): i's
    score is nowhere lower and somewhere higher. `span`: that of the scores.
    Raises ValueError.
    """
    array = levels(scores, span)
    if kind not in ("strict", "weak"):
        raise ValueError(f"unknown kind {kind!r}; use 'strict' or 'weak'")
    packages = array.shape[1]
    beats: Bools = np.ones((packages, packages), dtype=np.bool_)
    for row in array:  # one agency at a time: (n, n) at most is held
        ahead = np.greater if kind == "strict" else np.greater_equal
        np.logical_and(beats, ahead(row[:, None], row), out=beats)
    if kind == "weak":  # two packages alike with every agency do not beat each other
        beats[beats & beats.T] = False
    beaten_by = tuple(tuple(int(i) for i in np.flatnonzero(column)) for column in beats.T)
    dominated = np.array([bool(winners) for winners in beaten_by])
    return Dominance(beats, dominated, beaten_by, DominatedBy(kind == "weak"))
