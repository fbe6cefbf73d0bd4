"""What capped each request, worked out from exact slack at the whole-dollar amounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nsmallest
from typing import Literal

import numpy as np

from evaluator.allocation.explain.findings import (
    AlternativeServed,
    CountsZero,
    GainsMoreElsewhere,
    HeldBackForGoals,
    HeldByOverride,
    InFull,
    LimitBinds,
    LimitHoldsAtZero,
    LimitShutsOut,
    MinimumSupport,
    RequiredUnserved,
    SupportedInstead,
    Tied,
    WithinGap,
)
from evaluator.allocation.model.build import Compiled
from evaluator.allocation.model.exact.whole_rows import Rows
from evaluator.allocation.model.interchange import interchangeable
from evaluator.allocation.solve.rounding import in_wholes
from evaluator.model.base import Override
from evaluator.model.study import Study
from evaluator.results.findings import Finding, Findings

_SHOWN = 3
_MORE = 1 + 1e-9
"""A gain per dollar of a limit that is not greater by this factor is as good."""

Kind = Literal["must_not", "must", "include"]
Reasons = dict[tuple[str, str], Findings]
"""By package and tool."""


@dataclass(frozen=True)
class Explained:
    """What capped each request, and which rows of the program did."""

    reasons: Reasons
    in_the_way: frozenset[int]
    """Limits that leave no room, or too little, for a request that is not met."""


@dataclass(frozen=True)
class _State:
    """Everything that a reason is worked out from; rooms and uses in whole numbers of their row."""

    study: Study
    compiled: Compiled
    amounts: Sequence[int]
    rooms: Sequence[int]
    """Slack by row."""
    uses: Mapping[int, Mapping[int, int]]
    """What a dollar of an amount takes of the room of each row that it can exhaust."""
    place: Mapping[int, int]
    """The limit behind a row."""
    supported: frozenset[str]

    @cached_property
    def takers(self) -> Mapping[int, Sequence[int]]:
        """The amounts above 0 that take of a row's room, by row."""
        found: dict[int, list[int]] = defaultdict(list)
        for column in sorted(self.uses):
            if self.amounts[column]:
                for row in self.uses[column]:
                    found[row].append(column)
        return found

    @cached_property
    def owners(self) -> tuple[Sequence[int], Sequence[int]]:
        """The first and the last package of which a row bounds amounts, by row.

        Packages by the place of their first amount; of a row about none, the last is before the
        first.
        """
        rows, layout = self.compiled.program.whole, self.compiled.layout
        count = len(self.compiled.program.cost)
        first, last = np.full(count, count), np.full(count, -1)
        for package, places in layout.by_package.items():
            columns = [*places, *(x[package] for x in layout.counted.values() if package in x)]
            first[columns] = last[columns] = places[0]
        for column, number in rows.sums.items():
            under = rows.column[rows.entries(number)]
            first[column], last[column] = first[under].min(), last[under].max()
        low, high = np.full(len(self.rooms), count), np.full(len(self.rooms), -1)
        np.minimum.at(low, rows.row, first[rows.column])
        np.maximum.at(high, rows.row, last[rows.column])
        return low.tolist(), high.tolist()

    @cached_property
    def _lowest(self) -> dict[int, list[tuple[float, int]]]:
        return {}

    def lowest(self, row: int) -> Sequence[tuple[float, int]]:
        """Return the two that gain least by a row's room: what a dollar of it gains, and who."""
        if row not in self._lowest:
            gains = ((_gain(self, column, row), column) for column in self.takers.get(row, ()))
            self._lowest[row] = nsmallest(2, gains)
        return self._lowest[row]

    @cached_property
    def _named(self) -> frozenset[str]:
        scenario = self.study.scenario
        return frozenset({*scenario.allocation.must, *scenario.designation.include})

    def decided(self, row: int) -> Sequence[int]:
        """Return the amounts that take of a row's room and are a named decision's."""
        mine = [
            at
            for package in self._named
            for at in self.compiled.layout.by_package.get(package, ())
            if self.amounts[at] and row in self.uses.get(at, {})
        ]
        return sorted(mine)

    @cached_property
    def rivals(self) -> Mapping[str, str]:
        """The supported package of each exclusive group, the first by id."""
        found: dict[str, str] = {}
        for package in sorted(self.supported):
            group = self.study.package_by_id[package].exclusive_group
            if group is not None:
                found.setdefault(group, package)
        return found

    @cached_property
    def goals(self) -> Mapping[int, Sequence[tuple[str, str]]]:
        """The goals that more of an amount would miss by more, by amount."""
        program = self.compiled.program
        moved = moved_by(self.compiled, self.amounts)
        found: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for number in sorted(program.whole.goals.values()):
            row, sign = program.rows[number], 1 if program.whole.upper[number] else -1
            for column, use in zip(*program.whole.uses.of(number), strict=True):
                for at in moved.get(column, ()) if use * sign > 0 else ():
                    found[at].append((row.name, row.group))
        return found


def moved_by(compiled: Compiled, amounts: Sequence[int]) -> Mapping[int, Sequence[int]]:
    """Return by column the amounts of which a dollar more moves it.

    That is an amount itself; and what counts a package that gets nothing, all that would count.
    """
    found: dict[int, Sequence[int]] = {at: (at,) for at in range(len(amounts))}
    for tools, packages in compiled.layout.counted.items():
        for package, column in packages.items():
            under = compiled.layout.under(tools, package)
            found[column] = () if any(amounts[at] for at in under) else under
    return found


def explained(study: Study, compiled: Compiled, amounts: Sequence[int]) -> Explained:
    """Return for each request, by package and tool, what capped it."""
    program, layout = compiled.program, compiled.layout
    rooms = program.whole.rooms(in_wholes(program, layout, amounts))
    state = _State(
        study,
        compiled,
        amounts,
        rooms.tolist(),
        _uses(compiled, amounts),
        {row: place for place, row in compiled.row_of.items()},
        supported(compiled, amounts),
    )
    found, rows, tied = dict(compiled.eligibility.refused), set(), _tied(compiled, amounts)
    for index, pair in enumerate(layout.pairs):
        told, held = _reason(state, index)
        found[pair.package, pair.tool] = (*told, *tied.get(pair.package, ()))
        rows |= held
    return Explained(found, frozenset(rows & state.place.keys()))


def _uses(compiled: Compiled, amounts: Sequence[int]) -> dict[int, dict[int, int]]:
    """Return what a dollar of each amount takes of the rows that bound it, row after row."""
    program, every = compiled.program, compiled.program.whole.uses
    bounds = np.zeros(len(program.rows), dtype=np.bool_)
    bounds[Rows.of(program.rows).kind("law", "override")] = True
    upper = program.whole.upper[every.row]
    takes = np.flatnonzero(bounds[every.row] & ((every.value > 0) == upper))
    moved = moved_by(compiled, amounts)
    found: dict[int, dict[int, int]] = defaultdict(dict)
    told = (every.row[takes], every.column[takes], np.abs(every.value[takes]))
    for row, column, use in zip(*(one.tolist() for one in told), strict=True):
        for at in moved.get(column, ()):
            found[at][row] = use
    return found


def _tied(compiled: Compiled, amounts: Sequence[int]) -> dict[str, Findings]:
    """Return by package the ties with interchangeable ones that get other amounts.

    A dollar that does not divide is no other amount.
    """
    by_package = compiled.layout.by_package

    def bundle(package: str) -> list[int]:
        return [amounts[at] for at in by_package[package]]

    found: dict[str, Findings] = {}
    for group in interchangeable(compiled):
        for package in group:
            mine = bundle(package)
            others = tuple(
                other
                for other in group
                if any(abs(a - b) > 1 for a, b in zip(mine, bundle(other), strict=True))
            )
            if others:
                found[package] = (Tied(others),)
    return found


def supported(compiled: Compiled, amounts: Sequence[int]) -> frozenset[str]:
    """Return the packages with any support."""
    pairs = compiled.layout.pairs
    return frozenset(p.package for p, a in zip(pairs, amounts, strict=True) if a)


def same_for_all(compiled: Compiled, reason: Finding | None) -> Explained:
    """Return one reason for all requests that could have been served."""
    told = () if reason is None else (reason,)
    found = {(pair.package, pair.tool): told for pair in compiled.layout.pairs}
    return Explained({**compiled.eligibility.refused, **found}, frozenset())


def _reason(state: _State, index: int) -> tuple[Findings, set[int]]:
    """Return what capped a request, and the rows that did."""
    pair, amount = state.compiled.layout.pairs[index], state.amounts[index]
    if amount == pair.cap:
        return (InFull(),) if pair.part is None else (InFull(), pair.part), set()
    by_rule = _by_rule(state, index)
    if by_rule:
        return by_rule, set()
    uses = state.uses.get(index, {})
    tight = [row for row, use in uses.items() if use > state.rooms[row]]
    if tight:
        tight.sort(key=lambda row: not _own(state, index, row))
        told = tuple(_binds(state, index, row) for row in tight[:_SHOWN])
        return (*told, *_musts(state, index, tight)), set(tight)
    least = max(pair.least, 1) if amount == 0 else 1
    narrow = [row for row, use in uses.items() if use * least > state.rooms[row]]
    if narrow:
        told = tuple(_shuts_out(state, row, least) for row in narrow[:_SHOWN])
        return (*told, *_musts(state, index, narrow)), set(narrow)
    return _otherwise(state, index)


def _by_rule(state: _State, index: int) -> Findings:
    """Rules that have nothing to do with how much is left."""
    pair, layout = state.compiled.layout.pairs[index], state.compiled.layout
    package, settings = state.study.package_by_id[pair.package], state.study.scenario.allocation
    ban = settings.must_not.get(pair.package)
    if ban is not None and ban.tool in (None, pair.tool):
        return (_by_override("must_not", pair.package, ban),)
    if pair.package not in state.supported:
        absent = [q for q in package.requires if q not in state.supported and q != package.id]
        if absent:
            return (RequiredUnserved(absent[0]),)
        group = package.exclusive_group
        rival = None if group is None else state.rivals.get(group)
        if rival is not None and group is not None:
            instead, must = SupportedInstead(rival, group), settings.must.get(rival)
            return (instead,) if must is None else (instead, _by_override("must", rival, must))
    for other in layout.by_package[pair.package] if pair.alternative is not None else ():
        same = layout.pairs[other].alternative == pair.alternative
        if other != index and same and state.amounts[other]:
            return (AlternativeServed(layout.pairs[other].tool),)
    return ()


def _by_override(kind: Kind, package: str, override: Override) -> HeldByOverride:
    return HeldByOverride(kind, package, override.because, override.by, override.date.isoformat())


def _binds(state: _State, index: int, row: int) -> Finding:
    name, group = state.compiled.program.rows[row].name, state.compiled.program.rows[row].group
    limit = state.compiled.limits[state.place[row]] if row in state.place else None
    if limit is not None and limit.held is not None:
        return LimitHoldsAtZero(name, group, limit.held.fact)
    if limit is not None and not _own(state, index, row) and _outbid(state, index, row):
        return GainsMoreElsewhere(name, group)
    return LimitBinds(name, group, _own(state, index, row))


def _shuts_out(state: _State, row: int, least: int) -> LimitShutsOut:
    found = state.compiled.program.rows[row]
    return LimitShutsOut(found.name, found.group, least)


def _own(state: _State, index: int, row: int) -> bool:
    """Whether a row bounds the amounts of this package alone."""
    layout = state.compiled.layout
    mine = layout.by_package[layout.pairs[index].package][0]
    low, high = state.owners
    return high[row] < 0 or low[row] == high[row] == mine


def _gain(state: _State, column: int, row: int) -> float:
    """Return what a dollar of a row's room gains if an amount takes it."""
    use = state.uses[column][row] / state.compiled.program.whole.times[row]
    return state.compiled.gains[column] / use


def _outbid(state: _State, index: int, row: int) -> bool:
    """Whether all of a row's room goes to others that gain more by it."""
    lowest = [gain for gain, column in state.lowest(row) if column != index]
    return bool(lowest) and lowest[0] > _gain(state, index, row) * _MORE


def _musts(state: _State, index: int, rows: Sequence[int]) -> Iterator[HeldByOverride]:
    """Yield the named decisions for packages that take of the room, and gain less by it."""
    pairs, scenario = state.compiled.layout.pairs, state.study.scenario
    kinds: tuple[tuple[Kind, Mapping[str, Override]], ...] = (
        ("must", scenario.allocation.must),
        ("include", scenario.designation.include),
    )
    told: set[str] = {pairs[index].package}
    for row in rows:
        for column in state.decided(row):
            package = pairs[column].package
            for kind, entries in kinds:
                if package not in entries or package in told:
                    continue
                if kind == "must" and _gain(state, column, row) * _MORE >= _gain(state, index, row):
                    # it would stand there without the decision
                    continue
                told.add(package)
                yield _by_override(kind, package, entries[package])


def _otherwise(state: _State, index: int) -> tuple[Findings, set[int]]:
    """No limit stands in the way of this request alone."""
    if state.compiled.gains[index] <= 0:
        return (CountsZero(),), set()
    layout = state.compiled.layout
    package = layout.pairs[index].package
    share = state.study.scenario.allocation.minimum_support
    if package not in state.supported and share > 0:
        least = layout.least_support[package]
        rows = _too_narrow(state, package, least)
        shut = tuple(_shuts_out(state, row, need) for row, need in list(rows.items())[:_SHOWN])
        return (MinimumSupport(least, float(share)), *shut), set(rows)
    goals = tuple(state.goals.get(index, ()))
    return (HeldBackForGoals(goals) if goals else WithinGap(),), set()


def _too_narrow(state: _State, package: str, least: int) -> dict[int, int]:
    """Return the rows that leave too little for the least that a package gets in all.

    By row: what of that least would have to come under it, were each other request of the package
    served as far as there is room for it alone.
    """
    pairs, mine = state.compiled.layout.pairs, state.compiled.layout.by_package[package]
    alone = {
        index: min(
            [
                pairs[index].cap,
                *(state.rooms[row] // use for row, use in state.uses.get(index, {}).items()),
            ]
        )
        for index in mine
    }
    found: dict[int, int] = {}
    for row in dict.fromkeys(row for index in mine for row in state.uses.get(index, {})):
        under = [index for index in mine if row in state.uses.get(index, {})]
        need = least - sum(alone[index] for index in mine if index not in under)
        lightest = min(state.uses[index][row] for index in under)
        asked = sum(pairs[index].cap for index in under)
        # of no size would a limit help that the package does not ask so much under
        if 0 < need <= asked and need * lightest > state.rooms[row]:
            found[row] = need
    return found
