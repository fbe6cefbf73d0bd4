"""Files -> Study: the front door of this room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from evaluator.errors import InvalidStudyError, Problem
from evaluator.loading import references
from evaluator.loading.bills import in_bills
from evaluator.loading.bounds import Bounds
from evaluator.loading.chain import Override, from_command_line, read_chain
from evaluator.loading.changes import Placed, apply
from evaluator.loading.derivation import with_derived
from evaluator.loading.entities import entities
from evaluator.loading.files import Files, Root, read_files
from evaluator.loading.financing import in_financing
from evaluator.loading.located import Node
from evaluator.loading.round import Rows, beside_packages, packages, parse_round
from evaluator.loading.round_tables import TABLES
from evaluator.loading.settings import in_settings
from evaluator.loading.spelling import alike, spelled_twice
from evaluator.loading.tables.cells import Parser, filled, iso3, label, of_attribute
from evaluator.loading.tables.columns import described
from evaluator.loading.tables.rows import parse_rows
from evaluator.loading.tables.sheets import Sheet
from evaluator.loading.validation import validate
from evaluator.model.agency import Agency
from evaluator.model.base import Frozen, Known, Missing
from evaluator.model.calendar import Calendar
from evaluator.model.country import Attribute, Country
from evaluator.model.criterion import Scale
from evaluator.model.financing import Institution
from evaluator.model.requirement import Requirement
from evaluator.model.scenario import Scenario
from evaluator.model.study import Study
from evaluator.scoring.findings import NotKnown
from evaluator.scoring.performances import missing_performances
from evaluator.scoring.weights import weight_problems

F = TypeVar("F", bound=Frozen)
_COUNTRY: Mapping[str, Parser[Any]] = {"iso3": iso3, "name": filled, "bloc": label}


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
    path: str | Path, overrides: Sequence[Override] = (), bounds: Bounds | None = None
) -> Study:
    """Read a scenario and all that it names into one resolved study.

    bounds: how much is read at most; as usual where none are given.

    Raises InvalidStudyError with every problem found, each at its file and line or cell.
    """
    scenario = Path(path).resolve()
    root = Root(scenario, Path(path), bounds or Bounds())
    problems: list[Problem] = []
    chain = read_chain(scenario, root, problems)
    changes = [*chain.changes, *from_command_line(overrides, problems)]
    document, done = apply(chain.document, [c for c in changes if not _below(c)], problems)
    settings = validate(Scenario, document, problems)
    files = read_files(document, chain.base.parent, root, problems)
    tree, more = apply(files.tree(), [c for c in changes if _below(c)], problems)
    agencies = _each(Agency, tree, "agencies", "agency", problems)
    institutions = _each(Institution, tree, "institutions", "institution", problems)
    calendars = _each(Calendar, tree, "calendars", "calendar", problems, needed=False)
    scales = _entries(ScalesFile, files.criteria, "scales", problems) or ()
    requirements = _entries(RequirementsFile, files.criteria, "requirements", problems) or ()
    columns = _columns(files.criteria, TABLES["packages"][0], problems)
    described_in = {"attributes": files.country_columns}
    host_columns = _columns(described_in, (*_COUNTRY, "id"), problems, dated=True)
    countries = _countries(files.countries, host_columns, problems)
    problems.extend(references.of_agencies(agencies, _children(tree, "agencies")))
    problems.extend(references.of_institutions(institutions, _children(tree, "institutions")))
    problems.extend(references.of_lists(scales, requirements, files.criteria))
    sound = not problems
    rows = parse_round(files.round, columns, problems)
    if settings is None or columns is None or host_columns is None or not sound:
        raise InvalidStudyError(dict.fromkeys(problems))
    units, blocs = _units(agencies), _blocs(countries, host_columns, settings.as_of)
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
        entities=entities(rows, files.round, problems),
        packages=packages(rows, files.round, columns, units, blocs, problems),
        **beside_packages(rows),
        sources=files.sources(root, chain.paths),
        source_file=root.inside(scenario),
    )
    complete = not problems
    problems.extend(_contradictions(study, tree, files))
    problems.extend(in_bills(study, files.cited(document, tree), changes, tree, chain.supposing))
    if complete:
        study = _with_round(study, document, rows, problems)
    if problems:
        raise InvalidStudyError(dict.fromkeys(problems))
    return study


def _below(change: Placed) -> bool:
    return change.path[0] in ("agencies", "institutions", "calendars")


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


def _units(agencies: Iterable[Agency]) -> dict[str, str]:
    """Return the unit of each criterion that has one, by full id."""
    return {f"{a.agency}.{c.id}": c.unit for a in agencies for c in a.criteria if c.unit}


def _blocs(
    countries: Sequence[Country], columns: Sequence[Attribute], day: dt.date
) -> dict[str, tuple[str, ...]]:
    """Return the members of each flag of countries on a day, those that are not known left out."""
    dated = [column for column in columns if column.columns]
    on = [country.on(day, dated) for country in countries]
    return {
        column.id: tuple(
            country.id
            for country in on
            if isinstance(datum := country.attributes.get(column.id), Known) and datum.value
        )
        for column in columns
        if column.type == "flag"
    }


def _with_round(study: Study, document: Node, rows: Rows, problems: list[Problem]) -> Study:
    """Return the study with what follows from the tables of its round; they are checked first."""
    problems.extend(in_settings(study, document))
    odd = list(references.in_round(study, rows))
    problems.extend(odd)
    if not odd:
        study = with_derived(study, rows, problems)
    if study.scenario.missing == "refuse":
        problems.extend(_refused(study, rows))
    return study


def _refused(study: Study, rows: Rows) -> Iterator[Problem]:
    packages_at = {row["id"]: row.where for row in rows["packages"]}
    judged = [*rows["measures"], *rows["ratings"]]
    at = {(row["package"], row["criterion"]): row.where for row in judged}
    for package, criterion, why in missing_performances(study):
        where = at.get((package, criterion), packages_at[package])
        stated = f" ({why.because})" if isinstance(why, NotKnown) else ""
        fact = f"{criterion} of '{package}' is missing{stated}, and this scenario refuses that."
        yield Problem(where, fact, "State it, or set missing to interval.")


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


def _columns(
    nodes: Mapping[str, Node | None],
    taken: Iterable[str],
    problems: list[Problem],
    *,
    dated: bool = False,
) -> tuple[Attribute, ...] | None:
    columns = _entries(AttributesFile, nodes, "attributes", problems)
    node = nodes.get("attributes")
    before = len(problems)
    if columns and node is not None:
        problems.extend(described(columns, node, taken, dated=dated))
        at = enumerate(columns)
        places = ((a.id, node.nearest(("attributes", i)).where) for i, a in at)
        problems.extend(spelled_twice(places))
    return columns if len(problems) == before else None


def _countries(
    sheet: Sheet | None, columns: Sequence[Attribute] | None, problems: list[Problem]
) -> tuple[Country, ...]:
    if sheet is None or columns is None:
        return ()
    held = {name: of_attribute(a) for a in columns for name in a.held_in}
    absent = dict.fromkeys(held, Missing(reason="no such column"))
    rows = parse_rows(sheet, {**_COUNTRY, **held}, absent, problems)
    problems.extend(references.twice((row["iso3"], row.where) for row in rows))
    for column in ("bloc", *(name for a in columns if a.is_label for name in a.held_in)):
        problems.extend(alike(rows, column))
    found = [
        Country(
            id=row["iso3"],
            name=row["name"],
            bloc=row["bloc"],
            attributes={name: row[name] for name in held},
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda country: country.id))
