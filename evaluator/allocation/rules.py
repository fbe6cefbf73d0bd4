"""Rules and overrides -> exact rows: minimums, groups, dependencies, must and must-not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction

from evaluator.allocation.columns import Layout, token
from evaluator.allocation.eligibility import NOT_DESIGNATED
from evaluator.allocation.rows import ONE, ZERO, Kind, Row
from evaluator.model.study import Study

MINIMUM_SUPPORT = "minimum_support"


def rule_rows(study: Study, layout: Layout) -> tuple[Row, ...]:
    """Return all rows that are not limits."""
    return (
        *_links(layout),
        *_minimums(study, layout),
        *_alternatives(layout),
        *_exclusive(study, layout),
        *_requires(study, layout),
        *_must(study, layout),
        *_must_not(study, layout),
    )


def impossible(
    study: Study, layout: Layout, refused: Mapping[tuple[str, str], str]
) -> dict[str, str]:
    """Return the musts that no allocation can meet, each with the reason in words."""
    found: dict[str, str] = {}
    for package, must in sorted(study.scenario.allocation.must.items()):
        indices = layout.by_package.get(package, ())
        tools = {layout.pairs[i].tool for i in indices}
        if indices and (must.tool is None or must.tool in tools):
            continue
        reasons = {
            tool: reason
            for (name, tool), reason in refused.items()
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


def _links(layout: Layout) -> Iterator[Row]:
    for index, pair in enumerate(layout.pairs):
        name, cap = f"{pair.package} {pair.tool}", Fraction(-pair.cap)
        served, supported = layout.served.get(index), layout.supported.get(pair.package)
        if served is not None:
            yield Row(name, "", "link", "at_most", {index: ONE, served: cap}, ZERO)
            if supported is not None:
                terms = {served: ONE, supported: -ONE}
                yield Row(name, "", "link", "at_most", terms, ZERO, "count")
        elif supported is not None:
            yield Row(name, "", "link", "at_most", {index: ONE, supported: cap}, ZERO)


def _minimums(study: Study, layout: Layout) -> Iterator[Row]:
    for index, served in layout.served.items():
        pair = layout.pairs[index]
        if pair.least > 1:
            terms = {index: ONE, served: Fraction(-pair.least)}
            yield Row(f"minimum of {pair.tool}", pair.package, "rule", "at_least", terms, ZERO)
    stated = study.scenario.allocation.minimum_support > 0
    for package, supported in layout.supported.items():
        terms = dict.fromkeys(layout.by_package[package], ONE)
        terms[supported] = Fraction(-layout.least_support[package])
        kind: Kind = "rule" if stated else "link"
        yield Row(MINIMUM_SUPPORT, package, kind, "at_least", terms, ZERO)


def _alternatives(layout: Layout) -> Iterator[Row]:
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, served in layout.served.items():
        pair = layout.pairs[index]
        if pair.alternative is not None:
            groups[pair.package, pair.alternative].append(served)
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


def _must(study: Study, layout: Layout) -> Iterator[Row]:
    for package, must in sorted(study.scenario.allocation.must.items()):
        indices = layout.by_package.get(package, ())
        chosen = [i for i in indices if must.tool in (None, layout.pairs[i].tool)]
        if not chosen:
            continue
        name = f"must {package}"
        least = Fraction(max(must.at_least or 0, token(layout.pairs, chosen, layout.unit)))
        if must.tool is None:
            terms = {layout.supported[package]: ONE}
            yield Row(name, "", "override", "at_least", terms, ONE, "count")
        if must.tool is not None or must.at_least:
            yield Row(name, "", "override", "at_least", dict.fromkeys(chosen, ONE), least)


def _must_not(study: Study, layout: Layout) -> Iterator[Row]:
    for package, ban in sorted(study.scenario.allocation.must_not.items()):
        indices = layout.by_package.get(package, ())
        chosen = [i for i in indices if ban.tool in (None, layout.pairs[i].tool)]
        if chosen:
            terms = dict.fromkeys(chosen, ONE)
            yield Row(f"must not {package}", "", "override", "at_most", terms, ZERO)
