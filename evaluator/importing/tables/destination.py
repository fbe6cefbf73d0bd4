"""The fields of a study that cells can go to, and what the heads of columns may call them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from evaluator.importing.tables.parsing.words import key, vocabulary
from evaluator.loading.round.tables import TABLES
from evaluator.loading.tables import cells as c
from evaluator.model.country import Attribute
from evaluator.model.criterion import Criterion, Scale

PACKAGE = "package"
"""The field of a cell that says whose row it is, where the package is there already."""
_OF_PACKAGE: Mapping[str, tuple[str, str]] = {
    "measures": ("criterion", "value"),
    "ratings": ("criterion", "rating"),
    "requests": ("tool", "amount_usd"),
    "targets": ("country", "share"),
    "evidence": ("requirement", "status"),
}
"""Tables that a sheet may have as columns, one for each criterion, tool, ...: the column of the
table that the field names, and the one that its cells fill."""
CALLED: Mapping[str, tuple[str, ...]] = {
    "packages.id": (
        *("id", "ref", "reference", "code", "no", "nr", "number", "#", "package", "package id"),
        *("project id", "project no", "project code", "proposal id", "proposal no", "application"),
        *("application id", "application no", "ref no", "reference number", "key"),
    ),
    "packages.title": (
        *("title", "name", "project", "project title", "project name", "proposal", "description"),
        *("proposal title", "package title", "package name", "alternative", "option", "candidate"),
        *("model", "item", "team", "team name", "applicant", "institution", "university"),
    ),
    "ratings.evaluator": (
        *("evaluator", "judge", "reviewer", "assessor", "rater", "panelist", "panellist"),
        *("scored by", "reviewed by", "rated by", "scorer"),
    ),
    "ratings.rationale": (
        *("rationale", "comment", "comments", "reason", "justification", "remarks", "remark"),
    ),
    "ratings.by": ("by", "entered by", "recorded by"),
    "ratings.date": ("date", "rated on", "scored on", "reviewed on", "date of rating"),
    "ratings.rating": ("rating", "score", "grade", "mark", "label"),
    "ratings.criterion": ("criterion", "criteria", "question"),
    "measures.criterion": ("criterion", "criteria", "indicator", "measure"),
    "measures.value": ("value", "score", "figure"),
    "measures.source": ("source", "evidence"),
    "requests.tool": ("tool", "instrument"),
    "requests.amount_usd": ("amount", "amount requested", "request", "ask", "amount asked"),
    "targets.country": ("country", "host country", "target country", "destination"),
    "targets.share": ("share", "share of package"),
}
"""What people call the columns of a round; compared by `key`."""


@dataclass(frozen=True)
class Field:
    """Where a cell can go."""

    name: str
    """As a map has it: `packages.title`, `measures.trade.price`."""
    table: str
    """Of a round; empty of `package`."""
    column: str
    parser: c.Parser[Any]
    """What the study's own file takes."""
    fixed: Mapping[str, str] = field(default_factory=dict)
    """Further cells of the row, such as the criterion."""
    words: Mapping[str, str] = field(default_factory=dict)
    """By the keys of what they are called, ids or labels that it knows; none: any."""
    called: tuple[str, ...] = ()
    """What the head of a column may call it."""
    unit: str = ""
    others: bool = False
    """Whether it takes words that it does not know as well."""

    @property
    def wide(self) -> bool:
        """Whether a sheet has a column for each of its kind."""
        return bool(self.fixed)

    @property
    def names_package(self) -> bool:
        """Whether its cells say whose row it is."""
        return self.column in ("package", "") or self.name == "packages.id"


@dataclass(frozen=True)
class Destination:
    """What of a study is there before an import."""

    new: bool = True
    """Nothing is: the import makes the criteria as well."""
    criteria: Mapping[str, Criterion] = field(default_factory=dict)
    """By full id."""
    scales: Mapping[str, Scale] = field(default_factory=dict)
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    tools: Mapping[str, str] = field(default_factory=dict)
    """Labels by full id."""
    countries: Mapping[str, str] = field(default_factory=dict)
    """Names by code."""
    requirements: Mapping[str, str] = field(default_factory=dict)
    """Labels by id."""
    packages: Mapping[str, str] = field(default_factory=dict)
    """Titles by id, of the packages that are there."""
    currency: str = ""
    """In which amounts are counted, by ISO 4217; empty where that is not stated."""

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """All fields by name."""
        return {
            one.name: replace(one, unit=self.currency) if one.parser.kind == "money" else one
            for one in _fields(self)
        }

    def judged(self, one: Field, criterion: str) -> Field:
        """Return a field of a long table as the criterion of its row has it.

        criterion: by full id. Its labels, numbers and unit are those of the row's value.
        """
        wide = self.fields.get(f"{one.table}.{criterion}")
        if one.name not in ("ratings.rating", "measures.value") or wide is None:
            return one
        return replace(one, parser=wide.parser, words=wide.words, unit=wide.unit)

    def vocabulary_of(self, column: str) -> dict[str, str]:
        """Return what a column that names things may say, by the keys of ids and labels."""
        named: Mapping[str, Mapping[str, str]] = {
            "package": self.packages,
            "criterion": {full: one.label for full, one in self.criteria.items()},
            "tool": self.tools,
            "country": self.countries,
            "requirement": self.requirements,
        }
        things = named.get(column, {})
        short = [(full.partition(".")[2], full) for full in things] if column == "criterion" else []
        found = vocabulary((name, full) for full, label in things.items() for name in (full, label))
        for name, full in short:
            found.setdefault(key(name), full)
        return found


def _fields(there: Destination) -> Iterator[Field]:
    packages = there.vocabulary_of("package")
    yield Field(PACKAGE, "", "", c.identifier, words=packages, called=CALLED["packages.id"])
    for table, (columns, _) in TABLES.items():
        for column, parser in columns.items():
            name = f"{table}.{column}"
            called = (column, name, *CALLED.get(name, ()))
            words, own = there.vocabulary_of(column), name == "packages.id"
            if column == "package":
                called = (*called, *CALLED["packages.id"])
            if own:
                words = vocabulary((one, one) for one in there.packages)
            yield Field(name, table, column, parser, {}, words, called, others=own)
    for attribute in there.attributes.values():
        yield _attribute(attribute)
    for full, criterion in there.criteria.items():
        yield _criterion(full, criterion, there)
    for table, things in (("requests", there.tools), ("targets", there.countries)):
        for one, label in things.items():
            yield _of(table, one, (one, label))
    for one, label in there.requirements.items():
        yield _of("evidence", one, (one, label))


def _attribute(attribute: Attribute) -> Field:
    parser = c.of_attribute(attribute)
    words = vocabulary((word, word) for word in attribute.one_of or ())
    called = (attribute.id, f"packages.{attribute.id}", attribute.label)
    name = f"packages.{attribute.id}"
    return Field(name, "packages", attribute.id, parser, {}, words, called, attribute.unit or "")


def _criterion(full: str, criterion: Criterion, there: Destination) -> Field:
    called = (full, criterion.id, criterion.label)
    if criterion.kind == "measure":
        return _of("measures", full, called, unit=criterion.unit or "")
    scale = there.scales.get(criterion.scale or "")
    if scale is not None and scale.numbers is not None:
        return replace(_of("ratings", full, called), parser=c.optional(c.number))
    levels = [(n, x.id) for x in (scale.levels if scale else ()) for n in (x.id, x.label)]
    return _of("ratings", full, called, words=vocabulary(levels))


def _of(
    table: str,
    one: str,
    called: tuple[str, ...],
    words: Mapping[str, str] | None = None,
    unit: str = "",
) -> Field:
    named, filled = _OF_PACKAGE[table]
    parser = TABLES[table][0][filled]
    return Field(f"{table}.{one}", table, filled, parser, {named: one}, words or {}, called, unit)
