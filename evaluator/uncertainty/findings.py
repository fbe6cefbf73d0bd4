"""What was drawn and how, and by which rules the draws are read."""

from __future__ import annotations

from typing import Literal, TypeAlias

from evaluator.results.findings import Finding


class Shares(Finding):
    """Shares that sum to 1: influence, or the weights of an agency."""

    of: Literal["influence", "weights"]
    agency: str
    """Whose weights; empty for influence."""


class FixedShares(Shares):
    """As stated, in every draw."""


class UniformOnSimplex(Shares):
    """Nothing is known: Dirichlet(1, ..., 1)."""


class UniformInOrder(Shares):
    """Uniform on the shares in the stated order; `ties`: whether those stated alike are equal."""

    ties: str


class UniformWithinBounds(Shares):
    """Uniform on the shares within the stated bounds."""


class DirichletAround(Shares):
    """Around those stated; an equal share has this standard deviation, as a share of it."""

    relative_deviation: float


class ValuesDrawn(Finding):
    """Of so many values so many are uniform over a range, `least` to `most` where they are missing.

    `panels` are what a panel's ratings come to by the `rule`, resampled with replacement;
    `incomplete` those of panels that do not show how far their ratings spread. The others are
    exact.
    """

    values: int
    ranges: int
    panels: int
    incomplete: int
    least: float
    most: float
    rule: str = "mean"


class TotalsDrawn(Finding):
    """Totals of evaluators: of so many packages and agencies by `several` evaluators, who are
    resampled with replacement; by one alone (`lone`), whose ratings are drawn as those of a panel
    of one; and ratings not given (`blank`), which take each level alike."""

    several: int
    lone: int
    blank: int


Drawn: TypeAlias = Shares | ValuesDrawn | TotalsDrawn
"""What was drawn, and how."""


class RankAcceptability(Finding):
    """Shares of draws by SMAA-2 (Lahdelma and Salminen 2001; Tervonen and Figueira 2008)."""


class PairsTold(Finding):
    """Of so many pairs whose order the draws question so many are told.

    Of those left out the first is ahead in at least this share of the draws.
    """

    told: int
    pairs: int
    ahead: float


class TiesShared(Finding):
    """Neighbours in the order of a draw within this share of the scale are tied."""

    within: float
