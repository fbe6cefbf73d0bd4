"""Filters read a second time, for the certificate: what a package matches, in exact rationals."""

from __future__ import annotations

from fractions import Fraction
from functools import cache, lru_cache
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


class Match:
    """A filter, read once: what a package matches of it; `benefit`: of the doubt."""

    def __init__(self, study: Study, conditions: Filter, *, benefit: bool) -> None:
        self._blocs = {name: country.bloc for name, country in study.country_by_id.items()}
        self._benefit = benefit
        self._own = [(n, c) for n, c in conditions.items() if not n.startswith("host.")]
        self._hosts = [(n[5:], c) for n, c in conditions.items() if n.startswith("host.")]

        @cache
        def meets(name: str, value: Any) -> bool:
            return _meets(conditions[name], value)

        @cache
        def kept(country: str) -> bool:
            facts = ((_of_country(study.country_by_id[country], n), c) for n, c in self._hosts)
            return all(benefit if fact is None else _meets(c, fact) for fact, c in facts)

        self._meets, self._kept = meets, kept

    def targets(self, package: Package) -> list[tuple[str, str, Exact]]:
        """Return country, bloc and share of the targets that match."""
        for name, _ in self._own:
            value = fact_of(package, name)
            if not (self._benefit if value is None else self._meets(name, value)):
                return []
        if not package.targets:
            return [("(unknown)", "(unknown)", 1)] if self._benefit or not self._hosts else []
        found: list[tuple[str, str, Exact]] = []
        for named in dict.fromkeys((target.bloc or target.country) for target in package.targets):
            mine = [one for one in package.targets if (one.bloc or one.country) == named]
            kept = [self._kept(target.country) for target in mine]
            if any(kept) if self._benefit else all(kept):
                whole, among = fraction(mine[0].share), len(mine)
                share = whole if among == 1 else Fraction(whole) / among
                found += [(one.country, self._blocs[one.country], share) for one in mine]
        return found

    def share(self, package: Package) -> Exact:
        """Return the share of a package that matches: all of it if all its targets do."""
        if not self._own and not self._hosts:
            return 1
        found = self.targets(package)
        if len(found) >= max(1, len(package.targets)):
            return 1
        return sum(share for _, _, share in found)


def _of_country(country: Country, name: str) -> Any:
    if name in ("id", "bloc", "name"):
        return getattr(country, name)
    datum = country.attributes.get(name)
    return datum.value if isinstance(datum, Known) else None
