"""Rules and overrides -> exact rows: minimums, groups, dependencies, must and must-not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from evaluator.allocation.model.columns import Layout, token
from evaluator.allocation.model.exact.blocks import Block, alike, block_of
from evaluator.allocation.model.exact.later import Later
from evaluator.allocation.model.exact.numbers import Entries, Exact, Places, always, beside, each_of
from evaluator.allocation.model.exact.rows import ONE, ZERO, Kind, Row
from evaluator.allocation.model.findings import (
    AlternativesRule,
    ExclusiveRule,
    MinimumRule,
    MustNotRule,
    MustRule,
    RequiresRule,
    SupportRule,
)
from evaluator.allocation.model.requests.eligibility import Eligibility
from evaluator.model.study import Study
from evaluator.results.evaluation import Conflict
from evaluator.results.findings import Finding

MINIMUM_SUPPORT = "minimum_support"


def rule_blocks(study: Study, layout: Layout, eligibility: Eligibility) -> tuple[Block, ...]:
    """Return all rows that are not limits."""
    rows = (
        *_alternatives(layout, eligibility),
        *_exclusive(study, layout),
        *_requires(study, layout),
        *_must(study, layout, eligibility),
        *_must_not(study, layout, eligibility),
        *_counted(layout),
    )
    served, supported = _binaries(layout, eligibility)
    return (
        _links(eligibility, served, supported),
        _minimums(eligibility, served),
        _minimum_support(study, layout, supported),
        block_of(rows),
    )


def impossible(study: Study, layout: Layout, eligibility: Eligibility) -> dict[str, Conflict]:
    """Return the musts that no allocation can meet, by name, each as a conflict of its own."""
    found: dict[str, Conflict] = {}
    for package, must in sorted(study.scenario.allocation.must.items()):
        if _chosen(layout, eligibility, package, must.tool):
            continue
        refused = tuple(
            (tool, why)
            for (name, tool), why in sorted(eligibility.refused.items())
            if name == package and must.tool in (None, tool)
        )
        rule = MustRule(package, must.tool or "", must.at_least or 0)
        found[f"must {package}"] = Conflict((rule,), unserved=True, refused=refused)
    return found


def _links(eligibility: Eligibility, served: Places, supported: Places) -> Block:
    """Tie each amount to its binary, and that to the binary of its package: x <= cap z, z <= y."""
    binary = np.where(served >= 0, served, supported)
    tied, twice = np.flatnonzero(binary >= 0), np.flatnonzero((served >= 0) & (supported >= 0))
    place = np.concatenate([tied, twice])
    order = np.argsort(place, kind="stable")
    place, second = place[order], (np.arange(len(place)) >= len(tied))[order]
    first_column = np.where(second, served[place], place)
    other_column = np.where(second, supported[place], binary[place])
    less = np.where(second, -1, -eligibility.offers.cap[place])
    asked, names = eligibility.requests, eligibility.requests.facts.names

    def title(row: int) -> tuple[str, str]:
        pair = place[row]
        return f"{names[asked.package[pair]]} {asked.tools[asked.tool[pair]]}", ""

    entries = _in_twos(first_column, other_column, less)
    return alike("link", "at_most", entries, always(0, len(place)), title, second)


def _binaries(layout: Layout, eligibility: Eligibility) -> tuple[Places, Places]:
    """Return the binary of each request and of its package; -1 where there is none."""
    facts = eligibility.requests.facts
    served = np.full(len(eligibility.requests.package), -1, dtype=np.intp)
    served[list(layout.served)] = list(layout.served.values())
    of_package = np.full(len(facts.names), -1, dtype=np.intp)
    of_package[[facts.place[name] for name in layout.supported]] = list(layout.supported.values())
    return served, of_package[eligibility.requests.package]


def _in_twos(one: Places, other: Places, value: Places) -> Entries:
    """Return rows of two columns: the one, and so many of the other."""
    count = len(one)
    code = np.stack([np.zeros(count, dtype=np.intp), 1 + np.arange(count)], axis=1)
    column = np.stack([one, other], axis=1)
    values = Exact([1, *value.tolist()], code.ravel())
    return Entries(count, np.repeat(np.arange(count), 2), column.ravel(), values)


def _minimums(eligibility: Eligibility, served: Places) -> Block:
    least = eligibility.offers.least
    place = np.flatnonzero((served >= 0) & (least > 1))
    asked, names = eligibility.requests, eligibility.requests.facts.names

    def title(row: int) -> tuple[str, str]:
        pair = place[row]
        return f"minimum of {asked.tools[asked.tool[pair]]}", names[asked.package[pair]]

    def rule(row: int) -> Finding:
        pair = place[row]
        tool = asked.tools[asked.tool[pair]]
        return MinimumRule(names[asked.package[pair]], tool, int(least[pair]))

    entries = _in_twos(place, served[place], -least[place])
    return alike("rule", "at_least", entries, always(0, len(place)), title, rule=rule)


def _minimum_support(study: Study, layout: Layout, supported: Places) -> Block:
    """All amounts of a package come to so much at least, if its binary is 1."""
    packages, count = list(layout.supported), len(layout.supported)
    first = min(layout.supported.values(), default=0)
    pair = np.flatnonzero(supported >= 0)
    amounts = Entries(count, supported[pair] - first, pair, always(1, len(pair)))
    least = each_of([-layout.least_support[name] for name in packages])
    binaries = Entries(count, np.arange(count), first + np.arange(count), least)
    kind: Kind = "rule" if study.scenario.allocation.minimum_support > 0 else "link"
    aside = Later(
        count,
        lambda: (layout.token[name] - layout.least_support[name] for name in packages),
    )

    def title(row: int) -> tuple[str, str]:
        return MINIMUM_SUPPORT, packages[row]

    def rule(row: int) -> Finding:
        return SupportRule(packages[row], layout.least_support[packages[row]])

    entries = beside(amounts, binaries)
    return alike(kind, "at_least", entries, always(0, count), title, aside=aside, rule=rule)


def _alternatives(layout: Layout, eligibility: Eligibility) -> Iterator[Row]:
    asked, groups = eligibility.requests, defaultdict(list)
    alternative = asked.alternative
    for index, served in layout.served.items():
        group = alternative[index]
        if group is not None:
            groups[asked.facts.names[asked.package[index]], group].append(served)
    for (package, group), members in groups.items():
        if len(members) > 1:
            terms = dict.fromkeys(members, ONE)
            name, rule = f"alternatives {group}", AlternativesRule(package, group)
            yield Row(name, package, "rule", "at_most", terms, ONE, "count", rule=rule)


def _exclusive(study: Study, layout: Layout) -> Iterator[Row]:
    groups: dict[str, list[int]] = defaultdict(list)
    for package, supported in layout.supported.items():
        group = study.package_by_id[package].exclusive_group
        if group is not None:
            groups[group].append(supported)
    for group, members in groups.items():
        if len(members) > 1:
            terms = dict.fromkeys(members, ONE)
            name, rule = f"exclusive group {group}", ExclusiveRule(group)
            yield Row(name, "", "rule", "at_most", terms, ONE, "count", rule=rule)


def _requires(study: Study, layout: Layout) -> Iterator[Row]:
    for package, supported in layout.supported.items():
        for other in study.package_by_id[package].requires:
            terms = {supported: ONE}
            if other in layout.supported:
                terms[layout.supported[other]] = -ONE
            if other != package:
                name, rule = f"{package} requires {other}", RequiresRule(package, other)
                yield Row(name, "", "rule", "at_most", terms, ZERO, "count", rule=rule)


def _counted(layout: Layout) -> Iterator[Row]:
    """A package counts where one of its amounts does, and such an amount is a token at least."""
    places: set[int] = set()
    for tools, packages in layout.counted.items():
        for package, column in packages.items():
            served = [layout.served[at] for at in layout.under(tools, package)]
            places.update(layout.under(tools, package))
            for one in served:
                yield Row(
                    "counted", package, "link", "at_most", {one: ONE, column: -ONE}, ZERO, "count"
                )
            terms = {column: ONE} | dict.fromkeys(served, -ONE)
            yield Row("counted", package, "link", "at_most", terms, ZERO, "count")
    for place in sorted(places):
        pair, least = layout.pairs[place], token(layout.pairs[place].cap, layout.unit)
        terms = {place: ONE, layout.served[place]: -least}
        yield Row("token", pair.package, "link", "at_least", terms, ZERO)


def _must(study: Study, layout: Layout, eligibility: Eligibility) -> Iterator[Row]:
    for package, must in sorted(study.scenario.allocation.must.items()):
        chosen = _chosen(layout, eligibility, package, must.tool)
        if not chosen:
            continue
        name, rule = f"must {package}", MustRule(package, must.tool or "", must.at_least or 0)
        greatest = int(eligibility.offers.cap[chosen].max())
        least = max(must.at_least or 0, token(greatest, layout.unit))
        if must.tool is None:
            terms = {layout.supported[package]: ONE}
            yield Row(name, "", "override", "at_least", terms, ONE, "count", rule=rule)
        if must.tool is not None or must.at_least:
            amounts = dict.fromkeys(chosen, ONE)
            yield Row(name, "", "override", "at_least", amounts, least, rule=rule)


def _must_not(study: Study, layout: Layout, eligibility: Eligibility) -> Iterator[Row]:
    for package, ban in sorted(study.scenario.allocation.must_not.items()):
        chosen = _chosen(layout, eligibility, package, ban.tool)
        if chosen:
            terms = dict.fromkeys(chosen, ONE)
            name, rule = f"must not {package}", MustNotRule(package, ban.tool or "")
            yield Row(name, "", "override", "at_most", terms, ZERO, rule=rule)


def _chosen(layout: Layout, eligibility: Eligibility, package: str, tool: str | None) -> list[int]:
    """Return which requests of a package an override is about: of one tool, or all."""
    asked = eligibility.requests
    indices = layout.by_package.get(package, ())
    return [i for i in indices if tool in (None, asked.tools[asked.tool[i]])]
