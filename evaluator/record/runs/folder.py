"""Runs on disk: there whole, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from evaluator.errors import RunError
from evaluator.model.study import Study
from evaluator.record.runs.manifest import MANIFEST, manifest_of, read_manifest
from evaluator.record.runs.manifest import as_json as manifest_json
from evaluator.record.runs.placing import Placed, place, strangers_in
from evaluator.record.runs.study_file import as_json as study_json
from evaluator.record.runs.tables import Lazy, as_csv, tables
from evaluator.record.runs.verify import STUDY, held_study, hold_files, ids_of
from evaluator.report import Report, render
from evaluator.report.formatting.names import study_names
from evaluator.report.messages import say_all
from evaluator.report.xlsx.workbook import workbook
from evaluator.results.evaluation import Evaluation
from evaluator.results.schema import TABLES

_TRIES = 5


@dataclass(frozen=True)
class Run:
    """A run as it was read back."""

    folder: Path
    manifest: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    study: Study
    strangers: tuple[str, ...] = ()
    """Files in its folder that are not of the run."""


def write_run(evaluation: Evaluation, folder: str | Path, name: str | None = None) -> Path:
    """Write a run below a folder and return its own folder, `<scenario>-<fingerprint>` or `name`.

    It is there whole or not at all: all files are written to a folder beside it that then takes
    the place of a run of the same study. What of the run could not be made, a question, a figure
    or the brief, is `failed` in its manifest. Files of others in the folder are kept. Raises
    RunError where the folder cannot be written.
    """
    return place_run(evaluation, folder, name).folder


def place_run(evaluation: Evaluation, folder: str | Path, name: str | None = None) -> Placed:
    """Write a run as `write_run` does; tell as well whose files it found there."""
    files, found, report = files_of(evaluation)
    asked = evaluation.extended.failed if evaluation.extended else ()
    failed = (*asked, *report.failed)
    manifest = manifest_of(evaluation, found, failed, report.notes, files)
    files[MANIFEST] = manifest_json(manifest)
    return place(files, Path(folder) / (name or evaluation.study.run_name))


def files_of(evaluation: Evaluation) -> tuple[dict[str, bytes], dict[str, pd.DataFrame], Report]:
    """Return the files of a run but for its manifest, its tables, and its report."""
    found = tables(evaluation)
    report = render(evaluation)
    return {**_files(evaluation, found), **report.files}, found, report


def _files(evaluation: Evaluation, found: Mapping[str, pd.DataFrame]) -> dict[str, bytes]:
    """Return the files of a run but for its report and its manifest."""
    files = csv_files(found, evaluation.study)
    files["results.xlsx"] = workbook(evaluation, found)
    files[STUDY] = study_json(evaluation.study)
    if evaluation.allocation.log:
        files["solver.log"] = evaluation.allocation.log.encode()
    return files


def csv_files(tables: Mapping[str, pd.DataFrame], study: Study) -> dict[str, bytes]:
    """Return tables, by the names of their schemas, as the files of a run hold them."""
    said = partial(say_all, names=study_names(study))
    return {f"{name}.csv": as_csv(TABLES[name], table, said) for name, table in tables.items()}


def read_run(folder: str | Path) -> Run:
    """Read a run's manifest, study and tables.

    The fingerprint and the digest are worked out anew. Raises RunError where the folder is no run,
    or a file is absent, was altered, or is not listed; of a table that is none, when it is asked
    for.
    """
    path = Path(folder)
    for _ in range(_TRIES):
        manifest = read_manifest(path)
        try:
            return _held(path, manifest)
        except RunError:  # of a run that another took the place of in the meantime
            if read_manifest(path) == manifest:
                raise
    raise RunError(f"{path} is written again and again by others. Read it once they are done.")


def _held(path: Path, manifest: Mapping[str, Any]) -> Run:
    """Return a run whose files and study are those of its manifest."""
    hold_files(path, manifest)
    return _run(path, manifest, held_study(path, manifest))


def placed_run(placed: Placed, study: Study) -> Run:
    """Return the run of a study that was just placed; what was written is not held to itself.

    Raises RunError where it is no longer there.
    """
    return _run(placed.folder, read_manifest(placed.folder), study)


def _run(path: Path, manifest: Mapping[str, Any], study: Study) -> Run:
    places = {name: path / f"{name}.csv" for name in manifest["tables"]}
    strangers = tuple(sorted(strangers_in(path, manifest["files"])))
    return Run(path, manifest, Lazy(places, ids_of(study), study.parts), study, strangers)


def read_study(folder: str | Path) -> Study:
    """Read a run's resolved study, from which the run can be evaluated again.

    No other file of the run is needed but its manifest, and both have to agree. Raises RunError
    where the folder is no run, or its study was altered.
    """
    path = Path(folder)
    return held_study(path, read_manifest(path))
