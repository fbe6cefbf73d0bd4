"""What was imported -> files of a study, whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from evaluator.disk.new_folder import new_folder
from evaluator.importing.material import SCENARIO, Imported, Left, Row, Taken
from evaluator.loading.round.tables import TABLES
from evaluator.loading.study import load_study
from evaluator.loading.tables.sheets import Sheet
from evaluator.sanitize import inert
from evaluator.signals import held

RECORD = "import.csv"
_COLUMNS = ("file", "sheet", "cell", "found", "taken", "field", "of", "how")


@dataclass(frozen=True, slots=True)
class Traced(Sheet):
    """A table whose faults are told at the cells that it was read from."""

    places: Mapping[tuple[int, int], str] | None = None
    """By line and index."""

    def row(self, line: int) -> str:
        """Return the place of a row: that of its first cell that was read."""
        places = self.places or {}
        found = (places.get((line, index)) for index in range(len(self.header)))
        return next(filter(None, found), None) or Sheet.row(self, line)

    def cell(self, line: int, index: int) -> str:
        """Return the place of a cell: its own, else that of its row, with the column."""
        own = (self.places or {}).get((line, index))
        return own or f"{self.row(line)}, column {self.header[index]}"


def traced(table: str, rows: Sequence[Row], where: str) -> Traced:
    """Return rows as a table of a round: its own columns in their order, then others as they come.

    where: the file that they would be written to.
    """
    there = dict.fromkeys(name for row in rows for name in row.cells)
    own = [name for name in TABLES[table][0] if name in there]
    header = (*own, *(name for name in there if name not in own))
    texts = tuple(
        (line, tuple(row.cells.get(name, "") for name in header))
        for line, row in enumerate(rows, 2)
    )
    places = {
        (line, header.index(name)): str(place)
        for line, row in enumerate(rows, 2)
        for name, place in row.places.items()
    }
    return Traced(where, header, texts, places=places)


@held()
def write_study(imported: Imported, folder: Path) -> Path:
    """Write a new study into a folder, whole or not at all; return its scenario.

    It is loaded before it takes its place. Raises UsageError where the folder is not empty or
    cannot be written, InvalidStudyError with all faults of the study, each at the cell or line of
    the foreign file that it comes from.
    """
    with new_folder(folder) as study:
        for name, data in _files(imported).items():
            path = study / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        load_study(study / SCENARIO)
    return folder / SCENARIO


def _files(imported: Imported) -> dict[str, bytes]:
    """Return the files of a new study by their paths in it; a record where cells were taken."""
    documents = {name: yaml_bytes(data) for name, data in imported.documents.items()}
    tables = {
        f"scenarios/round/{name}.csv": csv_bytes(sheet.header, (texts for _, texts in sheet.rows))
        for name, rows in imported.tables.items()
        for sheet in [traced(name, rows, name)]
    }
    record = {RECORD: record_bytes(imported.record)} if imported.record else {}
    return {**documents, **tables, **record}


class _WrittenOut(yaml.SafeDumper):
    """Writes what stands twice twice: a study's files have no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def yaml_bytes(data: Any) -> bytes:
    """Return plain data as a file of YAML that a study can have."""
    text = yaml.dump(data, None, _WrittenOut, sort_keys=False, allow_unicode=True, width=100)
    return str(text).encode()


def record_bytes(record: Sequence[Taken | Left]) -> bytes:
    """Return the record of an import as CSV: every cell of the file that is not blank."""
    return csv_bytes(_COLUMNS, map(_recorded, record))


def _recorded(one: Taken | Left) -> tuple[str, ...]:
    at = (one.place.file, inert(one.place.sheet), one.place.cell, _shown(one.found))
    if isinstance(one, Left):
        return (*at, "", "", "", f"left: {one.why}")
    return (*at, _shown(one.taken), one.field, one.of, one.how)


def _shown(text: str) -> str:
    """Return a text so that no spreadsheet takes it for a formula; numbers as they are."""
    return text if text[:1] == "-" and text[1:2].isdigit() else inert(text)


def csv_bytes(header: Sequence[str], rows: Any) -> bytes:
    """Return a table as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()
