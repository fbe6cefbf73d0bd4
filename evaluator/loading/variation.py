"""A study with some keys set otherwise: as a change of its files would, without reading them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from evaluator.errors import InvalidStudyError, Problem
from evaluator.loading.changes import Placed, apply, parse_path, placed
from evaluator.loading.checks.financing import in_financing
from evaluator.loading.checks.settings import in_settings
from evaluator.loading.documents.located import Node, from_plain
from evaluator.loading.documents.validation import validate
from evaluator.loading.facts import with_facts
from evaluator.loading.keys import of_facts
from evaluator.loading.parts import with_sheets
from evaluator.loading.round.tables import columns_of
from evaluator.loading.round.texts import sheets_of
from evaluator.model.agency import Agency
from evaluator.model.base import Frozen
from evaluator.model.financing import Institution
from evaluator.model.scenario import READING, Change, Scenario
from evaluator.model.study import Study
from evaluator.scoring.weights import weight_problems

Part = Literal["scenario", "agencies", "institutions", "facts"]


def part_of(path: tuple[str, ...]) -> Part:
    """Return which part of a study a path of keys is in."""
    if of_facts(path):
        return "facts"
    return path[0] if path[0] in ("agencies", "institutions") else "scenario"  # type: ignore[return-value]


def vary(study: Study, changes: Mapping[str, Any], where: Callable[[str], str] = str) -> Study:
    """Return a study in which keys, such as `designation.max_packages`, have other values.

    Points of an agency's weights take from the others in proportion, so that their sum stays.

    where: the place of a change, by its key, as faults name it. Raises InvalidStudyError with every
    fault: a key or value that a scenario file could not have either.
    """
    problems: list[Problem] = []
    pairs = [_stated(study, key, value, where(key)) for key, value in changes.items()]
    for change in (every := placed("sweep", pairs, problems)):
        settings = change.path[0] in READING and not of_facts(change.path)
        if settings or change.path[0] in ("scenario", "title", "extends"):
            fact = f"'{change.change.set}' says what is read, or how it is called, not what it is."
            problems.append(Problem(change.where, fact, "Vary another key."))
    if problems:
        raise InvalidStudyError(problems)
    of: dict[Part, list[Placed]] = {"scenario": [], "agencies": [], "institutions": [], "facts": []}
    for change in every:
        of[part_of(change.path)].append(change)
    scenario, document = study.scenario, _node(study.scenario, "scenario")
    if of["scenario"]:
        document, _ = apply(document, of["scenario"], problems)
        scenario = validate(Scenario, document, problems) or scenario
    agencies, of_agencies = _below(Agency, "agency", study.agencies, of["agencies"], problems)
    institutions, of_institutions = _below(
        Institution, "institution", study.institutions, of["institutions"], problems
    )
    if problems:
        raise InvalidStudyError(dict.fromkeys(problems))
    varied = study.model_copy(
        update={"scenario": scenario, "agencies": agencies, "institutions": institutions}
    )
    varied = _with_facts(varied, of["facts"], problems)
    problems += _contradictions(varied, document, of_agencies, of_institutions, every)
    if problems:
        raise InvalidStudyError(dict.fromkeys(problems))
    return varied


def _stated(study: Study, key: str, value: Any, where: str) -> tuple[Change, Node]:
    shared: Literal["proportional"] | None = None
    if _of_points(study, parse_path(key) or ()):
        shared = "proportional"
    node = from_plain({"set": key, "to": value, "because": "varied"}, where)
    return Change(set=key, to=value, because="varied", rebalance=shared), node


def _of_points(study: Study, path: tuple[str, ...]) -> bool:
    """Return whether a path leads to points of an agency or of a group, which have a sum."""
    if path[:1] != ("agencies",) or path[2:3] != ("weights",) or path[-2] != "judgements":
        return False
    weights = next((one.weights for one in study.agencies if one.agency == path[1]), None)
    for name in path[4:-2:2]:
        weights = ((weights and weights.groups) or {}).get(name)
    return weights is not None and weights.method == "points"


def _with_facts(study: Study, changes: list[Placed], problems: list[Problem]) -> Study:
    """Return a study with some facts otherwise, read and checked as a file's are."""
    if not changes:
        return study
    columns = columns_of(study.package_attributes, study.country_attributes)
    sheets, _ = with_facts(sheets_of(study), changes, columns, problems)
    found = with_sheets(study, sheets, problems)
    if problems:
        raise InvalidStudyError(dict.fromkeys(problems))
    return found


def _node(part: Frozen, where: str) -> Node:
    return from_plain(part.model_dump(mode="json", by_alias=True), where)


def _below(
    kind: type[Any],
    key: str,
    parts: tuple[Any, ...],
    changes: list[Placed],
    problems: list[Problem],
) -> tuple[tuple[Any, ...], Mapping[str, Node]]:
    """Return agencies or institutions as changed, and the documents of those that are."""
    if not changes:
        return parts, {}
    plural = changes[0].path[0]
    named = {change.path[1] for change in changes if len(change.path) > 1}
    documents = {
        getattr(part, key): _node(part, plural) for part in parts if getattr(part, key) in named
    }
    tree, _ = apply(Node({plural: Node(documents, plural, 0)}, plural, 0), changes, problems)
    found = tree.nearest((plural,)).value
    nodes: dict[str, Node] = found if isinstance(found, dict) else {}
    if unknown := sorted(nodes.keys() - documents.keys()):
        where = next(c.where for c in changes if c.path[1:2] == (unknown[0],))
        problems.append(Problem(where, f"there is no {key} '{unknown[0]}'.", "Name one that is."))
        return parts, nodes
    valid = {name: validate(kind, node, problems) for name, node in nodes.items()}
    for name, one in valid.items():
        if one is not None and getattr(one, key) != name:
            fact = f"the id of {key} '{name}' cannot be changed."
            problems.append(Problem(nodes[name].where, fact, "Vary another key."))
    return tuple(valid.get(getattr(part, key)) or part for part in parts), nodes


def _contradictions(
    study: Study,
    document: Node,
    agencies: Mapping[str, Node],
    institutions: Mapping[str, Node],
    changes: list[Placed],
) -> Iterator[Problem]:
    at = ", ".join(change.where for change in changes)
    found = [*in_settings(study, document)]
    if agencies:
        found += [
            Problem(f"weights of {agency}", fact, remedy)
            for agency, _, fact, remedy in weight_problems(study)
        ]
    moved = (change.path[0] == "as_of" or of_facts(change.path) for change in changes)
    if institutions or any(moved):
        nodes = {one.institution: Node({}, one.institution, 0) for one in study.institutions}
        found += in_financing(study, {**nodes, **institutions})
    yield from (Problem(at, problem.fact, problem.remedy) for problem in found)
