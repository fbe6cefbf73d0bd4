"""What a filter means: the share of a package that matches it, and why the rest does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from evaluator.allocation.model.exact.numbers import Exact, Flags, Places
from evaluator.allocation.model.exact.rows import ZERO, Rational, exact
from evaluator.allocation.model.findings import Stated, stated
from evaluator.allocation.model.requests.facts import Fact, Facts
from evaluator.model.country import Country
from evaluator.model.filters import HOST, holds, host_datum
from evaluator.model.financing import Filter
from evaluator.model.package import Package
from evaluator.model.study import Study


@dataclass(frozen=True, eq=False)
class Matches:
    """How much of each package matches a filter."""

    share: Exact
    """Of its targets, 0 to 1, by package."""
    targets: Flags
    """Which targets match, by target: the package's own facts as well as the country's."""


def matches(conditions: Filter, facts: Facts, among: Flags, *, unknown: bool) -> Matches:
    """Return how much of some packages matches a filter, of the others nothing.

    among: by package. A package in several countries matches `host.` conditions by the share of
    those of its targets that meet them all. A bloc meets them if all its members do; where what is
    not known counts as met, if one does. `unknown` says what a fact that is not known counts
    as. Raises InvalidStudyError where a numeric condition meets a text.
    """
    own, hosts = _split(conditions)
    fits = _met(own, facts.of_package, among, unknown=unknown)
    targets = facts.targets
    met = fits[targets.package]
    table: list[Rational] = [0, 1]
    code = fits.astype(np.intp)
    if hosts:
        at_stake = np.zeros(len(facts.study.countries), dtype=np.bool_)
        at_stake[facts.hosts[met]] = True
        met = met & _met(hosts, facts.of_country, at_stake, unknown=unknown)[facts.hosts]
        met = _by_bloc(met, facts.blocs, one=unknown)
        matching = np.bincount(targets.package[met], minlength=len(fits))
        code[fits & (matching < np.maximum(targets.count, 0 if unknown else 1))] = 0
        part = met & (fits & (matching < targets.count))[targets.package]
        sums: dict[int, Rational] = defaultdict(lambda: ZERO)
        shares = targets.share.take(part).numbers
        for package, share in zip(targets.package[part].tolist(), shares, strict=True):
            sums[package] += share
        code[list(sums)] = np.arange(len(table), len(table) + len(sums))
        table.extend(sums.values())
    return Matches(Exact(table, code), met)


def _by_bloc(met: Flags, blocs: Places, *, one: bool) -> Flags:
    """Return which targets match where those of one bloc do together: if one does, or all do."""
    among = np.flatnonzero(blocs >= 0)
    if not len(among):
        return met
    size = np.bincount(blocs[among])
    count = np.bincount(blocs[among], weights=met[among], minlength=len(size))
    whole = count > 0 if one else count == size
    found = met.copy()
    found[among] = whole[blocs[among]]
    return found


def _split(conditions: Filter) -> tuple[Filter, Filter]:
    """Return the conditions on packages, and those on their countries."""
    own = {name: one for name, one in conditions.items() if not name.startswith(HOST)}
    hosts = {n.removeprefix(HOST): one for n, one in conditions.items() if n.startswith(HOST)}
    return own, hosts


def _met(conditions: Filter, fact: Callable[[str], Fact], among: Flags, *, unknown: bool) -> Flags:
    """Return which of some subjects meet all conditions; each datum is judged once."""
    for name, condition in conditions.items():
        found = fact(name)
        verdict = np.zeros(len(found.data), dtype=np.bool_)
        for place, datum, subject in found.among(among):
            one = holds(condition, datum, f"{subject}, {name}")
            verdict[place] = unknown if one is None else one
        among = among & verdict[found.code]
    return among


def mismatch(conditions: Filter, package: Package, study: Study) -> tuple[Stated, ...]:
    """Return the facts for which a package does not match a filter in whole.

    What is not known does not match. `host.` alone: it names no target country.
    """
    own, hosts = _split(conditions)
    for name, condition in own.items():
        datum = package.attribute(name)
        if not holds(condition, datum, f"{package.id}, {name}"):
            return (stated(name, package.id, datum),)
    if hosts and not package.targets:
        return (Stated(HOST, package.id),)
    countries = [study.country_by_id[target.country] for target in package.targets]
    return tuple(dict.fromkeys(why for one in countries if (why := _host(hosts, one))))


def _host(hosts: Filter, country: Country) -> Stated | None:
    for column, condition in hosts.items():
        datum = host_datum(country, column)
        if not holds(condition, datum, f"{country.id}, {column}"):
            return stated(f"{HOST}{column}", country.id, datum)
    return None


def greatest(rates: Iterable[float]) -> Rational:
    """Return the greatest rate as an exact rational."""
    return max((exact(rate) for rate in rates), default=ZERO)
