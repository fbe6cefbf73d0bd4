"""What can be known of how far the result stands."""

from __future__ import annotations

from evaluator.results.findings import Finding


class CannotMove(Finding):
    """A share that no other could make room for."""


class ChangesThere(Finding):
    """What is different beyond the end of an interval, against today; packages by id."""

    entering: tuple[str, ...]
    leaving: tuple[str, ...]
    reordered: tuple[str, ...]


class IntervalsSought(Finding):
    """Intervals found by scoring again: outward in steps, then halved to a tolerance, in shares."""

    step: float
    tolerance: float


class ImprovementsSought(Finding):
    """Improvements found by scoring again, one criterion at a time, within so many points.

    `packages`: of so many at most; what several criteria need together is not known.
    """

    within: float
    packages: int


class VarianceNotKnown(Finding):
    """What drives the variance of scores is not told: where some values do not count, or
    evaluators' `totals` do, no closed form of it holds."""

    totals: bool = False
