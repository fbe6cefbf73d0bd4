"""What the questions over several studies find."""

from __future__ import annotations

from evaluator.results.findings import Finding


class DesignationStands(Finding):
    """The designation of one scenario stands in all: so many packages may get something."""

    scenario: str
    packages: int


class DesignatedByAll(Finding):
    """Only packages that every scenario designates may get something: so many."""

    packages: int


class OneFeasibleSet(Finding):
    """All portfolios of a least regret come from one set of allocations."""

    goals_of: str
    """The scenario whose goals count."""
    limits_of_all: bool
    """Whether there are limits of several studies, all of which are kept."""
    given: bool
    """Whether a regret is against an objective given for each scenario, or the best of the set."""
