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

from evaluator.model.study import Study
from evaluator.scoring.panels import of_panel
from evaluator.scoring.totals import Shifts, Totals, owner
from evaluator.scoring.values import values_of_scale
from evaluator.uncertainty.findings import TotalsDrawn
from evaluator.uncertainty.panels import lone_ratings, spreads
from evaluator.uncertainty.sampling import BLOCK, stream

Floats = NDArray[np.float64]
Place = tuple[int, int, int]
"""Package, criterion and seat."""


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


def _rows(study: Study, table: pd.DataFrame, totals: Totals) -> Iterator[tuple[int, int, str, str]]:
    """Yield the places of rated values that are known, with their package and criterion."""
    at = {package: n for n, package in enumerate(totals.packages)}
    columns = {name: c for c, name in enumerate(study.criteria)}
    rated = table[(table["kind"] == "rating") & (table["state"] == "known")]
    for package, name in zip(rated["package"], rated["criterion"], strict=True):
        if package in at:
            yield at[package], columns[name], package, name


def _levels(study: Study, name: str) -> Floats:
    criterion = study.criteria[name]
    return np.array(values_of_scale(criterion.value, study.scale_by_id[str(criterion.scale)]))


def _lone(study: Study, table: pd.DataFrame, totals: Totals) -> Iterator[tuple[Place, Floats]]:
    known, alone = spreads(study, table), lone_ratings(study, table)
    panel = {(r["package"], r["criterion"]): r["panel"] for r in table.to_dict("records")}
    for n, c, package, name in _rows(study, table, totals):
        if (package, name) in alone:
            spread = known[name]
            value = panel[package, name][0]
            yield (n, c, 0), _levels(study, name) - value if spread is None else spread.deviations


def _blank(study: Study, table: pd.DataFrame, totals: Totals) -> Iterator[tuple[Place, Floats]]:
    panel = {(r["package"], r["criterion"]): r["panel"] for r in table.to_dict("records")}
    agencies = [a.agency for a in study.agencies]
    places = {(package, name): (n, c) for n, c, package, name in _rows(study, table, totals)}
    for (package, name), (n, c) in places.items():
        agency = owner(name)
        value = of_panel(panel[package, name], study.scenario.panel_rule)
        for one in study.package_by_id[package].ratings:
            if one.criterion == name and one.rating is None and not one.recused:
                seat = totals.seats[n][agency].index(one.evaluator)
                yield (n, c, seat), _levels(study, name) - value
    # who has rated nothing yet has the facts of a package like all others, and what nobody rates
    for n, package in enumerate(totals.packages):
        for g, agency in enumerate(agencies):
            for seat in range(max(int(totals.rated[n, g]), 1), len(totals.seats[n][agency])):
                for c in totals.columns[g].tolist():
                    if (package, list(study.criteria)[c]) not in places:
                        yield (n, c, seat), np.zeros(1)
