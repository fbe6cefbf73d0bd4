"""What a filter means: the share of a package that matches it, and why the rest does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from evaluator.allocation.rows import ONE, ZERO, exact
from evaluator.errors import InvalidStudyError, Problem
from evaluator.model.base import Known, Missing
from evaluator.model.country import Country
from evaluator.model.financing import Condition, Filter, Span
from evaluator.model.package import Package
from evaluator.model.study import Study

HOST = "host."


@dataclass(frozen=True, slots=True)
class Match:
    """How much of a package matches a filter."""

    share: Fraction
    """Of its targets, 0 to 1."""
    targets: Mapping[str, Fraction]
    """Shares of the matching target countries."""
    because: str = ""
    """Why the share is less than 1."""


def label(value: object) -> str:
    """Return the text by which values are compared: flags, numbers and texts alike.

    >>> label(True), label(1.0), label("yes"), label(0.5), label("high_income")
    ('1', '1', '1', '0.5', 'high_income')
    """
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip()
    return {"yes": "1", "true": "1", "no": "0", "false": "0"}.get(text.lower(), text)


def holds(condition: Condition, datum: Known | Missing, name: str) -> bool | None:
    """Return whether a datum meets a condition; None where it is not known."""
    if isinstance(datum, Missing):
        return None
    if isinstance(condition, Span):
        return _within(condition, datum, name)
    wanted = condition if isinstance(condition, tuple) else (condition,)
    return label(datum.value) in {label(one) for one in wanted}


def _within(span: Span, datum: Known, name: str) -> bool:
    if isinstance(datum.value, str):
        fact = f"a numeric condition meets the text '{datum.value}'."
        raise InvalidStudyError([Problem(name, fact, "Name the values instead.")])
    value = exact(datum.value)
    return (
        (span.at_least is None or value >= exact(span.at_least))
        and (span.at_most is None or value <= exact(span.at_most))
        and (span.above is None or value > exact(span.above))
        and (span.below is None or value < exact(span.below))
    )


def host_datum(country: Country, column: str) -> Known | Missing:
    """Return a fact of a country, its id and bloc among them."""
    if column in ("id", "bloc", "name"):
        return Known(value=str(getattr(country, column)))
    return country.attributes.get(column, Missing(reason=f"no column {column}"))


def match(conditions: Filter, package: Package, study: Study, *, unknown: bool) -> Match:
    """Return how much of a package matches a filter.

    A package in several countries matches `host.` conditions by the share of those of its
    targets that meet them all. `unknown` says what a fact that is not known counts as.
    """
    hosts = {n.removeprefix(HOST): c for n, c in conditions.items() if n.startswith(HOST)}
    for name, condition in conditions.items():
        if name.startswith(HOST):
            continue
        datum = package.attribute(name)
        verdict = holds(condition, datum, f"{package.id}, {name}")
        if not (unknown if verdict is None else verdict):
            return Match(ZERO, {}, _failing(name, datum))
    if hosts and not package.targets and not unknown:
        return Match(ZERO, {}, "no target country is named")
    if not hosts or not package.targets:
        return Match(ONE, {t.country: exact(t.share) for t in package.targets})
    return _hosts(hosts, package, study, unknown=unknown)


def _hosts(
    hosts: Mapping[str, Condition], package: Package, study: Study, *, unknown: bool
) -> Match:
    matching: dict[str, Fraction] = {}
    failing: dict[str, None] = {}
    for target in package.targets:
        why = _host(hosts, study.country_by_id[target.country], unknown=unknown)
        if why:
            failing[why] = None
        else:
            matching[target.country] = matching.get(target.country, ZERO) + exact(target.share)
    share = sum(matching.values(), ZERO) if failing else ONE
    return Match(share, matching, "; ".join(failing))


def _host(hosts: Mapping[str, Condition], country: Country, *, unknown: bool) -> str:
    for column, condition in hosts.items():
        datum = host_datum(country, column)
        verdict = holds(condition, datum, f"{country.id}, {column}")
        if not (unknown if verdict is None else verdict):
            return _failing(f"{HOST}{column} ({country.id})", datum)
    return ""


def _failing(name: str, datum: Known | Missing) -> str:
    if isinstance(datum, Missing):
        return f"{name} is missing ({datum.reason})"
    return f"{name} is {datum.value}"


def greatest(rates: Iterable[float]) -> Fraction:
    """Return the greatest rate as an exact rational."""
    return max((exact(rate) for rate in rates), default=ZERO)
