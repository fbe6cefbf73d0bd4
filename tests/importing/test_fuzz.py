"""Random workbooks through the importer: each cell is on record once it is read, or is told.

As openpyxl writes them, and as LibreOffice saves them again (.xlsx, .ods).
"""

from __future__ import annotations

import datetime as dt
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from evaluator.errors import InvalidStudyError, Problem
from evaluator.importing.filling import destination_of
from evaluator.importing.material import Imported, Left, Place, Source, Taken
from evaluator.importing.readers import source
from evaluator.importing.tables.destination import Destination
from evaluator.importing.tables.grids.files import read_cells
from evaluator.importing.tables.reading import Proposed, read_map, read_mapped, read_tables
from evaluator.loading.documents.bounds import Bounds
from tests.importing.forms import starter

DAY = dt.date(2026, 7, 1)
HEADS = (
    *(
        "Project",
        "Title",
        "Whether the consortium can deliver",
        "recovery_hours",
        "Day of submission",
    ),
    *("Capital cost", "Judge", "Comments", "Share made at home (%)", "Phone", "risk grade", "Loan"),
)
CELLS: tuple[Any, ...] = (
    *(
        "P1",
        "p2",
        "Port logistics platform",
        "P9",
        "good",
        "FAIR",
        "superb",
        "TBD",
        "-",
        "N/A",
        "x",
    ),
    *(
        "$1,200",
        "1.234,5",
        "12,5 %",
        "(300)",
        "\u22125",
        "1 234",
        "2,500",
        "1.2m",
        "€5",
        "é ü",
        "=x",
    ),
    *(
        "13/04/2026",
        "03/04/2026",
        "2026-03-04T10:00",
        "4 March 2026",
        "yes",
        "no",
        "J 1",
        "  pad ",
        "?",
    ),
    *(
        0,
        1,
        7,
        2.5,
        -3,
        1e6,
        0.125,
        True,
        dt.date(2026, 3, 4),
        dt.datetime(2026, 3, 4, 9),
        dt.time(9),
    ),
    *("=1+1", None, None, None, "a\nb", "Total"),
)


GOOD: dict[str, tuple[Any, ...]] = {
    "Project": ("P1", "p2", "Farm advisory service", "P3"),
    "Title": ("Clinic", "Pört", "Farm 3"),
    "Whether the consortium can deliver": ("good", "FAIR", "Poor", "TBD", None),
    "recovery_hours": (1, 2.5, "3", "4.75", "-", None),
    "Day of submission": (dt.date(2026, 3, 4), "4 March 2026", "2026-03-05T09:00"),
    "Capital cost": ("$1,200", 5000, "1.2m", "990.75", "n/a"),
    "Judge": ("J1", "J2", "Dr. O'Neil"),
    "Comments": ("fine", "=x", "a\nb", None),
    "Share made at home (%)": ("12,5 %", "40 %", "7%"),
    "risk grade": ("low", "HIGH", "TBD"),
    "Loan": ("$5", 7, 0, None),
}
"""Cells that can be read, by what stands above them."""


def fill(sheet: Worksheet, rng: random.Random) -> None:
    """Fill a sheet: titles, head, rows, notes; some of it hidden, merged, formatted."""
    row = 1
    for _ in range(rng.choice((0, 0, 1, 3))):
        sheet.cell(row, rng.randint(1, 3), rng.choice(("Scores of June", "Panel", 2026)))
        row += rng.randint(1, 2)
    heads = rng.sample(HEADS, rng.randint(1, 7))
    left = rng.choice((1, 1, 1, 3))
    if rng.random() < 0.3:
        sheet.cell(row, left, "Panel of judges")
        wide = sheet.cell(row, left + max(len(heads) - 1, 0)).coordinate
        if len(heads) > 1:
            sheet.merge_cells(f"{sheet.cell(row, left).coordinate}:{wide}")
        row += 1
    for at, head in enumerate(heads):
        sheet.cell(row, left + at, head)
    spoiled = rng.choice((0.0, 0.0, 0.1, 0.6))
    for _ in range(rng.randint(0, 8)):
        row += rng.choice((1, 1, 1, 1, 2))
        for at in range(len(heads) + rng.choice((0, 0, 1))):
            pool = GOOD.get(heads[at], ("555",)) if at < len(heads) else ("beside",)
            value = rng.choice(CELLS if rng.random() < spoiled else pool)
            cell = sheet.cell(row, left + at, value)
            if rng.random() < spoiled / 3:
                cell.number_format = rng.choice(
                    ("0.0%", "00000", '#,##0 "USD"', "[$€-407] 0.00", "d/m/yy")
                )
        sheet.row_dimensions[row].hidden = rng.random() < 0.1
    if rng.random() < 0.3:
        sheet.cell(row + 2, left, "Signed by the chair")
    if rng.random() < 0.2:
        sheet.column_dimensions["B"].hidden = True
    if rng.random() < 0.15:
        sheet.sheet_state = "hidden"


def workbook(path: Path, seed: int) -> None:
    rng = random.Random(seed)
    made = Workbook()
    for number in range(rng.randint(0, 2)):
        fill(
            made.create_sheet(
                rng.choice(("Scores", "It's & it", "Übersicht", "measures")) + str(number)
            ),
            rng,
        )
    fill(made.worksheets[0], rng)
    made.worksheets[0].sheet_state = "visible"
    made.save(path)


def faults(read: Any, *args: Any) -> tuple[tuple[Problem, ...], Any]:
    """Return the faults of a reader, or what it returns."""
    try:
        return (), read(*args)
    except InvalidStudyError as error:
        return error.problems, None


def check(file: Source, there: Destination, folder: Path) -> str:
    """Import a file in any way that it can be; see that nothing of it is lost. Return what came."""
    every = {
        cell.place: cell.found for grid in read_cells(file).grids for cell in grid.cells.values()
    }
    problems, found = faults(read_tables, file, there, DAY)
    if found is None:
        named = (file.file, file.name)
        assert all(one.where.startswith(named) for one in problems), problems
        return "refused"
    if isinstance(found, Proposed):
        path = folder / "map.yaml"
        path.write_text(found.text)
        told = {str(one) for one in found.problems}
        problems, found = faults(read_mapped, file, there, *read_map(path, Bounds()))
        if found is None:
            assert told <= {str(one) for one in problems}
            return "asked"
    assert_whole(found, every)
    return "taken"


def assert_whole(found: Imported, every: dict[Place, str]) -> None:
    """Assert that the record has each cell, as it is found, and each text of the tables a cell."""
    assert {one.place for one in found.record} == every.keys()
    assert all(one.found == every[one.place] for one in found.record)
    left = {one.place for one in found.record if isinstance(one, Left)}
    taken = {one.place: one for one in found.record if isinstance(one, Taken)}
    assert not left & taken.keys()
    texts = {(one.place, one.taken) for one in found.record if isinstance(one, Taken)}
    for rows in found.tables.values():
        for row in rows:
            for column, place in row.places.items():
                assert place in taken
                if column != "package":
                    assert (place, row.cells[column]) in texts, (column, place)


def seeds(first: int, count: int) -> Iterator[int]:
    yield from range(first, first + count)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Destination]:
    filled = starter(tmp_path_factory.mktemp("filled"), "packages")
    empty = starter(tmp_path_factory.mktemp("empty"))
    there = {
        name: destination_of(study / "scenarios" / "baseline.yaml", Bounds())
        for name, study in (("filled", filled), ("empty", empty))
    }
    return {**there, "new": Destination()}


@pytest.mark.slow
@pytest.mark.parametrize("into", ["filled", "empty", "new"])
def test_no_cell_is_dropped_in_silence(
    tmp_path: Path, places: dict[str, Destination], into: str
) -> None:
    came = []
    for seed in seeds(0, 60):
        workbook(tmp_path / "in.xlsx", seed)
        came.append(check(source(tmp_path / "in.xlsx"), places[into], tmp_path))
    assert min(came.count(one) for one in ("refused", "asked", "taken")) > 5, came


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_no_cell_of_a_file_of_libreoffice_is_dropped_in_silence(
    tmp_path: Path, soffice: str, places: dict[str, Destination], ending: str
) -> None:
    made = tmp_path / "made"
    made.mkdir()
    for seed in seeds(1000, 60):
        workbook(made / f"{seed}.xlsx", seed)
    command = [soffice, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    command += ["--convert-to", ending, "--outdir", str(tmp_path / "saved")]
    subprocess.run(
        [*command, *map(str, made.glob("*.xlsx"))], check=True, capture_output=True, timeout=300
    )
    came = []
    for path in sorted((tmp_path / "saved").iterdir()):
        for there in places.values():
            came.append(check(source(path), there, tmp_path))
    assert len(came) == 180
    assert min(came.count(one) for one in ("refused", "asked", "taken")) > 15, came
