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


class KendallTauB(Finding):
    """Rank correlation of two agencies over pairs of packages, ties counted out."""


class SpearmanRho(Finding):
    """Rank correlation of two agencies: of mean ranks, ties averaged."""


class KendallsW(Finding):
    """Concordance, corrected for ties, ranks averaged."""


class KemenyRanking(Finding):
    """The strict order against the fewest opinions; a tie counts one half."""

    weighted: bool
    """Whether agencies count by weights; else they are equal."""


class BordaCount(Finding):
    """Of n packages the best has n - 1 points with an agency, the last none; ties averaged."""


class CopelandCount(Finding):
    """A point for each package beaten by a majority, half a one for each tied with."""


class ObjectsBelow(Finding):
    """An agency objects to a package that it scores below its floor."""

    floors: tuple[float, ...]
    """By agency."""


class ObjectsBelowMedian(Finding):
    """An agency objects to a package that it scores below the median of its own scores."""


class ObjectsOutside(Finding):
    """An agency objects to a package that it ranks beyond so many."""

    top: int


class DominatedBy(Finding):
    """A package is beaten by one that scores higher with every agency.

    weak: by one that scores lower with none and higher with one at least (Pareto).
    """

    weak: bool


class DrivenApart(Finding):
    """What parts two agencies: the mean over packages of |(w_a - w_b) (v - mean v)|."""


class LeftOut(Finding):
    """Who decides alone is found by leaving an agency out, the others' influence scaled up to 1."""


class ViewMoved(Finding):
    """Who decides alone is found by moving an agency's score of a package to either end."""
