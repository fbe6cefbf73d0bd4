"""The criteria of a new study, as a map states them -> its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from evaluator.importing.documents import (
    agency,
    citation,
    identifiers,
    measure,
    noun,
    number,
    scenario,
)
from evaluator.importing.material import SCENARIO
from evaluator.importing.tables.destination import Destination
from evaluator.loading.round.tables import TABLES
from evaluator.model.country import Attribute
from evaluator.model.criterion import Criterion, Scale
from evaluator.model.import_map import ImportMap, MappedCriterion

AGENCY = "table"
"""The one agency of a study that is made of a table."""
_VOCABULARY = {"agency": noun("analyst"), "package": noun("alternative")}
_MADE = "illustrative"
"""How far what a map supposes can be trusted: ranges and weights stand in no table."""


def documents(mapped: ImportMap, source: str) -> dict[str, Any]:
    """Return the YAML files of a new study by their paths, as plain data."""
    study = mapped.study
    if study is None:
        return {}
    criteria = [_criterion(one, source) for one in mapped.criteria]
    found: dict[str, Any] = {
        SCENARIO: {
            **scenario(study.title, study.as_of.isoformat(), {}, source, vocabulary=_VOCABULARY),
            "scenario": study.id,
        },
        f"criteria/{AGENCY}.yaml": agency(AGENCY, study.title, criteria, _weights(mapped.criteria)),
    }
    scales = [_scale(one, source) for one in mapped.criteria if one.levels]
    if scales:
        found["criteria/scales.yaml"] = {"scales": scales}
    attributes = _attributes(mapped)
    if attributes:
        found["criteria/attributes.yaml"] = {"attributes": attributes}
    return found


def _criterion(one: MappedCriterion, source: str) -> dict[str, Any]:
    where = f"{source}, {one.label}"
    if one.levels:
        ids = identifiers([*one.levels])
        levels = {ids[label]: points for label, points in one.levels.items()}
        value: dict[str, Any] = {"levels": levels}
        own = {"kind": "rating", "scale": one.id, "value": value}
        return {"id": one.id, "label": one.label, **own, "citation": citation(where, _MADE)}
    low, high = one.low or 0.0, 1.0 if one.high is None else one.high
    worst, best = (high, low) if one.direction == "lower" else (low, high)
    anchors = {"linear": {"worst": number(worst), "best": number(best)}}
    made = measure(one.id, one.label, one.unit or "units", anchors, source)
    return {**made, "citation": citation(where, _MADE)}


def _scale(one: MappedCriterion, source: str) -> dict[str, Any]:
    ids = identifiers([*(one.levels or {})])
    levels = [{"id": name, "label": x, "meaning": x} for x, name in ids.items()]
    cited = citation(f"{source}, {one.label}", _MADE)
    return {"id": one.id, "label": one.label, "citation": cited, "levels": levels}


def _weights(criteria: Sequence[MappedCriterion]) -> dict[str, Any]:
    """Return weights as points where they sum to 1 or 100, else against the greatest."""
    stated = {one.id: 1.0 if one.weight is None else one.weight for one in criteria}
    total, most = sum(stated.values()), max(stated.values(), default=1.0)
    told: dict[str, Any] = {"method": "points", "confidence": "illustrative"}
    if total in (1, 100):
        return {
            **told,
            "out_of": int(total),
            "judgements": {name: number(x) for name, x in stated.items()},
        }
    judgements = {name: number(100 * x / (most or 1)) for name, x in stated.items()}
    return {**told, "method": "swing", "judgements": judgements}


def _attributes(mapped: ImportMap) -> list[dict[str, Any]]:
    """Return the described columns of packages: those that a map names and no study has anyway."""
    own = {f"packages.{column}" for column in TABLES["packages"][0]}
    named = {
        name: column.head
        for sheet in mapped.sheets
        for column in sheet.columns
        for name in column.to
    }
    return [
        {"id": _column(name), "label": head, "type": "text"}
        for name, head in named.items()
        if name not in own and _column(name)
    ]


def _column(name: str) -> str:
    table, _, column = name.partition(".")
    return column if table == "packages" and "." not in column else ""


def new_destination(mapped: ImportMap) -> Destination:
    """Return the fields of the study that a map makes, whatever ranges it states."""
    any_range = {"low": 0.0, "high": 1.0}
    criteria = tuple(one.model_copy(update=any_range) for one in mapped.criteria)
    mapped = mapped.model_copy(update={"criteria": criteria})
    described: Mapping[str, Any] = documents(mapped, mapped.source)
    owner = described.get(f"criteria/{AGENCY}.yaml", {"criteria": []})
    scales = described.get("criteria/scales.yaml", {"scales": []})["scales"]
    columns = described.get("criteria/attributes.yaml", {"attributes": []})["attributes"]
    return replace(
        Destination(),
        criteria={f"{AGENCY}.{one['id']}": _valid(Criterion, one) for one in owner["criteria"]},
        scales={one["id"]: _valid(Scale, one) for one in scales},
        attributes={one["id"]: _valid(Attribute, one) for one in columns},
    )


def _valid(model: type[Any], data: Mapping[str, Any]) -> Any:
    """Return data as a type of the study; sequences are tuples there."""
    return model.model_validate(data, strict=False)
