"""One number of the ratings of several evaluators: their mean, their median, or a trimmed mean."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from evaluator.model.scenario import PanelRule

Floats = NDArray[np.float64]
_ROUNDING = 1e-9
"""A share of a count that misses a whole number by this is that number."""


def combined(ratings: Floats, rule: PanelRule) -> Floats:
    """Return what ratings (..., s) of s evaluators come to, by the rule: (...).

    mean; median, of an even number the mean of the two in the middle; trimmed, the mean without
    the floor(share x s) lowest and as many of the highest, of s = 1 and 2 the mean at any share.
    Raises ValueError where there is no rating.

    Source: Tukey & McLaughlin (1963), Sankhya A 25, 331-352 (trimmed means).

    >>> combined(np.array([10.0, 20.0, 90.0]), PanelRule(rule="median")).item()
    20.0
    """
    size = ratings.shape[-1]
    if not size:
        raise ValueError("no rating: a panel has at least one")
    if rule.rule == "mean":
        return np.asarray(ratings.mean(axis=-1))
    cut = trimmed_off(size, rule)
    ordered = np.sort(ratings, axis=-1)[..., cut : size - cut]
    return np.asarray(ordered.mean(axis=-1))


def trimmed_off(size: int, rule: PanelRule) -> int:
    """Return how many of s ratings are left out at either end.

    >>> trimmed_off(5, PanelRule(rule="median")), trimmed_off(4, PanelRule(rule="median"))
    (2, 1)
    >>> trimmed_off(5, PanelRule(rule="trimmed", share=0.2))
    1
    """
    if rule.rule == "median":
        return (size - 1) // 2
    return math.floor((rule.share or 0.0) * size + _ROUNDING)


def of_totals(totals: Floats, rule: PanelRule) -> Floats:
    """Return what totals (..., s) come to by the rule, those that are NaN left out: (...).

    NaN where there is none.

    >>> of_totals(np.array([10.0, np.nan, 20.0, 90.0]), PanelRule(rule="median")).item()
    20.0
    """
    size = totals.shape[-1]
    parts = np.full((size + 1, size), 0.0)
    for count in range(1, size + 1):
        cut = trimmed_off(count, rule)
        parts[count, cut : count - cut] = 1 / (count - 2 * cut)
    known = (~np.isnan(totals)).sum(axis=-1)
    ordered = np.nan_to_num(np.sort(totals, axis=-1))  # what is NaN comes last
    return np.where(known > 0, (ordered * parts[known]).sum(axis=-1), np.nan)


def of_panel(panel: tuple[float, ...], rule: PanelRule) -> float:
    """Return what a panel's values come to; the mean as Python adds, rating by rating."""
    if rule.rule == "mean":
        return sum(panel) / len(panel)
    return float(combined(np.array(panel), rule))
