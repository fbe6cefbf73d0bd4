"""Who stands at the cut: the last that would leave, the first that would enter."""

from __future__ import annotations

from collections.abc import Container, Sequence

import pandas as pd

from evaluator.decision.findings import BelowCut


def next_out(ranking: pd.DataFrame, held: Container[str]) -> str | None:
    """Return the lowest of the priority packages that no named include holds.

    ranking: best first. held: whom a named include holds.
    """
    inside = [str(p) for p in ranking.index[ranking["designated"]] if p not in held]
    return inside[-1] if inside else None


def next_in(ranking: pd.DataFrame) -> str | None:
    """Return the best of the packages below the cut; None where nothing is cut."""
    below = (p for p, why in ranking["reason"].items() if any(isinstance(f, BelowCut) for f in why))
    return next(map(str, below), None)


def about_cut(ranking: pd.DataFrame, packages: Sequence[str], count: int) -> range:
    """Return the places of so many packages, half of them above the cut; without one the best.

    packages: those that are ranked, best first.
    """
    below = next_in(ranking)
    first = 0 if below is None else packages.index(below) - count // 2
    first = max(0, min(first, len(packages) - count))
    return range(first, min(first + count, len(packages)))
