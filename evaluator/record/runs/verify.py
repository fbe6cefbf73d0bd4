"""Whether the files of a run are those that were written, and its tables those of its study."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import Any

from evaluator.model.study import Study
from evaluator.record.runs.manifest import MANIFEST, refuse, stated
from evaluator.record.runs.study_file import from_json
from evaluator.record.runs.tables import OF_ALL, OF_DRAWS
from evaluator.results.schema import TABLES

STUDY = "study.json"
_SHOWN = 10
"""Faults that are told of one run."""


def held_study(folder: Path, manifest: Mapping[str, Any]) -> Study:
    """Return the study of a run, held to the digest, the fingerprint and the words of its manifest.

    Raises RunError where it is another.
    """
    listed = manifest["files"]
    if STUDY not in listed:
        refuse(folder, f"its {MANIFEST} does not list {STUDY}")
    if fault := _fault(folder, STUDY, listed[STUDY]):
        refuse(folder, fault)
    try:
        study = from_json((folder / STUDY).read_bytes(), manifest["sources"])
    except (OSError, ValueError, RecursionError):
        refuse(folder, f"{STUDY} is not a study of this version of the program")
    for key, value in stated(study).items():
        if manifest.get(key) != value:
            fact = f"'{key}' of its {MANIFEST} is not that of its {STUDY}"
            refuse(folder, f"{fact}, which is {value}" if key == "fingerprint" else fact)
    supported = set(manifest["allocation"]["supported"]) if "allocation" in manifest else set()
    if strange := supported - ids_of(study)["package"]:
        refuse(folder, f"its {MANIFEST} supports '{min(strange)}', which its {STUDY} has not")
    return study


def hold_files(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Raise RunError where a file of a run is missing, was altered, or is not listed; all at once.

    A file that no run would write is somebody else's, and none of our business.
    """
    listed: Mapping[str, str] = manifest["files"]
    faults = [*_unlisted(folder, manifest)]
    for name, digest in listed.items():
        if fault := _fault(folder, name, digest):
            faults.append(fault)
    if faults:
        more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        refuse(folder, "; ".join(faults[:_SHOWN]) + more)


def _unlisted(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield the tables that should be listed, and those that are there and should not."""
    listed, named = manifest["files"], manifest["tables"]
    parts = frozenset(manifest["parts"])
    every = [*OF_ALL, *(OF_DRAWS if manifest["draws"] else ())]
    needed = [table for table in every if TABLES[table].there(parts)]
    for table in needed:
        if table not in named:
            yield f"its {MANIFEST} does not list the table {table}"
    for table in named:
        if table not in TABLES:
            yield f"its {MANIFEST} lists a table {table}, which no run has"
        elif not TABLES[table].there(parts):
            yield f"its {MANIFEST} lists a table {table}, which its study can have none of"
        elif f"{table}.csv" not in listed:
            yield f"its {MANIFEST} has no digest of {table}.csv"
    for table in TABLES:
        if table not in named and (folder / f"{table}.csv").exists():
            yield f"{table}.csv is there, and its {MANIFEST} does not list it as a table"


def _fault(folder: Path, name: str, digest: str) -> str:
    """Return what is wrong with a file of a run; nothing where it is as it was written."""
    file = folder / name
    try:
        if not file.exists() and not file.is_symlink():
            return f"{name} is missing from the run"
        if not file.resolve().is_relative_to(folder.resolve()):
            return f"{name} leads out of the run"
        if not file.is_file():
            return f"{name} is not a file"
        with file.open("rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        return f"{name} cannot be read ({error.strerror})"
    except (ValueError, RuntimeError):  # a name that no file can have, a circle of links
        return f"{name} is no file that can be read"
    return "" if found == digest else f"{name} was altered after the run"


def ids_of(study: Study) -> Mapping[str, Set[str]]:
    """Return the ids that columns of tables may hold, by what they are ids of."""
    return {
        "package": {package.id for package in study.packages},
        "agency": {agency.agency for agency in study.agencies},
        "criterion": set(study.criteria),
        "tool": set(study.tools),
        "requirement": {requirement.id for requirement in study.requirements},
    }
