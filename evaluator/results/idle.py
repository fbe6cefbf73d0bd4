"""Rules of a study that do nothing: what they name stands nowhere, or there is nothing to bind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from evaluator.model.financing import (
    Filter,
    LeastOf,
    Limit,
    RateTable,
    Scalar,
    ShareOf,
    Span,
    SumOf,
    TermTable,
)
from evaluator.model.requirement import Check
from evaluator.model.study import Study
from evaluator.results.findings import Finding

Owner = Literal["limit", "tool", "requirement"]


@dataclass(frozen=True)
class ValueNowhere(Finding):
    """A rule asks for a value that no package or country of the study has."""

    owner: Owner
    rule: str
    attribute: str
    value: Scalar


@dataclass(frozen=True)
class GroupOfOne(Finding):
    """An exclusive group has one package, which it parts from nothing."""

    group: str
    package: str


@dataclass(frozen=True)
class AlternativeToNothing(Finding):
    """A group of alternatives of a package has one request."""

    group: str
    package: str
    tool: str


@dataclass(frozen=True)
class LimitWithoutTools(Finding):
    """A limit names tools of which the study has none."""

    limit: str


@dataclass(frozen=True)
class NothingIgnored(Finding):
    """The study has no limit of a kind that is said to be ignored."""

    pattern: str


@dataclass(frozen=True)
class NothingChanged(Finding):
    """A change sets what stood there already."""

    scenario: str
    key: str


@dataclass(frozen=True)
class NothingForbidden(Finding):
    """A package must not have a tool that it does not ask for."""

    package: str
    tool: str


def idle_rules(study: Study) -> Iterator[Finding]:
    """Yield the rules of a study that do nothing."""
    yield from values_nowhere(study)
    yield from _groups_of_one(study)
    for name, limit in study.limits.items():
        if not study.tools_matching(limit.tools):
            yield LimitWithoutTools(name)
    kinds = {f"kind:{limit.kind}" for limit in study.limits.values()}
    kinds |= {"kind:law"} if study.tools else set()  # envelopes
    for pattern in study.scenario.allocation.ignore:
        if pattern.startswith("kind:") and pattern not in kinds:
            yield NothingIgnored(pattern)
    for package, forbidden in study.scenario.allocation.must_not.items():
        asked = {request.tool for request in study.package_by_id[package].requests}
        if forbidden.tool is not None and forbidden.tool not in asked:
            yield NothingForbidden(package, forbidden.tool)
    for change in study.applied:
        if change.old is not None and change.old == change.new:
            yield NothingChanged(change.scenario, change.set)


def _groups_of_one(study: Study) -> Iterator[Finding]:
    members: defaultdict[str, list[str]] = defaultdict(list)
    for package in study.packages:
        if package.exclusive_group is not None:
            members[package.exclusive_group].append(package.id)
        tools: defaultdict[str, list[str]] = defaultdict(list)
        for request in package.requests:
            if request.alternative_group is not None:
                tools[request.alternative_group].append(request.tool)
        for group, asked in tools.items():
            if len(asked) == 1:
                yield AlternativeToNothing(group, package.id, asked[0])
    for group, packages in members.items():
        if len(packages) == 1:
            yield GroupOfOne(group, packages[0])


def values_nowhere(study: Study) -> Iterator[ValueNowhere]:
    """Yield the values that rules ask for and that stand nowhere in a column without a list."""
    asked = dict.fromkeys(_asked(study))
    for owner, rule, attribute, value in asked:
        known = study.labels.get(attribute)
        if known is not None and isinstance(value, str) and value not in known:
            yield ValueNowhere(owner, rule, attribute, value)


def _asked(study: Study) -> Iterator[tuple[Owner, str, str, Scalar]]:
    """Yield who asks for which value of which attribute, as filters name it."""
    for name, tool in study.tools.items():
        for attribute, value in _of_filter(tool.eligible):
            yield "tool", name, attribute, value
        tables = [(t.by, t.rates) for t in (tool.subsidy.rate,) if isinstance(t, RateTable)]
        terms = [(t.by, t.years) for t in (tool.tenor_at_most,) if isinstance(t, TermTable)]
        for by, table in (*tables, *terms):
            yield from (("tool", name, by, value) for value in table)
    for name, limit in study.limits.items():
        for among in _filters(limit):
            for attribute, value in _of_filter(among):
                yield "limit", name, attribute, value
    for one in study.requirements:
        yield from (("requirement", one.id, name, value) for name, value in _of_check(one.check))


def _of_check(check: Check) -> Iterator[tuple[str, Scalar]]:
    if check.attribute is not None:
        yield from ((check.attribute.id, value) for value in check.attribute.one_of or ())
    if check.members is not None:
        yield from ((f"host.{n}", value) for n, value in check.members.headquarters_not.items())
    if check.models is not None:
        yield from ((f"host.{n}", value) for n, value in check.models.origin_not.items())


def _filters(limit: Limit) -> Iterator[Filter]:
    yield limit.packages
    parts = limit.bound.min if isinstance(limit.bound, LeastOf) else (limit.bound,)
    for part in parts:
        if isinstance(part, ShareOf) and isinstance(part.of, SumOf):
            yield part.of.packages


def _of_filter(conditions: Filter) -> Iterator[tuple[str, Scalar]]:
    for attribute, condition in conditions.items():
        if not isinstance(condition, Span):
            values = condition if isinstance(condition, tuple) else (condition,)
            yield from ((attribute, value) for value in values)
