"""Each evaluator's own weighted total, and one number of the totals of several evaluators.

Judges of a contest often rank so: a median or a trimmed mean of what each judge gives in all. It is
no sum over criteria, since who is in the middle of the totals need not be so on any criterion.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evaluator.model.criterion import owner
from evaluator.model.package import Package
from evaluator.model.scenario import PanelRule
from evaluator.model.study import Study
from evaluator.scoring.panels import of_panel, of_totals
from evaluator.scoring.values import of_rating

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Positions = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Shifts:
    """Ratings that differ from draw to draw: `places` (l, 3), package, criterion and seat, by
    `values` (b, l), points from the panel's value."""

    places: Positions
    values: Floats


@dataclass(frozen=True, eq=False)
class Totals:
    """The ratings of n packages on m criteria by the evaluators of g agencies, in up to s seats.

    `columns`: of each agency its criteria. `shifts` (n, m, s): an evaluator's value less the
    panel's; NaN where one has not rated, or nobody has the seat. What nobody rates, such as a
    measure, is alike for all. `seats`: of each package, by agency, who sits where; `rated` (n, g):
    how many of them have rated, who come first.

    Of some draws: `chosen` (b, n, g, s), whose total counts in each seat, and ratings that
    `differ`.
    """

    rule: PanelRule
    packages: tuple[str, ...]
    columns: tuple[Positions, ...]
    shifts: Floats
    seats: tuple[Mapping[str, Sequence[str]], ...]
    rated: Ints
    chosen: Ints | None = None
    differ: Shifts | None = None

    def scores(self, values: Floats, weights: Floats) -> Floats:
        """Return what totals come to, the agencies' parts added up.

        values (n, m), NaN where one does not count, weights (..., m) -> (..., n); or values
        (d, n, m) and weights (d, m) -> (d, n). Of each evaluator the mean of what he rates, weighed
        by the criteria's weights; of an agency what these come to by the rule; of all of them the
        mean by the weights that count. A value that is changed moves each evaluator's by as much.
        """
        shape = (*weights.shape[:-1], values.shape[-2])
        total, whole = np.zeros(shape), np.zeros(shape)
        for agency, columns in enumerate(self.columns):
            own, parts = values[..., columns], weights[..., columns]
            counted = _sums((~np.isnan(own)).astype(np.float64), parts)
            part = of_totals(self._totals(own, parts, agency), self.rule)
            total += np.where(counted > 0, np.nan_to_num(part) * counted, 0.0)
            whole += counted
        found: Floats = np.divide(total, whole, out=np.zeros(shape), where=whole > 0)
        return found

    def _totals(self, values: Floats, weights: Floats, agency: int) -> Floats:
        """Return each seat's mean (..., n, s); NaN where nothing of it has a weight."""
        columns = self.columns[agency]
        found = []
        for seat in range(self.shifts.shape[2]):
            rated = values + self._shifts(columns, seat, len(values))
            counts = ~np.isnan(rated)
            sums = _sums(np.where(counts, rated, 0.0), weights)
            whole = _sums(counts.astype(np.float64), weights)
            found.append(np.divide(sums, whole, out=np.full_like(sums, np.nan), where=whole > 0))
        totals = np.stack(found, axis=-1)
        if self.chosen is None:
            return totals
        return np.take_along_axis(totals, self.chosen[: len(totals), :, agency], axis=-1)

    def _shifts(self, columns: Positions, seat: int, draws: int) -> Floats:
        same = self.shifts[:, columns, seat]
        if self.differ is None:
            return same
        at = self.differ.places
        here = np.flatnonzero(np.isin(at[:, 1], columns) & (at[:, 2] == seat))
        if not here.size:
            return same
        found = np.broadcast_to(same, (draws, *same.shape)).copy()
        found[:, at[here, 0], np.searchsorted(columns, at[here, 1])] = self.differ.values[
            :draws, here
        ]
        return found

    def rated_anew(self, package: int, criterion: int, evaluator: str, by: float) -> Totals:
        """Return the totals with one rating that is worth so many points more."""
        agency = next(g for g, own in enumerate(self.columns) if criterion in own)
        who = list(self.seats[package].values())[agency].index(evaluator)
        shifts = self.shifts.copy()
        shifts[package, criterion, who] += by
        return replace(self, shifts=shifts)

    @property
    def drawn(self) -> bool:
        """Whether they differ from draw to draw."""
        return self.chosen is not None or self.differ is not None


def _sums(values: Floats, weights: Floats) -> Floats:
    """Return weights x values: (..., n), as `Totals.scores` has their shapes."""
    if values.ndim == 2:
        return np.asarray(weights @ values.T)
    return np.asarray(np.matmul(values, weights[:, :, None])[:, :, 0])


def totals_of(study: Study, packages: Iterable[str]) -> Totals | None:
    """Return the ratings of some packages by evaluator; None where panels are of criteria."""
    rule = study.scenario.panel_rule
    if rule.over != "totals":
        return None
    place = {name: column for column, name in enumerate(study.criteria)}
    columns = {
        one.agency: [c for n, c in place.items() if owner(n) == one.agency]
        for one in study.agencies
    }
    every = [study.package_by_id[name] for name in packages]
    given = [_rated(study, one) for one in every]
    seats = [
        {agency: _seated(one, worth, agency) for agency in columns}
        for one, worth in zip(every, given, strict=True)
    ]
    most = max((len(who) for row in seats for who in row.values()), default=0)
    shifts = np.full((len(every), len(place), max(most, 1)), np.nan)
    rated = np.zeros((len(every), len(columns)), dtype=np.int64)
    for n, (row, worth) in enumerate(zip(seats, given, strict=True)):
        for g, (agency, own) in enumerate(columns.items()):
            judging = {who for name in worth if place[name] in own for who in worth[name]}
            rated[n, g] = len(judging)
            shifts[n, own, : max(len(judging), 1)] = 0.0
            for name in (name for name in worth if place[name] in own):
                value = of_panel(tuple(worth[name].values()), rule)
                shifts[n, place[name]] = np.nan
                for who, one in worth[name].items():
                    shifts[n, place[name], row[agency].index(who)] = one - value
    own_columns = tuple(np.array(own, dtype=np.intp) for own in columns.values())
    names = tuple(one.id for one in every)
    return Totals(rule, names, own_columns, shifts, tuple(seats), rated)


def _rated(study: Study, package: Package) -> dict[str, dict[str, float]]:
    """Return by criterion what each evaluator's rating that counts is worth."""
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for one in package.ratings:
        if one.counts:
            function = study.criteria[one.criterion].value
            found[one.criterion][one.evaluator] = of_rating(function, str(one.rating))
    return found


def _seated(package: Package, worth: Mapping[str, Mapping[str, float]], agency: str) -> list[str]:
    """Return the evaluators of a package on an agency's criteria: who rated, then who has not."""
    own = [one for one in package.ratings if owner(one.criterion) == agency]
    rated = {who for name, given in worth.items() if owner(name) == agency for who in given}
    blank = {one.evaluator for one in own if one.blank} - rated
    return [*sorted(rated), *sorted(blank)]
