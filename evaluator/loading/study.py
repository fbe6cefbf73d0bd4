"""Files -> Study: the front door of this room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from evaluator.errors import InvalidStudyError, Problem
from evaluator.loading import references
from evaluator.loading.cells import filled, identifier, of_attribute
from evaluator.loading.chain import Override, from_command_line, read_chain
from evaluator.loading.changes import Placed, apply
from evaluator.loading.files import Files, Root, read_files
from evaluator.loading.located import Node
from evaluator.loading.round import Rows, entities, packages, parse_round
from evaluator.loading.tables import Sheet, parse_rows
from evaluator.loading.validation import validate
from evaluator.model.agency import Agency
from evaluator.model.base import Frozen, Missing
from evaluator.model.country import Attribute, Country
from evaluator.model.criterion import Scale
from evaluator.model.financing import Institution
from evaluator.model.requirement import Requirement
from evaluator.model.scenario import Scenario
from evaluator.model.study import Study
from evaluator.scoring.performances import missing_performances
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


def load_study(path: str | Path, overrides: Sequence[Override] = ()) -> Study:
    """Read a scenario and all that it names into one resolved study.

    Raises InvalidStudyError with every problem found, each at its file and line or cell.
    """
    scenario = Path(path).resolve()
    root = Root(scenario.parent.parent)
    problems: list[Problem] = []
    chain = read_chain(scenario, root, problems)
    changes = [*chain.changes, *from_command_line(overrides, problems)]
    own = [change for change in changes if not _below(change)]
    document, done = apply(chain.document, own, problems)
    settings = validate(Scenario, document, problems)
    files = read_files(document, chain.base.parent, root, problems)
    tree, more = apply(files.tree(), [c for c in changes if _below(c)], problems)
    done |= more
    agencies = _each(Agency, tree.nearest(("agencies",)), "agency", problems)
    institutions = _each(Institution, tree.nearest(("institutions",)), "institution", problems)
    columns = _attributes(files.criteria.get("attributes"), problems)
    country_columns = _attributes(files.country_columns, problems)
    requirements = _optional(RequirementsFile, files.criteria.get("requirements"), problems)
    scales = _optional(ScalesFile, files.criteria.get("scales"), problems)
    countries = _countries(files.countries, country_columns, problems)
    sound = not problems
    rows = parse_round(files.round, columns, problems)
    if settings is None or not sound:
        raise InvalidStudyError(dict.fromkeys(problems))
    units = {f"{a.agency}.{c.id}": c.unit or "" for a in agencies for c in a.criteria if c.unit}
    study = Study(
        scenario=settings,
        applied=tuple(done[id(change)] for change in changes if id(change) in done),
        package_attributes=columns,
        country_attributes=country_columns,
        scales=scales.scales if scales else (),
        requirements=requirements.requirements if requirements else (),
        agencies=agencies,
        institutions=institutions,
        countries=countries,
        entities=entities(rows, problems),
        packages=packages(rows, columns, units, problems),
        exclusions=tuple((row["row"], row["reason"]) for row in rows["exclusions"]),
        sources=files.sources(root, chain.paths),
    )
    problems.extend(_contradictions(study, document, tree, files, rows, not problems))
    if problems:
        raise InvalidStudyError(dict.fromkeys(problems))
    return study


def _below(change: Placed) -> bool:
    return change.path[0] in ("agencies", "institutions")


def _contradictions(
    study: Study, document: Node, tree: Node, files: Files, rows: Rows, complete: bool
) -> Iterator[Problem]:
    """Yield what is wrong between the parts; the round's, only if all of it could be read."""
    agencies = _children(tree.nearest(("agencies",)))
    institutions = _children(tree.nearest(("institutions",)))
    names = [r.id for r in study.requirements] + list(study.criteria)
    again = sorted({name for name in names if names.count(name) > 1})
    if again:
        yield Problem("criteria", f"ids used twice: {', '.join(again)}.", "Rename one of each.")
    yield from references.in_criteria(study, agencies, files.criteria.get("requirements"))
    for agency, path, fact, remedy in weight_problems(study):
        where = agencies[agency].nearest(("weights", *path)).where
        yield Problem(f"{where}, weights of {agency}", fact, remedy)
    yield from references.in_financing(study, institutions)
    if complete:
        yield from references.in_settings(study, document)
        yield from references.in_round(study, rows)
        if not study.packages:
            yield Problem("packages", "the round holds no package.", "Add a row.")
        if study.scenario.missing == "refuse":
            for package, criterion, reason in missing_performances(study):
                fact = f"{criterion} is missing ({reason}), and this scenario refuses that."
                yield Problem(f"package {package}", fact, "State it, or set missing to interval.")


def _children(node: Node) -> Mapping[str, Node]:
    return node.value if isinstance(node.value, dict) else {}


def _each(kind: type[F], node: Node, key: str, problems: list[Problem]) -> tuple[F, ...]:
    found: list[F] = []
    for name, child in _children(node).items():
        valid = validate(kind, child, problems)
        if valid is None:
            continue
        if getattr(valid, key) != name:
            fact = f"the id of {key} '{name}' cannot be changed."
            problems.append(Problem(child.where, fact, "Remove the change."))
        found.append(valid)
    if not found and not problems:
        problems.append(Problem(key, f"no {key} is there.", "Add a file."))
    return tuple(found)


def _optional(kind: type[F], node: Node | None, problems: list[Problem]) -> F | None:
    return validate(kind, node, problems) if node is not None else None


def _attributes(node: Node | None, problems: list[Problem]) -> tuple[Attribute, ...]:
    described = _optional(AttributesFile, node, problems)
    return described.attributes if described else ()


def _countries(
    sheet: Sheet | None, columns: Sequence[Attribute], problems: list[Problem]
) -> tuple[Country, ...]:
    if sheet is None:
        return ()
    parsers = {
        "iso3": identifier,
        "name": filled,
        "bloc": filled,
        **{a.id: of_attribute(a) for a in columns},
    }
    absent = {a.id: Missing(reason="no such column") for a in columns}
    rows = parse_rows(sheet, parsers, absent, problems)
    first: dict[str, str] = {}
    for row in rows:
        if row["iso3"] in first:
            fact = f"{row['iso3']} stands here again; it is first at {first[row['iso3']]}."
            problems.append(Problem(row.where, fact, "Keep one of the two."))
        first.setdefault(row["iso3"], row.where)
    found = [
        Country(
            id=row["iso3"],
            name=row["name"],
            bloc=row["bloc"],
            attributes={a.id: row[a.id] for a in columns},
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda country: country.id))
