"""Filters read a second time, for the certificate: what a package matches, in exact rationals."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

from evaluator.model.base import Known
from evaluator.model.country import Country
from evaluator.model.financing import Filter, Span
from evaluator.model.package import Package
from evaluator.model.study import Study

Exact = Fraction | int
"""A number as it was written; an integer where it is whole, which is quicker to reckon with."""


@lru_cache(maxsize=65_536)
def fraction(number: Any) -> Exact:
    """Return a number as the decimal it was written as."""
    found = Fraction(str(number)) if isinstance(number, float) else Fraction(number)
    return found.numerator if found.denominator == 1 else found


def times(one: Exact, other: Exact) -> Exact:
    """Return a product; most numbers are 1, and a product of fractions is reduced."""
    if one == 1:
        return other
    return one if other == 1 else one * other


@lru_cache(maxsize=65_536)
def plain(value: Any) -> Fraction | str:
    """Flags are 1 or yes, 0 or no; numbers compare as numbers, the rest as text."""
    text = str(value).strip()
    text = {"yes": "1", "true": "1", "no": "0", "false": "0"}.get(text.lower(), text)
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return text


def _meets(condition: Any, value: Any) -> bool:
    if isinstance(condition, Span):
        number = fraction(value)
        bounds = {name: fraction(bound) for name, bound in condition.numbers.items()}
        return (
            number >= bounds.get("at_least", number)
            and number <= bounds.get("at_most", number)
            and ("above" not in bounds or number > bounds["above"])
            and ("below" not in bounds or number < bounds["below"])
        )
    wanted = condition if isinstance(condition, tuple) else (condition,)
    return any(plain(value) == plain(one) for one in wanted)


def fact_of(package: Package, name: str) -> Any:
    """Return what a package states of an attribute; None where it is missing."""
    datum = package.attributes.get(name)
    return datum.value if isinstance(datum, Known) else None


def matching_targets(
    study: Study, package: Package, conditions: Filter, *, benefit: bool
) -> list[tuple[str, str, Exact]]:
    """Return country, bloc and share of the targets that match; `benefit`: of the doubt."""
    for name, condition in conditions.items():
        if not name.startswith("host."):
            value = fact_of(package, name)
            if not (benefit if value is None else _meets(condition, value)):
                return []
    hosts = [(n[5:], c) for n, c in conditions.items() if n.startswith("host.")]
    if not package.targets:
        return [("(unknown)", "(unknown)", 1)] if benefit or not hosts else []
    found: list[tuple[str, str, Exact]] = []
    for named in dict.fromkeys((target.bloc or target.country) for target in package.targets):
        mine = [one for one in package.targets if (one.bloc or one.country) == named]
        kept = [_kept(study, target.country, hosts, benefit=benefit) for target in mine]
        if any(kept) if benefit else all(kept):
            whole, among = fraction(mine[0].share), len(mine)
            share = whole if among == 1 else Fraction(whole) / among
            found += [(t.country, study.country_by_id[t.country].bloc, share) for t in mine]
    return found


def _kept(study: Study, name: str, hosts: list[tuple[str, Any]], *, benefit: bool) -> bool:
    facts = ((_of_country(study.country_by_id[name], n), one) for n, one in hosts)
    return all(benefit if fact is None else _meets(one, fact) for fact, one in facts)


def _of_country(country: Country, name: str) -> Any:
    if name in ("id", "bloc", "name"):
        return getattr(country, name)
    datum = country.attributes.get(name)
    return datum.value if isinstance(datum, Known) else None


def matching(study: Study, package: Package, conditions: Filter, *, benefit: bool) -> Exact:
    """Return the share of a package that matches: all of it if all its targets do."""
    if not conditions:
        return 1
    found = matching_targets(study, package, conditions, benefit=benefit)
    if len(found) >= max(1, len(package.targets)):
        return 1
    return sum(share for _, _, share in found)
