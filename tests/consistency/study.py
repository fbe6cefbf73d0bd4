"""A study as its files state it, changes applied, read without a line of the engine."""

from __future__ import annotations

import copy
import csv
import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from tests.consistency.cells import Row, day, flag, stated
from tests.consistency.parties import derived_cell

__all__ = ["Row", "Study", "day", "flag", "read_study", "stated"]


@dataclass
class Study:
    """Plain mappings and lists of everything that a scenario names."""

    scenario: dict[str, Any]
    attributes: dict[str, dict[str, Any]]
    """Columns of packages.csv, by id."""
    country_attributes: dict[str, dict[str, Any]]
    scales: dict[str, dict[str, Any]]
    requirements: list[dict[str, Any]]
    agencies: dict[str, dict[str, Any]]
    institutions: dict[str, dict[str, Any]]
    calendars: dict[str, dict[str, Any]]
    countries: dict[str, Row]
    tables: dict[str, list[Row]]
    changes: list[dict[str, Any]] = field(default_factory=list)
    """Each with `old` beside what its file states."""

    @property
    def as_of(self) -> dt.date:
        return day(self.scenario["as_of"])

    def holds(self, spec: Mapping[str, Any]) -> bool:
        """Whether the day is within the first and the last of a limit or requirement."""
        first, last = spec.get("from"), spec.get("until")
        return not ((first and self.as_of < day(first)) or (last and self.as_of > day(last)))

    @property
    def criteria(self) -> dict[str, dict[str, Any]]:
        """By full id; each knows its agency."""
        return {
            f"{agency}.{one['id']}": {**one, "agency": agency}
            for agency, data in self.agencies.items()
            for one in data.get("criteria", ())
        }

    @property
    def packages(self) -> dict[str, Row]:
        return {row["id"]: row for row in self.tables["packages"]}

    @property
    def tools(self) -> dict[str, dict[str, Any]]:
        return self._parts("tools")

    @property
    def limits(self) -> dict[str, dict[str, Any]]:
        return self._parts("limits")

    @property
    def parameters(self) -> dict[str, dict[str, Any]]:
        return self._parts("parameters")

    def _parts(self, kind: str) -> dict[str, dict[str, Any]]:
        return {
            f"{name}.{one['id']}": one
            for name, data in self.institutions.items()
            for one in data.get(kind) or ()
        }

    def of_package(self, table: str, package: str) -> list[Row]:
        return [row for row in self.tables.get(table, []) if row["package"] == package]

    def parameter(self, name: str) -> float | None:
        """Return the value that holds on the study's day; None where it is missing."""
        valid = [v for v in self.parameters[name]["values"] if day(v["from"]) <= self.as_of]
        last = max(valid, key=lambda v: day(v["from"]))
        return last.get("value")


def read_study(path: Path, sets: Sequence[Mapping[str, Any]] = ()) -> Study:
    """Read a scenario file and all that it names; `sets` are changes of the command line."""
    chain = [_yaml(path)]
    base = path
    while "extends" in chain[-1]:
        name = chain[-1]["extends"]
        base = base.parent / (name if name.endswith(".yaml") else f"{name}.yaml")
        chain.append(_yaml(base))
    scenario = copy.deepcopy(chain[-1])
    criteria, home = (base.parent / scenario["criteria"]), base.parent
    study = Study(
        scenario=scenario,
        attributes=_listed(criteria / "attributes.yaml", "attributes"),
        country_attributes=_listed(
            (home / scenario["countries"]).with_suffix(".yaml"), "attributes"
        ),
        scales=_listed(criteria / "scales.yaml", "scales"),
        requirements=list(_listed(criteria / "requirements.yaml", "requirements").values()),
        agencies=_files(criteria, "agency"),
        institutions=_files(home / scenario["financing"], "institution"),
        calendars=_files(home / scenario["sessions"], "calendar") if "sessions" in scenario else {},
        countries={},
        tables={one.stem: _csv(one) for one in sorted((home / scenario["round"]).glob("*.csv"))},
    )
    for variation in reversed(chain[:-1]):
        for change in variation.get("changes") or ():
            _apply(study, {"scenario": variation["scenario"], **change})
    for change in sets:
        _apply(study, {"scenario": chain[0]["scenario"], **change})
    study.scenario |= {key: chain[0][key] for key in ("scenario", "title")}
    for row in _csv(home / scenario["countries"]):
        study.countries[row["iso3"]] = row | _in_force(study, row)
    study.tables["targets"] = list(_expanded(study))
    for name, one in study.attributes.items():
        if "derived" in one:
            for row in study.tables["packages"]:
                row[name] = derived_cell(study, row, one["derived"]) or row.get(name, "")
    return study


def _expanded(study: Study) -> Iterator[Row]:
    """Yield target countries, those of a bloc one by one with an equal part of its share."""
    for row in study.tables.get("targets", []):
        name = row["country"]
        if name in study.countries:
            yield row | {"named": name}
            continue
        members = [code for code, one in study.countries.items() if flag(one[name])]
        for code in members:
            part = str(Fraction(row["share"]) / len(members))
            yield row | {"country": code, "share": part, "named": name, "bloc": name}


def _in_force(study: Study, row: Row) -> Row:
    """Return the facts of a country that stand in another column from a day on."""
    found = {}
    for name, one in study.country_attributes.items():
        if "columns" in one:
            past = [d for d in one["columns"] if day(d["from"]) <= study.as_of]
            newest = max(past, key=lambda d: day(d["from"]), default=None)
            found[name] = "" if newest is None else row[newest["column"]]
    return found


def _yaml(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def _listed(path: Path, key: str) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in _yaml(path)[key]} if path.exists() else {}


def _files(folder: Path, key: str) -> dict[str, dict[str, Any]]:
    found = [_yaml(one) for one in sorted(folder.glob("*.yaml"))]
    return {one[key]: one for one in sorted(found, key=lambda d: str(d.get(key))) if key in one}


def _csv(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return [dict(row) for row in csv.DictReader(file)]


_KEY = re.compile(r'"([^"]+)"|([^.]+)')


def _apply(study: Study, change: dict[str, Any]) -> None:
    """Set one key, and keep what stood there; None where nothing was stated."""
    keys = [quoted or plain for quoted, plain in _KEY.findall(change["set"])]
    place: Any = study.scenario
    if keys[0] in ("agencies", "institutions", "calendars"):
        place = getattr(study, keys[0])
        keys = keys[1:]
    for key in keys[:-1]:
        place = _inside(place, key)
    last = keys[-1]
    old = place.get(last)
    place[last] = copy.deepcopy(change["to"])
    study.changes.append({**change, "old": old})


def _inside(place: Any, key: str) -> Any:
    if isinstance(place, list):
        return next(one for one in place if one["id"] == key)
    return place.setdefault(key, {})
