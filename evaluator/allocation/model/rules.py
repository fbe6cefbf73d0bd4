"""Rules and overrides -> exact rows: minimums, groups, dependencies, must and must-not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from evaluator.allocation.model.blocks import Block, alike, block_of
from evaluator.allocation.model.columns import Layout, token
from evaluator.allocation.model.eligibility import NOT_DESIGNATED, Eligibility
from evaluator.allocation.model.exact import Entries, Exact, Places, always, beside, each_of
from evaluator.allocation.model.rows import ONE, ZERO, Kind, Row
from evaluator.model.study import Study

MINIMUM_SUPPORT = "minimum_support"


def rule_blocks(study: Study, layout: Layout, eligibility: Eligibility) -> tuple[Block, ...]:
    """Return all rows that are not limits."""
    rows = (
        *_alternatives(layout, eligibility),
        *_exclusive(study, layout),
        *_requires(study, layout),
        *_must(study, layout, eligibility),
        *_must_not(study, layout, eligibility),
    )
    served, supported = _binaries(layout, eligibility)
    return (
        _links(eligibility, served, supported),
        _minimums(eligibility, served),
        _minimum_support(study, layout, supported),
        block_of(rows),
    )


def impossible(study: Study, layout: Layout, eligibility: Eligibility) -> dict[str, str]:
    """Return the musts that no allocation can meet, each with the reason in words."""
    found: dict[str, str] = {}
    for package, must in sorted(study.scenario.allocation.must.items()):
        if _chosen(layout, eligibility, package, must.tool):
            continue
        reasons = {
            tool: reason
            for (name, tool), reason in eligibility.refused.items()
            if name == package and must.tool in (None, tool)
        }
        what = f"{package} must be supported" + (f" by {must.tool}" if must.tool else "")
        why = "; ".join(f"{tool}: {reason}" for tool, reason in sorted(reasons.items()))
        if not reasons:
            why = "it asks for nothing of the kind"
        elif set(reasons.values()) == {NOT_DESIGNATED}:
            why = "it is not designated"
        found[f"must {package}"] = f"{what}, but no request of it can be served: {why}."
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

    entries = _in_twos(place, served[place], -least[place])
    return alike("rule", "at_least", entries, always(0, len(place)), title)


def _minimum_support(study: Study, layout: Layout, supported: Places) -> Block:
    """All amounts of a package come to so much at least, if its binary is 1."""
    packages, count = list(layout.supported), len(layout.supported)
    first = min(layout.supported.values(), default=0)
    pair = np.flatnonzero(supported >= 0)
    amounts = Entries(count, supported[pair] - first, pair, always(1, len(pair)))
    least = each_of([-layout.least_support[name] for name in packages])
    binaries = Entries(count, np.arange(count), first + np.arange(count), least)
    kind: Kind = "rule" if study.scenario.allocation.minimum_support > 0 else "link"
    aside = [Fraction(layout.token[name] - layout.least_support[name]) for name in packages]

    def title(row: int) -> tuple[str, str]:
        return MINIMUM_SUPPORT, packages[row]

    entries = beside(amounts, binaries)
    return alike(kind, "at_least", entries, always(0, count), title, aside=aside)


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
            yield Row(f"alternatives {group}", package, "rule", "at_most", terms, ONE, "count")


def _exclusive(study: Study, layout: Layout) -> Iterator[Row]:
    groups: dict[str, list[int]] = defaultdict(list)
    for package, supported in layout.supported.items():
        group = study.package_by_id[package].exclusive_group
        if group is not None:
            groups[group].append(supported)
    for group, members in groups.items():
        if len(members) > 1:
            terms = dict.fromkeys(members, ONE)
            yield Row(f"exclusive group {group}", "", "rule", "at_most", terms, ONE, "count")


def _requires(study: Study, layout: Layout) -> Iterator[Row]:
    for package, supported in layout.supported.items():
        for other in study.package_by_id[package].requires:
            terms = {supported: ONE}
            if other in layout.supported:
                terms[layout.supported[other]] = -ONE
            if other != package:
                name = f"{package} requires {other}"
                yield Row(name, "", "rule", "at_most", terms, ZERO, "count")


def _must(study: Study, layout: Layout, eligibility: Eligibility) -> Iterator[Row]:
    for package, must in sorted(study.scenario.allocation.must.items()):
        chosen = _chosen(layout, eligibility, package, must.tool)
        if not chosen:
            continue
        name = f"must {package}"
        greatest = int(eligibility.offers.cap[chosen].max())
        least = Fraction(max(must.at_least or 0, token(greatest, layout.unit)))
        if must.tool is None:
            terms = {layout.supported[package]: ONE}
            yield Row(name, "", "override", "at_least", terms, ONE, "count")
        if must.tool is not None or must.at_least:
            yield Row(name, "", "override", "at_least", dict.fromkeys(chosen, ONE), least)


def _must_not(study: Study, layout: Layout, eligibility: Eligibility) -> Iterator[Row]:
    for package, ban in sorted(study.scenario.allocation.must_not.items()):
        chosen = _chosen(layout, eligibility, package, ban.tool)
        if chosen:
            terms = dict.fromkeys(chosen, ONE)
            yield Row(f"must not {package}", "", "override", "at_most", terms, ZERO)


def _chosen(layout: Layout, eligibility: Eligibility, package: str, tool: str | None) -> list[int]:
    """Return which requests of a package an override is about: of one tool, or all."""
    asked = eligibility.requests
    indices = layout.by_package.get(package, ())
    return [i for i in indices if tool in (None, asked.tools[asked.tool[i]])]
