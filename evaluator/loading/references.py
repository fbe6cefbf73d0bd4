"""Whether ids that one part of a study names exist in another, and sums are what they must be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from evaluator.errors import Problem, did_you_mean
from evaluator.loading.located import Node
from evaluator.loading.round import Rows
from evaluator.model.financing import (
    Bound,
    Filter,
    LeastOf,
    Limit,
    Parameter,
    RateTable,
    ShareOf,
    SumOf,
    Tool,
)
from evaluator.model.study import Study

Place = Callable[..., str]
_SUM = 1e-9


def unknown(word: str, known: Collection[str], what: str, where: str) -> Iterator[Problem]:
    """Yield a problem if a word is not among the known ones."""
    if word not in known:
        yield Problem(where, f"{what} '{word}' is unknown.", did_you_mean(word, sorted(known)))


def in_settings(study: Study, document: Node) -> Iterator[Problem]:
    """Check the scenario's own keys against agencies, packages, tools and limits."""
    yield from _influence(study, document)
    yield from _named(study, document)


def _at(document: Node, *path: str) -> str:
    return f"{document.nearest(path).where}, {'.'.join(path)}"


def _influence(study: Study, document: Node) -> Iterator[Problem]:
    agencies = [a.agency for a in study.agencies]
    shares = study.scenario.influence.shares
    where = _at(document, "influence", "shares")
    for agency in shares:
        yield from unknown(agency, agencies, "the agency", where)
    for agency in agencies:
        if agency not in shares:
            yield Problem(where, f"the agency '{agency}' is missing.", "Add it.")
    if abs(sum(shares.values()) - 1) > _SUM:
        fact = f"the shares sum to {sum(shares.values()):.10g}, not to 1."
        yield Problem(where, fact, "Mend them; nothing is rescaled in silence.")


def _named(study: Study, document: Node) -> Iterator[Problem]:
    agencies = [a.agency for a in study.agencies]
    ids = [p.id for p in study.packages]
    settings = study.scenario
    for agency in settings.designation.min_agency:
        where = _at(document, "designation", "min_agency", agency)
        yield from unknown(agency, agencies, "the agency", where)
    named: dict[str, Mapping[str, Any]] = {
        "designation.include": settings.designation.include,
        "designation.exclude": settings.designation.exclude,
        "allocation.must": settings.allocation.must,
        "allocation.must_not": settings.allocation.must_not,
    }
    for section, entries in named.items():
        for package, entry in entries.items():
            where = _at(document, *section.split("."), package)
            yield from unknown(package, ids, "the package", where)
            tool = getattr(entry, "tool", None)
            if tool is not None:
                yield from unknown(tool, study.tools, "the tool", where)
    for tool in settings.allocation.tool_weights:
        where = _at(document, "allocation", "tool_weights", tool)
        yield from unknown(tool, study.tools, "the tool", where)
    limits = [*study.limits, *(f"{tool}.envelope" for tool in study.tools)]
    for pattern in settings.allocation.ignore:
        if pattern not in ("kind:goal", "kind:law") and not any(
            fnmatchcase(limit, pattern) for limit in limits
        ):
            where = _at(document, "allocation", "ignore", pattern)
            yield from unknown(pattern, limits, "the limit", where)


def in_criteria(
    study: Study, nodes: Mapping[str, Node], criteria: Node | None
) -> Iterator[Problem]:
    """Check scales, levels and attribute columns that criteria and requirements name."""
    scales = {s.id: [level.id for level in s.levels] for s in study.scales}
    columns = {a.id: a for a in study.package_attributes}
    for agency in study.agencies:
        for index, criterion in enumerate(agency.criteria):
            where = f"{nodes[agency.agency].nearest(('criteria', index)).where}, {criterion.id}"
            if criterion.scale is not None:
                yield from unknown(criterion.scale, scales, "the scale", where)
                labels = scales.get(criterion.scale, [])
                given = list(criterion.value.levels or {})
                if labels and sorted(labels) != sorted(given):
                    fact = f"levels are {', '.join(given)}; the scale has {', '.join(labels)}."
                    yield Problem(where, fact, "Give each label of the scale one value.")
            if criterion.attribute is not None:
                yield from unknown(criterion.attribute, columns, "the column", where)
                column = columns.get(criterion.attribute)
                if column is not None and column.type not in ("number", "money", "share"):
                    yield Problem(where, f"the column '{column.id}' is not a number.", "")
    countries = [a.id for a in study.country_attributes]
    for index, requirement in enumerate(study.requirements):
        node = criteria.nearest(("requirements", index)) if criteria else None
        where = f"{node.where if node else 'requirements.yaml'}, {requirement.id}"
        check = requirement.check
        if check.date is not None:
            yield from unknown(check.date.attribute, columns, "the column", where)
            if check.date.not_after == "call.closes" and study.scenario.call is None:
                yield Problem(where, "the scenario states no call.", "Add call to the scenario.")
        if check.attribute is not None:
            yield from unknown(check.attribute.id, columns, "the column", where)
        for name in check.members.headquarters_not if check.members else ():
            yield from unknown(name, countries, "the country column", where)


def in_financing(study: Study, nodes: Mapping[str, Node]) -> Iterator[Problem]:
    """Check parameters, attributes and tools that tools and limits name."""
    for institution in study.institutions:
        node = nodes[institution.institution]

        def at(part: str, index: int, name: str, node: Node = node) -> str:
            return f"{node.nearest((part, index)).where}, {name}"

        for i, parameter in enumerate(institution.parameters):
            yield from _dated(parameter, study, at("parameters", i, parameter.id))
        for i, tool in enumerate(institution.tools):
            yield from _tool(tool, study, at("tools", i, tool.id))
        for i, limit in enumerate(institution.limits):
            yield from _limit(limit, study, at("limits", i, limit.id))


def _dated(parameter: Parameter, study: Study, where: str) -> Iterator[Problem]:
    if parameter.on(study.as_of) is None:
        first = parameter.values[0].from_
        fact = f"has no value on {study.as_of}; its first is of {first}."
        yield Problem(where, fact, "Choose a later as_of, or add the earlier value.")


def _tool(tool: Tool, study: Study, where: str) -> Iterator[Problem]:
    yield from _filter(tool.eligible, study, where)
    rate = tool.subsidy.rate
    if isinstance(rate, RateTable):
        columns = [a.id for a in study.package_attributes]
        yield from unknown(rate.by, columns, "the column", where)
    if isinstance(tool.tenor_at_most, str):
        yield from unknown(tool.tenor_at_most, study.parameters, "the parameter", where)


def _limit(limit: Limit, study: Study, where: str) -> Iterator[Problem]:
    shares = [a.id for a in study.package_attributes if a.type == "share"]
    texts = [a.id for a in study.package_attributes if a.type == "text"]
    groups = ["program", "package", "entity", "country", "bloc", "anchor", *texts]
    yield from unknown(limit.per, groups, "the group", where)
    yield from _tools(limit.tools, study, where)
    yield from _filter(limit.packages, study, where)
    yield from _bound(limit.bound, study, limit.per, where)
    if limit.weigh_by is not None:
        yield from unknown(limit.weigh_by, shares, "the share column", where)
    if isinstance(limit.plus, str):
        yield from unknown(limit.plus, study.parameters, "the parameter", where)
    if limit.when is not None:
        yield from unknown(limit.when.parameter, study.parameters, "the parameter", where)


def _tools(patterns: Iterable[str], study: Study, where: str) -> Iterator[Problem]:
    for pattern in patterns:
        if not study.tools_matching([pattern]):
            yield from unknown(pattern, study.tools, "the tool", where)


def _filter(conditions: Filter, study: Study, where: str) -> Iterator[Problem]:
    columns = [a.id for a in study.package_attributes]
    hosts = [f"host.{a.id}" for a in study.country_attributes]
    for name in conditions:
        yield from unknown(name, [*columns, *hosts, "host.bloc", "host.id"], "the attribute", where)


def _bound(bound: Bound, study: Study, per: str, where: str) -> Iterator[Problem]:
    amounts = [a.id for a in study.package_attributes if a.type == "money"]
    shares = [a.id for a in study.package_attributes if a.type == "share"]
    own = per == "package"
    if isinstance(bound, LeastOf):
        for part in bound.min:
            yield from _bound(part, study, per, where)
    elif isinstance(bound, ShareOf):
        if isinstance(bound.share, str):
            known = [*study.parameters, *(shares if own else ())]
            yield from unknown(bound.share, known, "the parameter or share", where)
        if isinstance(bound.of, SumOf):
            yield from _tools(bound.of.tools, study, where)
            yield from _filter(bound.of.packages, study, where)
            if isinstance(bound.of.plus, str):
                yield from unknown(bound.of.plus, study.parameters, "the parameter", where)
        else:
            yield from _bound(bound.of, study, per, where)
    elif isinstance(bound, str):
        known = [*study.parameters, *(amounts if own else ())]
        yield from unknown(bound, known, "the parameter or amount", where)


def in_round(study: Study, rows: Rows) -> Iterator[Problem]:
    """Check the ids and sums of a round's tables."""
    entities, countries = set(study.entity_by_id), set(study.country_by_id)
    for table, column, known, what in (
        ("members", "entity", entities, "the entity"),
        ("targets", "country", countries, "the country"),
        ("requests", "tool", set(study.tools), "the tool"),
        ("evidence", "requirement", {r.id for r in study.requirements}, "the requirement"),
    ):
        for row in rows[table]:
            yield from unknown(row[column], known, what, row.where)
    for row in rows["layers"]:
        if row["provider"] is not None:
            yield from unknown(row["provider"], entities, "the entity", row.where)
    for row in rows["entities"]:
        headquarters = getattr(row["headquarters"], "value", None)
        if headquarters is not None:
            yield from unknown(headquarters, countries, "the country", row.where)
    for row in rows["packages"]:
        for other in row["requires"]:
            yield from unknown(other, study.package_by_id, "the package", row.where)
    yield from _sums(rows, "members", "exposure_share")
    yield from _sums(rows, "targets", "share")
    yield from _anchors(rows)
    yield from _judgements(study, rows)


def _sums(rows: Rows, table: str, column: str) -> Iterator[Problem]:
    sums: dict[str, float] = {}
    last: dict[str, str] = {}
    for row in rows[table]:
        sums[row["package"]] = sums.get(row["package"], 0) + row[column]
        last[row["package"]] = row.where
    for package, total in sums.items():
        if abs(total - 1) > _SUM:
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


def _judgements(study: Study, rows: Rows) -> Iterator[Problem]:
    kinds = {name: criterion.kind for name, criterion in study.criteria.items()}
    scales = {s.id: [level.id for level in s.levels] for s in study.scales}
    for table, kind in (("measures", "measure"), ("ratings", "rating")):
        for row in rows[table]:
            criterion = row["criterion"]
            yield from unknown(criterion, kinds, "the criterion", row.where)
            if kinds.get(criterion, kind) != kind:
                fact = f"{criterion} is a {kinds[criterion]}, not a {kind}."
                yield Problem(row.where, fact, f"Move the row to {kinds[criterion]}s.")
            elif table == "measures" and criterion in kinds and study.criteria[criterion].attribute:
                column = study.criteria[criterion].attribute
                fact = f"{criterion} is read from packages, column {column}."
                yield Problem(row.where, fact, "Remove the row.")
            elif table == "ratings" and criterion in kinds:
                yield from _rating(row, scales.get(study.criteria[criterion].scale or "", []))


def _rating(row: Any, labels: list[str]) -> Iterator[Problem]:
    rating = row["rating"]
    if row["recused"] and rating is not None:
        yield Problem(row.where, "a recused evaluator has rated.", "Empty the rating.")
    if rating is not None and labels:
        yield from unknown(rating, labels, "the rating", row.where)
