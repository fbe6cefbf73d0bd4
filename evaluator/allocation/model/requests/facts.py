"""The packages and countries of a study in columns, each read once, when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from evaluator.allocation.model.exact.numbers import Exact, Flags, Places, as_written
from evaluator.allocation.model.exact.rows import whole
from evaluator.model.base import Known, Missing
from evaluator.model.filters import host_datum
from evaluator.model.package import Package
from evaluator.model.requirement import Requirement
from evaluator.model.study import Study
from evaluator.scoring.gates import decide

Datum = Known | Missing


@dataclass(frozen=True, eq=False)
class Fact:
    """One fact of many subjects: the data that differ, and who has which."""

    data: Sequence[Datum]
    """One for all that is missing, whatever the reason."""
    code: Places
    """By subject."""
    subjects: Sequence[str]

    def among(self, chosen: Flags) -> list[tuple[int, Datum, str]]:
        """Return what some subjects have: place, datum, and who has it first; in that order."""
        places = np.flatnonzero(chosen)
        codes, first = np.unique(self.code[places], return_index=True)
        order = np.argsort(first)
        who = places[first[order]].tolist()
        return [
            (code, self.data[code], self.subjects[place])
            for code, place in zip(codes[order].tolist(), who, strict=True)
        ]


@dataclass(frozen=True, eq=False)
class Parts:
    """Something of which a package has several parts, package after package."""

    package: Places
    names: Sequence[str]
    share: Exact
    count: Places
    """By package."""


@dataclass(frozen=True, eq=False)
class Facts:
    """What is read of a study; packages are places in the order of ids."""

    study: Study
    packages: tuple[Package, ...]
    known: dict[str, Fact] = field(default_factory=dict)
    """Those read so far."""
    decided: dict[tuple[str, int], bool] = field(default_factory=dict)
    """Those asked so far, by requirement and place of the package."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The ids of packages."""
        return tuple(package.id for package in self.packages)

    @cached_property
    def place(self) -> dict[str, int]:
        """The place of each package."""
        return {name: place for place, name in enumerate(self.names)}

    def of_package(self, name: str) -> Fact:
        """Return an attribute of all packages."""
        if name not in self.known:
            missing = Missing(reason=f"no column {name}")
            data = (package.attributes.get(name, missing) for package in self.packages)
            self.known[name] = _fact(data, self.names)
        return self.known[name]

    def passed(self, requirement: Requirement, package: int) -> bool:
        """Return whether a package meets a requirement."""
        key = requirement.id, package
        if key not in self.decided:
            outcome, _ = decide(self.study, self.packages[package], requirement)
            self.decided[key] = outcome == "passed"
        return self.decided[key]

    def of_country(self, name: str) -> Fact:
        """Return a fact of all countries."""
        key = f"host.{name}"
        if key not in self.known:
            countries = tuple(self.study.country_by_id.values())
            data = (host_datum(country, name) for country in countries)
            self.known[key] = _fact(data, [country.id for country in countries])
        return self.known[key]

    @cached_property
    def targets(self) -> Parts:
        """Target countries and their shares."""
        targets = [package.targets for package in self.packages]
        flat = [target for one in targets for target in one]
        place: dict[tuple[float, int], int] = {}
        code = [place.setdefault((one.share, one.members), len(place)) for one in flat]
        first = dict(zip(reversed(code), reversed(flat), strict=True))
        table = [whole(first[number].part) for number in range(len(place))]
        shares = Exact(table, np.array(code, dtype=np.intp))
        return _parts(targets, [target.country for target in flat], shares)

    @cached_property
    def blocs(self) -> Places:
        """The number of the bloc of each target, a package's own; targets of none have -1."""
        named = (target.bloc for package in self.packages for target in package.targets)
        place: dict[tuple[int, str], int] = {}
        keys = zip(self.targets.package.tolist(), named, strict=True)
        found = [
            -1 if bloc is None else place.setdefault((p, bloc), len(place)) for p, bloc in keys
        ]
        return np.array(found, dtype=np.intp)

    @cached_property
    def hosts(self) -> Places:
        """The place among the study's countries of each target."""
        place = {country.id: number for number, country in enumerate(self.study.countries)}
        return np.array([place[name] for name in self.targets.names], dtype=np.intp)

    @cached_property
    def owners(self) -> Parts:
        """Ultimate parents of members, with their shares of exposure."""
        members = [package.members for package in self.packages]
        flat = [member for one in members for member in one]
        top = self.study.control.top
        shares = as_written(member.exposure_share for member in flat)
        return _parts(members, [top[member.entity] for member in flat], shares)


def facts_of(study: Study) -> Facts:
    """Return the facts of a study."""
    return Facts(study, tuple(sorted(study.packages, key=lambda package: package.id)))


def _parts(of: Sequence[Sequence[object]], names: Sequence[str], share: Exact) -> Parts:
    count = np.array([len(one) for one in of], dtype=np.intp)
    return Parts(np.repeat(np.arange(len(count)), count), names, share, count)


def _fact(data: Iterable[Datum], subjects: Sequence[str]) -> Fact:
    place: dict[object, int] = {}
    found: list[Datum] = []
    code: list[int] = []
    for datum in data:
        value = datum.value if isinstance(datum, Known) else None
        key = type(value), value
        number = place.setdefault(key, len(found))
        if number == len(found):
            found.append(datum)
        code.append(number)
    return Fact(found, np.array(code, dtype=np.intp), subjects)
