"""Whether the tables of a round name what exists, and whether their sums are right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evaluator.errors import Problem, Vocabulary
from evaluator.loading.checks.judgements import in_ratings
from evaluator.loading.checks.naming import unknown
from evaluator.loading.round.packages import Rows
from evaluator.model.base import Missing
from evaluator.model.parts import Part
from evaluator.model.study import Study

SUM = 1e-9
"""How far shares may be from their sum."""


def in_round(study: Study, rows: Rows) -> Iterator[Problem]:
    """Check the ids and sums of a round's tables."""
    yield from _lacking(study, rows)
    entities, countries = Vocabulary(study.entity_by_id), Vocabulary(study.country_by_id)
    lenders = Vocabulary(sorted(i.institution for i in study.institutions))
    requirements = Vocabulary(sorted(r.id for r in study.requirements))
    for part, table, column, known, what in (
        ("", "members", "entity", entities, "the entity"),
        ("", "roles", "entity", entities, "the entity"),
        ("", "exposures", "entity", entities, "the entity"),
        ("financing", "exposures", "institution", lenders, "the institution"),
        ("financing", "requests", "tool", Vocabulary(sorted(study.tools)), "the tool"),
        ("", "evidence", "requirement", requirements, "the requirement"),
        ("countries", "country_facts", "country", countries, "the country"),
        ("", "country_facts", "criterion", Vocabulary(sorted(study.criteria)), "the criterion"),
    ):
        for row in rows[table] if not part or part in study.parts else ():
            yield from unknown(row[column], known, what, row.where)
    if "countries" in study.parts:
        yield from _countries(study, rows, countries)
    named = Vocabulary(sorted({x for r in study.requirements for x in r.check.layers or ()}))
    for row in rows["layers"]:
        if len(named):
            yield from unknown(row["layer"], named, "the layer", row.where)
        if row["provider"] is not None:
            yield from unknown(row["provider"], entities, "the entity", row.where)
    yield from _needs(study, rows)
    yield from _sums(rows, "members", "exposure_share")
    yield from _sums(rows, "targets", "share")
    yield from _anchors(rows)
    yield from in_ratings(study, rows)


_NAMED_BY: Mapping[Part, Mapping[str, str]] = {
    "countries": {
        "targets": "country",
        "strategy": "target",
        "country_facts": "country",
        "entities": "headquarters",
        "layers": "model_origin",
    },
    "financing": {"exposures": "institution"},
}
"""Columns of a round that mean nothing without a part of the study."""


def _lacking(study: Study, rows: Rows) -> Iterator[Problem]:
    """Yield for each table the first row that names what the study has none of."""
    for part, tables in _NAMED_BY.items():
        for table, column in tables.items() if part not in study.parts else ():
            stated = (row for row in rows[table] if not isinstance(row[column], Missing))
            if row := next(stated, None):
                fact = f"{column} is stated, and this study has no {part}."
                remedy = f"Name {part} in the scenario, or take the table or column out."
                yield Problem(row.where, fact, remedy)


def _countries(study: Study, rows: Rows, countries: Vocabulary) -> Iterator[Problem]:
    """Yield countries and blocs that are unknown."""
    yield from _targets(study, rows, countries)
    for table, column in (("entities", "headquarters"), ("layers", "model_origin")):
        for row in rows[table]:
            code = getattr(row[column], "value", None)
            if code is not None:
                yield from unknown(code, countries, "the country", row.where)


def _targets(study: Study, rows: Rows, countries: Vocabulary) -> Iterator[Problem]:
    """Yield targets that are neither a country nor a bloc of which all members are known."""
    flags = {a.id for a in study.country_attributes if a.type == "flag"}
    named = [(row, row["country"]) for row in rows["targets"]]
    for row, name in (*named, *((row, row["target"]) for row in rows["strategy"])):
        if name in countries:
            continue
        if name not in flags:
            yield from unknown(name, countries, "the country or bloc", row.where)
            continue
        members = study.bloc(name)
        if members is None:
            fact = f"which countries are in the bloc '{name}' is not known of all."
            yield Problem(row.where, fact, f"Fill the column {name} of the country table.")
        elif not members:
            fact = f"the bloc '{name}' has no member on {study.as_of}."
            yield Problem(row.where, fact, "Name another, or mend the country table.")


def _needs(study: Study, rows: Rows) -> Iterator[Problem]:
    asking = {row["package"] for row in rows["requests"]}
    packages = Vocabulary(study.package_by_id)
    for row in rows["packages"]:
        if row["standing"] and row["id"] in asking:
            fact = f"'{row['id']}' stands without a fixed deal, and requests has rows of it."
            yield Problem(row.where, fact, "Empty standing, or remove its requests.")
        for other in row["requires"]:
            yield from unknown(other, packages, "the package", row.where)
            if other == row["id"]:
                yield Problem(row.where, "requires itself.", "Take it out of 'requires'.")


def _sums(rows: Rows, table: str, column: str) -> Iterator[Problem]:
    sums: dict[str, float] = {}
    last: dict[str, str] = {}
    for row in rows[table]:
        sums[row["package"]] = sums.get(row["package"], 0) + row[column]
        last[row["package"]] = row.where
    for package, total in sums.items():
        if abs(total - 1) > SUM:
            fact = f"the {column}s of '{package}' sum to {total:.10g}, not to 1."
            yield Problem(last[package], fact, "Mend them; nothing is rescaled in silence.")


def _anchors(rows: Rows) -> Iterator[Problem]:
    anchors: dict[str, int] = {}
    last: dict[str, str] = {}
    for row in rows["members"]:
        anchors[row["package"]] = anchors.get(row["package"], 0) + (row["role"] == "anchor")
        last[row["package"]] = row.where
    for package, count in anchors.items():
        if count != 1:
            fact = f"'{package}' has {count} anchor members; it needs exactly one."
            yield Problem(last[package], fact, "Mend the roles.")
