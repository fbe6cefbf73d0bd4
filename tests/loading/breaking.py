"""What the tests of loading share: the starter study, copied, broken, refused."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner
from openpyxl import Workbook

import evaluator
from evaluator.cli import main

STARTER = Path(evaluator.__file__).parent / "record" / "starter_study"
BASE = "scenarios/baseline.yaml"
ROUND = "scenarios/round"
BANK = "scenarios/financing/bank.yaml"


def copy(tmp_path: Path) -> Path:
    """Return the root of a fresh copy of the starter study."""
    return Path(shutil.copytree(STARTER, tmp_path / "study"))


def edit(root: Path, file: str, old: str, new: str) -> None:
    """Replace a text, which has to be there, in a file of a study; `*` is the whole file."""
    path = root / file
    text = path.read_text() if path.exists() else ""
    assert old == "*" or old in text, "the edit does not apply"
    path.write_text(new if old == "*" else text.replace(old, new))


def refuse(root: Path, scenario: str = BASE) -> str:
    """Run the broken study; check all that holds for every refusal, and return the message."""
    out = root.parent / "runs"
    result = CliRunner().invoke(main, ["run", str(root / scenario), "--out", str(out)])
    assert result.exit_code == 4, result.output
    assert not out.exists()
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return str(result.stderr)


def bullets(message: str) -> list[str]:
    """Return the faults of a message."""
    return [line for line in message.splitlines() if line.startswith("- ")]


def workbook(root: Path, edit: Callable[[Workbook], object]) -> Path:
    """Turn the round into one workbook, edit it, and let the scenario name it."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for file in sorted((root / ROUND).glob("*.csv")):
        sheet = book.create_sheet(file.stem)
        for row in csv.reader(file.read_text().splitlines()):
            sheet.append([cell or None for cell in row])
    edit(book)
    path = root / "scenarios" / "round.xlsx"
    book.save(path)
    base = root / BASE
    base.write_text(base.read_text().replace("round: round\n", "round: round.xlsx\n"))
    return path


def rewrite(path: Path, change: Callable[[str, bytes], bytes], **extra: bytes) -> None:
    """Write the parts of a workbook again, each changed, and further ones."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(path) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, data in extra.items():
            new.writestr(name, data)
    path.write_bytes(buffer.getvalue())
