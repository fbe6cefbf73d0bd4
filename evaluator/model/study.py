"""Everything that one run needs, resolved for one scenario and one day."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Self

from evaluator.model.agency import Agency
from evaluator.model.base import Frozen, Known, Text
from evaluator.model.calendar import Calendar
from evaluator.model.country import Attribute, Country
from evaluator.model.criterion import Criterion, Scale
from evaluator.model.engagement import CountryFact, StrategyTarget
from evaluator.model.financing import (
    Dated,
    Institution,
    Limit,
    Parameter,
    Tool,
)
from evaluator.model.former import Former
from evaluator.model.frozen import FrozenDict
from evaluator.model.in_numbers import limit_in_numbers, tool_in_numbers
from evaluator.model.ownership import Control, Held, control, held
from evaluator.model.package import Entity, Evaluator, Package
from evaluator.model.parts import Part
from evaluator.model.requirement import Requirement
from evaluator.model.scenario import READING, Applied, Scenario


def names(pattern: str, tool: str) -> bool:
    """Return whether a limit's entry names a tool: by its full id, its institution, or as all.

    >>> [names(pattern, "dfc.equity") for pattern in ("dfc.equity", "dfc.*", "*", "dfc.e*")]
    [True, True, True, False]
    """
    return pattern in (tool, f"{tool.partition('.')[0]}.*", "*")


class SourceFile(Frozen):
    """A file that was read, by its path relative to the scenario's folder."""

    path: Text
    sha256: Text


class Study(Frozen):
    """Packages, criteria, weights, tools and limits for one scenario.

    Order is canonical (packages and entities by id), so that the order of rows in a file
    changes nothing.
    """

    scenario: Scenario
    applied: tuple[Applied, ...] = ()
    package_attributes: tuple[Attribute, ...] = ()
    country_attributes: tuple[Attribute, ...] = ()
    scales: tuple[Scale, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    agencies: tuple[Agency, ...]
    institutions: tuple[Institution, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    countries: tuple[Country, ...] = ()
    entities: tuple[Entity, ...] = ()
    packages: tuple[Package, ...]
    evaluators: tuple[Evaluator, ...] = ()
    """Who rates; none where the round does not say, and ids stand for names."""
    country_facts: tuple[CountryFact, ...] = ()
    strategy: tuple[StrategyTarget, ...] = ()
    exclusions: tuple[tuple[str, str], ...] = ()
    """Rows that the round leaves out, each with its reason."""
    sources: tuple[SourceFile, ...] = ()
    source_file: str = ""
    """Path of the scenario's own file, among the sources; empty where none was read."""
    extends: str = ""
    """What the scenario that its own file extends is called; empty where it extends none."""
    since: Former | None = None
    """The version that it is compared with, where one was named; it changes no answer."""

    def with_allocation(self, **settings: object) -> Self:
        """Return a copy with other settings of the allocation."""
        allocation = self.scenario.allocation.model_copy(update=settings)
        scenario = self.scenario.model_copy(update={"allocation": allocation})
        return self.model_copy(update={"scenario": scenario})

    def with_influence(self, shares: Mapping[str, float]) -> Self:
        """Return a copy in which each agency has another influence."""
        stated = self.scenario.influence
        if stated is None:
            return self
        influence = stated.model_copy(update={"shares": dict(shares)})
        scenario = self.scenario.model_copy(update={"influence": influence})
        return self.model_copy(update={"scenario": scenario})

    @cached_property
    def parts(self) -> frozenset[Part]:
        """The parts that it has. What hangs on another is no column, section or word of its run."""
        scenario = self.scenario
        requests = any(package.requests for package in self.packages)
        there: Mapping[Part, object] = {
            "agencies": len(self.agencies) > 1,
            "allocation": self.tools and (requests or scenario.allocation.must),
            "countries": self.countries,
            "designation": scenario.designation.states_something,
            "financing": self.institutions,
            "requests": requests,
        }
        return frozenset(part for part, have in there.items() if have)

    @property
    def influence(self) -> Mapping[str, float]:
        """The influence of each agency; of one alone, all of it."""
        stated = self.scenario.influence
        return stated.shares if stated else FrozenDict({a.agency: 1.0 for a in self.agencies})

    @property
    def as_of(self) -> dt.date:
        """The day on which every dated value is taken."""
        return self.scenario.as_of

    @property
    def submitted_on(self) -> dt.date:
        """The day from which the clocks of notices run, where a package states none of its own."""
        return self.scenario.submitted_on or self.as_of

    @cached_property
    def calendar_by_id(self) -> Mapping[str, Calendar]:
        """Calendars by id."""
        return FrozenDict({one.calendar: one for one in self.calendars})

    @cached_property
    def scale_by_id(self) -> Mapping[str, Scale]:
        """Scales by id."""
        return FrozenDict({one.id: one for one in self.scales})

    @cached_property
    def criteria(self) -> Mapping[str, Criterion]:
        """Criteria by full id, in the order of agencies and files."""
        return FrozenDict({f"{a.agency}.{c.id}": c for a in self.agencies for c in a.criteria})

    @cached_property
    def tools(self) -> Mapping[str, Tool]:
        """Tools by full id, in canonical order, their conditions in numbers."""
        return FrozenDict(
            {
                f"{i.institution}.{t.id}": tool_in_numbers(t, self._number)
                for i in self.institutions
                for t in i.tools
            }
        )

    @cached_property
    def limits(self) -> Mapping[str, Limit]:
        """Limits by full id, in canonical order, their conditions in numbers."""
        return FrozenDict(
            {
                f"{i.institution}.{x.id}": limit_in_numbers(x, self._number)
                for i in self.institutions
                for x in i.limits
            }
        )

    def _number(self, parameter: str) -> float | None:
        """Return a parameter's value on `as_of`; None where loading is yet to refuse it."""
        known = self.parameters.get(parameter)
        dated = known.on(self.as_of) if known else None
        return dated.value if dated else None

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """Parameters by full id, in the order of institutions and files."""
        return FrozenDict(
            {f"{i.institution}.{p.id}": p for i in self.institutions for p in i.parameters}
        )

    @cached_property
    def institution_of(self) -> Mapping[str, Institution]:
        """The institution of each tool, by the tool's full id."""
        return FrozenDict(
            {f"{i.institution}.{t.id}": i for i in self.institutions for t in i.tools}
        )

    @cached_property
    def labels(self) -> Mapping[str, frozenset[str]]:
        """The words that stand in each text column without a stated list, as filters name it."""
        own = ((a.id, a.id, self.packages) for a in self.package_attributes if a.is_label)
        host = (
            (f"host.{a.id}", column, self.countries)
            for a in self.country_attributes
            if a.is_label and (column := a.on(self.as_of)) is not None
        )
        columns: tuple[tuple[str, str, Sequence[Package | Country]], ...] = (*own, *host)
        return FrozenDict(
            {
                name: frozenset(
                    str(datum.value)
                    for one in rows
                    if isinstance(datum := one.attributes.get(column), Known)
                )
                for name, column, rows in columns
            }
        )

    @cached_property
    def package_by_id(self) -> Mapping[str, Package]:
        """Packages by id."""
        return FrozenDict({p.id: p for p in self.packages})

    @cached_property
    def country_by_id(self) -> Mapping[str, Country]:
        """Countries by id, with what holds of them on `as_of`."""
        dated = [one for one in self.country_attributes if one.columns]
        return FrozenDict({c.id: c.on(self.as_of, dated) for c in self.countries})

    def bloc(self, name: str) -> tuple[str, ...] | None:
        """Return the members of a bloc, a flag of countries; None where not all are known."""
        data = {code: one.attributes.get(name) for code, one in self.country_by_id.items()}
        if any(not isinstance(datum, Known) for datum in data.values()):
            return None
        return tuple(c for c, datum in data.items() if isinstance(datum, Known) and datum.value)

    @cached_property
    def entity_by_id(self) -> Mapping[str, Entity]:
        """Entities by id."""
        return FrozenDict({e.id: e for e in self.entities})

    def parameter(self, name: str) -> Dated:
        """Return a parameter's value in force on `as_of`.

        Raises KeyError for an unknown parameter or a day before its first value; loading has
        refused both.
        """
        dated = self.parameters[name].on(self.as_of)
        if dated is None:
            raise KeyError(f"{name} has no value on {self.as_of}")
        return dated

    def lapsed(self, tool: str) -> bool:
        """Return whether the institution's authority for a tool has lapsed on `as_of`."""
        authority = self.institution_of[tool].authority
        return authority is not None and self.as_of > authority.lapses_on

    def unfunded(self, tool: str) -> bool:
        """Return whether there is no appropriation for a tool on `as_of`."""
        state = self.institution_of[tool].appropriation(self.as_of)
        return state is not None and state.state == "none"

    def bound(self, tool: str) -> tuple[Requirement, ...]:
        """Return the requirements that are conditions of a tool on `as_of`."""
        asked = (r for r in self.requirements if r.holds_on(self.as_of))
        return tuple(r for r in asked if any(names(w, tool) for w in r.binds))

    def tools_matching(self, patterns: Iterable[str]) -> tuple[str, ...]:
        """Return the full ids of tools that any of a limit's entries names, in canonical order."""
        wanted = tuple(patterns)
        return tuple(t for t in self.tools if any(names(w, t) for w in wanted))

    @cached_property
    def control(self) -> Control:
        """Who controls each entity."""
        return control(self.entities)

    def flagged(self, code: str, flags: Mapping[str, object]) -> bool | None:
        """Return whether a country has one of some flags; None where that is not known."""
        facts = self.country_by_id[code].attributes
        data = [(facts.get(column), barred) for column, barred in flags.items()]
        if any(isinstance(datum, Known) and datum.value == barred for datum, barred in data):
            return True
        return None if any(not isinstance(datum, Known) for datum, _ in data) else False

    def held_from(
        self, flags: Mapping[str, object], *, government: bool, full_from: float | None
    ) -> Mapping[str, Held]:
        """Return how much of each entity owners of flagged countries hold, through chains.

        government: only governments of such countries. full_from: as for `held`.
        """

        def kind(entity: Entity) -> bool | None:
            if government and not entity.government:
                return False
            home = entity.headquarters
            return self.flagged(str(home.value), flags) if isinstance(home, Known) else None

        key = (*flags.items(), government, full_from)
        if key not in self._held:
            self._held[key] = held(self.entities, kind, full_from)
        return self._held[key]

    @cached_property
    def _held(self) -> dict[object, Mapping[str, Held]]:
        return {}

    @cached_property
    def letters(self) -> frozenset[str]:
        """Every sign that stands in it, as JSON: which scripts and fonts its texts need."""
        return frozenset(self.model_dump_json())

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of everything that can change an answer: no path of a file is in it."""
        moved = [place for place, change in enumerate(self.applied) if change.set in READING]
        text = self.model_dump_json(
            exclude={
                "sources": True,
                "source_file": True,
                "extends": True,
                "since": True,
                "scenario": set(READING),
                "applied": {place: {"old", "new"} for place in moved},
            }
        )
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def run_name(self) -> str:
        """What its run and the run's folder are called: scenario and fingerprint."""
        return f"{self.scenario.scenario}-{self.fingerprint[:12]}"
