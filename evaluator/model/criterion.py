"""What is judged: scales, value functions, criteria."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from evaluator.model.base import Citation, Frozen, Id, OneOf, Points, Text, Word
from evaluator.model.financing import Filter
from evaluator.model.frozen import FrozenMapping


class Level(Frozen):
    """One label of a rating scale."""

    id: Id
    label: Text
    meaning: Text


Raw = Annotated[float, Field(ge=-1e15, le=1e15)]
MOST_STEPS = 10_000


class Numbers(Frozen):
    """A scale of numbers, from the lowest in equal steps to the highest."""

    from_: Annotated[Raw, Field(alias="from")]
    to: Raw
    step: Annotated[float, Field(gt=0, le=1e15)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.from_ >= self.to:
            raise ValueError(f"from {self.from_:g} must be below to {self.to:g}")
        if self.steps is None:
            raise ValueError(
                f"from {self.from_:g} to {self.to:g} is no whole number of steps of {self.step:g}"
            )
        if self.steps > MOST_STEPS:
            raise ValueError(f"there are {self.steps:,} steps; at most {MOST_STEPS:,} fit")
        return self

    @property
    def steps(self) -> int | None:
        """How many steps lie between its ends; None where they do not divide it."""
        return self._place(self.to)

    def has(self, number: float) -> bool:
        """Return whether a number is on the scale.

        >>> halves = Numbers(**{"from": 0, "to": 5, "step": 0.5})
        >>> halves.has(3.5), halves.has(3.6), halves.has(5.5)
        (True, False, False)
        """
        return self.from_ <= number <= self.to and self._place(number) is not None

    def _place(self, number: float) -> int | None:
        """Return how many steps a number is above the lowest; exact in decimals."""
        above = Fraction(str(number)) - Fraction(str(self.from_))
        place = above / Fraction(str(self.step))
        return int(place) if place.denominator == 1 else None

    @property
    def numbers(self) -> tuple[float, ...]:
        """Every number of the scale, the lowest first."""
        first, step = Fraction(str(self.from_)), Fraction(str(self.step))
        return tuple(float(first + place * step) for place in range((self.steps or 0) + 1))


class Scale(Frozen):
    """A named rating scale: labels, the best first, or numbers."""

    id: Id
    label: Text
    levels: tuple[Level, ...] = ()
    """At least two labels; none where the scale is of numbers."""
    numbers: Numbers | None = None
    """Where evaluators rate by numbers: `{from: 0, to: 5, step: 0.5}`."""
    citation: Citation

    @model_validator(mode="after")
    def _one(self) -> Self:
        if bool(self.levels) == (self.numbers is not None):
            raise ValueError("exactly one of levels and numbers is needed")
        if len(self.levels) == 1:
            raise ValueError("levels has 1 of at least 2 entries")
        return self


def _told_apart(one: float, other: float) -> bool:
    """Return whether two raw performances differ by more than rounding does."""
    return abs(one - other) >= max(1e-12, 1e-9 * max(abs(one), abs(other)))


class Anchors(Frozen):
    """Raw performances worth 0 and 100."""

    worst: Raw
    best: Raw

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if self.worst == self.best:
            raise ValueError("worst and best must differ")
        if not _told_apart(self.worst, self.best):
            raise ValueError(
                f"worst {self.worst:.12g} and best {self.best:.12g} differ by rounding "
                "alone: change the unit"
            )
        return self


class Exponential(Anchors):
    """A curve through 0 at `worst`, 50 at `midvalue`, 100 at `best`."""

    midvalue: Raw
    """The raw performance that is worth 50."""

    @model_validator(mode="after")
    def _between(self) -> Self:
        low, high = sorted((self.worst, self.best))
        if not low < self.midvalue < high:
            raise ValueError("midvalue must lie strictly between worst and best")
        share = (self.midvalue - self.worst) / (self.best - self.worst)
        if not 0.01 <= share <= 0.99:
            raise ValueError("midvalue must lie between 1 % and 99 % of the way to best")
        return self


Point = Annotated[tuple[Raw, Points], Field(min_length=2, max_length=2)]


class ValueFunction(OneOf):
    """Maps a raw performance to 0..100; its anchors never come from the data.

    Source: Belton & Stewart (2002), Multiple Criteria Decision Analysis, ch. 5.
    """

    linear: Anchors | None = None
    piecewise: Annotated[tuple[Point, ...], Field(min_length=2)] | None = None
    """Points [raw, value] in ascending raw order, joined by straight lines."""
    exponential: Exponential | None = None
    levels: FrozenMapping[str, Points] | None = None
    """The value of each label of the scale."""

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        points = self.piecewise or ()
        if any(a[0] >= b[0] for a, b in pairwise(points)):
            raise ValueError("the raw values of piecewise points must ascend strictly")
        for (one, _), (other, _) in pairwise(points):
            if not _told_apart(one, other):
                raise ValueError(
                    f"the raw values {one:.12g} and {other:.12g} differ by rounding alone"
                )
        if points and len({value for _, value in points}) == 1:
            raise ValueError("the points of piecewise all have one value: nothing is judged")
        return self

    def direction(self) -> Literal["higher", "lower"] | None:
        """Return which raw performances are better, or None for labels and humped curves."""
        anchors = self.linear or self.exponential
        if anchors:
            return "higher" if anchors.best > anchors.worst else "lower"
        values = [value for _, value in self.piecewise or ()]
        if values and values == sorted(values):
            return "higher"
        return "lower" if values and values == sorted(values, reverse=True) else None


class Criterion(Frozen):
    """One thing that is judged, owned by one agency."""

    id: Id
    """Short id; the full id is `agency.id`."""
    label: Text
    kind: Literal["measure", "rating"]
    """`measure`: a raw fact with a unit. `rating`: a panel's judgement on a named scale."""
    value: ValueFunction
    citation: Citation
    scale: Id | None = None
    """For a rating: a scale of scales.yaml."""
    unit: Word | None = None
    """For a measure: the unit of its raw values."""
    direction: Literal["higher", "lower"] | None = None
    """For a measure: which raw values are better; checked against the value function, and left out
    where that rises and falls."""
    attribute: Id | None = None
    """For a measure: take it from this column of packages.csv instead of measures.csv."""
    floor: Points | None = None
    """Below this value a package carries a red flag, whatever the rest says."""
    applies_to: Filter = {}
    """Conditions on packages; of a package that surely does not meet them all it is not asked."""
    note: Text | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.kind == "rating":
            self._check_rating()
        else:
            self._check_measure()
        return self

    def _check_rating(self) -> None:
        if self.scale is None:
            raise ValueError("a rating needs a scale")
        if self.unit or self.attribute or self.direction:
            raise ValueError("unit, attribute and direction belong to measures, not to ratings")

    def _check_measure(self) -> None:
        if self.scale is not None or self.value.levels is not None:
            raise ValueError("a measure has no scale and no levels")
        found = self.value.direction()
        if self.unit is None or (self.direction is None and found is not None):
            raise ValueError("a measure needs a unit and a direction")
        if found != self.direction:
            says = f"says '{found}'" if found else "rises and falls: leave direction out"
            raise ValueError(
                f"direction says '{self.direction}' is better, the value function {says}"
            )


def owner(criterion: str) -> str:
    """Return the agency that owns a criterion, from its full id.

    >>> owner("trade.us_jobs")
    'trade'
    """
    return criterion.split(".", 1)[0]
