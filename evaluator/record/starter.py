"""A small study to start from."""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path

from evaluator.disk.new_folder import new_folder
from evaluator.loading import Bounds, load_study
from evaluator.loading.tables.delimited import read_csv
from evaluator.record.form import form
from evaluator.signals import held

_ROUND = {
    "scenarios/baseline.yaml": ("round: round\n", "round: round.xlsx\n"),
    "README.md": (
        "| `scenarios/round/` | the packages, as CSV |",
        "| `scenarios/round.xlsx` | the packages, a sheet a table: heads have notes, cells lists |",
    ),
}
"""What names the round, by file: as a folder, and as a workbook."""


@held()
def write_starter(folder: Path, *, workbook: bool = False) -> Path:
    """Copy the starter study into a new folder, whole or not at all; return its scenario.

    workbook: its round is one workbook to fill in, in place of a folder of CSV files. Raises
    UsageError where the folder exists and is not empty, or cannot be written.
    """
    with new_folder(folder) as copy:
        with as_file(files("evaluator.record") / "starter_study") as source:
            shutil.copytree(source, copy)
        copy.chmod(0o755)
        if workbook:
            _in_workbook(copy)
    return folder / "scenarios" / "baseline.yaml"


def _in_workbook(study: Path) -> None:
    """Put a workbook in the place of the folder that holds the round of a starter study."""
    scenarios = study / "scenarios"
    tables = scenarios / "round"
    sheets = {path.stem: read_csv(path, path.name, Bounds()) for path in tables.iterdir()}
    made = form(load_study(scenarios / "baseline.yaml"), sheets)
    (scenarios / "round.xlsx").write_bytes(made)
    shutil.rmtree(tables)
    for name, (old, new) in _ROUND.items():
        text = (study / name).read_text(encoding="utf-8")
        (study / name).write_text(text.replace(old, new), encoding="utf-8")
