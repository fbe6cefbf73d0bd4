"""What rests on a value that was not read in its source: which limits bind on it, with dollars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from evaluator.model.base import Frozen
from evaluator.model.study import Study
from evaluator.questions.dated.tables import LAW_CONFIDENCE
from evaluator.questions.dated.values import Key, Stated, stated
from evaluator.results.evaluation import Allocated

READ = ("seen", "derived")
"""Of what was read, or worked out from what was read."""


def rests_on(study: Study) -> dict[Key, tuple[Key, ...]]:
    """Return by value what rests on it, each as `limit`, `tool` or `requirement` and its id.

    A limit rests on its own source, on the parameters and columns that it names, and on the
    subsidy rates that it adds up. A tool rests on its statute, its envelope (a limit of its own),
    its subsidy rate and what it names; a requirement on its source, and on columns of countries.
    """
    found: dict[Key, dict[Key, None]] = {}

    def rests(thing: Key, on: Key) -> None:
        found.setdefault(on, {})[thing] = None

    for one in study.institutions:
        for tool in one.tools:
            name = f"{one.institution}.{tool.id}"
            itself: Key = ("tool", name)
            rests(itself, itself)
            rests(itself, ("authority", one.institution))
            rests(itself, ("appropriation", one.institution))
            rests(itself, ("subsidy rate", name))
            rests(("limit", f"{name}.envelope"), ("envelope", name))
            for named in _named((tool.eligible, tool.tenor_at_most, tool.subsidy.rate), study):
                rests(itself, named)
        for limit in one.limits:
            itself = ("limit", f"{one.institution}.{limit.id}")
            rests(itself, itself)
            bounds = (limit.packages, limit.at_most, limit.at_least, limit.plus, limit.when)
            for named in _named(bounds, study):
                rests(itself, named)
            if limit.measure == "subsidy":
                for tool_id in study.tools_matching(limit.tools):
                    rests(itself, ("subsidy rate", tool_id))
    for requirement in study.requirements:
        itself = ("requirement", requirement.id)
        rests(itself, itself)
        barred = requirement.check.members.headquarters_not if requirement.check.members else ()
        for column in barred:
            rests(itself, ("column", column))
    return {on: tuple(things) for on, things in found.items()}


def _named(part: object, study: Study) -> Iterator[Key]:
    """Yield the parameters and the cited columns of countries that a part of a rule names."""
    cited = {one.id for one in study.country_attributes if one.citation or one.columns}
    for text in _texts(part):
        if text in study.parameters:
            yield "parameter", text
        elif text.startswith("host.") and text.removeprefix("host.") in cited:
            yield "column", text.removeprefix("host.")


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, Frozen):
        for _, one in part:
            yield from _texts(one)
    elif isinstance(part, Mapping):
        for key, one in part.items():
            yield from _texts(key)
            yield from _texts(one)
    elif isinstance(part, tuple):
        for one in part:
            yield from _texts(one)


def weak_sources(evaluation: Allocated) -> pd.DataFrame:
    """Return a row a value in force that was not read in its source and what rests on it.

    Columns: as `law_confidence`. A value on which no limit, tool or gate rests has a row of its
    own, without a subject.
    """
    study = evaluation.study
    rests = rests_on(study)
    rows = []
    for one in stated(study):
        if one.citation.counted in READ or one.standing(study.as_of) != "in force":
            continue
        things = rests.get(one.key, (("", ""),))
        rows += [_row(one, thing, evaluation) for thing in things]
    return LAW_CONFIDENCE.frame(rows)


def _row(one: Stated, thing: Key, evaluation: Allocated) -> dict[str, object]:
    kind, subject = thing
    found = {"limit": _of_limit, "tool": _of_tool, "requirement": _of_requirement}.get(kind)
    binds, packages, usd = found(subject, evaluation) if found else (None, None, None)
    return {
        "confidence": one.citation.confidence,
        "bill": one.citation.bill or "",
        **{"kind": one.kind, "id": one.id, "label": one.label, "citation": one.citation.title},
        **{"rests": kind, "subject": subject, "binds": binds, "groups": packages, "usd": usd},
    }


Told = tuple[bool | None, int | None, int | None]
"""Whether it binds, how many groups or packages, how many dollars."""


def _of_limit(limit: str, evaluation: Allocated) -> Told:
    table = evaluation.allocation.limits
    rows = table[(table["limit"] == limit) & table["binding"]]
    if not evaluation.allocation.exists:
        return None, None, None
    return not rows.empty, len(rows), int(rows["used"].sum())


def _of_tool(tool: str, evaluation: Allocated) -> Told:
    if not evaluation.allocation.exists:
        return None, None, None
    amounts = evaluation.allocation.amounts[tool]
    return None, int((amounts > 0).sum()), int(amounts.sum())


def _of_requirement(requirement: str, evaluation: Allocated) -> Told:
    gates = evaluation.gates
    open_ = gates[(gates["requirement"] == requirement) & (gates["outcome"] != "passed")]
    return not open_.empty, len(open_), None
