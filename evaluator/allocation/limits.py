"""Limits of the study -> exact rows, one a limit and group."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import cached_property

from evaluator.allocation.bounds import Part, Unknown, parts, scalar
from evaluator.allocation.eligibility import Pair
from evaluator.allocation.matching import Match, label, match
from evaluator.allocation.rows import ONE, ZERO, Sense, exact
from evaluator.errors import InvalidStudyError, Problem
from evaluator.model.base import Missing
from evaluator.model.financing import Filter, Limit, SumOf
from evaluator.model.package import Package
from evaluator.model.study import Study

Terms = Mapping[int, Fraction]
UNKNOWN = "(unknown)"
OVERRUN = "existing exposure is over the bound already: nothing may be added"


@dataclass(frozen=True)
class LimitRow:
    """One limit for one group, exact; columns are indices of pairs."""

    limit: str
    group: str
    spec: Limit
    sense: Sense
    left: Terms
    """What each dollar uses."""
    plus: Fraction
    """What existing exposure uses."""
    constant: Fraction
    base: Terms
    """What each dollar adds to the bound, where it is a share of a sum."""
    active: bool = True
    held: str = ""
    """The missing fact that holds the amounts under the limit at 0."""
    note: str = ""

    @cached_property
    def terms(self) -> Terms:
        """Coefficients once the bound's own variables stand on the left."""
        found = dict(self.left)
        for column, share in self.base.items():
            found[column] = found.get(column, ZERO) - share
        return {column: value for column, value in found.items() if value}

    @cached_property
    def bound(self) -> Fraction:
        """Right-hand side; an upper limit that is overrun already leaves no room, not less."""
        room = self.constant - self.plus
        return max(room, ZERO) if self.sense == "at_most" else room


def all_limits(study: Study) -> dict[str, Limit]:
    """Return every limit by its full id, envelopes of tools among them, in the order of ids."""
    envelopes = {
        f"{name}.envelope": Limit(
            id=f"{name}.envelope",
            label=f"Envelope: {tool.label}",
            kind="law",
            tools=(name,),
            at_most=tool.envelope.amount,
            citation=tool.envelope.citation,
        )
        for name, tool in study.tools.items()
    }
    return dict(sorted({**envelopes, **study.limits}.items()))


def ignored_because(study: Study, name: str, limit: Limit) -> str | None:
    """Return why a scenario leaves a limit out; None if it does not."""
    for pattern, override in study.scenario.allocation.ignore.items():
        if pattern == f"kind:{limit.kind}" or fnmatchcase(name, pattern):
            return f"ignored: {override.because}"
    return None


def limit_rows(study: Study, pairs: Sequence[Pair]) -> tuple[LimitRow, ...]:
    """Return the rows of all limits, those not in force among them, marked; notices bound none."""
    rows: list[LimitRow] = []
    for name, limit in all_limits(study).items():
        if limit.kind == "notice":
            continue
        found = list(_rows(study, pairs, name, limit))
        idle = ignored_because(study, name, limit) or _not_in_force(study, limit)
        if idle:
            found = [replace(row, active=False, note=idle) for row in found]
        rows += found
    return tuple(rows)


def notice_rows(study: Study, pairs: Sequence[Pair]) -> tuple[LimitRow, ...]:
    """Return what is reported above a threshold: notices in force, as rows that bound nothing."""
    return tuple(
        row
        for name, limit in all_limits(study).items()
        if limit.kind == "notice" and not ignored_because(study, name, limit)
        for row in (_rows(study, pairs, name, limit) if not _not_in_force(study, limit) else ())
    )


def _not_in_force(study: Study, limit: Limit) -> str:
    if limit.when is None:
        return ""
    dated = study.parameter(limit.when.parameter)
    if dated.value is None:
        return f"condition unknown: {limit.when.parameter} is missing ({dated.missing})"
    if exact(dated.value) < exact(limit.when.at_least):
        reached = f"{dated.value:g}, below {limit.when.at_least:g}"
        return f"not in force: {limit.when.parameter} is {reached}"
    return ""


def _rows(study: Study, pairs: Sequence[Pair], name: str, limit: Limit) -> Iterator[LimitRow]:
    sense: Sense = "at_most" if limit.at_most is not None else "at_least"
    matched = _matcher(study, limit.packages, unknown=sense == "at_most")
    groups = _groups(study, pairs, limit, sense, matched)
    if not groups:
        note = "no eligible request comes under it"
        yield LimitRow(name, "", limit, sense, {}, ZERO, ZERO, {}, active=False, note=note)
    bases: dict[int, Terms] = {}
    for group, left in sorted(groups.items()):
        package = study.package_by_id[group] if limit.per == "package" else None
        share = matched(group).share if package is not None else ONE
        plus = scalar(limit.plus, study, package)
        found = parts(limit.bound, study, package)
        lacking = [p.fact for p in (plus, *found) if isinstance(p, Unknown)]
        if lacking or isinstance(plus, Unknown):
            yield _unknown(name, group, limit, sense, left, lacking[0])
            continue
        for part in _tightest(found, share, name, sense):
            if part.base is not None and id(part.base) not in bases:
                bases[id(part.base)] = _base(study, pairs, part.base, sense)
            base = bases[id(part.base)] if part.base is not None else {}
            scaled = {column: part.share * value for column, value in base.items()}
            row = LimitRow(name, group, limit, sense, left, plus.value, part.constant, scaled)
            over = sense == "at_most" and part.constant < plus.value
            yield replace(row, note=OVERRUN) if over else row


def _unknown(name: str, group: str, limit: Limit, sense: Sense, left: Terms, fact: str) -> LimitRow:
    row = LimitRow(name, group, limit, sense, left, ZERO, ZERO, {})
    if sense == "at_most":
        return replace(row, held=fact, note=f"held at 0: {fact}")
    return replace(row, active=False, note=f"bound unknown: {fact}")


def _tightest(
    found: Sequence[Part | Unknown], matching: Fraction, name: str, sense: Sense
) -> list[Part]:
    # a share of the package's own cost is a ratio: where part of the package matches, that part
    # of its cost is the base
    known = [
        replace(part, constant=part.constant * matching) if part.own else part
        for part in found
        if isinstance(part, Part)
    ]
    sums = [part for part in known if part.base is not None]
    constants = [part for part in known if part.base is None]
    if sense == "at_least" and sums and len(known) > 1:
        fact = "at_least takes no least-of with a share of a sum: it is not linear."
        raise InvalidStudyError([Problem(name, fact, "Write it as an upper limit.")])
    return sums + sorted(constants, key=lambda part: part.constant)[:1]


def _matcher(study: Study, conditions: Filter, *, unknown: bool) -> Callable[[str], Match]:
    cache: dict[str, Match] = {}

    def matched(package: str) -> Match:
        if package not in cache:
            cache[package] = match(conditions, study.package_by_id[package], study, unknown=unknown)
        return cache[package]

    return matched


def _groups(
    study: Study,
    pairs: Sequence[Pair],
    limit: Limit,
    sense: Sense,
    matched: Callable[[str], Match],
) -> dict[str, dict[int, Fraction]]:
    tools = frozenset(study.tools_matching(limit.tools))
    groups: dict[str, dict[int, Fraction]] = {"": {}} if limit.per == "program" else {}
    memberships: dict[str, list[tuple[str, Fraction]]] = {}
    for column, pair in enumerate(pairs):
        if pair.tool not in tools:
            continue
        if pair.package not in memberships:
            package = study.package_by_id[pair.package]
            weight = _weight(limit, package, sense)
            memberships[pair.package] = [
                (group, share if weight is ONE else share * weight)
                for group, share in _memberships(study, limit.per, package, matched, sense)
            ]
        for group, share in memberships[pair.package]:
            use = share * pair.rate if limit.measure == "subsidy" else share
            if use:
                groups.setdefault(group, {})[column] = use
    return groups


def _weight(limit: Limit, package: Package, sense: Sense) -> Fraction:
    if limit.weigh_by is None:
        return ONE
    datum = package.attribute(limit.weigh_by)
    if isinstance(datum, Missing):
        return ONE if sense == "at_most" else ZERO
    if isinstance(datum.value, str):
        fact = f"is the text '{datum.value}', not a share."
        raise InvalidStudyError([Problem(f"{package.id}, {limit.weigh_by}", fact)])
    return exact(datum.value)


def _memberships(
    study: Study, per: str, package: Package, matched: Callable[[str], Match], sense: Sense
) -> list[tuple[str, Fraction]]:
    found = matched(package.id)
    if not found.share:
        return []
    if per == "program":
        return [("", found.share)]
    if per == "package":
        return [(package.id, found.share)]
    if per in ("country", "bloc"):
        if not package.targets:
            return [(UNKNOWN, found.share)] if sense == "at_most" else []
        places = study.country_by_id
        return _summed(
            (places[country].bloc if per == "bloc" else country, share)
            for country, share in found.targets.items()
        )
    if per == "entity":
        if not package.members:
            return [(package.id, found.share)]
        return _summed(
            (study.ultimate_parent(m.entity), exact(m.exposure_share) * found.share)
            for m in package.members
        )
    if per == "anchor":
        anchor = package.anchor
        return [(study.ultimate_parent(anchor) if anchor else package.id, found.share)]
    datum = package.attribute(per)
    if isinstance(datum, Missing):
        return [(UNKNOWN, found.share)] if sense == "at_most" else []
    value = datum.value
    return [(value if isinstance(value, str) else label(value), found.share)]


def _summed(parts_of: Iterator[tuple[str, Fraction]]) -> list[tuple[str, Fraction]]:
    found: dict[str, Fraction] = {}
    for group, share in parts_of:
        found[group] = found[group] + share if group in found else share
    return list(found.items())


def _base(study: Study, pairs: Sequence[Pair], base: SumOf, sense: Sense) -> Terms:
    tools = frozenset(study.tools_matching(base.tools))
    # a larger base eases an upper limit, so an unknown package is not in it; and the reverse
    matched = _matcher(study, base.packages, unknown=sense == "at_least")
    found = {
        column: matched(pair.package).share
        for column, pair in enumerate(pairs)
        if pair.tool in tools
    }
    return {column: share for column, share in found.items() if share}
