"""Limits of the study -> exact rows, one a limit and group."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evaluator.allocation.model.columns import Layout
from evaluator.allocation.model.exact.numbers import Entries, Places, rows_of, without_zeros
from evaluator.allocation.model.exact.rows import ONE, ZERO, Rational, Sense, exact
from evaluator.allocation.model.findings import (
    BoundUnknown,
    ConditionUnknown,
    HeldAtZero,
    LimitIgnored,
    NothingUnderIt,
    NotInForce,
    OutsideItsDays,
    Overrun,
    Stated,
    stated,
)
from evaluator.allocation.model.limits.bounds import Part, Unknown, attributes, parts, scalar
from evaluator.allocation.model.limits.families import Family, LimitRow, Line, SharedSum
from evaluator.allocation.model.limits.groups import column_group, grouped
from evaluator.allocation.model.requests.eligibility import Eligibility
from evaluator.allocation.model.requests.facts import Facts
from evaluator.allocation.model.requests.matching import Matches, matches
from evaluator.allocation.model.requests.requests import Requests
from evaluator.errors import InvalidStudyError, Problem
from evaluator.model.base import Missing
from evaluator.model.financing import GROUPS, Bound, Limit, ShareOf, SumOf
from evaluator.model.package import Package
from evaluator.model.study import Study

_Lines = list[tuple[Line, SumOf | None]]
"""Right-hand sides, each with the sum that it is a share of."""
_Sums = dict[tuple[SumOf, Sense, bool], SharedSum]
"""Those of a study so far; the sense says how what is unknown counts, the flag whether packages do
rather than dollars."""


def all_limits(study: Study) -> dict[str, Limit]:
    """Return every limit by its full id, in the order of ids.

    Envelopes of tools are among them, and under a continuing resolution what it gives of the year
    before.
    """
    word = study.scenario.vocabulary.envelope.head
    envelopes = {
        f"{name}.envelope": Limit(
            id=f"{name}.envelope",
            label=f"{word}: {tool.label}",
            kind="law",
            tools=(name,),
            at_most=tool.envelope.amount,
            citation=tool.envelope.citation,
        )
        for name, tool in study.tools.items()
    }
    return dict(sorted({**envelopes, **_continued(study), **study.limits}.items()))


def _continued(study: Study) -> dict[str, Limit]:
    states = {name: one.appropriation(study.as_of) for name, one in study.institution_of.items()}
    return {
        f"{name}.appropriation": Limit(
            id=f"{name}.appropriation",
            label=f"Continuing resolution: {study.tools[name].label}",
            kind="law",
            tools=(name,),
            at_most=_part_of(state.rate, study.tools[name].last_year or 0),
            citation=state.citation,
        )
        for name, state in states.items()
        if state is not None and state.rate is not None
    }


def _part_of(rate: float, amount: int | str) -> Bound:
    """Return a share of an amount in whole dollars, or of a parameter."""
    if isinstance(amount, str):
        return ShareOf(share=rate, of=amount)
    return math.floor(exact(rate) * amount)


def ignored(study: Study, name: str, limit: Limit) -> LimitIgnored | None:
    """Return why a scenario leaves a limit out; None if it does not."""
    for pattern, override in study.scenario.allocation.ignore.items():
        if pattern in (name, f"kind:{limit.kind}"):
            return LimitIgnored(name, override.because, override.by, override.date.isoformat())
    return None


def limit_families(study: Study, eligibility: Eligibility, layout: Layout) -> tuple[Family, ...]:
    """Return the rows of all limits, those not in force among them, marked; notices bound none."""
    found: list[Family] = []
    sums: _Sums = {}
    for name, limit in all_limits(study).items():
        if limit.kind == "notice":
            continue
        family = _family(eligibility, name, limit, sums, layout)
        idle = ignored(study, name, limit) or _not_in_force(study, name, limit)
        if idle:
            lines = [line._replace(active=False, note=idle) for line in family.lines]
            family = replace(family, lines=lines)
        found.append(family)
    return tuple(found)


def notice_rows(study: Study, eligibility: Eligibility) -> tuple[LimitRow, ...]:
    """Return what is reported above a threshold: notices in force, as rows that bound nothing.

    Whether it is above the threshold or from it on, what is not known counts, so that more is told.
    """
    sums: _Sums = {}
    return tuple(
        row
        for name, limit in all_limits(study).items()
        if limit.kind == "notice" and not ignored(study, name, limit)
        if not _not_in_force(study, name, limit)
        for row in _family(eligibility, name, _as_upper(limit), sums).rows
    )


def _as_upper(limit: Limit) -> Limit:
    if limit.at_least is None:
        return limit
    return limit.model_copy(update={"at_most": limit.at_least, "at_least": None})


def _not_in_force(
    study: Study, name: str, limit: Limit
) -> ConditionUnknown | NotInForce | OutsideItsDays | None:
    if not limit.holds_on(study.as_of):
        return OutsideItsDays(name, str(limit.from_ or ""), str(limit.until or ""))
    if limit.when is None:
        return None
    parameter = limit.when.parameter
    dated = study.parameter(parameter)
    if dated.value is None:
        return ConditionUnknown(name, Stated(parameter, missing=dated.missing or ""))
    threshold = scalar(limit.when.at_least, study, None)
    if isinstance(threshold, Unknown):
        return ConditionUnknown(name, threshold.fact)
    if exact(dated.value) < threshold.value:
        return NotInForce(name, parameter, dated.value, float(threshold.value))
    return None


def _family(
    eligibility: Eligibility, name: str, limit: Limit, sums: _Sums, layout: Layout | None = None
) -> Family:
    requests = eligibility.requests
    facts, study = requests.facts, requests.facts.study
    sense: Sense = "at_most" if limit.at_most is not None else "at_least"
    chosen = _under(requests, limit.tools)
    among = requests.packages(chosen)
    matched = matches(limit.packages, facts, among, unknown=sense == "at_most")
    groups, left = grouped(limit, sense, requests, eligibility.offers.rate, chosen, matched)
    if limit.measure == "packages" and layout is not None:
        left = _counting(left, requests, layout, study.tools_matching(limit.tools))
    if not groups:
        group = np.zeros(1, dtype=np.intp)
        line = Line(active=False, note=NothingUnderIt(name))
        return Family(name, limit, sense, [""], rows_of([{}]), group, [line])
    if limit.per == "package":
        group, told = _by_package(facts, name, limit, sense, groups, matched)
    elif limit.per not in GROUPS and attributes(limit, study):
        group, told = _by_column(facts, name, limit, sense, groups)
    elif limit.outstanding:
        group, told = _by_holder(study, name, limit, sense, groups)
    else:
        found = _lines(study, name, limit, sense)
        group, told = np.repeat(np.arange(len(groups)), len(found)), found * len(groups)
    counts = layout if limit.measure == "packages" else None
    lines = [_with_sum(line, of, requests, name, sense, sums, counts) for line, of in told]
    return Family(name, limit, sense, groups, left, group, lines)


def _with_sum(
    line: Line,
    of: SumOf | None,
    requests: Requests,
    name: str,
    sense: Sense,
    sums: _Sums,
    counts: Layout | None,
) -> Line:
    """Return a line with the sum that its bound is a share of, which all limits have in common.

    counts: of a limit that counts packages; in its rows each weighs as a unit of dollars does.
    """
    if counts is not None:
        weight = counts.unit
        told = line.plus * weight, line.constant * weight, line.bound * weight
        line = line._replace(plus=told[0], constant=told[1], bound=told[2])
    if of is None or not line.share:
        return line
    key = of, sense, counts is not None
    if key not in sums:
        entries = _added(requests, of, sense)
        if counts is not None:
            tools = requests.facts.study.tools_matching(of.tools)
            entries = _counting(entries, requests, counts, tools)
        same = (one for one in sums.values() if one.terms == entries.terms[0])
        sums[key] = next(same, None) or SharedSum(name, entries)
    return line._replace(sum=sums[key])


def _counting(
    entries: Entries, requests: Requests, layout: Layout, tools: tuple[str, ...]
) -> Entries:
    """Return rows of packages that get any of some tools, from rows of their amounts.

    One package weighs as a unit of dollars does, so that such rows are scaled as others are.
    """
    names = requests.facts.names
    counted = layout.counted[tools]
    terms = [
        {counted[names[requests.package[at]]]: share * layout.unit for at, share in row.items()}
        for row in entries.terms
    ]
    return rows_of(terms)


def _under(requests: Requests, tools: Sequence[str]) -> Places:
    """Return the requests of some tools."""
    wanted = frozenset(requests.facts.study.tools_matching(tools))
    chosen = np.array([tool in wanted for tool in requests.tools], dtype=np.bool_)
    return np.flatnonzero(chosen[requests.tool])


def _by_package(
    facts: Facts, name: str, limit: Limit, sense: Sense, packages: Sequence[str], matched: Matches
) -> tuple[Places, _Lines]:
    """Return the lines of packages, each with the place of its package; facts alike, once."""
    places = np.array([facts.place[package] for package in packages], dtype=np.intp)
    columns = [facts.of_package(one).code for one in attributes(limit, facts.study)]
    alike = zip(*(code[places].tolist() for code in (matched.share.code, *columns)), strict=True)
    shares = matched.share.take(places).numbers
    seen: dict[tuple[int, ...], _Lines] = {}
    found: list[_Lines] = []
    for place, key, share in zip(places.tolist(), alike, shares, strict=True):
        lines = seen.get(key)
        if lines is None:
            lines = _lines(facts.study, name, limit, sense, facts.packages[place], share)
            if all(line.active and line.note is None for line, _ in lines):
                # a line that lacks a fact names its package
                seen[key] = lines
        found.append(lines)
    return _in_order(found)


def _by_column(
    facts: Facts, name: str, limit: Limit, sense: Sense, groups: Sequence[str]
) -> tuple[Places, _Lines]:
    """Return the lines of groups by a column; packages of one group state the same of it."""
    first: dict[str, Package] = {}
    for package in facts.packages:
        first.setdefault(column_group(package, limit.per), package)
    found: list[_Lines] = []
    for group in groups:
        datum = first[group].attribute(limit.per)
        if isinstance(datum, Missing):
            lacking = stated(limit.per, first[group].id, datum)
            found.append([(Line(note=HeldAtZero(name, lacking)), None)])
        else:
            found.append(_lines(facts.study, name, limit, sense, first[group]))
    return _in_order(found)


def _by_holder(
    study: Study, name: str, limit: Limit, sense: Sense, entities: Sequence[str]
) -> tuple[Places, _Lines]:
    """Return the lines of entities, each with the place of its entity."""
    owed = outstanding(study, limit.tools)
    found = [_lines(study, name, limit, sense, owed=owed.get(one, 0)) for one in entities]
    return _in_order(found)


def _in_order(found: Sequence[_Lines]) -> tuple[Places, _Lines]:
    """Return the lines of groups one after another, each with the place of its group."""
    group = np.repeat(np.arange(len(found)), [len(lines) for lines in found])
    return group, [line for lines in found for line in lines]


def outstanding(study: Study, tools: Sequence[str]) -> dict[str, int]:
    """Return what the institutions of some tools have outstanding, by entity that controls."""
    institutions = {study.institution_of[tool].institution for tool in study.tools_matching(tools)}
    found: dict[str, int] = defaultdict(int)
    for entity in study.entities:
        for exposure in entity.exposures:
            if exposure.institution in institutions:
                found[study.control.top[entity.id]] += exposure.amount_usd
    return found


def _lines(
    study: Study,
    name: str,
    limit: Limit,
    sense: Sense,
    package: Package | None = None,
    share: Rational = ONE,
    owed: int = 0,
) -> _Lines:
    """Return the right-hand sides of one group; share: of the package that matches.

    owed: what is outstanding to the group already.
    """
    plus = scalar(limit.plus, study, package)
    found = parts(limit.bound, study, package)
    lacking = [part.fact for part in (plus, *found) if isinstance(part, Unknown)]
    if lacking or isinstance(plus, Unknown):
        fact = lacking[0]
        if sense == "at_most":
            return [(Line(note=HeldAtZero(name, fact)), None)]
        return [(Line(active=False, note=BoundUnknown(name, fact)), None)]
    lines: _Lines = []
    for part in _tightest(found, share, name, sense):
        used = plus.value + owed
        room = part.constant - used if used else part.constant
        over = sense == "at_most" and room.numerator < 0
        bound, note = (ZERO, Overrun(name)) if over else (room, None)
        lines.append((Line(used, part.constant, bound, part.share, note=note), part.base))
    return lines


def _tightest(
    found: Sequence[Part | Unknown], matching: Rational, name: str, sense: Sense
) -> list[Part]:
    # a share of the package's own cost is a ratio: where part of the package matches, that part
    # of its cost is the base
    known = [
        part._replace(constant=part.constant * matching) if part.own and matching != ONE else part
        for part in found
        if isinstance(part, Part)
    ]
    if len(known) == 1:
        return known
    sums = [part for part in known if part.base is not None]
    constants = [part for part in known if part.base is None]
    if sense == "at_least" and sums:
        fact = "at_least takes no least-of with a share of a sum: it is not linear."
        raise InvalidStudyError([Problem(name, fact, "Write it as an upper limit.")])
    return sums + sorted(constants, key=lambda part: part.constant)[:1]


def _added(requests: Requests, of: SumOf, sense: Sense) -> Entries:
    """Return what a dollar of each request adds to a sum, as one row."""
    chosen = _under(requests, of.tools)
    among = requests.packages(chosen)
    # a larger base eases an upper limit, so an unknown package is not in it; and the reverse
    matched = matches(of.packages, requests.facts, among, unknown=sense == "at_least")
    row = np.zeros(len(chosen), dtype=np.intp)
    share = matched.share.take(requests.package[chosen])
    return without_zeros(Entries(1, row, chosen, share))


def subsidy_budget(limit: Limit) -> int | str | None:
    """Return the amount, or the parameter, of an appropriation for subsidy of the whole program.

    None for any other limit.
    """
    wide = (limit.kind, limit.measure, limit.per) == ("law", "subsidy", "program")
    return limit.at_most if wide and isinstance(limit.at_most, int | str) else None
