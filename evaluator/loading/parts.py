"""What a round and the table of countries make of a study: its parts, checked against the rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

from evaluator.errors import Problem
from evaluator.loading.checks import references
from evaluator.loading.checks.judgements import over_totals
from evaluator.loading.checks.round import in_round
from evaluator.loading.keys import COUNTRIES
from evaluator.loading.round.derivation import with_derived
from evaluator.loading.round.entities import entities
from evaluator.loading.round.packages import Rows, beside_packages, packages, parse_round
from evaluator.loading.round.tables import COUNTRY
from evaluator.loading.spelling import alike
from evaluator.loading.tables.cells import of_attribute
from evaluator.loading.tables.rows import parse_rows
from evaluator.loading.tables.sheets import Sheet
from evaluator.model.agency import Agency
from evaluator.model.base import Known, Missing
from evaluator.model.country import Attribute, Country
from evaluator.model.study import Study
from evaluator.scoring.aggregation import is_plain_sum
from evaluator.scoring.findings import NotKnown
from evaluator.scoring.performances import left_out, missing_performances


def with_sheets(study: Study, sheets: Mapping[str, Sheet], problems: list[Problem]) -> Study:
    """Return a study with the round and the countries that are in some tables."""
    columns, hosts = study.package_attributes, study.country_attributes
    countries = countries_of(sheets.get(COUNTRIES), hosts, problems)
    round_ = {table: sheet for table, sheet in sheets.items() if table != COUNTRIES}
    rows = parse_round(round_, columns, problems)
    found = with_rows(study.model_copy(update={"countries": countries}), rows, round_, problems)
    return study if problems else checked(found, rows, problems)


def with_rows(
    study: Study, rows: Rows, sheets: Mapping[str, Sheet], problems: list[Problem]
) -> Study:
    """Return a study with the entities, packages and what stands beside them of a round's rows."""
    columns = study.package_attributes
    units = _units(study.agencies)
    blocs = _blocs(study.countries, study.country_attributes, study.as_of)
    parts = {
        "entities": entities(rows, sheets, problems),
        "packages": packages(rows, sheets, columns, units, blocs, problems),
        **beside_packages(rows),
    }
    return study.model_copy(update=parts)


def countries_of(
    sheet: Sheet | None, columns: Sequence[Attribute] | None, problems: list[Problem]
) -> tuple[Country, ...]:
    """Return the countries of a table, sorted by id; none where it or its columns are not known."""
    if sheet is None or columns is None:
        return ()
    held = {name: of_attribute(a) for a in columns for name in a.held_in}
    absent = dict.fromkeys(held, Missing(reason="no such column"))
    rows = parse_rows(sheet, {**COUNTRY, **held}, absent, problems)
    problems.extend(references.twice((row["iso3"], row.where) for row in rows))
    for column in ("bloc", *(name for a in columns if a.is_label for name in a.held_in)):
        problems.extend(alike(rows, column))
    found = [
        Country(
            id=row["iso3"],
            name=row["name"],
            bloc=row["bloc"],
            attributes={name: row[name] for name in held},
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda country: country.id))


def _units(agencies: Iterable[Agency]) -> dict[str, str]:
    """Return the unit of each criterion that has one, by full id."""
    return {f"{a.agency}.{c.id}": c.unit for a in agencies for c in a.criteria if c.unit}


def _blocs(
    countries: Sequence[Country], columns: Sequence[Attribute], day: dt.date
) -> dict[str, tuple[str, ...]]:
    """Return the members of each flag of countries on a day, those that are not known left out."""
    dated = [column for column in columns if column.columns]
    on = [country.on(day, dated) for country in countries]
    return {
        column.id: tuple(
            country.id
            for country in on
            if isinstance(datum := country.attributes.get(column.id), Known) and datum.value
        )
        for column in columns
        if column.type == "flag"
    }


def checked(study: Study, rows: Rows, problems: list[Problem]) -> Study:
    """Return the study with what follows from the tables of its round; they are checked first."""
    odd = list(in_round(study, rows))
    problems.extend(odd)
    if not odd:
        study = with_derived(study, rows, problems)
    if study.scenario.missing == "refuse":
        problems.extend(_refused(study, rows))
    if not odd:
        problems.extend(_partly_judged(study))
        problems.extend(over_totals(study))
    return study


def _partly_judged(study: Study) -> Iterator[Problem]:
    """Yield why a method cannot order packages of which some performances do not count."""
    method = study.scenario.method
    if is_plain_sum(method):
        return
    some = list(left_out(study))
    if some:
        package, criterion = some[0]
        fact = (
            f"{criterion} of '{package}' does not count ({len(some)} in all), and {method.name} "
            "compares packages on the same criteria."
        )
        remedy = "Rank by weighted_sum without normalization, or state what does not count."
        yield Problem(f"{study.source_file or 'the scenario'}, method", fact, remedy)


def _refused(study: Study, rows: Rows) -> Iterator[Problem]:
    packages_at = {row["id"]: row.where for row in rows["packages"]}
    judged = [*rows["measures"], *rows["ratings"]]
    at = {(row["package"], row["criterion"]): row.where for row in judged}
    for package, criterion, why in missing_performances(study):
        where = at.get((package, criterion), packages_at[package])
        stated = f" ({why.because})" if isinstance(why, NotKnown) else ""
        fact = f"{criterion} of '{package}' is missing{stated}, and this scenario refuses that."
        yield Problem(where, fact, "State it, or set missing to interval.")
