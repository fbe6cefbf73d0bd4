"""Evaluators drawn again, where their totals count: whole evaluators and not single ratings.

What one gives on two criteria goes together, so the bootstrap (Efron 1979) draws evaluators with
all that they rated. One alone shows no spread, and his ratings are drawn as those of a panel of one
(see `panels`); a rating not given takes each level of its scale alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.model.criterion import owner
from evaluator.model.study import Study
from evaluator.scoring.panels import of_panel
from evaluator.scoring.totals import Shifts, Totals
from evaluator.scoring.values import values_of_scale
from evaluator.uncertainty.findings import TotalsDrawn
from evaluator.uncertainty.panels import lone_ratings, spreads
from evaluator.uncertainty.sampling import BLOCK, stream

Floats = NDArray[np.float64]
Place = tuple[int, int, int]
"""Package, criterion and seat."""
Row = tuple[int, int, str, str, tuple[float, ...]]
"""Places of package and criterion, their ids, and what its ratings are worth."""


@dataclass(frozen=True, eq=False)
class Evaluators:
    """What is known of evaluators: their ratings, and those that may be `open`, alike."""

    totals: Totals
    open: tuple[tuple[Place, Floats], ...]
    """Each with what it may differ by from the panel's value."""
    resampled: bool
    finding: TotalsDrawn

    def drawn(self, seed: int, block: int) -> Totals:
        """Return the totals of one block of draws; the same each time."""
        chosen = None
        rated = self.totals.rated[:, :, None]
        if self.resampled and (rated > 1).any():
            generator = stream(seed, "values/evaluators", block)
            seats = np.arange(self.totals.shifts.shape[2])
            drawn = generator.random((BLOCK, *rated.shape[:2], len(seats)))
            # whoever has rated is drawn from those who have; who has not stays in the seat
            chosen = np.where(seats < rated, (drawn * rated).astype(np.intp), seats)
        differ = None
        if self.open:
            generator = stream(seed, "values/ratings of evaluators", block)
            columns = [generator.choice(may, BLOCK) for _, may in self.open]
            places = np.array([place for place, _ in self.open], dtype=np.intp)
            differ = Shifts(places, np.stack(columns, axis=1))
        return replace(self.totals, chosen=chosen, differ=differ)


def evaluators_of(study: Study, table: pd.DataFrame, totals: Totals) -> Evaluators:
    """Return what is known of the evaluators, from a table of performances.

    totals: of the packages that are ranked, in the order in which they are drawn.
    """
    resampled = study.scenario.uncertainty.ratings == "panel"
    blank = tuple(_blank(study, table, totals))
    lone = tuple(_lone(study, table, totals)) if resampled else ()
    several = int((totals.rated > 1).sum()) if resampled else 0
    alone = int((totals.rated == 1).sum()) if resampled else 0
    given = sum(len(may) > 1 for _, may in blank)
    return Evaluators(totals, (*blank, *lone), resampled, TotalsDrawn(several, alone, given))


def _rows(study: Study, table: pd.DataFrame, totals: Totals) -> Iterator[Row]:
    """Yield the rated values that are known."""
    at = {package: n for n, package in enumerate(totals.packages)}
    columns = {name: c for c, name in enumerate(study.criteria)}
    rated = table[(table["kind"] == "rating") & (table["state"] == "known")]
    every = zip(rated["package"], rated["criterion"], rated["panel"], strict=True)
    for package, name, panel in every:
        if package in at:
            yield at[package], columns[name], package, name, panel


def _levels(study: Study, name: str) -> Floats:
    criterion = study.criteria[name]
    return np.array(values_of_scale(criterion.value, study.scale_by_id[str(criterion.scale)]))


def _lone(study: Study, table: pd.DataFrame, totals: Totals) -> Iterator[tuple[Place, Floats]]:
    known, alone = spreads(study, table), lone_ratings(study, table)
    for n, c, package, name, panel in _rows(study, table, totals):
        if (package, name) in alone:
            spread, value = known[name], panel[0]
            yield (n, c, 0), _levels(study, name) - value if spread is None else spread.deviations


def _blank(study: Study, table: pd.DataFrame, totals: Totals) -> Iterator[tuple[Place, Floats]]:
    rated = set()
    for n, c, package, name, panel in _rows(study, table, totals):
        rated.add((n, c))
        agency = owner(name)
        value = of_panel(panel, study.scenario.panel_rule)
        for one in study.package_by_id[package].ratings:
            if one.criterion == name and one.blank:
                seat = totals.seats[n][agency].index(one.evaluator)
                yield (n, c, seat), _levels(study, name) - value
    # who has rated nothing yet has the facts of a package like all others, and what nobody rates
    for n, seats in enumerate(totals.seats):
        for g, who in enumerate(seats.values()):
            for seat in range(max(int(totals.rated[n, g]), 1), len(who)):
                for c in totals.columns[g].tolist():
                    if (n, c) not in rated:
                        yield (n, c, seat), np.zeros(1)
