"""What the tests of imported tables share: a file, a study, what came of it."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from openpyxl import Workbook

import evaluator
from evaluator.cli import main

STARTER = Path(evaluator.__file__).parent / "record" / "starter_study"
ROUND = "scenarios/round"


def starter(folder: Path, *tables: str) -> Path:
    """Return a copy of the starter study with these tables of its round alone."""
    study = Path(shutil.copytree(STARTER, folder / "study"))
    for file in (study / ROUND).glob("*.csv"):
        if file.stem not in tables:
            file.unlink()
    (study / "scenarios" / "security-first.yaml").unlink()
    return study


def book(path: Path, sheets: dict[str, Iterable[Sequence[Any]]]) -> Workbook:
    """Write rows of sheets as a workbook; return it, to be changed and saved again."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    made.save(path)
    return made


def run(*arguments: object) -> Result:
    """Import; no traceback, whatever was asked."""
    result = CliRunner().invoke(main, ["import", *map(str, arguments)])
    assert "Traceback" not in result.output
    assert "Internal error" not in result.output
    return result


def done(*arguments: object) -> Result:
    """Import, which is to go ahead without a question."""
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result


def asked(*arguments: object) -> str:
    """Import, which is to propose a map; return what it tells."""
    result = run(*arguments)
    assert result.exit_code == 5, result.output
    return str(result.output)


def rows(study: Path, table: str) -> list[dict[str, str]]:
    """Return the rows of a table of a study's round."""
    text = (study / ROUND / f"{table}.csv").read_text()
    return list(csv.DictReader(io.StringIO(text)))


def record(study: Path) -> list[dict[str, str]]:
    """Return the record of an import."""
    return list(csv.DictReader(io.StringIO((study / "import.csv").read_text())))


def at(study: Path, cell: str) -> dict[str, str]:
    """Return what the record has of a cell."""
    (found,) = [row for row in record(study) if row["cell"] == cell]
    return found
