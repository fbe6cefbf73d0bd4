"""Ranks and pairs as long tables whose length grows with the packages, not with their square."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.results.findings import Findings
from evaluator.results.schema.uncertainty import PAIRWISE, RANKS
from evaluator.uncertainty.findings import PairsTold

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

BANDS = 200
"""Ranks that are told one by one; more are told in so many bands at most."""
PAIRS = 100
"""Pairs told for each package: all that there are up to 201 packages."""


def rank_table(packages: list[str], shares: Floats) -> pd.DataFrame:
    """Return the shares (n, ranks) that are not 0, in bands where there are many."""
    ranks = shares.shape[1]
    width = math.ceil(ranks / BANDS)
    banded = np.add.reduceat(shares, np.arange(0, ranks, width), axis=1)
    rows, bands = np.nonzero(banded)
    return RANKS.held(
        pd.DataFrame(
            {
                "package": _named(packages, rows),
                "rank_from": bands * width + 1,
                "rank_to": np.minimum(bands * width + width, ranks),
                "share": banded[rows, bands],
            }
        )
    )


def pair_table(packages: list[str], pairwise: Floats) -> tuple[pd.DataFrame, Findings]:
    """Return the pairs of which the first is not ahead in every draw, and how many are left out.

    pairwise (n, n): shares of draws in which the row's package is ahead. Where there are more than
    `PAIRS` a package, those stay that the draws question most.
    """
    first, second = np.triu_indices(len(packages), k=1)
    ahead = pairwise[first, second]
    some, most = np.flatnonzero(ahead < 1), PAIRS * len(packages)
    left: Findings = ()
    if len(some) > most:
        by_share = some[np.argsort(ahead[some], kind="stable")]
        left = (PairsTold(most, len(some), float(ahead[by_share[most]])),)
        some = np.sort(by_share[:most])
    return PAIRWISE.held(
        pd.DataFrame(
            {
                "package": _named(packages, first[some]),
                "other": _named(packages, second[some]),
                "ahead": ahead[some],
            }
        )
    ), left


def _named(packages: list[str], places: Places) -> NDArray[np.object_]:
    return np.array(packages, dtype=object)[places]
