"""Two or more evaluations side by side, and which changed key is responsible for what."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evaluator.errors import UsageError
from evaluator.loading.changes import parse_path, quoted
from evaluator.loading.keys import fact_path
from evaluator.model.scenario import Applied
from evaluator.model.study import Study
from evaluator.pipeline import evaluate
from evaluator.progress import Progress
from evaluator.questions.versions.labels import labels
from evaluator.questions.versions.outcome import Outcome, outcome, standing
from evaluator.results.evaluation import Allocated

Unit = tuple[str, ...]
_SETTINGS = ("as_of", "call", "influence", "method", "missing")
_SECTIONS = ("designation", "allocation")
_FACTS = ("packages", "measures", "ratings", "requests")
_TABLES = (
    "requirements",
    "scales",
    "package_attributes",
    "country_attributes",
    "countries",
    "entities",
    "packages",
)


@dataclass(frozen=True)
class Difference:
    """One key on which two studies differ; what belongs together, such as shares, is one key."""

    key: Unit
    old: Any
    new: Any
    because: str
    by: str = ""
    """Who changed it, and when, as far as that is stated."""

    @property
    def name(self) -> str:
        """The key as a scenario's `set` would write it."""
        return _name(self.key)


@dataclass(frozen=True)
class Attribution:
    """What one difference does: `in order`, after those before it, and `alone`."""

    difference: Difference
    in_order: Outcome
    alone: Outcome


@dataclass(frozen=True)
class Comparison:
    """The first evaluation against one other."""

    first: Allocated
    other: Allocated
    called: tuple[str, str]
    """What the two are called: their scenarios, or their runs where several are of one."""
    outcome: Outcome
    attributions: tuple[Attribution, ...]

    @property
    def stated(self) -> tuple[tuple[Applied, ...], tuple[Applied, ...]]:
        """The changes that the first states and the other does not, and the reverse."""
        sides = (self.first.study.applied, self.other.study.applied)
        said = [{(one.set, json.dumps(one.new)) for one in side} for side in sides]
        first, other = (
            tuple(one for one in side if (one.set, json.dumps(one.new)) not in beside)
            for side, beside in zip(sides, said[::-1], strict=True)
        )
        return first, other


def compare(
    evaluations: Sequence[Allocated],
    progress: Progress = lambda step: None,
    *,
    runs: Sequence[str] = (),
) -> tuple[Comparison, ...]:
    """Compare the first evaluation with each other, attributing what changes to the changed keys.

    Each difference is applied to the first study in turn, and also alone, so that effects of
    their order show: 2 evaluations a difference. runs: what the run of each is called, empty where
    it is none. Raises ValueError for fewer than two, UsageError
    for studies of other agencies, between which there is no study with a part of the differences.
    """
    if len(evaluations) < 2:
        raise ValueError("two evaluations are needed to compare")
    first = evaluations[0]
    unlike = [told for other in evaluations[1:] if (told := _unlike(first.study, other.study))]
    if unlike:
        raise UsageError("\n".join(unlike))
    called, *others = labels([one.study for one in evaluations], runs)
    return tuple(
        _pair(first, other, (called, name), progress)
        for other, name in zip(evaluations[1:], others, strict=True)
    )


def _unlike(first: Study, other: Study) -> str:
    """Return why two studies have no study between them; nothing where they have."""
    sides = [
        (study.scenario.scenario, ", ".join(sorted(a.agency for a in study.agencies)))
        for study in (first, other)
    ]
    if sides[0][1] == sides[1][1]:
        return ""
    told = " and ".join(f"{name} has {agencies}" for name, agencies in sides)
    return f"scenarios of other agencies cannot be compared: {told}."


def _pair(
    first: Allocated, other: Allocated, called: tuple[str, str], progress: Progress
) -> Comparison:
    found: list[Attribution] = []
    before, study, base = first, first.study, standing(first)
    every = differences(first.study, other.study)
    for difference in every:
        progress(f"{called[1]}: {difference.name}")
        study = with_difference(study, difference)
        after = other if difference is every[-1] else evaluate(study, only="allocation")
        alone = with_difference(first.study, difference)
        single = after if len(every) == 1 else evaluate(alone, only="allocation")
        in_order = outcome(standing(before), standing(after))
        found.append(Attribution(difference, in_order, outcome(base, standing(single))))
        before = after
    return Comparison(first, other, called, outcome(base, standing(other)), tuple(found))


def differences(first: Study, second: Study) -> tuple[Difference, ...]:
    """Return the keys on which two studies differ, in the order of the second's changes."""
    old, new = _units(first, second), _units(second, first)
    keys = [key for key in dict.fromkeys([*old, *new]) if old.get(key) != new.get(key)]
    paths = [f"{_written(change)}." for change in second.applied]

    def place(key: Unit) -> int:
        name = _name(key)
        for index, path in enumerate(paths):
            if path.startswith(f"{name}.") or f"{name}.".startswith(path):
                return index
        return len(paths)

    def said(key: Unit) -> tuple[str, str]:
        for change in second.applied[place(key) :][:1]:
            return change.because, change.by_whom
        return "", ""

    ordered = sorted(keys, key=place)
    return tuple(Difference(key, old.get(key), new.get(key), *said(key)) for key in ordered)


def _written(change: Applied) -> str:
    """Return the key of a change as `_name` writes it."""
    path = _of_package(change)
    return change.set if path is None else ".".join(map(quoted, path))


def _name(key: Unit) -> str:
    """Return a key as a change would write it."""
    if key[0] == "packages" and len(key) == 4:
        _, package, part, name = key
        table = "packages" if part == "attributes" else part
        fact = name if part == "ratings" else quoted(name)
        return ".".join([table, quoted(package), fact])
    return ".".join(key[1:] if key[0] == "scenario" else key)


def with_difference(study: Study, difference: Difference) -> Study:
    """Return the study with one key as in the other study."""
    data = study.model_dump(mode="json", by_alias=True)
    *path, last = difference.key
    node: Any = data
    for step in path:
        node = node[step] if isinstance(node, dict) else _row(node, step)
    if isinstance(node, dict):
        if difference.new is None and last not in node:
            return study
        node[last] = difference.new
        if difference.new is None and path[-1] == "measures":
            del node[last]
    else:
        _replace_row(node, last, difference.new)
    return Study.model_validate_json(json.dumps(data))


def _id(row: dict[str, Any]) -> str:
    if "evaluator" in row:
        return f"{quoted(row['criterion'])}.{quoted(row['evaluator'])}"
    names = (row.get(key) for key in ("id", "agency", "institution", "tool"))
    return next((str(name) for name in names if name), "")


def _row(rows: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(row for row in rows if _id(row) == name)


def _replace_row(rows: list[dict[str, Any]], name: str, new: Any) -> None:
    places = [i for i, row in enumerate(rows) if _id(row) == name]
    if new is None:
        del rows[places[0]]
    elif places:
        rows[places[0]] = new
    else:
        rows.append(new)
        rows.sort(key=_id)


def _units(study: Study, other: Study) -> dict[Unit, Any]:
    """Return every key of a study that can be changed as a whole, with its value.

    Rows of tables that both studies have are cut further where a part of them can change alone.
    """
    data = study.model_dump(mode="json", by_alias=True)
    scenario = data["scenario"]
    found: dict[Unit, Any] = {("scenario", key): scenario[key] for key in _SETTINGS}
    for section in _SECTIONS:
        found.update({("scenario", section, k): v for k, v in scenario[section].items()})
    cut = {path[1] for one in (*study.applied, *other.applied) if (path := _of_package(one))}
    for table in _TABLES:
        for row in data[table]:
            if table == "packages" and row["id"] in cut and row["id"] in other.package_by_id:
                found.update(_package_units(row))
            else:
                found[table, _id(row)] = row
    agencies = {a.agency for a in other.agencies}
    for agency in data["agencies"]:
        found.update(_agency_units(agency, agency["agency"] in agencies))
    institutions = {i.institution for i in other.institutions}
    rows = {*other.tools, *other.limits}
    for institution in data["institutions"]:
        found.update(_institution_units(institution, institutions, rows))
    return found


def _of_package(change: Applied) -> tuple[str, ...] | None:
    """Return the path of a change of one fact of a package; None of any other."""
    path = fact_path(parse_path(change.set) or ("",))
    return path if path[0] in _FACTS and len(path) > 1 else None


def _package_units(package: dict[str, Any]) -> Iterator[tuple[Unit, Any]]:
    """Yield the facts of a package one by one: columns, measures, ratings, requests."""
    start = ("packages", package["id"])
    for key, value in package.items():
        if key in ("attributes", "measures"):
            yield from (((*start, key, name), datum) for name, datum in value.items())
        elif key in ("ratings", "requests"):
            yield from (((*start, key, _id(row)), row) for row in value)
        elif key != "id":
            yield (*start, key), value


def _agency_units(agency: dict[str, Any], shared: bool) -> Iterator[tuple[Unit, Any]]:
    start = ("agencies", agency["agency"])
    if not shared:
        yield start, agency
        return
    yield (*start, "weights"), agency["weights"]
    for criterion in agency["criteria"]:
        yield (*start, "criteria", _id(criterion)), criterion


def _institution_units(
    institution: dict[str, Any], institutions: set[str], rows: set[str]
) -> Iterator[tuple[Unit, Any]]:
    name = institution["institution"]
    start = ("institutions", name)
    if name not in institutions:
        yield start, institution
        return
    yield (*start, "authority"), institution["authority"]
    for parameter in institution["parameters"]:
        yield (*start, "parameters", _id(parameter)), parameter
    for part in ("tools", "limits"):
        for row in institution[part]:
            if f"{name}.{_id(row)}" not in rows:
                yield (*start, part, _id(row)), row
                continue
            for key, value in row.items():
                if key not in ("id", "label"):
                    yield (*start, part, _id(row), key), value
