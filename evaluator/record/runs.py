"""Runs on disk: there whole, or not at all."""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from evaluator.errors import RunError
from evaluator.model.study import Study
from evaluator.record.interrupts import interrupts_held
from evaluator.record.study_file import as_json, from_json
from evaluator.record.tables import Lazy, as_csv, tables
from evaluator.report import render
from evaluator.report.formatting.names import agency_names, names_of
from evaluator.report.messages import plain, say_all
from evaluator.report.messages.allocation import conflict_in_words, ease_in_words, noted
from evaluator.report.viewmodel.overrides import named_decisions
from evaluator.report.viewmodel.warnings import study_notes
from evaluator.report.xlsx.workbook import workbook
from evaluator.results.evaluation import Allocation, Evaluation
from evaluator.results.format import FORMAT
from evaluator.results.schema import TABLES

_MANIFEST = "manifest.json"
_LOOKS = 5
_TAKEN = (errno.ENOTEMPTY, errno.EEXIST)
_SHOWN = ("ranking", "agency_scores", "values", "gates", "allocation", "limits")
"""Tables without which a run cannot be shown."""


@dataclass(frozen=True)
class Run:
    """A run as it was read back."""

    folder: Path
    manifest: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]


def write_run(evaluation: Evaluation, folder: str | Path, name: str | None = None) -> Path:
    """Write a run below a folder and return its own folder, `<scenario>-<fingerprint>` or `name`.

    All files are written to a temporary folder that is renamed at the end. A run of the same study
    is replaced. What of the run could not be made, a question, a figure or the brief, is `failed`
    in its manifest. Raises RunError where the folder cannot be written.
    """
    target = Path(folder) / (name or evaluation.study.run_name)
    found = tables(evaluation)
    report = render(evaluation)
    files = {**_files(evaluation, found), **report.files}
    asked = evaluation.extended.failed if evaluation.extended else ()
    failed = plain((*asked, *report.failed), names_of(evaluation))
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    manifest = {**_manifest(evaluation, found), "failed": failed, "files": digests}
    files[_MANIFEST] = _json(manifest)
    _put(files, target)
    return target


@interrupts_held()
def _put(files: Mapping[str, bytes], target: Path) -> None:
    """Write files to a temporary folder, and it in the place of the target."""
    parent = target.parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=".writing-", dir=parent))
    except OSError as error:
        raise RunError(
            f"{parent} cannot be written: {error.strerror}. Choose another --out."
        ) from None
    try:
        for name, data in files.items():
            path = temporary / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        temporary.chmod(0o755)
        _swap(temporary, target)
    except OSError as error:
        raise RunError(f"{target} cannot be written: {error.strerror}. Nothing was kept.") from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _swap(temporary: Path, target: Path) -> None:
    """Put the new folder in the place of the old one, or of none.

    Another process may be doing the same. It then writes the same run, and whichever is there
    last is kept.
    """
    # a run that another is just taking away may be seen half removed: look again
    if all(_no_run(target) for _ in range(_LOOKS)):
        fact = "exists and is not a run. Move it away or choose another --out."
        raise RunError(f"{target} {fact}")
    aside = temporary.with_name(f"{temporary.name}-replaced")
    try:
        with suppress(FileNotFoundError):
            target.rename(aside)
        temporary.rename(target)
    except BaseException as error:  # an interrupt as well must not lose the old run
        # where another has put the same run in the meantime, it sees to it that one stays
        if getattr(error, "errno", None) not in _TAKEN:
            _put_back(aside, target)
            raise
    shutil.rmtree(aside, ignore_errors=True)


def _put_back(aside: Path, target: Path) -> None:
    """Put the old folder back, or away where another is in its place."""
    try:
        aside.rename(target)
    except OSError as error:
        if error.errno in _TAKEN:
            shutil.rmtree(aside, ignore_errors=True)


def _no_run(target: Path) -> bool:
    """Return whether something stands there that is not a run."""
    try:
        return target.is_file() or _MANIFEST not in {file.name for file in target.iterdir()}
    except FileNotFoundError:
        return False


def _files(evaluation: Evaluation, found: Mapping[str, pd.DataFrame]) -> dict[str, bytes]:
    """Return the files of a run but for its report and its manifest."""
    said = partial(say_all, names=names_of(evaluation))
    files = {f"{name}.csv": as_csv(TABLES[name], table, said) for name, table in found.items()}
    files["results.xlsx"] = workbook(evaluation, found)
    files["study.json"] = as_json(evaluation.study)
    if evaluation.allocation.log:
        files["solver.log"] = evaluation.allocation.log.encode()
    return files


def _json(manifest: Mapping[str, Any]) -> bytes:
    return json.dumps(manifest, indent=1, ensure_ascii=False, allow_nan=False).encode()


def _manifest(evaluation: Evaluation, found: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    allocation, study = evaluation.allocation, evaluation.study
    names = names_of(evaluation)

    return {
        "format": FORMAT,
        "scenario": study.scenario.scenario,
        "title": study.scenario.title,
        "as_of": study.as_of.isoformat(),
        "fingerprint": study.fingerprint,
        "seed": study.scenario.uncertainty.seed,
        "draws": evaluation.uncertainty.draws if evaluation.uncertainty else 0,
        "method": study.scenario.method.model_dump(exclude_none=True),
        "agencies": dict(agency_names(evaluation)),
        "overrides": plain(named_decisions(evaluation), names),
        "changes": [change.model_dump(mode="json") for change in study.applied],
        "sources": {source.path: source.sha256 for source in study.sources},
        "confidence": dict(evaluation.provenance.confidence),
        "notes": plain(study_notes(evaluation), names_of(evaluation)),
        "allocation": {
            "status": allocation.status,
            "termination": allocation.termination,
            **_sums(allocation),
            "supported": list(allocation.supported),
            "certificate": plain(allocation.certificate, names),
            "conflicts": [
                {
                    "words": conflict_in_words(one, names),
                    "members": plain(one.members, names),
                    "relaxation": [ease_in_words(each, names) for each in one.relaxation],
                }
                for one in allocation.conflicts
            ],
            "solver": dict(allocation.solver),
            "notes": [
                {**told, "words": noted(note, names)}
                for note in dict.fromkeys(allocation.notes)
                for told in plain([note], names)
            ],
        },
        "versions": dict(evaluation.provenance.versions),
        "created_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "tables": list(found),
    }


def _sums(allocation: Allocation) -> dict[str, float | None]:
    """Return what the amounts are worth and cost: none of them where there is no allocation."""
    return {
        name: getattr(allocation, name) if allocation.exists else None
        for name in ("objective", "bound", "gap", "subsidy_usd")
    }


def read_run(folder: str | Path) -> Run:
    """Read a run's manifest and tables.

    Raises RunError where the folder is no run, or a file is absent or was altered.
    """
    path = Path(folder)
    manifest = _read_manifest(path)
    _check_files(path, manifest["files"])
    names = manifest["tables"]
    if not set(_SHOWN) <= set(names) <= set(TABLES):
        raise RunError(f"{path} is not a run: its {_MANIFEST} does not list the tables of one.")
    return Run(path, manifest, Lazy({name: path / f"{name}.csv" for name in names}))


def read_study(folder: str | Path) -> Study:
    """Read a run's resolved study, from which the run can be evaluated again.

    No other file of the run is needed. Raises RunError where the folder is no run, or its study
    was altered.
    """
    path = Path(folder)
    manifest, name = _read_manifest(path), "study.json"
    listed = manifest["files"]
    if name not in listed:
        raise RunError(f"{path} is not a run: its {_MANIFEST} lists no {name}.")
    _check_files(path, {name: listed[name]})
    try:
        return from_json((path / name).read_bytes(), dict(manifest["sources"]))
    except (KeyError, TypeError, ValueError):
        fact = "is not a study of this version of the program. Run the scenario again."
        raise RunError(f"{path / name} {fact}") from None


def _read_manifest(path: Path) -> dict[str, Any]:
    """Return a run's manifest, its files as a mapping and its tables as a list."""
    try:
        manifest = dict(json.loads((path / _MANIFEST).read_bytes()))
        form, wrote = manifest.get("format", 1), dict(manifest["versions"])["evaluator"]
    except (OSError, ValueError, KeyError, TypeError):
        raise RunError(f"{path} is not a run: it has no readable {_MANIFEST}.") from None
    if form != FORMAT:
        raise RunError(
            f"{path} is of format {form}, written by version {wrote} of the evaluator; this version"
            f" reads format {FORMAT}. Read it with that version, or run the scenario again."
        )
    try:
        return {**manifest, "files": dict(manifest["files"]), "tables": list(manifest["tables"])}
    except (ValueError, KeyError, TypeError):
        raise RunError(f"{path} is not a run: it has no readable {_MANIFEST}.") from None


def _check_files(path: Path, listed: Mapping[str, str]) -> None:
    for name, digest in listed.items():
        file = path / name
        try:
            there = file.resolve().is_relative_to(path.resolve()) and file.is_file()
        except (OSError, ValueError):  # a name that no file can have
            there = False
        if not there:
            raise RunError(f"{file} is missing from the run. Run the scenario again.")
        try:
            found = hashlib.sha256(file.read_bytes()).hexdigest()
        except OSError as error:
            raise RunError(f"{file} cannot be read: {error.strerror}.") from None
        if found != digest:
            raise RunError(f"{file} was altered after the run. Run the scenario again.")
