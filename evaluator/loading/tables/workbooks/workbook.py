"""The parts of a workbook -> its sheets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from evaluator.errors import InvalidStudyError, Problem
from evaluator.loading.documents.bounds import Bounds
from evaluator.loading.documents.text_files import read_bytes
from evaluator.loading.tables.kinds import ARCHIVE, DAMAGED, no_archive, no_workbook
from evaluator.loading.tables.sheets import Fault, Sheet
from evaluator.loading.tables.workbooks.archive import (
    BROKEN,
    Archive,
    Damaged,
    Depth,
    beside,
    parser_of,
)
from evaluator.loading.tables.workbooks.formats import FIRST_DAYS, Styles
from evaluator.loading.tables.workbooks.names import flag, locals_of
from evaluator.loading.tables.workbooks.strict import Book, StrictCells
from evaluator.loading.tables.workbooks.table import UNHIDE
from evaluator.loading.tables.workbooks.texts import SharedTexts
from evaluator.loading.tables.workbooks.worksheet import Sink, Worksheet

_SHEETS = 1_000
_OTHER = ("word/", "ppt/")
_LOCAL = locals_of("workbookPr", "sheet")
_RELATIONS = "relationships id"


S = TypeVar("S", bound=Sink)


def sheets_of(path: Path, name: str, bounds: Bounds, *, hidden: bool) -> dict[str, Sheet]:
    """Return the sheets of a workbook by name; the errors of `read_workbook`."""

    def sink(where: str, book: Book) -> StrictCells:
        return StrictCells(where, book, bounds, hidden=hidden)

    found: dict[str, Sheet] = {}
    for entry, worksheet, cells in read_sheets(read_bytes(path, name, bounds), name, bounds, sink):
        sheet = cells.taken(worksheet.hidden, worksheet.merged)
        if entry.get("state", "visible") != "visible" and not hidden:
            where = f"{name} sheet {entry['name']}"
            sheet = replace(sheet, flaws=(_hidden(where, entry["state"]), *sheet.flaws))
        found[entry["name"]] = sheet
    return found


def read_sheets(
    data: bytes, name: str, bounds: Bounds, sink: Callable[[str, Book], S]
) -> list[tuple[Mapping[str, str], Worksheet, S]]:
    """Return each sheet of a workbook: how it is listed, its frame, and what took its cells.

    Raises InvalidStudyError for a file that is beyond a bound, or not a workbook.
    """
    if not data.startswith(ARCHIVE):
        raise _invalid(name, no_archive(data))
    try:
        return list(_read(Archive(data, name, bounds), name, bounds, sink))
    except InvalidStudyError:
        raise
    except BROKEN:
        raise _invalid(name, DAMAGED) from None


def _invalid(where: str, fault: Fault) -> InvalidStudyError:
    return InvalidStudyError([Problem(where, *fault)])


def _read(
    archive: Archive, name: str, bounds: Bounds, sink: Callable[[str, Book], S]
) -> Iterator[tuple[Mapping[str, str], Worksheet, S]]:
    main = _relations(archive, "").of_kind("officeDocument")
    if len(main) != 1 or main[0].startswith(_OTHER) or main[0] not in archive:
        raise _invalid(name, no_workbook(archive.parts, archive.head("mimetype")))
    if main[0].endswith(".bin"):
        raise _invalid(name, no_workbook(main, b""))
    listed = _Listed()
    archive.feed(main[0], listed.parser)
    relations = _relations(archive, main[0])
    named = [(relations.targets[entry["id"]], entry) for entry in listed.sheets]
    # what is no worksheet is a chart, a macro or a dialogue, and holds no cells
    sheets = [(part, entry) for (part, kind), entry in named if kind == "worksheet"]
    parts = [part for part, _ in sheets]
    if len({*parts}) < len(parts) or len({e["name"] for _, e in sheets}) < len(parts):
        raise Damaged("a sheet that stands twice")
    others = [*relations.of_kind("sharedStrings"), *relations.of_kind("styles")]
    archive.claim([*parts, *others])
    book = _book(archive, relations, listed.from_1904, name, bounds)
    for part, entry in sheets:
        where = f"{name} sheet {entry['name']}"
        cells = sink(where, book)
        worksheet = Worksheet(where, cells, bounds)
        archive.feed(part, worksheet.parser)
        yield entry, worksheet, cells


def _hidden(where: str, state: str) -> Problem:
    if state == "veryHidden":
        fact = "is hidden so that only the editor of macros shows it."
        return Problem(where, fact, UNHIDE)
    return Problem(where, "is hidden.", UNHIDE)


def _book(
    archive: Archive, relations: _Relations, from_1904: bool, name: str, bounds: Bounds
) -> Book:
    texts, styles = SharedTexts(name, bounds), Styles()
    for part in relations.of_kind("sharedStrings"):
        archive.feed(part, texts.parser)
    for part in relations.of_kind("styles"):
        archive.feed(part, styles.parser)
    return Book(texts.texts, styles.formats(), FIRST_DAYS[from_1904])


class _Listed:
    """Takes in the part that lists the sheets."""

    def __init__(self) -> None:
        self.parser = parser_of(self)
        self.sheets: list[Mapping[str, str]] = []
        """Their attributes; `id` is that of the relation."""
        self.from_1904 = False
        self._depth = Depth()

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Enter an element."""
        self._depth.down()
        local = _LOCAL.get(name)
        if local == "workbookPr":
            self.from_1904 = flag(attributes.get("date1904"))
        elif local == "sheet":
            if len(self.sheets) == _SHEETS:
                raise Damaged("too many sheets")
            (relation,) = (v for k, v in attributes.items() if k.endswith(_RELATIONS))
            self.sheets.append({**attributes, "id": relation})

    def end(self, _: str) -> None:
        """Leave an element."""
        self._depth.up()


class _Relations:
    """Takes in the part that says which parts another names."""

    def __init__(self, part: str) -> None:
        self.parser = parser_of(self)
        self.targets: dict[str, tuple[str, str]] = {}
        """Part and kind by id."""
        self._part, self._depth = part, Depth()

    def of_kind(self, kind: str) -> list[str]:
        """Return the parts of a kind."""
        return [part for part, other in self.targets.values() if other == kind]

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Enter an element."""
        self._depth.down()
        if (
            name.endswith("relationships Relationship")
            and attributes.get("TargetMode") != "External"
        ):
            kind = attributes["Type"].rpartition("/")[2]
            self.targets[attributes["Id"]] = beside(self._part, attributes["Target"]), kind

    def end(self, _: str) -> None:
        """Leave an element."""
        self._depth.up()


def _relations(archive: Archive, part: str) -> _Relations:
    """Return what a part names; nothing where no part says so."""
    folder, _, name = part.rpartition("/")
    found = _Relations(part)
    listed = f"{folder}/_rels/{name}.rels".lstrip("/")
    if listed in archive:
        archive.feed(listed, found.parser)
    return found
