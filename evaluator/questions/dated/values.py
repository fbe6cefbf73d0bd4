"""What a study states of law and fact, from which day to which; the study as on another day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from typing import Any

from evaluator.errors import UsageError
from evaluator.model.base import FIRST_DAY, LAST_DAY, Citation, Lasting, Missing
from evaluator.model.country import Attribute, DatedColumn
from evaluator.model.financing import Appropriation, Dated, Institution, Parameter, Tool
from evaluator.model.study import Study
from evaluator.questions.dated.findings import Standing
from evaluator.results.findings import Finding, Findings
from evaluator.results.provenance import (
    Closes,
    HeldIn,
    KnownDays,
    LapsesOn,
    StatedEnvelope,
    StatedState,
    StatedValue,
    UnknownValue,
)
from evaluator.scoring.derivation import rederived

Key = tuple[str, str]
"""Kind and id of a value, such as `parameter`, `exim.exposure_cap`."""
_UNCITED = Citation(title="No source is stated", confidence="unverified")
_ONE_DAY = dt.timedelta(days=1)
_SERIES = ("parameter", "column", "appropriation")
_LASTING = ("limit", "requirement", "authority")
"""Kinds of values that follow one another, and that are in force or not."""


@dataclass(frozen=True)
class Stated:
    """A value of law or fact, and the days on which it stands."""

    kind: str
    id: str
    label: str
    where: str
    """Its place in the files, as keys."""
    citation: Citation
    value: Findings = ()
    from_: dt.date | None = None
    """The first day; None: it has stood all along."""
    until: dt.date | None = None
    """The last day; None: no end is known."""

    @property
    def key(self) -> Key:
        """Kind and id."""
        return self.kind, self.id

    def standing(self, day: dt.date) -> str:
        """Return `past`, `in force` or `ahead`."""
        if self.until is not None and self.until < day:
            return "past"
        return "ahead" if self.from_ is not None and self.from_ > day else "in force"


def stated(study: Study) -> tuple[Stated, ...]:
    """Return all values of law and fact, those of other days among them; a row a value."""
    return (
        *_of_criteria(study),
        *_of_scenario(study),
        *_of_institutions(study),
        *_of_columns(study),
    )


def _of_scenario(study: Study) -> Iterator[Stated]:
    call = study.scenario.call
    if call is not None:
        closes, days = (Closes(call.closes.isoformat()),), (call.opens, call.closes)
        yield Stated("call", "call", "Call for proposals", "call", call.citation, closes, *days)
    for one in study.calendars:
        assumed = sum(out.assumed for out in one.adjournments)
        told = (KnownDays(one.from_.isoformat(), one.until.isoformat(), assumed),)
        where, days = f"calendars.{one.calendar}", (one.from_, one.until)
        yield Stated("calendar", one.calendar, one.label, where, one.citation, told, *days)


def _of_criteria(study: Study) -> Iterator[Stated]:
    for one in study.requirements:
        where, days = f"requirements.{one.id}", (one.from_, one.until)
        yield Stated("requirement", one.id, one.label, where, one.citation, (), *days)
    for scale in study.scales:
        yield Stated("scale", scale.id, scale.label, f"scales.{scale.id}", scale.citation)


def _of_institutions(study: Study) -> Iterator[Stated]:
    for one in study.institutions:
        start = f"institutions.{one.institution}"
        if one.authority is not None:
            last, source = one.authority.lapses_on, one.authority.citation
            label, where = f"Authority of {one.name}", f"{start}.authority"
            told = (LapsesOn(last.isoformat()),)
            yield Stated("authority", one.institution, label, where, source, told, until=last)
        yield from _of_appropriations(one)
        for parameter in one.parameters:
            yield from _of_parameter(parameter, one.institution)
        for tool in one.tools:
            yield from _of_tool(tool, one, study.scenario.vocabulary.envelope.head)
        for limit in one.limits:
            name, where = f"{one.institution}.{limit.id}", f"{start}.limits.{limit.id}"
            days = (limit.from_, limit.until)
            yield Stated("limit", name, limit.label, where, limit.citation, (), *days)


def _of_appropriations(one: Institution) -> Iterator[Stated]:
    label, where = f"Appropriation of {one.name}", f"institutions.{one.institution}.appropriations"
    ends = [after.from_ - _ONE_DAY for after in one.appropriations[1:]]
    for state, until in zip(one.appropriations, [*ends, None], strict=False):
        told, days = (_state(state),), (state.from_, until)
        yield Stated("appropriation", one.institution, label, where, state.citation, told, *days)


def _state(one: Appropriation) -> Finding:
    return StatedState(one.state, one.from_.isoformat(), one.rate)


def _of_tool(tool: Tool, owner: Institution, envelope_word: str) -> Iterator[Stated]:
    name, where = f"{owner.institution}.{tool.id}", f"institutions.{owner.institution}.tools"
    label, where = f"{owner.short or owner.name}: {tool.label}", f"{where}.{tool.id}"
    envelope, subsidy = tool.envelope, tool.subsidy.citation
    told = (StatedEnvelope(envelope.amount),)
    yield Stated("tool", name, label, where, tool.statute)
    what = f"{envelope_word} of {label}"
    yield Stated("envelope", name, what, f"{where}.envelope", envelope.citation, told)
    yield Stated("subsidy rate", name, f"Subsidy of {label}", f"{where}.subsidy", subsidy)


def _of_parameter(one: Parameter, owner: str) -> Iterator[Stated]:
    ends = [after.from_ - _ONE_DAY for after in one.values[1:]]
    for dated, until in zip(one.values, [*ends, None], strict=True):
        yield Stated(
            "parameter",
            f"{owner}.{one.id}",
            one.label,
            f"institutions.{owner}.parameters.{one.id}",
            dated.citation,
            (_value(one, dated),),
            dated.from_,
            until,
        )


def _value(parameter: Parameter, dated: Dated) -> Finding:
    if dated.value is None:
        return UnknownValue(dated.missing or "")
    return StatedValue(dated.value, parameter.unit, dated.from_.isoformat())


def _of_columns(study: Study) -> Iterator[Stated]:
    for one in study.country_attributes:
        if one.citation is None and one.columns is None:
            continue
        part = ("column", one.id, one.label, f"countries.{one.id}", one.citation or _UNCITED)
        if one.columns is None:
            yield Stated(*part, (HeldIn(one.id),))
            continue
        ends = [after.from_ - _ONE_DAY for after in one.columns[1:]]
        for dated, until in zip(one.columns, [*ends, None], strict=True):
            yield Stated(*part, (HeldIn(dated.column),), dated.from_, until)


def turns(study: Study) -> dict[dt.date, tuple[Key, ...]]:
    """Return by day, in order, which values are others on it than on the day before.

    The first day of a parameter or of a column of countries is none: what stood before is not
    stated.
    """
    found: dict[dt.date, dict[Key, None]] = {}
    by_key: dict[Key, list[Stated]] = {}
    for one in stated(study):
        by_key.setdefault(one.key, []).append(one)
    for key, rows in by_key.items():
        days = {after.from_ for _, after in pairwise(rows)}
        if key[0] in _LASTING:
            days |= {rows[0].from_, rows[0].until and rows[0].until + _ONE_DAY}
        for day in filter(None, days):
            if unlike(study, key, day - _ONE_DAY, day):
                found.setdefault(day, {})[key] = None
    return {day: tuple(found[day]) for day in sorted(found)}


def unlike(study: Study, key: Key, one: dt.date, other: dt.date) -> bool:
    """Whether a value is not the same on two days."""
    if key[0] == "parameter":
        numbers = [dated.value if dated else None for dated in _dated(study, key[1], one, other)]
        return numbers[0] != numbers[1]
    if key[0] == "appropriation":
        states = [_institution(study, key[1]).appropriation(day) for day in (one, other)]
        told = [state and (state.state, state.rate) for state in states]
        return told[0] != told[1]
    return value_on(study, key, one) != value_on(study, key, other)


def differing(study: Study, one: dt.date, other: dt.date) -> tuple[Key, ...]:
    """Return the values that are not the same on two days."""
    keys = dict.fromkeys(x.key for x in stated(study) if x.kind in (*_SERIES, *_LASTING))
    return tuple(key for key in keys if unlike(study, key, one, other))


def _dated(study: Study, parameter: str, *days: dt.date) -> list[Dated | None]:
    return [study.parameters[parameter].on(day) for day in days]


def value_on(study: Study, key: Key, day: dt.date) -> Finding:
    """Return what a value is on a day; of a limit, requirement or authority, whether it stands."""
    kind, name = key
    if kind == "parameter":
        dated = study.parameters[name].on(day)
        return _value(study.parameters[name], dated) if dated else UnknownValue("")
    if kind == "column":
        return HeldIn(_attribute(study, name).on(day) or "")
    if kind == "appropriation":
        state = _institution(study, name).appropriation(day)
        return _state(state) if state else UnknownValue("")
    if kind == "authority":
        authority = _institution(study, name).authority
        return Standing(authority is None or day <= authority.lapses_on)
    return Standing(_lasting(study, key).holds_on(day))


def countries_unlike(study: Study, column: str, one: dt.date, other: dt.date) -> tuple[str, ...]:
    """Return the countries of which a fact is not the same on two days."""
    attribute = _attribute(study, column)
    held = [attribute.on(day) for day in (one, other)]

    def fact(country: Any, name: str | None) -> object:
        datum = country.attributes.get(name) if name else None
        return None if datum is None or isinstance(datum, Missing) else datum.value

    return tuple(c.id for c in study.countries if fact(c, held[0]) != fact(c, held[1]))


def on_day(study: Study, day: dt.date) -> Study:
    """Return the study as of another day.

    Raises UsageError, with all of them, where a parameter has no value on that day.
    """
    lacking = [
        f"{name} from {one.values[0].from_}"
        for name, one in study.parameters.items()
        if one.on(day) is None
    ]
    if lacking:
        raise UsageError(
            f"there is no study as of {day}: parameters have a value only from a later day on "
            f"({', '.join(lacking)}). Choose a later day, or add the earlier values."
        )
    scenario = study.scenario.model_copy(update={"as_of": day})
    return rederived(study.model_copy(update={"scenario": scenario}))


def as_on(study: Study, keys: Collection[Key], day: dt.date) -> Study:
    """Return the study, its own day kept, in which some values are as they are on another day."""
    return reduce(lambda found, key: _swapped(found, key, day), keys, study)


def _swapped(study: Study, key: Key, day: dt.date) -> Study:
    kind, name = key
    if kind == "column":
        found = [_column(one, day) if one.id == name else one for one in study.country_attributes]
        return rederived(study.model_copy(update={"country_attributes": tuple(found)}))
    if kind == "requirement":
        asked = [
            _lasting_on(one, study, day) if one.id == name else one for one in study.requirements
        ]
        return study.model_copy(update={"requirements": tuple(asked)})
    owner = name if kind in ("authority", "appropriation") else name.partition(".")[0]
    every = [
        _of_institution(one, key, study, day) if one.institution == owner else one
        for one in study.institutions
    ]
    return study.model_copy(update={"institutions": tuple(every)})


def _of_institution(one: Institution, key: Key, study: Study, day: dt.date) -> Institution:
    kind, name = key
    if kind == "authority":
        if one.authority is None:
            return one
        last = LAST_DAY if day <= one.authority.lapses_on else FIRST_DAY
        return one.model_copy(
            update={"authority": one.authority.model_copy(update={"lapses_on": last})}
        )
    if kind == "appropriation":
        state = one.appropriation(day)
        held = (state.model_copy(update={"from_": FIRST_DAY}),) if state else ()
        return one.model_copy(update={"appropriations": held})
    short = name.partition(".")[2]
    if kind == "limit":
        limits = [_lasting_on(x, study, day) if x.id == short else x for x in one.limits]
        return one.model_copy(update={"limits": tuple(limits)})
    parameters = [_parameter(x, day) if x.id == short else x for x in one.parameters]
    return one.model_copy(update={"parameters": tuple(parameters)})


def _parameter(one: Parameter, day: dt.date) -> Parameter:
    dated = one.on(day)
    assert dated is not None  # noqa: S101  a study as of that day was asked for before
    return one.model_copy(update={"values": (dated.model_copy(update={"from_": FIRST_DAY}),)})


def _column(one: Attribute, day: dt.date) -> Attribute:
    column, first = one.on(day), (one.columns or ())[0].column
    dated = DatedColumn(**{"from": FIRST_DAY if column else LAST_DAY}, column=column or first)
    return one.model_copy(update={"columns": (dated,)})


def _lasting_on(one: Any, study: Study, day: dt.date) -> Any:
    """Return what lasts so that it stands on the study's day as it does on another."""
    ends: dict[str, dt.date | None] = {"from_": None, "until": None}
    if not one.holds_on(day):
        ends["until"] = study.as_of - _ONE_DAY
    return one.model_copy(update=ends)


def _attribute(study: Study, name: str) -> Attribute:
    return next(one for one in study.country_attributes if one.id == name)


def _institution(study: Study, name: str) -> Institution:
    return next(one for one in study.institutions if one.institution == name)


def _lasting(study: Study, key: Key) -> Lasting:
    kind, name = key
    if kind == "limit":
        return study.limits[name]
    return next(one for one in study.requirements if one.id == name)
