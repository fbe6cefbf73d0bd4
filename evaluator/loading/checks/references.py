"""Whether ids are unique, and those that one file of settings names exist in another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from evaluator.errors import Problem, Vocabulary, did_you_mean
from evaluator.loading.checks.judgements import on_scale
from evaluator.loading.checks.naming import unknown
from evaluator.loading.documents.located import Node
from evaluator.loading.spelling import spelled_twice
from evaluator.loading.tables.columns import NUMBERS, filterable, misfit, misfits
from evaluator.model.agency import Agency
from evaluator.model.country import Attribute
from evaluator.model.criterion import Criterion, Scale
from evaluator.model.financing import Institution, Span
from evaluator.model.requirement import Check, Flags, Requirement
from evaluator.model.study import Study
from evaluator.results.idle import values_nowhere
from evaluator.sanitize import shortened


def of_agencies(agencies: Iterable[Agency], nodes: Mapping[str, Node]) -> Iterator[Problem]:
    """Check that ids are unique, and that full ids can be told apart.

    nodes: the documents of agencies, by their ids.
    """
    named = [(name, f"{node.nearest(('agency',)).where}, agency") for name, node in nodes.items()]
    yield from spelled_twice(named)
    for agency in agencies:
        node = nodes[agency.agency]
        yield from _free(agency.agency, "agency", node)
        yield from twice(
            (c.id, _entry(node, "criteria", i, c.id)) for i, c in enumerate(agency.criteria)
        )


def of_institutions(
    institutions: Iterable[Institution], nodes: Mapping[str, Node]
) -> Iterator[Problem]:
    """Check that full ids can be told apart; nodes: the documents of institutions, by their ids."""
    named = [
        (i, f"{node.nearest(('institution',)).where}, institution") for i, node in nodes.items()
    ]
    yield from spelled_twice(named)
    for institution in institutions:
        node = nodes[institution.institution]
        yield from _free(institution.institution, "institution", node)
        for part in ("parameters", "tools", "limits"):
            ids = [one.id for one in getattr(institution, part)]
            yield from spelled_twice((x, _entry(node, part, i, x)) for i, x in enumerate(ids))


def _free(name: str, what: str, node: Node) -> Iterator[Problem]:
    where = f"{node.nearest((what,)).where}, {what}"
    if "." in name:
        fact = f"'{name}' holds the point that parts it from the ids of its own."
        yield Problem(where, fact, "Write the id without points.")


def of_lists(
    scales: Sequence[Scale],
    requirements: Sequence[Requirement],
    nodes: Mapping[str, Node | None],
) -> Iterator[Problem]:
    """Check that the ids of scales, their levels, and requirements are unique.

    nodes: the documents `scales` and `requirements`.
    """
    lists: dict[str, Sequence[Scale | Requirement]] = {
        "scales": scales,
        "requirements": requirements,
    }
    for name, entries in lists.items():
        node = nodes.get(name) or Node(None, f"{name}.yaml", 0)
        yield from twice((x.id, _entry(node, name, i, x.id)) for i, x in enumerate(entries))
        for i, scale in enumerate(scales if name == "scales" else ()):
            below = node.nearest((name, i))
            yield from twice(
                (x.id, _entry(below, "levels", j, f"{scale.id}.{x.id}"))
                for j, x in enumerate(scale.levels)
            )


def twice(entries: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Yield a problem for each id that stands again, from ids and their places."""
    every = list(entries)
    yield from spelled_twice(every)
    first: dict[str, str] = {}
    for name, where in every:
        if name in first:
            fact = f"'{name}' stands here again; it is first at {first[name]}."
            yield Problem(where, fact, "Rename or remove one of the two.")
        first.setdefault(name, where)


def _entry(node: Node, part: str, index: int, name: str) -> str:
    return f"{node.nearest((part, index)).where}, {name}"


def in_attributes(study: Study, node: Node | None) -> Iterator[Problem]:
    """Check what derived columns of packages rest on; node: the document of attributes."""
    countries = {a.id: a for a in study.country_attributes}
    for index, column in enumerate(study.package_attributes):
        how = column.derived
        if how is None or node is None:
            continue
        where = _entry(node, "attributes", index, column.id)
        needed = "flag" if how.barred is not None else "share"
        if column.type != needed:
            fact = f"what is derived is a {needed}, and the column is of type {column.type}."
            yield Problem(where, fact, f"Make it a {needed}.")
        if how.held is not None:
            yield from _flags(how.held.headquarters, countries, "headquarters", where)
        if how.barred is not None:
            yield from _flags(how.barred.headquarters_not, countries, "headquarters_not", where)


def _flags(
    flags: Flags, countries: Mapping[str, Attribute], key: str, where: str
) -> Iterator[Problem]:
    if not flags:
        yield Problem(where, f"{key} names no column.", "Name at least one.")
    elif not countries:
        fact = f"{key} asks for columns of countries, and this study has none."
        remedy = "Name countries in the scenario, or take what asks for them out."
        yield Problem(where, fact, remedy)
        return
    for name, value in flags.items():
        yield from unknown(name, countries, "the country column", where)
        if name in countries:
            yield from misfit(value, countries[name], name, where)


def in_criteria(study: Study, nodes: Mapping[str, Node]) -> Iterator[Problem]:
    """Check scales, levels and attribute columns that criteria name.

    nodes: the agencies' documents.
    """
    columns = {a.id: a for a in study.package_attributes}
    filters = filterable(study.package_attributes, study.country_attributes, study.countries)
    for agency in study.agencies:
        for index, criterion in enumerate(agency.criteria):
            where = _entry(nodes[agency.agency], "criteria", index, criterion.id)
            yield from _criterion(criterion, study.scale_by_id, columns, where)
            yield from misfits(criterion.applies_to, filters, where)
            for name, one in criterion.applies_to.items():
                if isinstance(one, Span) and one.parameters:
                    fact = f"applies_to asks '{name}' against a parameter."
                    yield Problem(where, fact, "Write a number.")


def _criterion(
    criterion: Criterion,
    scales: Mapping[str, Scale],
    columns: Mapping[str, Attribute],
    where: str,
) -> Iterator[Problem]:
    if criterion.scale is not None:
        yield from unknown(criterion.scale, scales, "the scale", where)
        scale = scales.get(criterion.scale)
        if scale is not None:
            yield from on_scale(criterion, scale, where)
    if criterion.attribute is not None:
        yield from _column(criterion.attribute, columns, NUMBERS, "a number", where)


def _column(
    name: str, columns: Mapping[str, Attribute], kinds: Collection[str], what: str, where: str
) -> Iterator[Problem]:
    yield from unknown(name, columns, "the column", where)
    if name in columns and columns[name].type not in kinds:
        fact = f"the column '{name}' is of type {columns[name].type}, not {what}."
        remedy = did_you_mean("", [c.id for c in columns.values() if c.type in kinds])
        yield Problem(where, fact, remedy)


def misspelt(
    study: Study, institutions: Mapping[str, Node], requirements: Node | None
) -> Iterator[Problem]:
    """Yield values that rules ask for and that the data has in another spelling alone.

    institutions: their documents by id. requirements: the document of requirements.
    """
    places: dict[tuple[str, str], str] = {}
    for institution in study.institutions:
        name, node = institution.institution, institutions[institution.institution]
        for i, tool in enumerate(institution.tools):
            places["tool", f"{name}.{tool.id}"] = _entry(node, "tools", i, tool.id)
        for i, limit in enumerate(institution.limits):
            places["limit", f"{name}.{limit.id}"] = _entry(node, "limits", i, limit.id)
    if requirements is not None:
        for i, one in enumerate(study.requirements):
            places["requirement", one.id] = _entry(requirements, "requirements", i, one.id)
    for found in values_nowhere(study):
        words, value = Vocabulary(sorted(study.labels[found.attribute])), str(found.value)
        if words.spelt_otherwise(value) is not None:
            fact = f"no '{shortened(value)}' stands in '{found.attribute}'."
            yield Problem(places[found.owner, found.rule], fact, words.near(value))


def in_requirements(study: Study, node: Node | None) -> Iterator[Problem]:
    """Check the columns that requirements name, and whether they can be met.

    node: the document of requirements.
    """
    for index, requirement in enumerate(study.requirements):
        where = _entry(node, "requirements", index, requirement.id) if node else requirement.id
        yield from _check(requirement.check, study, where)
        yield from of_tools(requirement.binds, study, where)


def of_tools(patterns: Iterable[str], study: Study, where: str) -> Iterator[Problem]:
    """Check that tools are named, each by its id, its institution, or all of them."""
    every = [*(f"{i.institution}.*" for i in study.institutions if i.tools), *study.tools]
    for pattern in patterns:
        if pattern != "*":
            yield from unknown(pattern, every, "the tool", where)


def _check(check: Check, study: Study, where: str) -> Iterator[Problem]:
    columns = {a.id: a for a in study.package_attributes}
    countries = {a.id: a for a in study.country_attributes}
    if check.date is not None:
        yield from _column(check.date.attribute, columns, ("date",), "date", where)
        if check.date.not_after == "call.closes" and study.scenario.call is None:
            yield Problem(where, "the scenario states no call.", "Add call to the scenario.")
    if check.attribute is not None:
        asked = check.attribute
        if asked.one_of is None:
            yield from _column(asked.id, columns, NUMBERS, "a number", where)
            if asked.id in columns and columns[asked.id].type in NUMBERS:
                span = Span(**asked.model_dump(include={"at_least", "at_most"}))
                yield from misfit(span, columns[asked.id], asked.id, where)
        elif asked.at_least is not None or asked.at_most is not None:
            yield Problem(where, "one_of goes with texts, bounds with numbers.", "Keep one.")
        else:
            yield from unknown(asked.id, columns, "the column", where)
            if asked.id in columns:
                yield from misfit(asked.one_of, columns[asked.id], asked.id, where)
    if check.members is not None:
        yield from _flags(check.members.headquarters_not, countries, "headquarters_not", where)
    if check.models is not None:
        yield from _flags(check.models.origin_not, countries, "origin_not", where)
