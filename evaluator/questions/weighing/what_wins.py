"""What weights make a package win, and the smallest change that swaps two packages."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from evaluator.decision.designation import ranked_packages, rule_of
from evaluator.decision.ordering import ordering_in, ordering_of
from evaluator.decision.ties import POINTS, Floats, competition_ranks, meets
from evaluator.errors import UsageError, did_you_mean
from evaluator.model.criterion import Criterion, Scale
from evaluator.model.study import Study
from evaluator.results.evaluation import Scored
from evaluator.scoring.panels import of_panel
from evaluator.scoring.values import evaluate as worth_of
from evaluator.scoring.values import of_rating
from evaluator.scoring.weights import weighed_criteria
from evaluator.uncertainty.stability.reach import Goal, Lever, Outcome, smallest_reach

WITHIN = 1e-4
"""Points of value within which one change of a measure is found."""
_ALL = (-math.inf, math.inf)
_NEAR = 1e-9
"""Shares no further apart are the same."""


@dataclass(frozen=True)
class Shares:
    """The smallest change of one lever: influence, or the weights of one agency."""

    lever: Lever
    agency: str | None
    outcome: Outcome
    moved: float | None
    """Share that changes hands."""
    changes: tuple[tuple[str, float, float], ...]
    """What moves: the agency or criterion, its share before and after."""
    sought: bool = False
    """Found by moving one share after another, the others in proportion: none may be smaller."""


@dataclass(frozen=True)
class Wins:
    """What it would take for a package to be first, and to be a priority package."""

    package: str
    rank: int
    designated: bool
    linear: bool
    """Whether the method is a sum over criteria, so that the smallest change is known."""
    ways: Mapping[Goal, tuple[Shares, ...]]

    def best(self, goal: Goal, lever: Lever) -> Shares | None:
        """Return the smallest change of a lever that is enough; None where none is known."""
        able = [w for w in self.ways[goal] if w.outcome == "possible" and w.lever == lever]
        return min(able, key=lambda one: one.moved or 0.0, default=None)


@dataclass(frozen=True)
class OneFact:
    """A change of one rating or measure after which the package behind is no longer behind."""

    package: str
    criterion: str
    kind: Literal["rating", "measure"]
    evaluator: str | None
    old: str | float
    new: str | float
    points: float
    """By which the package's value on the criterion moves."""
    steps: int | None
    """Of a rating: levels of the scale."""
    set: str
    to: Any
    """The change that makes it so; no key where the fact follows from others."""


@dataclass(frozen=True)
class Swap:
    """The smallest changes after which the package that is behind is at least level."""

    behind: str
    ahead: str
    gap: float
    """Of the method's scores; 0 where they are tied."""
    shares: tuple[Shares, ...]
    facts: tuple[OneFact, ...]
    """Of each package and criterion the smallest one, the smallest first."""


@dataclass(frozen=True)
class _Matrices:
    study: Study
    names: tuple[str, ...]
    criteria: tuple[str, ...]
    agencies: tuple[str, ...]
    values: Floats
    weights: Floats
    influence: Floats

    @property
    def order(self) -> Floats:
        """The method's scores (n,)."""
        ordering = ordering_in(self.study, self.names, self.values)
        return ordering.scores(self.values, self.influence @ self.weights)

    def place(self, package: str) -> int:
        """Return the row of a package; UsageError where it is not ranked."""
        if package not in self.names:
            known = package in self.study.package_by_id
            fact = "failed a requirement and is not ranked" if known else "is no package of the run"
            near = "" if known else f" {did_you_mean(package, self.names)}"
            raise UsageError(f"{package} {fact}.{near}")
        return self.names.index(package)


def what_wins(scored: Scored, package: str) -> Wins:
    """Return the smallest changes of influence and weights that make a package win.

    First: ahead of all others by the method that ranks. Priority: designated, floors and places
    included. See `smallest_reach` for how it is found, and what is not known under methods that
    are no sum over criteria. Raises UsageError for a package that is unknown or not ranked.
    """
    found = _matrices(scored)
    row = found.place(package)
    ordering = ordering_in(found.study, found.names, found.values)
    rule = rule_of(scored.study, scored.ranking, scored.values)
    own = _own(found)
    goals: tuple[Goal, ...] = ("first", "priority")
    given = (found.values, found.weights, found.influence, row)
    ways = {
        goal: tuple(
            _shares(
                found, each.lever, each.agency, each.outcome, each.shares, each.moved, each.sought
            )
            for each in smallest_reach(*given, goal, ordering=ordering, rule=rule, own=own)
        )
        for goal in goals
    }
    table = scored.ranking
    rank, member = (dict(zip(table.index, table[c], strict=True)) for c in ("rank", "designated"))
    return Wins(package, int(rank[package]), bool(member[package]), ordering.linear, ways)


def what_swaps(scored: Scored, package: str, other: str) -> Swap:
    """Return the smallest changes after which the one of two packages that is behind is level.

    In influence and in the weights of one agency: the nearest in the sum of absolute differences,
    where the method is a sum over criteria; else one share after another is moved. In one rating:
    the nearest level of one evaluator, and in one measure: the nearest value, of either package,
    each scored again by the method. Where both are level, the second named is taken as behind.
    Raises UsageError for a package that is unknown, not ranked, or named twice.
    """
    if package == other:
        raise UsageError(f"{package} cannot be set against itself. Name another.")
    found = _matrices(scored)
    one, two = found.place(package), found.place(other)
    order, span = found.order, ordering_of(scored.study.scenario.method).span
    level = competition_ranks(order[[one, two]], span)
    ahead, behind = (one, two) if level[0] <= level[1] else (two, one)
    gap = 0.0 if level[0] == level[1] else float(order[ahead] - order[behind])
    facts = sorted(_facts(found, ahead, behind), key=lambda f: (f.points, f.criterion, f.package))
    shares = _swapped(found, ahead, behind) if gap else ()
    return Swap(found.names[behind], found.names[ahead], gap, shares, tuple(facts) if gap else ())


def _matrices(scored: Scored) -> _Matrices:
    names = ranked_packages(scored.ranking)
    return _Matrices(
        scored.study,
        tuple(names),
        tuple(map(str, scored.values.columns)),
        tuple(map(str, scored.influence.index)),
        scored.values.loc[names].to_numpy(dtype=np.float64),
        scored.weights.to_numpy(dtype=np.float64),
        scored.influence.to_numpy(dtype=np.float64),
    )


def _own(found: _Matrices) -> Any:
    """Return which criteria each agency may weigh, (k, m)."""
    weighed = [set(weighed_criteria(one, found.study)) for one in found.study.agencies]
    return np.array([[name in own for name in found.criteria] for own in weighed])


def _shares(
    found: _Matrices,
    lever: Lever,
    agency: int | None,
    outcome: Outcome,
    shares: Floats | None,
    moved: float | None,
    sought: bool = False,
) -> Shares:
    names, before = found.agencies, found.influence
    if lever != "influence":
        names = found.criteria
        before = found.influence @ found.weights if agency is None else found.weights[agency]
    pairs = (
        [] if shares is None else list(zip(names, before.tolist(), shares.tolist(), strict=True))
    )
    changes = tuple((n, old, new) for n, old, new in pairs if abs(old - new) > _NEAR)
    called = None if agency is None else found.agencies[agency]
    return Shares(lever, called, outcome, moved, changes, sought)


def _swapped(found: _Matrices, ahead: int, behind: int) -> tuple[Shares, ...]:
    """Return the smallest change of influence, and of each agency's weights, that swaps two."""
    ordering, own = ordering_in(found.study, found.names, found.values), _own(found)
    given = (found.values, found.weights, found.influence, behind)
    every = smallest_reach(*given, "level", ordering=ordering, own=own, rival=ahead)
    return tuple(
        _shares(found, one.lever, one.agency, one.outcome, one.shares, one.moved, one.sought)
        for one in every
    )


def _facts(found: _Matrices, ahead: int, behind: int) -> Iterator[OneFact]:
    """Yield of each criterion the smallest single rating or measure of either that swaps two."""
    effective = found.influence @ found.weights
    ordering = ordering_in(found.study, found.names, found.values)

    def swaps(row: int, column: int, value: float) -> bool:
        tried = found.values.copy()
        tried[row, column] = value
        order = ordering.scores(tried, effective)
        return bool(meets(order[behind], order[ahead], ordering.span))

    def rerated(row: int, column: int, one: OneFact) -> bool:
        """Whether one rating swaps the two; of totals it moves that of its evaluator alone."""
        if ordering.totals is None:
            return swaps(row, column, float(found.values[row, column]) + one.points)
        totals = ordering.totals.rated_anew(row, column, str(one.evaluator), one.points)
        order = totals.scores(found.values, effective)
        return bool(meets(order[behind], order[ahead], ordering.span))

    for row in (behind, ahead):
        rated: dict[str, list[OneFact]] = {}
        for fact in _rated(found, row):
            rated.setdefault(fact.criterion, []).append(fact)
        for column in np.flatnonzero(effective > 0).tolist():
            # of totals one rating may do what all evaluators' together, bounded alike, do not
            most = POINTS if row == behind else 0.0
            if ordering.totals is None and not swaps(row, column, most):
                continue

            def enough(value: float, row: int = row, column: int = column) -> bool:
                return swaps(row, column, value)

            name = found.criteria[column]
            if found.study.criteria[name].kind == "measure":
                fact_of = _measure(found, row, column, enough, row == behind)
                yield from [] if fact_of is None else [fact_of]
            else:
                way = 1 if row == behind else -1
                able = [one for one in rated.get(name, ()) if way * one.points > 0]
                able.sort(key=lambda one: (abs(one.points), one.steps, one.evaluator))
                nearest = next((one for one in able if rerated(row, column, one)), None)
                if nearest is not None:
                    yield replace(nearest, points=abs(nearest.points))


def _rated(found: _Matrices, row: int) -> Iterator[OneFact]:
    """Yield each rating of a package at each other level of its scale, by what it moves.

    Points are of the panel's value, by the rule of panels; where evaluators' totals count, of the
    rating's own.
    """
    package, rule = found.study.package_by_id[found.names[row]], found.study.scenario.panel_rule
    counted = [one for one in package.ratings if one.counts]
    for name in dict.fromkeys(one.criterion for one in counted):
        criterion = found.study.criteria[name]
        panel = [one for one in counted if one.criterion == name]
        worth = [of_rating(criterion.value, str(one.rating)) for one in panel]
        now = of_panel(tuple(worth), rule)
        levels = _levels(found.study.scale_by_id[str(criterion.scale)])
        values = [of_rating(criterion.value, label) for label in levels]
        for place, one in enumerate(panel):
            at = next(i for i, label in enumerate(levels) if _same(label, str(one.rating)))
            key = f'ratings.{package.id}."{name}".{one.evaluator}'
            for level, (label, value) in enumerate(zip(levels, values, strict=True)):
                after = of_panel((*worth[:place], value, *worth[place + 1 :]), rule)
                moved = value - worth[place] if rule.over == "totals" else after - now
                yield OneFact(
                    *(package.id, name, "rating", one.evaluator, str(one.rating), label),
                    *(float(moved), abs(at - level), key, label),
                )


def _levels(scale: Scale) -> list[str]:
    """Return the labels of a scale, or its numbers as they are written."""
    if scale.numbers is None:
        return [level.id for level in scale.levels]
    return [f"{number:.15g}" for number in scale.numbers.numbers]


def _same(label: str, rating: str) -> bool:
    """Whether a rating is that level: numbers may be written otherwise, such as 4.0."""
    try:
        return label == rating or math.isclose(float(label), float(rating), abs_tol=1e-9)
    except ValueError:
        return False


def _measure(
    found: _Matrices, row: int, column: int, enough: Callable[[float], bool], up: bool
) -> OneFact | None:
    """Return the nearest raw value that is enough; None where it is not known, or none is."""
    package, name = found.study.package_by_id[found.names[row]], found.criteria[column]
    criterion = found.study.criteria[name]
    attribute = criterion.attribute
    datum = package.attribute(attribute) if attribute else package.measures.get(name)
    if datum is None or datum.state == "missing" or criterion.value.direction() is None:
        return None
    old, now = float(datum.value), float(found.values[row, column])

    def value(raw: float) -> float:
        return float(worth_of(criterion.value, [raw]).values[0])

    outside, inside = old, _end(criterion, up)
    if not enough(value(inside)):
        return None
    while abs(value(inside) - value(outside)) > WITHIN:
        middle = (inside + outside) / 2
        if middle in (inside, outside):
            break
        inside, outside = (middle, outside) if enough(value(middle)) else (inside, middle)
    points = abs(value(inside) - now)
    described = {one.id: one for one in found.study.package_attributes}
    column_of = described.get(attribute or "")
    if column_of is None:
        to: Any = inside
        if datum.low is not None or datum.high is not None:  # a value beyond its range is refused
            to = {"value": inside, "unit": criterion.unit}
        key = f'measures.{package.id}."{name}"'
        return OneFact(package.id, name, "measure", None, old, inside, points, None, key, to)
    if column_of.type == "money":
        inside = float(math.ceil(inside) if inside > old else math.floor(inside))
    bounds = (column_of.at_least, column_of.at_most)
    if any(
        b is not None and (inside - b) * sign < 0 for b, sign in zip(bounds, (1, -1), strict=True)
    ):
        return None
    key = "" if column_of.derived else f"packages.{package.id}.{attribute}"
    return OneFact(package.id, name, "measure", None, old, inside, points, None, key, inside)


def _end(criterion: Criterion, best: bool) -> float:
    """Return the raw value that is worth most, or least."""
    anchors = criterion.value.linear or criterion.value.exponential
    if anchors is not None:
        return float(anchors.best if best else anchors.worst)
    points = criterion.value.piecewise or ()
    return float(points[-1 if (criterion.direction == "higher") == best else 0][0])
