"""A run is evaluated again, from its folder or from the record alone, and held to what it was."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluator.errors import RunError
from evaluator.model.study import Study
from evaluator.pipeline import evaluate
from evaluator.progress import Progress
from evaluator.questions import ask
from evaluator.record.runs.folder import csv_files, files_of
from evaluator.record.runs.listing import Difference
from evaluator.record.runs.manifest import MANIFEST, read_manifest
from evaluator.record.runs.study_file import from_json
from evaluator.record.runs.tables import tables
from evaluator.record.runs.verify import STUDY, held_study
from evaluator.results.evaluation import Evaluation
from evaluator.results.provenance import versions
from evaluator.results.schema import TABLES

TIMED = ("solver.log",)
"""Files of a run that tell how long something took: no two are alike."""


@dataclass(frozen=True)
class Kept:
    """What a run is evaluated again from, and held to."""

    name: str
    manifest: Mapping[str, Any]
    study: Study
    files: Mapping[str, bytes]
    """Its tables, by the names of their files: of any other file its digest is known."""


@dataclass(frozen=True)
class Cells:
    """Cells of a column that are otherwise than they were."""

    table: str
    column: str
    count: int
    row: str
    """The row of the largest difference, by its keys."""
    old: str
    new: str
    """What stands in it."""
    difference: float | None
    """The largest, of numbers; None where they are texts, or rows that are not in both."""


@dataclass(frozen=True)
class Reproduced:
    """How a run that was evaluated again compares with what it was."""

    run: str
    same: tuple[str, ...]
    """Files that are the same to the byte."""
    other: tuple[str, ...]
    """Files that are not, or are in one of the two alone."""
    cells: tuple[Cells, ...]
    """Which cells of tables differ."""
    versions: tuple[Difference, ...]
    """Programs of which another version did the work."""
    cut: tuple[str, ...]
    """What the time limit cut, then or now: another run may find more."""

    @property
    def identical(self) -> bool:
        """Whether every file is the same to the byte."""
        return not self.other


def kept_in(folder: str | Path) -> Kept:
    """Return what a run's folder keeps of it.

    Tables that were altered since are held to as they are. Raises RunError where the folder is no
    run of this version.
    """
    path = Path(folder)
    manifest = read_manifest(path)
    names = [f"{table}.csv" for table in manifest["tables"]]
    files = {name: (path / name).read_bytes() for name in names if (path / name).is_file()}
    return Kept(path.resolve().name, manifest, held_study(path, manifest), files)


def kept_as(name: str, files: Mapping[str, bytes]) -> Kept:
    """Return what a record keeps of a run, by the names of its files.

    Raises RunError where this version cannot read the study.
    """
    manifest = json.loads(files[MANIFEST])
    try:
        study = from_json(files[STUDY], manifest["sources"])
    except (ValueError, RecursionError):
        wrote = manifest["versions"].get("evaluator", "another")
        fact = f"its study was written by version {wrote} of the evaluator"
        raise RunError(f"{name} cannot be evaluated: {fact}. Evaluate it with that one.") from None
    if study.fingerprint != manifest["fingerprint"]:
        fact = "this version reads its study otherwise than the one that wrote it"
        raise RunError(f"{name} cannot be evaluated: {fact}.")
    return Kept(name, manifest, study, files)


def evaluated(kept: Kept, progress: Progress = lambda step: None) -> Evaluation:
    """Evaluate a run again for what else is to be made of it; every table is the run's to the byte.

    Raises RunError where one is not, and SolverError as `evaluate` does.
    """
    evaluation = ask(evaluate(kept.study, progress), progress)
    made = csv_files(tables(evaluation), kept.study)
    told = kept.manifest["files"]
    names = made.keys() | {f"{table}.csv" for table in kept.manifest["tables"]}
    other = [
        name
        for name in sorted(names)
        if name not in made or hashlib.sha256(made[name]).hexdigest() != told.get(name)
    ]
    if other:
        fact = f"evaluated again, it has other numbers in {', '.join(other)}"
        raise RunError(f"{kept.name}: {fact}. 'evaluator reproduce' tells which, and why.")
    return evaluation


def reproduce(kept: Kept, progress: Progress = lambda step: None) -> Reproduced:
    """Evaluate a run again, and return what of it is otherwise, by how much, and what explains it.

    Files that tell how long something took are left out. Raises SolverError as `evaluate` does.
    """
    evaluation = ask(evaluate(kept.study, progress), progress)
    progress("comparing")
    made = files_of(evaluation)[0]
    told = {name: sha for name, sha in kept.manifest["files"].items() if name not in TIMED}
    now = {
        name: hashlib.sha256(data).hexdigest() for name, data in made.items() if name not in TIMED
    }
    other = sorted(name for name in told.keys() | now.keys() if told.get(name) != now.get(name))
    tables = [name for name in other if name in kept.files and name in made]
    cut = (
        *(kept.manifest.get("allocation") or {}).get("cut_by_time", ()),
        *evaluation.allocation.cut_by_time,
    )
    return Reproduced(
        kept.name,
        tuple(sorted(told.keys() - set(other))),
        tuple(other),
        tuple(one for name in tables for one in _cells(name, kept.files[name], made[name])),
        tuple(_versions(kept.manifest["versions"])),
        tuple(dict.fromkeys(cut)),
    )


def _versions(then: Mapping[str, str]) -> Iterator[Difference]:
    now = versions()
    for name in sorted(then.keys() | now.keys()):
        if then.get(name) != now.get(name):
            yield Difference("version", name, then.get(name), now.get(name))


def _cells(file: str, old: bytes, new: bytes) -> Iterator[Cells]:
    """Yield for each column of a table what of it differs; rows that only one has by themselves."""
    table = file.removesuffix(".csv")
    keys = TABLES[table].keys
    was, now = (_rows(data, keys) for data in (old, new))
    for there, rest, column in ((was, now, "(row gone)"), (now, was, "(row new)")):
        if lone := [key for key in there if key not in rest]:
            yield Cells(table, column, len(lone), "; ".join(lone[0]), "", "", None)
    both = [key for key in was if key in now]
    for column in dict.fromkeys(name for key in both for name in (*was[key], *now[key])):
        pairs = [(key, was[key].get(column, ""), now[key].get(column, "")) for key in both]
        if other := [pair for pair in pairs if pair[1] != pair[2]]:
            key, a, b = max(other, key=lambda pair: _apart(*pair[1:]) or 0.0)
            yield Cells(table, column, len(other), "; ".join(key), a, b, _apart(a, b))


def _rows(data: bytes, keys: tuple[str, ...]) -> dict[tuple[str, ...], dict[str, str]]:
    rows = csv.DictReader(io.StringIO(data.decode(errors="replace"), newline=""))
    return {tuple(str(row.get(key)) for key in keys): row for row in rows}


def _apart(old: str, new: str) -> float | None:
    try:
        apart = abs(float(old) - float(new))
    except ValueError:
        return None
    return apart if math.isfinite(apart) else None
