"""A decision problem of XMCDA -> a study, or a matrix to be ranked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from evaluator.errors import InvalidStudyError, Problem
from evaluator.importing.documents import agency, identifiers, measure, noun, scenario
from evaluator.importing.material import SCENARIO, Imported, Left, Note, Reader, Row, Source, Taken
from evaluator.importing.xmcda.elements import is_xmcda
from evaluator.importing.xmcda.problem import Decision, Value, read_decision
from evaluator.importing.xmcda.values import Judged, judged
from evaluator.loading.matrix import Matrix

_JUDGE = "analyst"
_UNIT = "as stated"
_MIDDLE = "middle of the interval"
_RANK = "rank of the label"


def read(source: Source, day: dt.date) -> Imported:
    """Read a decision problem: alternatives, criteria, performances, weights, value functions.

    Criteria without a value function get a straight line between the ends of their scale, or of
    the performances where none are stated. day: of the study. Raises InvalidStudyError with all
    faults, each at the line of its element.
    """
    found = read_decision(source)
    problems: list[Problem] = []
    criteria = judged(found, problems)
    if problems:
        raise InvalidStudyError(list(dict.fromkeys(problems)))
    packages = identifiers(list(found.alternatives))
    names = identifiers(list(found.criteria), dots=False)
    record: list[Taken | Left] = []
    rows = [_package(found, name, own, record) for name, own in packages.items()]
    measures = [
        _measured(found, name, own, criterion, names[criterion], record)
        for name, own in packages.items()
        for criterion in found.criteria
    ]
    tables: dict[str, Sequence[Row]] = {"packages": rows, "measures": measures}
    if found.inactive:
        tables["exclusions"] = [_excluded(found, name, record) for name in sorted(found.inactive)]
    documents = _documents(source, day, found, criteria, names)
    record += _of_criteria(found, criteria, names)
    return Imported(tables, documents, record, tuple(_notes(source, found, criteria)))


READER = Reader("xmcda", "a decision problem in XMCDA 2 or 3, a file or a folder", is_xmcda, read)


def matrix(source: Source) -> Matrix:
    """Return a decision problem as alternatives by criteria, with weights and directions.

    Performances stay as they are stated. Raises InvalidStudyError with all faults, of which one is
    a performance that is not known.
    """
    found = read_decision(source)
    problems = []
    names = {name: one.title for name, one in found.criteria.items()}
    if len(set(names.values())) < len(names):
        names = {name: name for name in names}
    for alternative, element in found.alternatives.items():
        for name in found.criteria:
            value = found.performances.get((alternative, name))
            if value is None or value.number is None:
                where = value.element if value is not None else element
                fact = f"the performance of '{alternative}' on '{name}' is not known."
                problems.append(Problem(str(where.place("performanceTable")), fact, "State it."))
    if problems:
        raise InvalidStudyError(problems)
    frame = pd.DataFrame(
        {
            title: [found.performances[one, name].number for one in found.alternatives]
            for name, title in names.items()
        },
        index=[found.titles[one] for one in found.alternatives],
    )
    if not frame.index.is_unique:
        frame.index = pd.Index(list(found.alternatives))
    weights = {title: found.criteria[name].weight for name, title in names.items()}
    stated = {name: weight for name, weight in weights.items() if weight is not None}
    better = {title: found.criteria[name].direction for name, title in names.items()}
    directions = {name: word for name, word in better.items() if word is not None}
    return Matrix(
        frame,
        stated if len(stated) == len(names) else None,
        directions if len(directions) == len(names) else None,
    )


def _package(found: Decision, name: str, own: str, record: list[Taken | Left]) -> Row:
    element = found.alternatives[name]
    place = element.place("alternatives")
    record.append(Taken(place, name, own, "packages.id", own))
    title = found.titles[name]
    if title != name:
        record.append(Taken(place, title, title, "packages.title", own))
    return Row({"id": own, "title": title}, {"id": place, "title": place})


def _measured(
    found: Decision,
    name: str,
    own: str,
    criterion: str,
    short: str,
    record: list[Taken | Left],
) -> Row:
    value = found.performances.get((name, criterion))
    one = found.criteria[criterion]
    cells = {
        "package": own,
        "criterion": f"{_JUDGE}.{short}",
        "value": "",
        "unit": one.unit or _UNIT,
    }
    if value is None:
        return Row(cells)
    place = value.element.place("performanceTable")
    if value.number is None:
        cells["value"], how = "n/a: NA in the file", "missing"
    else:
        cells["value"], how = repr(value.number), _done(value)
        if value.low is not None and value.high is not None:
            cells |= {"low": repr(value.low), "high": repr(value.high)}
    field = f"measures.{short}"
    record.append(Taken(place, value.found, cells["value"], field, own, how))
    return Row(cells, {"value": place})


def _done(value: Value) -> str:
    if value.low is not None:
        return _MIDDLE
    return _RANK if value.label else ""


def _excluded(found: Decision, name: str, record: list[Taken | Left]) -> Row:
    place = found.inactive[name].place("alternatives")
    record.append(Taken(place, name, name, "exclusions.row", name, "not active"))
    return Row({"row": found.titles[name], "reason": "Not active in the file."}, {"row": place})


def _documents(
    source: Source,
    day: dt.date,
    found: Decision,
    criteria: Mapping[str, Judged],
    names: Mapping[str, str],
) -> dict[str, Any]:
    judgements = {names[name]: own.weight for name, own in criteria.items()}
    weights = {"method": "points", "out_of": 1, "confidence": "seen", "judgements": judgements}
    told = [
        measure(
            names[name],
            found.criteria[name].title,
            found.criteria[name].unit or _UNIT,
            own.value,
            source.file,
            **({"direction": own.direction} if own.direction else {}),
        )
        for name, own in criteria.items()
    ]
    vocabulary = {"agency": noun("analyst"), "package": noun("alternative")}
    title = source.path.stem
    return {
        SCENARIO: scenario(title, day.isoformat(), {_JUDGE: 1}, source.file, vocabulary=vocabulary),
        f"criteria/{_JUDGE}.yaml": agency(_JUDGE, "Analyst", told, weights),
    }


def _of_criteria(
    found: Decision, criteria: Mapping[str, Judged], names: Mapping[str, str]
) -> Iterator[Taken | Left]:
    """Yield what was taken of criteria, and what the study has no form for."""
    for name, one in found.criteria.items():
        own, short = criteria[name], names[name]
        place = one.element.place("criteria")
        yield Taken(place, name, short, "criteria.id", short)
        if one.title != name:
            yield Taken(place, one.title, one.title, "criteria.label", short)
        if one.at is not None and own.direction is not None:
            place = one.at.place("criteria")
            yield Taken(place, one.at.words, own.direction, "criteria.direction", short)
        if one.weighed is not None:
            place = one.weighed.place("criteriaValues")
            how = "divided by the sum of weights"
            yield Taken(
                place, one.weighed.words, repr(own.weight), "weights.judgements", short, how
            )
        if one.function is not None:
            points = " ".join(f"{raw:g}:{worth:g}" for raw, worth in one.points)
            taken = " ".join(f"{raw:g}:{worth:g}" for raw, worth in own.value["piecewise"])
            place = one.function.place("criteria")
            yield Taken(place, points, taken, "criteria.value", short, own.how)
        for threshold in one.thresholds:
            concept = threshold.attributes.get("mcdaConcept") or threshold.attributes.get("id", "")
            yield Left(threshold.place("criteria"), concept or "threshold", "format")


def _notes(source: Source, found: Decision, criteria: Mapping[str, Judged]) -> Iterator[Note]:
    where = source.name
    if found.files:
        yield Note("files_left", where, {"files": found.files})
    if found.elements:
        yield Note("elements_left", where, {"elements": found.elements})
    anchored = tuple(found.criteria[name].title for name, own in criteria.items() if own.anchored)
    if anchored:
        yield Note("anchors_of_data", where, {"criteria": anchored})
    thresholds = tuple(one.title for one in found.criteria.values() if one.thresholds)
    if thresholds:
        yield Note("thresholds_left", where, {"criteria": thresholds})
    if found.inactive:
        yield Note("inactive", where, {"names": tuple(found.titles[n] for n in found.inactive)})
