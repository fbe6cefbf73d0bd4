"""How far the agencies' rankings agree: rank correlations and Kendall's W."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import scipy
from numpy.typing import ArrayLike

from evaluator.agreement.arrays import Bools, Floats, Ints, levels
from evaluator.agreement.findings import KendallsW, KendallTauB, SpearmanRho
from evaluator.agreement.ranks import mean_ranks
from evaluator.decision.ties import POINTS
from evaluator.results.findings import Finding

MaskedFloats: TypeAlias = np.ma.MaskedArray[Any, np.dtype[np.float64]]

MANY_PACKAGES = 8
"""From this number of packages on, chi-square approximates the distribution of Kendall's W."""


@dataclass(frozen=True)
class RankCorrelation:
    """A coefficient for every pair of agencies, and its variant.

    `matrix` (k, k) is a masked array: symmetric, 1 on the diagonal, masked in the row and column
    of an agency that scores all packages alike (its ranking is constant, the coefficient is not
    defined). `constant` (k,) names those agencies.
    """

    matrix: MaskedFloats
    constant: Bools
    variant: Finding


@dataclass(frozen=True)
class Concordance:
    """Kendall's coefficient of concordance of k rankings of n packages.

    `w`: 0 no agreement, 1 full agreement; None if no agency tells any two packages apart.
    `chi_square` with `degrees_of_freedom` tests 'the rankings are unrelated'.
    """

    w: float | None
    chi_square: float | None
    degrees_of_freedom: int
    variant: Finding

    @property
    def p_value(self) -> float | None:
        """The probability of so large a `w` among unrelated rankings.

        None below `MANY_PACKAGES` packages, where the approximation does not hold. A small p says
        that the rankings are not unrelated, never that the agencies agree well: for that, read `w`.
        """
        if self.chi_square is None or self.degrees_of_freedom + 1 < MANY_PACKAGES:
            return None
        return float(scipy.special.chdtrc(self.degrees_of_freedom, self.chi_square))


def kendall_tau_b(scores: ArrayLike, span: float = POINTS) -> RankCorrelation:
    """Kendall's tau-b between the rankings of each pair of agencies.

    `scores` (k, n) on a scale of this span. Raises ValueError.
    Kendall, Biometrika 33 (1945).
    """
    array = levels(scores, span)
    constant = _constant(array)
    signs = _signs(array)
    apart = np.where(constant, 1.0, np.abs(signs).sum(axis=1))
    values = signs @ signs.T / np.sqrt(np.outer(apart, apart))
    np.fill_diagonal(values, 1.0)
    return RankCorrelation(_masked(values, constant), constant, KendallTauB())


def opposed_pairs(scores: ArrayLike, span: float = POINTS) -> Ints:
    """Return for each two agencies on how many pairs of packages they are opposed, (k, k).

    `scores` (k, n) on a scale of this span; a pair that either ties is none. Raises ValueError.
    """
    signs = _signs(levels(scores, span))
    return ((np.abs(signs) @ np.abs(signs).T - signs @ signs.T) / 2).astype(np.int64)


def spearman(scores: ArrayLike, span: float = POINTS) -> RankCorrelation:
    """Spearman's rho between the rankings of each pair of agencies: Pearson's r of mean ranks.

    `scores` (k, n) on a scale of this span. Raises ValueError.
    """
    array = levels(scores, span)
    constant = _constant(array)
    ranks = mean_ranks(array)
    centred = ranks - ranks.mean(axis=1, keepdims=True)
    length = np.where(constant, 1.0, np.sqrt((centred**2).sum(axis=1)))
    values = np.clip(centred @ centred.T / np.outer(length, length), -1.0, 1.0)
    np.fill_diagonal(values, 1.0)
    return RankCorrelation(_masked(values, constant), constant, SpearmanRho())


def kendall_w(scores: ArrayLike, span: float = POINTS) -> Concordance:
    """Kendall's W with the correction for ties, and its chi-square test.

    `scores` (k, n), k >= 2 agencies, n >= 2 packages, on a scale of this span.
    W = 12 S / (k^2 (n^3 - n) - k T), S the sum of squared deviations of the rank
    sums, T the sum of t^3 - t over the groups of t tied packages; chi-square = k (n - 1) W.
    Raises ValueError. Kendall & Babington Smith, Annals of Mathematical Statistics 10 (1939);
    Siegel, Nonparametric Statistics (1956).
    """
    array = levels(scores, span)
    agencies, packages = array.shape
    if agencies < 2 or packages < 2:
        raise ValueError(
            f"scores has {agencies} agencies and {packages} packages; concordance needs two of each"
        )
    sums = mean_ranks(array).sum(axis=0)
    squares = float(((sums - sums.mean()) ** 2).sum())
    ties = sum(_tie_term(row) for row in array)
    room = agencies**2 * (packages**3 - packages) - agencies * ties
    if room == 0:
        return Concordance(None, None, packages - 1, KendallsW())
    w = min(12 * squares / room, 1.0)
    return Concordance(w, agencies * (packages - 1) * w, packages - 1, KendallsW())


def _signs(array: Floats) -> Floats:
    """Return 1, 0, -1 for each pair of packages with each agency, (k, n (n - 1) / 2)."""
    first, second = np.triu_indices(array.shape[1], 1)
    return np.sign(array[:, first] - array[:, second])


def _constant(array: Floats) -> Bools:
    constant: Bools = (array == array[:, :1]).all(axis=1)
    return constant


def _masked(values: Floats, constant: Bools) -> MaskedFloats:
    return np.ma.MaskedArray(values, mask=constant[:, None] | constant[None, :])


def _tie_term(row: Floats) -> int:
    _, counts = np.unique(row, return_counts=True)
    return sum(int(count) ** 3 - int(count) for count in counts)
