"""A study's round as the text of its tables again, for changes of facts without its files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from evaluator.loading.keys import COUNTRIES
from evaluator.loading.round.tables import COUNTRY, TABLES, columns_of
from evaluator.loading.tables.sheets import Sheet
from evaluator.model.base import Known, Missing
from evaluator.model.package import NOT_APPLICABLE, Package
from evaluator.model.study import Study
from evaluator.scoring.derivation import ORIGIN

_NO_COLUMN = "no such column"
_PARTS = ("members", "layers", "roles", "requests", "assistance", "ratings")
"""Tables whose rows are parts of a package with the columns as fields."""


def sheets_of(study: Study) -> dict[str, Sheet]:
    """Return the tables from which a study's round and its countries are read, as text.

    Read again they give the same packages, entities and countries. Facts of packages that follow
    from other tables are left blank, so that they follow anew.
    """
    columns = columns_of(study.package_attributes, study.country_attributes)
    rows: dict[str, list[Mapping[str, Any]]] = {table: [] for table in columns}
    for package in study.packages:
        for table, row in _of_package(package, study):
            rows[table].append(row)
    for entity in study.entities:
        rows["entities"].append(dict(entity))
        rows["ownership"] += [{"entity": entity.id, **dict(one)} for one in entity.stakes]
        rows["exposures"] += [{"entity": entity.id, **dict(one)} for one in entity.exposures]
    rows["evaluators"] += [dict(one) for one in study.evaluators]
    rows["country_facts"] += [dict(one) for one in study.country_facts]
    rows["strategy"] += [dict(one) for one in study.strategy]
    rows["exclusions"] += [{"row": row, "reason": why} for row, why in study.exclusions]
    rows[COUNTRIES] += [
        {"iso3": one.id, "name": one.name, "bloc": one.bloc, **one.attributes}
        for one in study.countries
    ]
    return {table: _sheet(table, columns[table], found) for table, found in rows.items() if found}


def _of_package(package: Package, study: Study) -> Iterator[tuple[str, Mapping[str, Any]]]:
    own = ("id", "title", "standing", "exclusive_group", "requires")
    facts: dict[str, Any] = dict(package.attributes)
    for one in study.package_attributes:
        datum = facts.get(one.id)
        if one.derived is not None and isinstance(datum, Known) and datum.origin == ORIGIN:
            facts[one.id] = None
    yield "packages", {**{name: getattr(package, name) for name in own}, **facts}
    for table in _PARTS:
        for part in getattr(package, table):
            yield table, {"package": package.id, **dict(part)}
    for finding in package.findings:
        yield "evidence", {"package": package.id, **dict(finding)}
    for name, share in {one.bloc or one.country: one.share for one in package.targets}.items():
        yield "targets", {"package": package.id, "country": name, "share": share}
    for criterion, datum in package.measures.items():
        beside = ("low", "high", "origin", "source")
        told = {name: getattr(datum, name, None) for name in beside}
        unit = study.criteria[criterion].unit or getattr(datum, "unit", "")
        row = {"package": package.id, "criterion": criterion, "value": datum}
        yield "measures", {**row, "unit": unit, **told}


def _sheet(table: str, columns: Iterable[str], rows: list[Mapping[str, Any]]) -> Sheet:
    """Return rows as text; columns that no row has are left out, as they were in the file."""
    readers, defaults = TABLES.get(table, (COUNTRY, {}))
    kept = [
        name
        for name in columns
        if (name in readers and name not in defaults)
        or not all(_absent(row.get(name)) for row in rows)
    ]
    texts = (tuple(_text(row.get(name)) for name in kept) for row in rows)
    return Sheet(table, tuple(kept), tuple(enumerate(texts, 2)))


def _absent(value: Any) -> bool:
    return isinstance(value, Missing) and value.reason.startswith(_NO_COLUMN)


def _text(value: Any) -> str:
    """Return a value as a cell states it."""
    if isinstance(value, Missing):
        if not value.applicable:
            stated = value.reason != NOT_APPLICABLE
            return f"{NOT_APPLICABLE}: {value.reason}" if stated else NOT_APPLICABLE
        return "" if value == Missing() else f"n/a: {value.reason}"
    if isinstance(value, Known):
        value = value.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "|".join(value) if isinstance(value, tuple) else str(value)
