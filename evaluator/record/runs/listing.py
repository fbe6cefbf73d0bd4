"""The runs of a folder: which there are, what changed from one to the next, one by its name."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from evaluator.errors import RunError, UsageError
from evaluator.record.runs.manifest import MANIFEST, read_manifest
from evaluator.record.runs.placing import strangers_in
from evaluator.record.runs.verify import hold_files

RUNS = Path("runs")
"""Where runs go, and are looked for, when nothing else is said."""
LATEST = "latest"
_NAMED = 8
"""Runs that are named where several are meant."""


@dataclass(frozen=True)
class Difference:
    """What one run has otherwise than the run of the same scenario before it."""

    kind: Literal["key", "file", "version"]
    what: str
    """A key of the scenario, a file of the study, or a program."""
    old: object
    new: object
    """Values of a key, versions, digests of a file; None where there is none."""


@dataclass(frozen=True)
class Listed:
    """A run as its manifest tells it."""

    folder: Path
    manifest: Mapping[str, Any]
    before: Path | None
    """The run of the same scenario before it."""
    differences: tuple[Difference, ...]

    @property
    def named(self) -> bool:
        """Whether somebody gave the run a name of its own."""
        told = self.manifest
        return self.folder.name != f"{told['scenario']}-{told['fingerprint'][:12]}"


@dataclass(frozen=True)
class Listing:
    """What a folder of runs holds."""

    runs: tuple[Listed, ...]
    """The newest first."""
    unreadable: Mapping[Path, str]
    """Folders with a manifest that cannot be read, and why."""


@dataclass(frozen=True)
class Removal:
    """Runs that are to go, and those that stay for a reason of their own."""

    go: tuple[Listed, ...]
    named: tuple[Listed, ...]
    """Somebody gave them a name."""
    shared: tuple[Listed, ...]
    """Files that are not of the run are in its folder."""
    altered: tuple[Listed, ...]
    """They are not as they were written."""


def runs_in(folder: str | Path = RUNS) -> Listing:
    """Return the runs right below a folder, the newest first, each against the one before it.

    Only manifests are read; each is held to its digest. Raises UsageError where there is no such
    folder.
    """
    parent = Path(folder)
    found: list[tuple[str, int, Path, dict[str, Any]]] = []
    unreadable = {}
    for path in candidates(parent):
        try:
            manifest = read_manifest(path)
            found.append((manifest["created_at"], _written(path), path, manifest))
        except RunError as error:
            unreadable[path] = str(error)
    found.sort(key=lambda run: (run[:2], run[2].name))
    last: dict[str, tuple[Path, dict[str, Any]]] = {}
    runs = []
    for _, _, path, manifest in found:
        before = last.get(manifest["scenario"])
        changed = tuple(differences(before[1], manifest)) if before else ()
        runs.append(Listed(path, manifest, before[0] if before else None, changed))
        last[manifest["scenario"]] = path, manifest
    return Listing(tuple(reversed(runs)), unreadable)


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield what the manifest of one run has otherwise than that of another."""
    was, now = ({one["set"]: one for one in each["changes"]} for each in (old, new))
    for key in sorted(was.keys() | now.keys()):
        before = was[key]["new"] if key in was else now[key]["old"]
        after = now[key]["new"] if key in now else was[key]["old"]
        if before != after:
            yield Difference("key", key, before, after)
    for key, changed in (("as_of", "as_of"), ("seed", "uncertainty.seed")):
        if old[key] != new[key] and changed not in was.keys() | now.keys():
            yield Difference("key", changed, old[key], new[key])
    files, others = old["sources"], new["sources"]
    for path in sorted(files.keys() | others.keys()):
        if files.get(path) != others.get(path):
            yield Difference("file", path, files.get(path), others.get(path))
    programs, others = old["versions"], new["versions"]
    for name in sorted(programs.keys() | others.keys()):
        if programs.get(name) != others.get(name):
            yield Difference("version", name, programs.get(name), others.get(name))


def as_data(run: Listed) -> dict[str, Any]:
    """Return what a list shows of a run."""
    told = run.manifest
    return {
        "run": str(run.folder),
        "scenario": told["scenario"],
        "title": told["title"],
        "as_of": told["as_of"],
        "made": told["created_at"],
        "fingerprint": told["fingerprint"],
        "digest": told["digest"],
        **_allocation(told.get("allocation")),
        "before": str(run.before) if run.before else None,
        "changed": [asdict(one) for one in run.differences],
    }


def _allocation(told: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what a list shows of an allocation; nothing of a study that has no tools."""
    if told is None:
        return {}
    return {"status": told["status"], "supported": len(told["supported"])}


def find_run(named: Path, runs: Path = RUNS) -> Path:
    """Return the folder of a run that is named by its path, by how its name begins, or `latest`.

    A name without a folder is looked for in `runs`. What is found nowhere is returned as it is.
    Raises UsageError where several runs are meant.
    """
    if os.path.lexists(named) or not named.name:
        return named
    parent = named.parent if len(named.parts) > 1 else runs
    if named.name == LATEST:
        newest = max(candidates(parent), key=lambda path: (_made(path), path.name), default=None)
        return newest or named
    begun = [path for path in candidates(parent) if path.name.startswith(named.name)]
    if len(begun) > 1:
        listed = ", ".join(path.name for path in begun[:_NAMED])
        more = f" and {len(begun) - _NAMED:,} more" if len(begun) > _NAMED else ""
        raise UsageError(
            f"'{named}' begins the names of {len(begun):,} runs: {listed}{more}. Name one of them, "
            f"or '{LATEST}'."
        )
    return begun[0] if begun else named


def superseded(listing: Listing, keep: int = 1) -> Removal:
    """Return which runs may go: those that newer ones of their scenarios took the place of.

    keep: so many of each scenario stay, at least 1, those with a name not counted.
    """
    stay: Counter[str] = Counter()
    go, named, shared, altered = [], [], [], []
    for run in listing.runs:
        if run.named:
            named.append(run)
            continue
        stay[run.manifest["scenario"]] += 1
        if stay[run.manifest["scenario"]] <= keep:
            continue
        if any(strangers_in(run.folder, run.manifest["files"])):
            shared.append(run)
        elif not _whole(run):
            altered.append(run)
        else:
            go.append(run)
    return Removal(tuple(go), tuple(named), tuple(shared), tuple(altered))


def _whole(run: Listed) -> bool:
    try:
        hold_files(run.folder, run.manifest)
    except RunError:
        return False
    return True


def candidates(parent: Path) -> list[Path]:
    """Return the folders below another that have a manifest, by name."""
    if not parent.is_dir():
        return []
    return sorted(
        path
        for path in parent.iterdir()
        if not path.name.startswith(".") and (path / MANIFEST).is_file()
    )


def _written(folder: Path) -> int:
    """Return when a run was put in its place, in nanoseconds; parts what one second made."""
    with suppress(OSError):
        return (folder / MANIFEST).stat().st_mtime_ns
    return 0


def _made(folder: Path) -> tuple[str, int]:
    """Return when a run was made; those whose manifest cannot be read are older than any."""
    with suppress(RunError):
        return str(read_manifest(folder)["created_at"]), _written(folder)
    return "", 0
