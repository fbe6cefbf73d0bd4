"""Files -> Study: the front door of this room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from evaluator.errors import InvalidStudyError, Problem
from evaluator.loading.chain import Override, from_command_line, read_chain
from evaluator.loading.changes import Placed, apply
from evaluator.loading.checks import references
from evaluator.loading.checks.bills import in_bills
from evaluator.loading.checks.financing import in_financing
from evaluator.loading.checks.settings import in_settings
from evaluator.loading.documents.bounds import Bounds
from evaluator.loading.documents.located import Node
from evaluator.loading.documents.validation import validate
from evaluator.loading.facts import on_facts, with_facts
from evaluator.loading.files import Files, Root, read_files
from evaluator.loading.keys import COUNTRIES
from evaluator.loading.parts import checked, countries_of, with_rows
from evaluator.loading.round.packages import parse_round
from evaluator.loading.round.tables import COUNTRY, TABLES, columns_of
from evaluator.loading.spelling import spelled_twice
from evaluator.loading.tables.columns import described
from evaluator.loading.tables.sheets import Sheet
from evaluator.model.agency import Agency
from evaluator.model.base import MONEY, Frozen
from evaluator.model.calendar import Calendar
from evaluator.model.country import Attribute
from evaluator.model.criterion import Scale
from evaluator.model.financing import Institution
from evaluator.model.requirement import Requirement
from evaluator.model.scenario import Applied, Scenario
from evaluator.model.study import Study
from evaluator.scoring.weights import weight_problems

F = TypeVar("F", bound=Frozen)


class AttributesFile(Frozen):
    """attributes.yaml and countries.yaml: what the columns of a table mean."""

    attributes: tuple[Attribute, ...]


class RequirementsFile(Frozen):
    """requirements.yaml."""

    requirements: tuple[Requirement, ...]


class ScalesFile(Frozen):
    """scales.yaml."""

    scales: tuple[Scale, ...]


def load_study(
    path: str | Path,
    overrides: Sequence[Override] = (),
    bounds: Bounds | None = None,
    tables: Mapping[str, Sheet] | None = None,
    text: bytes | None = None,
) -> Study:
    """Read a scenario and all that it names into one resolved study.

    bounds: how much is read at most; as usual where none are given.
    tables: those of the round, in place of the files that the scenario names.
    text: what the scenario's file holds, in place of what stands there, if anything does.

    Raises InvalidStudyError with every problem found, each at its file and line or cell.
    """
    root = Root(Path(path).resolve(), Path(path), bounds or Bounds(), text)
    problems: list[Problem] = []
    chain = read_chain(root.scenario, root, problems)
    changes = [*chain.changes, *from_command_line(overrides, problems)]
    document, done = apply(chain.document, [c for c in changes if _of_scenario(c)], problems)
    settings = validate(Scenario, document, problems)
    files = read_files(document, chain.base.parent, root, problems, tables)
    tree, more = apply(files.tree(), [c for c in changes if _below(c)], problems)
    agencies = _each(Agency, tree, "agencies", "agency", problems)
    institutions = _each(Institution, tree, "institutions", "institution", problems, needed=False)
    calendars = _each(Calendar, tree, "calendars", "calendar", problems, needed=False)
    scales = _entries(ScalesFile, files.criteria, "scales", problems) or ()
    requirements = _entries(RequirementsFile, files.criteria, "requirements", problems) or ()
    columns = _columns(files.criteria, TABLES["packages"][0], settings, problems)
    host_columns = _host_columns(document, files, settings, problems)
    if columns is not None and host_columns is not None:
        files = _with_facts(files, changes, columns_of(columns, host_columns), done, problems)
    countries = countries_of(files.countries, host_columns, problems)
    problems.extend(_ids(tree, files, agencies, institutions, (scales, requirements)))
    sound = not problems
    rows = parse_round(files.round, columns, problems)
    if settings is None or columns is None or host_columns is None or not sound:
        raise InvalidStudyError(dict.fromkeys(problems))
    study = Study(
        scenario=settings,
        applied=tuple(x for change in changes if (x := (done | more).get(id(change)))),
        package_attributes=columns,
        country_attributes=host_columns,
        scales=scales,
        requirements=requirements,
        agencies=agencies,
        institutions=institutions,
        calendars=calendars,
        countries=countries,
        packages=(),
        sources=files.sources(root, chain.paths),
        source_file=root.inside(root.scenario),
        extends=chain.extends,
    )
    study = with_rows(study, rows, files.round, problems)
    complete = not problems
    problems.extend(_contradictions(study, tree, files))
    problems.extend(in_bills(study, files.cited(document, tree), changes, tree, chain.supposing))
    if complete:
        problems.extend(in_settings(study, document))
        study = checked(study, rows, problems)
    return _without(problems, study)


def _without(problems: Sequence[Problem], study: Study) -> Study:
    """Return a study of which there is no problem; raise all that there are."""
    if problems:
        raise InvalidStudyError(dict.fromkeys(problems))
    return study


def _ids(
    tree: Node,
    files: Files,
    agencies: Sequence[Agency],
    institutions: Sequence[Institution],
    lists: tuple[Sequence[Scale], Sequence[Requirement]],
) -> Iterator[Problem]:
    """Yield what is wrong with the ids of what files hold, those of the round left out."""
    yield from references.of_agencies(agencies, _children(tree, "agencies"))
    yield from references.of_institutions(institutions, _children(tree, "institutions"))
    yield from references.of_lists(*lists, files.criteria)


def _host_columns(
    document: Node, files: Files, settings: Scenario | None, problems: list[Problem]
) -> tuple[Attribute, ...] | None:
    """Return what the columns of the country table mean: nothing where the scenario names none."""
    named = document.child("countries")
    if named is None or named.value is None:
        return ()
    described_in = {"attributes": files.country_columns}
    return _columns(described_in, (*COUNTRY, "id"), settings, problems, dated=True)


def _below(change: Placed) -> bool:
    return change.path[0] in ("agencies", "institutions", "calendars")


def _of_scenario(change: Placed) -> bool:
    return not _below(change) and not on_facts(change)


def _with_facts(
    files: Files,
    changes: Iterable[Placed],
    columns: Mapping[str, Sequence[str]],
    done: dict[int, Applied],
    problems: list[Problem],
) -> Files:
    """Return the files with the facts that changes state; what was done is added to `done`."""
    beside = {} if files.countries is None else {COUNTRIES: files.countries}
    facts = [change for change in changes if on_facts(change)]
    sheets, more = with_facts({**files.round, **beside}, facts, columns, problems)
    done |= more
    countries = sheets.pop(COUNTRIES, None)
    return replace(files, round=sheets, countries=countries)


def _contradictions(study: Study, tree: Node, files: Files) -> Iterator[Problem]:
    """Yield what is wrong between the parts, those of the round left out."""
    nodes = _children(tree, "agencies")
    yield from references.in_attributes(study, files.criteria.get("attributes"))
    yield from references.in_criteria(study, nodes)
    yield from references.in_requirements(study, files.criteria.get("requirements"))
    for agency, path, fact, remedy in weight_problems(study):
        where = nodes[agency].nearest(("weights", *path)).where
        yield Problem(f"{where}, weights of {agency}", fact, remedy)
    institutions = _children(tree, "institutions")
    yield from in_financing(study, institutions)
    yield from references.misspelt(study, institutions, files.criteria.get("requirements"))


def _children(tree: Node, part: str) -> Mapping[str, Node]:
    """Return the documents of agencies, institutions or calendars by their ids."""
    found = tree.nearest((part,)).value
    return found if isinstance(found, dict) else {}


def _each(
    kind: type[F],
    tree: Node,
    part: str,
    key: str,
    problems: list[Problem],
    *,
    needed: bool = True,
) -> tuple[F, ...]:
    found: list[F] = []
    for name, child in _children(tree, part).items():
        valid = validate(kind, child, problems)
        if valid is None:
            continue
        if getattr(valid, key) != name:
            fact = f"the id of {key} '{name}' cannot be changed."
            problems.append(Problem(child.where, fact, "Remove the change."))
        else:
            found.append(valid)
    if needed and not found and not problems:
        problems.append(Problem(part, f"no {key} is there.", "State at least one."))
    return tuple(found)


def _entries(
    kind: type[Frozen], nodes: Mapping[str, Node | None], name: str, problems: list[Problem]
) -> tuple[Any, ...] | None:
    """Return the entries of a list file; none without a file, None if it could not be read."""
    if name not in nodes:
        return ()
    node = nodes[name]
    valid = validate(kind, node, problems) if node is not None else None
    return getattr(valid, name) if valid is not None else None


def _units(settings: Scenario) -> tuple[str | None, ...]:
    """Return the units that a column of money may state: that it is money, or the currency."""
    return (None, MONEY, settings.currency.code if settings.currency else None)


def _columns(
    nodes: Mapping[str, Node | None],
    taken: Iterable[str],
    settings: Scenario | None,
    problems: list[Problem],
    *,
    dated: bool = False,
) -> tuple[Attribute, ...] | None:
    columns = _entries(AttributesFile, nodes, "attributes", problems)
    node = nodes.get("attributes")
    before = len(problems)
    if columns and node is not None:
        units = _units(settings) if settings is not None else None
        problems.extend(described(columns, node, taken, units, dated=dated))
        at = enumerate(columns)
        places = ((a.id, node.nearest(("attributes", i)).where) for i, a in at)
        problems.extend(spelled_twice(places))
    return columns if len(problems) == before else None
