"""A `.pb` file -> its three sections, every cell at its place.

Format: Faliszewski, Flis, Peters, Pierczynski, Skowron, Stolicki, Szufa & Talmon (2023),
Participatory Budgeting: Data, Tools and Analysis (IJCAI), and pabulib.org/format: sections META,
PROJECTS and VOTES, each with a head, columns parted by semicolons.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from evaluator.errors import InvalidStudyError, Problem
from evaluator.importing.material import Place, Source
from evaluator.letters import folded
from evaluator.sanitize import shortened

SECTIONS = ("META", "PROJECTS", "VOTES")
_BOM = b"\xef\xbb\xbf"
_HEAD = 400
"""Bytes in which the first section begins."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a section."""

    number: int
    cells: Sequence[str]


@dataclass
class Section:
    """A section: its head and its rows."""

    name: str
    file: str
    head: Sequence[str] = ()
    top: int = 0
    """The line of the head."""
    lines: list[Line] = field(default_factory=list)
    indices: Mapping[str, int] = field(default_factory=dict)
    """By column."""

    def place(self, line: Line, column: str) -> Place:
        """Return where a cell stands."""
        return Place(self.file, self.name, line.number, self.indices[column], lines=True)

    def cell(self, line: Line, column: str) -> str:
        """Return a cell; empty where there is no such column."""
        index = self.indices.get(column)
        return "" if index is None else line.cells[index].strip()


def is_pabulib(source: Source) -> bool:
    """Return whether a file begins with the section META."""
    head = source.data.removeprefix(_BOM)[:_HEAD].lstrip()
    first = head.partition(b"\n")[0].strip().strip(b";")
    return first.upper() == SECTIONS[0].encode()


def read_sections(source: Source) -> tuple[dict[str, str], dict[str, int], Section, Section]:
    """Return META by key, the line of each key, PROJECTS and VOTES.

    Raises InvalidStudyError with all faults: a section or column that is missing or there twice, a
    row that does not fit its head.
    """
    problems: list[Problem] = []
    found: dict[str, Section] = {}
    section: Section | None = None
    rows = 0
    for line in _lines(source):
        name = line.cells[0].strip().upper()
        if name in SECTIONS and not any(cell.strip() for cell in line.cells[1:]):
            if name in found:
                where = str(Place(source.file, name, line.number, 0, lines=True))
                problems.append(Problem(where, f"{name} begins again.", "Keep one of each."))
            section = found.setdefault(name, Section(name, source.file))
            continue
        if section is None:
            continue
        rows += 1
        source.bounds.check("rows", rows, source.name, counted=False)
        if not section.head:
            _head(section, line, problems)
        elif section.name == "META":
            key, *rest = line.cells
            section.lines.append(Line(line.number, (key, ";".join(rest).strip(" ;"))))
        else:
            _row(section, line, problems)
    for name in SECTIONS:
        if name not in found or not found[name].head:
            fact = f"the section {name} is missing, or has no head."
            problems.append(Problem(source.name, fact, "A .pb file has META, PROJECTS and VOTES."))
    if problems:
        raise InvalidStudyError(problems)
    meta = {line.cells[0].strip().lower(): line.cells[1] for line in found["META"].lines}
    at = {line.cells[0].strip().lower(): line.number for line in found["META"].lines}
    return meta, at, found["PROJECTS"], found["VOTES"]


def _lines(source: Source) -> Iterator[Line]:
    try:
        text = source.data.removeprefix(_BOM).decode()
    except UnicodeDecodeError as error:
        where = f"{source.name} line {source.data[: error.start].count(10) + 1}"
        fact = "is not UTF-8 text."
        raise InvalidStudyError([Problem(where, fact, "Save the file as UTF-8.")]) from None
    before = csv.field_size_limit(len(source.data) + 1)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=";")
        number = 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Line(number, tuple(cells))
            number = reader.line_num + 1
    finally:
        csv.field_size_limit(before)


def _head(section: Section, line: Line, problems: list[Problem]) -> None:
    heads = [cell.strip().lower() for cell in line.cells]
    while heads and not heads[-1]:
        heads.pop()
    section.head, section.top = heads, line.number
    section.indices = {name: index for index, name in enumerate(heads)}
    if section.name == "META":
        return
    for index, name in enumerate(heads):
        if name and folded(name) in {folded(one) for one in heads[:index]}:
            where = str(Place(section.file, section.name, line.number, index, lines=True))
            fact = f"the column '{shortened(name)}' stands twice."
            problems.append(Problem(where, fact, "Remove one."))


def _row(section: Section, line: Line, problems: list[Problem]) -> None:
    cells = list(line.cells)
    while len(cells) > len(section.head) and not cells[-1].strip():
        cells.pop()
    if len(cells) > len(section.head):
        where = str(Place(section.file, section.name, line.number, len(section.head), lines=True))
        fact = f"has {len(cells)} cells, the head of {section.name} has {len(section.head)}."
        problems.append(Problem(where, fact, "Put a cell that holds a semicolon in quotes."))
        return
    cells += [""] * (len(section.head) - len(cells))
    section.lines.append(Line(line.number, cells))
