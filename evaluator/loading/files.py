"""The files that a scenario names, each read once, none outside the study's folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from evaluator.errors import InvalidStudyError, Problem
from evaluator.loading.located import Node, read_yaml
from evaluator.loading.round import read_sheets
from evaluator.loading.tables import Sheet, read_csv
from evaluator.model.study import SourceFile

T = TypeVar("T")
CRITERIA_FILES = ("attributes", "requirements", "scales")
"""Files of the criteria folder that are not agencies."""


@dataclass(frozen=True)
class Root:
    """The folder that a study may not leave: the parent of its scenarios' folder."""

    path: Path

    def name(self, path: Path) -> str:
        """Return a path as messages show it."""
        return path.relative_to(self.path).as_posix()

    def resolve(self, reference: str, folder: Path, where: str) -> Path:
        """Return the path that a file names, relative to its own folder.

        Raises InvalidStudyError where it is absolute or leaves the root, links followed.
        """
        found = (folder / reference).resolve()
        if Path(reference).is_absolute() or not found.is_relative_to(self.path):
            fact = f"'{reference}' leaves the study's folder."
            raise InvalidStudyError([Problem(where, fact, "Use a relative path inside it.")])
        return found


@dataclass(frozen=True)
class Files:
    """What was read, not yet understood."""

    criteria: Mapping[str, Node]
    """attributes, requirements, scales: those that are there."""
    agencies: Mapping[str, Node]
    """By agency id."""
    institutions: Mapping[str, Node]
    """By institution id."""
    countries: Sheet | None
    country_columns: Node | None
    round: Mapping[str, Sheet]
    paths: tuple[Path, ...]

    def tree(self) -> Node:
        """Return agencies and institutions as one document that changes can address."""
        tree = {"agencies": self.agencies, "institutions": self.institutions}
        return Node({key: Node(dict(nodes), key, 0) for key, nodes in tree.items()}, "", 0)

    def sources(self, root: Root, scenarios: Iterable[Path]) -> tuple[SourceFile, ...]:
        """Return name and hash of every file read, sorted by name."""
        every = {root.name(path): path for path in (*scenarios, *self.paths)}
        return tuple(
            SourceFile(path=name, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
            for name, path in sorted(every.items())
        )


def collect(problems: list[Problem], read: Callable[..., T], *args: Any) -> T | None:
    """Return what a reader returns, or None with its problems added."""
    try:
        return read(*args)
    except InvalidStudyError as error:
        problems.extend(error.problems)
        return None


def read_files(document: Node, folder: Path, root: Root, problems: list[Problem]) -> Files:
    """Read the files that a scenario's document names; all faults go to `problems`."""
    criteria_at = _path(document, "criteria", folder, root, problems)
    financing_at = _path(document, "financing", folder, root, problems)
    countries_at = _path(document, "countries", folder, root, problems)
    round_at = _path(document, "round", folder, root, problems)
    criteria = _read_folder(criteria_at, root, problems)
    financing = _read_folder(financing_at, root, problems)
    agencies = {p: n for p, n in criteria.items() if p.stem not in CRITERIA_FILES}
    paths = [*criteria, *financing]
    countries = columns = None
    if countries_at is not None:
        described = countries_at.with_suffix(".yaml")
        countries = collect(problems, read_csv, countries_at, root.name(countries_at))
        columns = collect(problems, read_yaml, described, root.name(described))
        paths += [countries_at, described]
    sheets: dict[str, Sheet] = {}
    if round_at is not None:
        sheets, found = read_sheets(round_at, root.name(round_at), problems, collect)
        paths += found
    return Files(
        criteria={p.stem: n for p, n in criteria.items() if p.stem in CRITERIA_FILES},
        agencies=_by_id(agencies, "agency", problems),
        institutions=_by_id(financing, "institution", problems),
        countries=countries,
        country_columns=columns,
        round=sheets,
        paths=tuple(path for path in paths if path.is_file()),
    )


def _path(
    document: Node, key: str, folder: Path, root: Root, problems: list[Problem]
) -> Path | None:
    node = document.child(key)
    if node is None or not isinstance(node.value, str):
        return None
    where = f"{node.where}, {key}"
    found = collect(problems, root.resolve, node.value, folder, where)
    if found is not None and not found.exists():
        problems.append(Problem(where, f"'{node.value}' does not exist.", "Check the path."))
        return None
    return found


def _read_folder(folder: Path | None, root: Root, problems: list[Problem]) -> dict[Path, Node]:
    if folder is None:
        return {}
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        problems.append(Problem(root.name(folder), "holds no .yaml file.", "Check the path."))
    read = {path: collect(problems, read_yaml, path, root.name(path)) for path in paths}
    return {path: node for path, node in read.items() if node is not None}


def _by_id(nodes: Mapping[Path, Node], key: str, problems: list[Problem]) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for path, node in nodes.items():
        named = node.child(key)
        name = named.value if named is not None and isinstance(named.value, str) else path.stem
        if name in found:
            fact = f"the {key} '{name}' is also in {found[name].file}."
            problems.append(Problem(node.where, fact, "Keep one of the two files."))
        found.setdefault(name, node)
    return found
