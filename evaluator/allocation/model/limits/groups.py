"""Which groups the support of a package counts in under a limit, and by what share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np

from evaluator.allocation.model.exact.numbers import (
    Entries,
    Exact,
    Flags,
    Places,
    each_of,
    joined,
    spread,
    times,
    without_zeros,
)
from evaluator.allocation.model.exact.rows import ZERO, Rational, Sense, exact
from evaluator.allocation.model.requests.facts import Facts
from evaluator.allocation.model.requests.matching import Matches
from evaluator.allocation.model.requests.requests import Requests
from evaluator.errors import InvalidStudyError, Problem
from evaluator.model.base import Missing
from evaluator.model.filters import label
from evaluator.model.financing import Limit
from evaluator.model.package import Package

UNKNOWN = "(unknown)"


@dataclass(frozen=True, eq=False)
class Membership:
    """Packages in groups, package after package; a pair of them stands once."""

    package: Places
    group: Sequence[str]
    share: Exact


def grouped(
    limit: Limit, sense: Sense, requests: Requests, rate: Exact, chosen: Places, matched: Matches
) -> tuple[list[str], Entries]:
    """Return the groups of a limit, in order, and what a dollar of each request uses in each.

    rate: by request. chosen: the requests that come under it. A group that no request uses is
    left out, unless it is the whole program.
    """
    facts = requests.facts
    members = _membership(facts, limit.per, matched, sense)
    counts = np.bincount(members.package, minlength=len(facts.names))
    owner, item = spread(counts, requests.package[chosen])
    use = members.share.take(item)
    if limit.weigh_by is not None:
        weight = _weight(facts, limit.weigh_by, requests.packages(chosen), sense)
        use = times(use, weight.take(members.package[item]))
    if limit.measure == "subsidy":
        use = times(use, rate.take(chosen[owner]))
    names = sorted(set(members.group))
    place = {name: number for number, name in enumerate(names)}
    group = np.array([place[name] for name in members.group], dtype=np.intp)[item]
    order = np.argsort(group, kind="stable")
    entries = Entries(len(names), group[order], chosen[owner][order], use.take(order))
    return _used(names, without_zeros(entries), whole=limit.per == "program")


def _used(names: list[str], entries: Entries, *, whole: bool) -> tuple[list[str], Entries]:
    if whole:
        return [""], Entries(1, entries.row, entries.column, entries.value)
    used = np.bincount(entries.row, minlength=len(names)) > 0
    row = (np.cumsum(used) - 1)[entries.row]
    kept = list(compress(names, used.tolist()))
    return kept, Entries(len(kept), row, entries.column, entries.value)


def _membership(facts: Facts, per: str, matched: Matches, sense: Sense) -> Membership:
    package = np.flatnonzero(matched.share.nonzero)
    share, places = matched.share.take(package), package.tolist()
    if per == "program":
        return Membership(package, [""] * len(package), share)
    if per == "package":
        return Membership(package, [facts.names[place] for place in places], share)
    if per in ("country", "bloc"):
        return _of_countries(facts, per, matched, sense)
    if per == "entity":
        return _of_entities(facts, matched)
    if per == "anchor":
        return Membership(package, [_anchor(facts, place) for place in places], share)
    column = facts.of_package(per)
    if sense == "at_least":
        known = np.array([not isinstance(datum, Missing) for datum in column.data], dtype=np.bool_)
        package = package[known[column.code[package]]]
    names = [UNKNOWN if isinstance(d, Missing) else _named(d.value) for d in column.data]
    group = [names[code] for code in column.code[package].tolist()]
    return Membership(package, group, matched.share.take(package))


def column_group(package: Package, column: str) -> str:
    """Return the group in which a package counts by a column of its own."""
    datum = package.attribute(column)
    return UNKNOWN if isinstance(datum, Missing) else _named(datum.value)


def _named(value: object) -> str:
    return value if isinstance(value, str) else label(value)


def _anchor(facts: Facts, place: int) -> str:
    anchor = facts.packages[place].anchor
    return facts.study.control.top[anchor] if anchor else facts.names[place]


def _of_countries(facts: Facts, per: str, matched: Matches, sense: Sense) -> Membership:
    targets, places = facts.targets, np.flatnonzero(matched.targets)
    countries = [targets.names[place] for place in places.tolist()]
    by_id = facts.study.country_by_id
    group = countries if per == "country" else [by_id[name].bloc for name in countries]
    found = _summed(targets.package[places], group, targets.share.take(places))
    nowhere = np.flatnonzero(matched.share.nonzero & (targets.count == 0))
    if sense == "at_least" or not len(nowhere):
        return found
    names = [UNKNOWN] * len(nowhere)
    return _merged(found, Membership(nowhere, names, matched.share.take(nowhere)))


def _of_entities(facts: Facts, matched: Matches) -> Membership:
    owners = facts.owners
    places = np.flatnonzero(matched.share.nonzero[owners.package])
    package, group = owners.package[places], [owners.names[place] for place in places.tolist()]
    share = times(owners.share.take(places), matched.share.take(package))
    alone = np.flatnonzero(matched.share.nonzero & (owners.count == 0))
    names = [facts.names[place] for place in alone.tolist()]
    itself = Membership(alone, names, matched.share.take(alone))
    return _merged(_summed(package, group, share), itself)


def _merged(first: Membership, second: Membership) -> Membership:
    package = np.concatenate([first.package, second.package])
    order = np.argsort(package, kind="stable")
    group = [*first.group, *second.group]
    share = joined([first.share, second.share]).take(order)
    return Membership(package[order], [group[place] for place in order.tolist()], share)


def _summed(package: Places, group: Sequence[str], share: Exact) -> Membership:
    """Return memberships with the shares of a package in one group summed."""
    first: dict[tuple[int, str], int] = {}
    keys = zip(package.tolist(), group, strict=True)
    where = [first.setdefault(key, len(first)) for key in keys]
    if len(first) == len(where):
        return Membership(package, group, share)
    sums = [ZERO] * len(first)
    for place, part in zip(where, share.numbers, strict=True):
        sums[place] += part
    packages = np.array([place for place, _ in first], dtype=np.intp)
    return Membership(packages, [name for _, name in first], each_of(sums))


def _weight(facts: Facts, name: str, among: Flags, sense: Sense) -> Exact:
    """Return the attribute that weighs the amounts of some packages, of others 0."""
    column = facts.of_package(name)
    weights: list[Rational] = [0] * len(column.data)
    for place, datum, package in column.among(among):
        if isinstance(datum, Missing):
            weights[place] = 1 if sense == "at_most" else 0
        elif isinstance(datum.value, str):
            fact = f"is the text '{datum.value}', not a share."
            raise InvalidStudyError([Problem(f"{package}, {name}", fact)])
        else:
            weights[place] = exact(datum.value)
    return Exact(weights, column.code)
