"""Whether a scenario's own keys name what exists, and agree with one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evaluator.errors import Problem, Vocabulary
from evaluator.loading.checks.naming import unknown
from evaluator.loading.checks.round import SUM
from evaluator.loading.documents.located import Node
from evaluator.model.scenario import Information, Intervals
from evaluator.model.study import Study
from evaluator.scoring.aggregation import refused_parameters
from evaluator.scoring.weights import elicit, full_id, weighed_criteria, weight_problems

_KINDS = ("kind:goal", "kind:law")


def in_settings(study: Study, document: Node) -> Iterator[Problem]:
    """Check the scenario's own keys against agencies, packages, tools and limits."""
    yield from _influence(study, document)
    yield from _named(study, document)
    yield from _information(study, document)
    call = study.scenario.call
    if call is not None and call.closes < call.opens:
        fact = f"the call closes on {call.closes}, before it opens on {call.opens}."
        yield Problem(_at(document, "call", "closes"), fact, "Mend one of the two.")
    yield from _coordination(study, document)
    refused = refused_parameters(study.scenario.method)
    if refused:
        yield Problem(_at(document, "method"), refused, "Mend the parameter.")


def _at(document: Node, *path: str) -> str:
    return f"{document.nearest(path).where}, {'.'.join(path)}"


def _coordination(study: Study, document: Node) -> Iterator[Problem]:
    body = study.scenario.coordination
    agencies = [a.agency for a in study.agencies]
    institutions = [i.institution for i in study.institutions]
    for index, seat in enumerate(body.members if body else ()):
        where = f"{document.nearest(('coordination', 'members', index)).where}, coordination"
        if seat.agency is not None:
            yield from unknown(seat.agency, agencies, "the agency", where)
        if seat.institution is not None:
            yield from unknown(seat.institution, institutions, "the institution", where)


def _influence(study: Study, document: Node) -> Iterator[Problem]:
    agencies = [a.agency for a in study.agencies]
    shares = study.influence
    where = _at(document, "influence", "shares")
    if study.scenario.influence is None:
        if len(agencies) > 1:
            fact = f"how much {', '.join(agencies)} count is not stated."
            yield Problem(where, fact, "State shares that sum to 1.")
        return
    for agency in shares:
        yield from unknown(agency, agencies, "the agency", where)
    for agency in agencies:
        if agency not in shares:
            yield Problem(where, f"the agency '{agency}' is missing.", "Add it.")
    if abs(sum(shares.values()) - 1) > SUM:
        fact = f"the shares sum to {sum(shares.values()):.10g}, not to 1."
        yield Problem(where, fact, "Mend them; nothing is rescaled in silence.")


def _named(study: Study, document: Node) -> Iterator[Problem]:
    agencies = [a.agency for a in study.agencies]
    ids = Vocabulary(study.package_by_id)
    settings = study.scenario
    for agency in settings.designation.min_agency:
        where = _at(document, "designation", "min_agency", agency)
        yield from unknown(agency, agencies, "the agency", where)
    if settings.allocation.must and "financing" not in study.parts:
        fact = "support is demanded, and this study has no financing."
        remedy = "Name financing in the scenario, or take must out."
        yield Problem(_at(document, "allocation", "must"), fact, remedy)
    by = settings.designation.tie_break
    if by is not None:
        where = _at(document, "designation", "tie_break")
        yield from unknown(by, study.criteria, "the criterion", where)
    named: dict[str, Mapping[str, Any]] = {
        "designation.include": settings.designation.include,
        "designation.exclude": settings.designation.exclude,
        "allocation.must": settings.allocation.must,
        "allocation.must_not": settings.allocation.must_not,
    }
    for section, entries in named.items():
        for package, entry in entries.items():
            where = _at(document, *section.split("."), package)
            yield from unknown(package, ids, "the package", where)
            tool = getattr(entry, "tool", None)
            if tool is not None:
                yield from unknown(tool, study.tools, "the tool", where)
    for tool in settings.allocation.tool_weights:
        where = _at(document, "allocation", "tool_weights", tool)
        yield from unknown(tool, study.tools, "the tool", where)
    reserve = settings.allocation.reserve
    for tool in reserve if isinstance(reserve, Mapping) else ():
        where = _at(document, "allocation", "reserve", tool)
        yield from unknown(tool, study.tools, "the tool", where)
    stated = [tool for tool, one in study.institution_of.items() if one.appropriations]
    limits = [*study.limits, *(f"{tool}.envelope" for tool in study.tools)]
    limits += [f"{tool}.appropriation" for tool in stated]
    for pattern in settings.allocation.ignore:
        if pattern in (*_KINDS, *limits):
            continue
        where = _at(document, "allocation", "ignore", pattern)
        if pattern.startswith("kind:"):
            fact = f"there is no kind of limit '{pattern}' to leave out."
            yield Problem(where, fact, f"Write {' or '.join(_KINDS)}.")
        else:
            yield from unknown(pattern, limits, "the limit", where)


def _information(study: Study, document: Node) -> Iterator[Problem]:
    """Check the intervals that are said to hold influence and weights."""
    settings = study.scenario.uncertainty
    agencies = [a.agency for a in study.agencies]
    where = _at(document, "uncertainty", "influence")
    yield from _intervals(settings.influence, agencies, study.influence, where)
    for name in settings.weights_of:
        where = _at(document, "uncertainty", "weights_of", name)
        yield from unknown(name, agencies, "the agency", where)
    faulty = {agency for agency, *_ in weight_problems(study)}
    for agency in study.agencies:
        own = agency.agency in settings.weights_of
        steps = ("weights_of", agency.agency) if own else ("weights",)
        known = settings.weights_of.get(agency.agency, settings.weights)
        if isinstance(known, Intervals):
            full = {full_id(agency.agency, n, study): b for n, b in known.intervals.items()}
            known = Intervals(intervals=full)
        where = f"{_at(document, 'uncertainty', *steps)}, weights of {agency.agency}"
        stated = {} if agency.agency in faulty else elicit(agency, study).weights
        yield from _intervals(known, weighed_criteria(agency, study), stated, where)


def _intervals(
    known: Information, names: Sequence[str], stated: Mapping[str, float], where: str
) -> Iterator[Problem]:
    if not isinstance(known, Intervals):
        return
    for name, (low, high) in known.intervals.items():
        yield from unknown(name, names, "the name", where)
        share = stated.get(name, low)
        if low > high:
            fact = f"the interval of '{name}' begins at {low:g} and ends at {high:g}."
            yield Problem(where, fact, "Write the lower bound first.")
        elif not low - SUM <= share <= high + SUM:
            fact = (
                f"the interval of '{name}', {low:.10g} to {high:.10g}, leaves out the share that "
                f"is stated, {share:.10g}."
            )
            remedy = "Widen the interval until it holds what is stated, or state another share."
            yield Problem(where, fact, remedy)
