"""The files that a scenario names, each read once, none outside the study's folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from evaluator.errors import InvalidStudyError, Problem, did_you_mean
from evaluator.loading.documents.bounds import Bounds
from evaluator.loading.documents.located import Node, parse_yaml, read_yaml
from evaluator.loading.documents.text_files import decoded
from evaluator.loading.round.tables import BESIDE, REQUIRED, TABLES
from evaluator.loading.tables.delimited import read_csv
from evaluator.loading.tables.kinds import ENDINGS
from evaluator.loading.tables.sheets import Sheet
from evaluator.loading.tables.workbooks import read_workbook
from evaluator.model.study import SourceFile
from evaluator.sanitize import shortened

T = TypeVar("T")
CRITERIA_FILES = ("attributes", "requirements", "scales")
"""Files of the criteria folder that are not agencies."""
_OTHERS = (".xlsx", ".tsv", *ENDINGS)
_FOLDER, _CSV, _ROUND = "a folder", "a .csv file", "a folder or an .xlsx workbook"


@dataclass(frozen=True)
class Root:
    """What a study may not leave, the parent of its scenarios' folder, and its bounds."""

    scenario: Path
    """Links followed."""
    given: Path
    """The scenario as the user wrote it."""
    bounds: Bounds
    text: bytes | None = None
    """What the scenario's own file holds, in place of what stands there, if anything does."""

    @property
    def path(self) -> Path:
        """The folder, links followed."""
        return self.scenario.parent.parent

    def inside(self, path: Path) -> str:
        """Return a path as the study keeps it, wherever the study stands."""
        return path.relative_to(self.path).as_posix()

    def name(self, path: Path) -> str:
        """Return a path as messages show it: from where the user stands, in the user's words."""
        beside, folder = self.scenario.parent, self.given.parent
        if path == self.scenario:
            return self.given.as_posix()
        if folder.resolve() != beside:  # the scenario was named by a link to it
            return path.as_posix()
        if path.is_relative_to(beside):
            return (folder / path.relative_to(beside)).as_posix()
        above = folder / ".." if folder.name in ("", "..") else folder.parent
        return (above / path.relative_to(self.path)).as_posix()

    def document(self, path: Path) -> Node:
        """Return a scenario file, parsed; the errors of `read_yaml`."""
        name = self.name(path)
        if self.text is not None and path == self.scenario:
            return parse_yaml(decoded(self.text, name), name)
        return read_yaml(path, name, self.bounds)

    def sha256(self, path: Path) -> str:
        """Return the hash of a file."""
        held = self.text if path == self.scenario else None
        return hashlib.sha256(path.read_bytes() if held is None else held).hexdigest()

    def resolve(self, reference: str, folder: Path, where: str) -> Path:
        """Return the path that a file names, relative to its own folder.

        Raises InvalidStudyError where it is absolute or leaves the root, links followed.
        """
        try:
            found = (folder / reference).resolve()
        except (OSError, RuntimeError, ValueError):
            fact = f"'{shortened(reference)}' is no path that can be followed."
            raise InvalidStudyError([Problem(where, fact, "Mend the path.")]) from None
        if Path(reference).is_absolute() or not found.is_relative_to(self.path):
            fact = f"'{shortened(reference)}' leaves the study's folder."
            raise InvalidStudyError([Problem(where, fact, "Use a relative path inside it.")])
        return found

    def listed(self, folder: Path, ending: str, problems: list[Problem]) -> dict[Path, bool]:
        """Return a folder's files with an ending, sorted, and whether each may be read.

        A link that leaves the root may not. Hidden files are passed over; an ending that is near
        yet not the same is a problem, as its file would be passed over in silence.
        """
        found: dict[Path, bool] = {}
        near = {ending, ending.replace("yaml", "yml")}
        for path in collect(problems, _inside, folder, self.name(folder), self.bounds) or ():
            if path.suffix.lower() not in near:
                continue
            if path.suffix != ending:
                fact = f"ends in '{path.suffix}', which is not read."
                problems.append(Problem(self.name(path), fact, f"Rename it to end in '{ending}'."))
            else:
                inside = collect(problems, self.resolve, path.name, folder, self.name(path))
                found[path] = inside is not None
        return found


@dataclass(frozen=True)
class Files:
    """What was read, not yet understood."""

    criteria: Mapping[str, Node | None]
    """attributes, requirements, scales: those that are there; None if it could not be read."""
    agencies: Mapping[str, Node]
    """By agency id."""
    institutions: Mapping[str, Node]
    """By institution id."""
    calendars: Mapping[str, Node]
    """By calendar id."""
    countries: Sheet | None
    country_columns: Node | None
    round: Mapping[str, Sheet]
    paths: tuple[Path, ...]

    def cited(self, *changed: Node) -> tuple[Node | None, ...]:
        """Return all documents that hold citations: those that no change reaches, and others."""
        return (*self.criteria.values(), self.country_columns, *changed)

    def tree(self) -> Node:
        """Return agencies, institutions and calendars as one document that changes can address."""
        tree = {
            "agencies": self.agencies,
            "institutions": self.institutions,
            "calendars": self.calendars,
        }
        return Node({key: Node(dict(nodes), key, 0) for key, nodes in tree.items()}, "", 0)

    def sources(self, root: Root, scenarios: Iterable[Path]) -> tuple[SourceFile, ...]:
        """Return name and hash of every file read, sorted by name."""
        every = {root.inside(path): path for path in (*scenarios, *self.paths)}
        return tuple(
            SourceFile(path=name, sha256=root.sha256(path)) for name, path in sorted(every.items())
        )


def collect(problems: list[Problem], read: Callable[..., T], *args: Any) -> T | None:
    """Return what a reader returns, or None with its problems added."""
    try:
        return read(*args)
    except InvalidStudyError as error:
        problems.extend(error.problems)
        return None


def read_files(
    document: Node,
    folder: Path,
    root: Root,
    problems: list[Problem],
    tables: Mapping[str, Sheet] | None = None,
) -> Files:
    """Read the files that a scenario's document names; all faults go to `problems`.

    tables: those of the round, in place of the files that it names.
    """
    criteria_at = _path(document, "criteria", _FOLDER, folder, root, problems)
    financing_at = _path(document, "financing", _FOLDER, folder, root, problems)
    sessions_at = _path(document, "sessions", _FOLDER, folder, root, problems)
    countries_at = _path(document, "countries", _CSV, folder, root, problems)
    round_at = None
    if tables is None:
        round_at = _path(document, "round", _ROUND, folder, root, problems)
    criteria = _read_folder(criteria_at, root, problems)
    financing = _read_folder(financing_at, root, problems)
    sessions = _read_folder(sessions_at, root, problems)
    agencies = {p: n for p, n in criteria.items() if p.stem not in CRITERIA_FILES}
    lists = {p.stem: n for p, n in criteria.items() if p.stem in CRITERIA_FILES}
    paths = [*criteria, *financing, *sessions]
    countries = columns = None
    if countries_at is not None:
        described = countries_at.with_suffix(".yaml")
        countries = collect(problems, read_csv, countries_at, root.name(countries_at), root.bounds)
        if collect(problems, root.resolve, described.name, described.parent, root.name(described)):
            columns = collect(problems, read_yaml, described, root.name(described), root.bounds)
        paths += [countries_at, described]
    sheets: dict[str, Sheet] = {**(tables or {})}
    if round_at is not None:
        hidden = document.child("hidden")
        shown = hidden is not None and hidden.value == "read"
        sheets, found = _read_round(round_at, root, shown, problems)
        paths += found
    return Files(
        criteria=lists if criteria else dict.fromkeys(CRITERIA_FILES),
        agencies=_by_id(agencies, "agency", problems),
        institutions=_by_id(financing, "institution", problems),
        calendars=_by_id(sessions, "calendar", problems),
        countries=countries,
        country_columns=columns,
        round=sheets,
        paths=tuple(path for path in paths if os.path.isfile(path)),  # noqa: PTH113
    )


def _path(
    document: Node, key: str, kind: str, folder: Path, root: Root, problems: list[Problem]
) -> Path | None:
    node = document.child(key)
    if node is None or not isinstance(node.value, str):
        return None
    where = f"{node.where}, {key}"
    found = collect(problems, root.resolve, node.value, folder, where)
    if found is None:
        return None
    if not os.path.exists(found):  # noqa: PTH110  Path.exists raises for a name that is too long
        beside = collect([], _inside, found.parent, "", root.bounds) or []
        near = did_you_mean(found.name, [b.name for b in beside]) if beside else "Check the path."
        problems.append(Problem(where, f"'{shortened(node.value)}' does not exist.", near))
        return None
    workbook = found.suffix.lower() == ".xlsx"
    fits = {
        _FOLDER: found.is_dir(),
        _CSV: found.suffix == ".csv" and found.is_file(),
        _ROUND: found.is_file() if workbook else found.is_dir(),
    }
    if fits[kind]:
        return found
    fact, remedy = f"'{node.value}' is not {kind}.", "Check the path."
    told = ENDINGS.get(found.suffix.lower())
    if told is not None and kind == _ROUND and found.is_file():
        fact, remedy = f"'{node.value}' {told}.", "Open it and save it as .xlsx."
    elif not found.is_dir() and not found.is_file():
        fact = f"'{node.value}' is neither a file nor a folder."
    elif workbook and kind == _ROUND:
        fact, remedy = f"'{node.value}' is a folder with the name of a workbook.", "Rename it."
    problems.append(Problem(where, fact, remedy))
    return None


def _inside(folder: Path, name: str, bounds: Bounds) -> list[Path]:
    """Return what is in a folder, sorted, hidden files left out."""
    try:
        shown = (path for path in folder.iterdir() if not path.name.startswith("."))
        found = list(islice(shown, bounds.files + 1))
    except OSError as error:
        fact = f"cannot be read: {error.strerror}."
        raise InvalidStudyError([Problem(name, fact, "Check the path.")]) from None
    bounds.check("files", len(found), name, counted=False)
    return sorted(found)


def _read_folder(
    folder: Path | None, root: Root, problems: list[Problem]
) -> dict[Path, Node | None]:
    if folder is None:
        return {}
    before = len(problems)
    listed = root.listed(folder, ".yaml", problems)
    if not listed and len(problems) == before:
        remedy = "Check the path; a part that the study lacks is not named in the scenario."
        problems.append(Problem(root.name(folder), "holds no .yaml file.", remedy))
    return {
        path: collect(problems, read_yaml, path, root.name(path), root.bounds) if inside else None
        for path, inside in listed.items()
    }


def _read_round(
    path: Path, root: Root, hidden: bool, problems: list[Problem]
) -> tuple[dict[str, Sheet], list[Path]]:
    """Return the text of a round's tables by name, from a folder of CSV files or a workbook.

    hidden: what is hidden in a workbook is read.
    """
    name, before = root.name(path), len(problems)
    files, sheets = [path], {}
    if path.is_dir():
        listed = root.listed(path, ".csv", problems)
        if not listed and len(problems) > before:
            return {}, []
        present = {file.stem for file in listed}
        files = [file for file, inside in listed.items() if inside and file.stem in TABLES]
        for file in files:
            sheet = collect(problems, read_csv, file, root.name(file), root.bounds)
            if sheet is not None:
                sheets[file.stem] = sheet
        _not_read(path, root, problems)
    else:
        book = collect(problems, partial(read_workbook, hidden=hidden), path, name, root.bounds)
        tables = {name: sheet for name, sheet in (book or {}).items() if name not in BESIDE}
        sheets = _filled(tables, problems)
        present = set(sheets if book is not None else REQUIRED)
    for table in sorted(present - TABLES.keys()):
        fact = "is no table of a round."
        problems.append(Problem(f"{name}, {table}", fact, did_you_mean(table, TABLES)))
        problems.extend(sheets[table].flaws if table in sheets else ())
    for table in REQUIRED:
        if table not in present:
            problems.append(Problem(name, f"the table '{table}' is missing.", "Add it."))
    return sheets, files


def _filled(sheets: Mapping[str, Sheet], problems: list[Problem]) -> dict[str, Sheet]:
    """Return the sheets that hold something; a table that holds nothing is a problem."""
    for table, sheet in sheets.items():
        if table in TABLES and not sheet.header:
            fact = "the sheet is empty."
            problems.append(Problem(sheet.where, fact, "Fill it, or take it out of the study."))
    return {table: sheet for table, sheet in sheets.items() if sheet.header}


def _not_read(folder: Path, root: Root, problems: list[Problem]) -> None:
    """Name tables of other formats, which would be passed over in silence."""
    for path in sorted(folder.iterdir()):
        if path.stem.lower() in TABLES and path.suffix.lower() in _OTHERS:
            fact = "is not read: a round is a folder of CSV files, or one workbook."
            problems.append(Problem(root.name(path), fact, "Save it as CSV."))


def _by_id(nodes: Mapping[Path, Node | None], key: str, problems: list[Problem]) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for path, node in nodes.items():
        if node is None:
            continue
        named = node.child(key)
        name = named.value if named is not None and isinstance(named.value, str) else path.stem
        if name in found:
            fact = f"the {key} '{name}' is also in {found[name].file}."
            problems.append(Problem(node.where, fact, "Keep one of the two files."))
        found.setdefault(name, node)
    return found
