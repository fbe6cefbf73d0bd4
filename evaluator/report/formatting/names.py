"""Ids of a study as people say them: the names, titles and labels of its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from evaluator.model.method import ABOUT
from evaluator.model.study import Study
from evaluator.report.formatting.bounds import bound_in_words
from evaluator.report.formatting.money import Money
from evaluator.report.formatting.once import once
from evaluator.report.formatting.words import Words, words_of
from evaluator.results.evaluation import Scored

_ABBREVIATED = {"ahp": "AHP"}
"""Of the methods by which weights are stated."""

Name = Callable[[str], str]
"""The name of one id; an id that the study does not know stands for itself."""


@dataclass(frozen=True, eq=False)
class Names:
    """The names of the things of one study. Where two things have one name, the id follows it."""

    package: Name
    """Its title."""
    agency: Name
    """Its `short`, or its name where it has none."""
    agency_in_full: Name
    institution: Name
    """Its `short`, or its name where it has none."""
    institution_in_full: Name
    owner: Name
    """Of a tool, a parameter or a limit, by full id: its institution."""
    tool: Name
    """By full id: its institution and its label, `EXIM: Direct loan`."""
    tool_alone: Name
    """By full id: its label, beside which its institution stands."""
    limit: Name
    """By full id, envelopes of tools included: its institution and its label."""
    parameter: Name
    """By full id: its label."""
    criterion: Name
    """By full id: its label."""
    requirement: Name
    scale: Name
    attribute: Name
    """Of a column of packages or countries: its label."""
    entity: Name
    anchor: Name
    """Of an entity, or of a package that stands for itself since it has no members."""
    country: Name
    group: Callable[[str, str], str]
    """Of what a limit bounds, by limit and group: an entity, a country, a package; a bloc and a
    text stand for themselves."""
    bound: Name
    """Of a limit by full id: what it allows or asks for, `25 % of Total capital cost`."""
    words: Words
    """What the kinds of things are called, and how amounts are told."""

    def amount(self, amount: float) -> str:
        """Return an amount in the unit that a sentence needs."""
        return self.words.money.amount(amount)

    def bounded(self, subject: str) -> str:
        """Return the name of a tool, or else of a limit, by its full id."""
        tool = self.tool(subject)
        return self.limit(subject) if tool == subject else tool


def by_id(words: Words) -> Names:
    """Return every thing by its id: for pages that spare bytes and have a legend."""
    ids: dict[str, Any] = {one.name: str for one in fields(Names)}
    return Names(**{**ids, "group": lambda limit, group: group, "words": words})


@once
def names_of(evaluation: Scored) -> Names:
    """Return the names of an evaluation's study."""
    return study_names(evaluation.study)


@once
def agency_names(evaluation: Scored) -> Mapping[str, str]:
    """Return the agencies' names for column heads, in the order of the evaluation."""
    name = names_of(evaluation).agency
    return {str(agency): name(str(agency)) for agency in evaluation.influence.index}


def study_names(study: Study) -> Names:
    """Return the names of a study's things."""
    agencies = {a.agency: a.short or a.name for a in study.agencies}
    institutions = {i.institution: i.short or i.name for i in study.institutions}
    packages = {package.id: package.title for package in study.packages}
    countries = {country.id: country.name for country in study.countries}
    entities = {entity.id: entity.name for entity in study.entities}
    attributes = (*study.package_attributes, *study.country_attributes)
    institution = name_of(institutions)
    owners = _owners(study, institution)
    parameter = name_of({name: one.label for name, one in study.parameters.items()})
    attribute = name_of({one.id: one.label for one in attributes})
    labels = {tool: one.label for tool, one in study.tools.items()}
    owned = {tool: f"{owners[tool]}: {label}" for tool, label in labels.items()}
    tool, words = name_of(owned), words_of(study.scenario)
    return Names(
        package=name_of(packages),
        agency=name_of(agencies),
        agency_in_full=name_of({a.agency: a.name for a in study.agencies}),
        institution=institution,
        institution_in_full=name_of({i.institution: i.name for i in study.institutions}),
        owner=lambda thing: owners.get(thing, thing),
        tool=tool,
        tool_alone=name_of(owned, labels),
        limit=name_of(_limits(study, owners, words)),
        parameter=parameter,
        criterion=name_of({name: one.label for name, one in study.criteria.items()}),
        requirement=name_of({one.id: one.label for one in study.requirements}),
        scale=name_of({one.id: one.label for one in study.scales}),
        attribute=attribute,
        entity=name_of(entities),
        anchor=name_of({**packages, **entities}),
        country=name_of(countries),
        group=_group(study, packages, countries, entities),
        bound=_bound(study, lambda one: parameter(attribute(one)), tool, words.money),
        words=words,
    )


def _bound(study: Study, label: Name, tool: Name, money: Money) -> Name:
    def bound(limit: str) -> str:
        found = study.limits.get(limit)
        return limit if found is None else bound_in_words(found.bound, study, label, tool, money)

    return bound


def name_of(known: Mapping[str, str], short: Mapping[str, str] | None = None) -> Name:
    """Return what names an id, given names by id; where two have one name, the id follows it.

    short: what is said of them where the rest of the name stands beside it.

    >>> name = name_of({"a": "Merit", "b": "Merit", "c": "Risk"})
    >>> name("a"), name("c"), name("d")
    ('Merit (a)', 'Risk', 'd')
    """
    often = Counter(known.values())
    said = short or known
    named = {
        key: said[key] if often[name] == 1 else f"{said[key]} ({key})"
        for key, name in known.items()
    }
    return lambda key: named.get(key, key)


def _owners(study: Study, institution: Name) -> dict[str, str]:
    """Return the institution's name of each tool, parameter and limit, by full id."""
    return {
        f"{one.institution}.{thing}": institution(one.institution)
        for one in study.institutions
        for thing in (
            *(tool.id for tool in one.tools),
            *(
                f"{tool.id}.{bound}"
                for tool in one.tools
                for bound in ("envelope", "appropriation")
            ),
            *(parameter.id for parameter in one.parameters),
            *(limit.id for limit in one.limits),
        )
    }


def _limits(study: Study, owners: Mapping[str, str], words: Words) -> dict[str, str]:
    envelope = words.head.envelope
    labels = {f"{tool}.envelope": f"{envelope}: {one.label}" for tool, one in study.tools.items()}
    labels |= {
        f"{tool}.appropriation": f"Continuing resolution: {one.label}"
        for tool, one in study.tools.items()
    }
    labels |= {name: limit.label for name, limit in study.limits.items()}
    return {name: f"{owners[name]}: {label}" for name, label in labels.items()}


def _group(
    study: Study,
    packages: Mapping[str, str],
    countries: Mapping[str, str],
    entities: Mapping[str, str],
) -> Callable[[str, str], str]:
    anchors = name_of({**packages, **entities})
    kinds = {
        "package": name_of(packages),
        "country": name_of(countries),
        "entity": anchors,
        "anchor": anchors,
    }
    named = {name: kinds.get(limit.per) for name, limit in study.limits.items()}

    def group(limit: str, group: str) -> str:
        name = named.get(limit)
        return name(group) if name else group

    return group


def method_name(method: str) -> str:
    """Return a method's name.

    >>> method_name("weighted_sum"), method_name("topsis"), method_name("electre_tri")
    ('weighted sum', 'TOPSIS', 'ELECTRE TRI')
    """
    known = ABOUT.get(method)
    return known.label if known else _ABBREVIATED.get(method, method.replace("_", " "))
