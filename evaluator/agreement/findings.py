"""What the agencies have in common, and which variant of each coefficient tells it."""

from __future__ import annotations

from evaluator.results.findings import Finding


class KemenyNotSought(Finding):
    """So many packages are more than those up to which the Kemeny ranking is sought."""

    packages: int
    up_to: int


class WeightsProportional(Finding):
    """All agencies' weights differ in magnitude only, so that every ranking is the same."""


class CriteriaRankedAlike(Finding):
    """All agencies rank the criteria alike."""


class SoleInfluence(Finding):
    """One agency holds all the influence: the overall ranking is its own."""

    agency: str


class KendallsW(Finding):
    """Concordance, corrected for ties, ranks averaged."""


class KemenyRanking(Finding):
    """The strict order against the fewest opinions; a tie counts one half, agencies are equal."""


class LeftOut(Finding):
    """Who decides alone is found by leaving an agency out, the others' influence scaled up to 1."""
