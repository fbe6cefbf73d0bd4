"""Packages that are in, out or contested by the draws; those that no draw decides stand apart.

A draw in which a package is tied for fewer places than the tied ones are neither lets it in nor
keeps it out: it counts for neither, so that packages that no draw parts are contested.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.decision.designation import DesignationRule, rule_of
from evaluator.model.study import Study
from evaluator.results.findings import Finding

Floats = NDArray[np.float64]
Tier = Literal["", "clear", "contested", "out", "included", "excluded", "unsettled"]
"""clear, contested, out: by the draws. included, excluded: by name. unsettled: a requirement is
not known. Empty in a study without a cut."""

CLEAR, OUT = 0.95, 0.05
"""Shares of draws from which a package is clear, and up to which it is out."""
ROUNDING = 1e-12
"""A threshold that is met exactly must not be missed by rounding."""


class TierRule(Finding):
    """Shares of the draws from which a package is clear, and up to which it is out."""

    clear: float
    out: float


class NoCut(Finding):
    """Neither a floor nor a number of places keeps an eligible package out, whatever is drawn."""


def cuts(rule: DesignationRule, packages: int) -> bool:
    """Return whether any draw can keep out one of n packages that may compete."""
    floors = rule.min_overall > 0 or (rule.min_agency is not None and (rule.min_agency > 0).any())
    may = int(rule.able(packages).sum())
    return bool(floors or (rule.places is not None and rule.places < may))


def tiers(study: Study, ranking: pd.DataFrame, shares: pd.Series, tied_in: pd.Series) -> list[Tier]:
    """Return the tier of each package by the shares of draws in which it is designated, and tied.

    A package that is tied at the cut as stated is contested, however often a draw parts it.
    """
    if not cuts(rule_of(study, ranking), len(shares)):
        return [""] * len(shares)
    rule, rows = study.scenario.designation, ranking.loc[shares.index]
    stated: list[Tier] = []
    for package, outcome, tied in zip(rows.index, rows["outcome"], rows["contested"], strict=True):
        if package in rule.include:
            stated.append("included")
        elif package in rule.exclude:
            stated.append("excluded")
        elif outcome == "unknown":
            stated.append("unsettled")
        else:
            stated.append("contested" if tied else "")
    drawn = zip(stated, shares.tolist(), tied_in.tolist(), strict=True)
    return [by_name or by_draws(share, tied) for by_name, share, tied in drawn]


def by_draws(share: float, tied: float = 0.0) -> Tier:
    """Return the tier of a package that is designated in a share of the draws, and tied in another.

    >>> by_draws(0.95), by_draws(0.949), by_draws(0.05), by_draws(0.03, 0.4)
    ('clear', 'contested', 'out', 'contested')
    """
    if share >= CLEAR - ROUNDING:
        return "clear"
    return "out" if share + tied <= OUT + ROUNDING else "contested"
