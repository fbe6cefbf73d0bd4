"""`manifest.json`: what a run is, the digest of each of its files, and a digest of itself.

The digest is the SHA-256 of the manifest without it, as JSON with sorted keys and no spaces. It
tells a change by mistake or in passing; whoever changes a run on purpose can work it out anew, so
it is compared with what the run printed. It is no signature.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, NoReturn

from pydantic import Field, ValidationError

from evaluator.errors import RunError
from evaluator.model.base import Frozen
from evaluator.model.parts import Part
from evaluator.model.study import Study
from evaluator.report.formatting.names import names_of, study_names
from evaluator.report.messages import plain
from evaluator.report.messages.allocation import conflict_in_words, ease_in_words, noted
from evaluator.report.viewmodel.decision.overrides import named_decisions
from evaluator.report.viewmodel.decision.warnings import study_notes
from evaluator.results.evaluation import Allocation, Evaluation, Status
from evaluator.results.findings import Findings
from evaluator.results.format import FORMAT

MANIFEST = "manifest.json"


class _Told(Frozen):
    """A finding as it is told."""

    code: str
    arguments: dict[str, Any]
    words: str


class _Conflict(Frozen):
    words: str
    members: list[_Told]
    relaxation: list[str]


class _Allocation(Frozen):
    status: Status
    termination: str
    cut_by_time: list[str]
    objective: float | None
    bound: float | None
    gap: float | None
    subsidy_usd: int | None
    supported: list[str]
    certificate: list[_Told]
    conflicts: list[_Conflict]
    solver: dict[str, Any]
    notes: list[_Told]


class _Manifest(Frozen):
    """What stands in a manifest."""

    format: int
    scenario: str
    title: str
    as_of: str
    if_enacted: list[str]
    fingerprint: str
    seed: int
    draws: Annotated[int, Field(ge=0, le=10**9)]
    method: dict[str, Any]
    vocabulary: dict[str, Any]
    currency: dict[str, Any] | None = None
    marking: str | None = None
    parts: list[Part]
    agencies: Annotated[dict[str, str], Field(default_factory=dict)]
    overrides: list[_Told]
    changes: list[dict[str, Any]]
    since: dict[str, str] | None = None
    sources: dict[str, str]
    confidence: dict[str, int]
    notes: list[_Told]
    allocation: _Allocation | None = None
    versions: dict[str, str]
    created_at: str
    tables: list[str]
    failed: list[_Told]
    files: dict[str, str]
    digest: str


def manifest_of(
    evaluation: Evaluation,
    tables: Iterable[str],
    failed: Findings,
    notes: Findings,
    files: Mapping[str, bytes],
) -> dict[str, Any]:
    """Return the manifest of a run with these tables and files.

    failed: what could not be made. notes: what is to be known of its report.
    """
    names, study = names_of(evaluation), evaluation.study
    told = {
        "format": FORMAT,
        **stated(study),
        "draws": evaluation.uncertainty.draws if evaluation.uncertainty else 0,
        "overrides": plain(named_decisions(evaluation), names),
        "sources": {source.path: source.sha256 for source in study.sources},
        "confidence": dict(evaluation.provenance.confidence),
        "notes": plain((*study_notes(evaluation), *notes), names),
        **({"allocation": _allocation(evaluation)} if "allocation" in study.parts else {}),
        "versions": dict(evaluation.provenance.versions),
        "created_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "tables": list(tables),
        "failed": plain(failed, names),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())},
    }
    # as it is read back: what is a tuple here is a list there
    return {**told, "digest": _digest(json.loads(as_json(told)))}


def stated(study: Study) -> dict[str, Any]:
    """Return what a manifest repeats of its study."""
    scenario, called = study.scenario, study_names(study)
    named = {one.agency: called.agency(one.agency) for one in study.agencies}
    return {
        "scenario": scenario.scenario,
        "title": scenario.title,
        "as_of": study.as_of.isoformat(),
        "if_enacted": [one.bill for one in scenario.if_enacted],
        "fingerprint": study.fingerprint,
        "seed": scenario.uncertainty.seed,
        "method": scenario.method.model_dump(mode="json", exclude_none=True),
        "changes": [change.model_dump(mode="json") for change in study.applied],
        **({"since": _former(study)} if study.since else {}),
        "vocabulary": scenario.vocabulary.model_dump(mode="json", exclude_defaults=True),
        **({"currency": scenario.currency.model_dump(mode="json")} if scenario.currency else {}),
        **({"marking": scenario.marking} if scenario.marking else {}),
        "parts": sorted(study.parts),
        **({"agencies": named} if "agencies" in study.parts else {}),
    }


def _former(study: Study) -> dict[str, str]:
    """Return which version a study is compared with."""
    former = study.since
    if former is None:
        return {}
    day, title = former.as_of.isoformat(), former.title
    return {"name": former.name, "title": title, "as_of": day, "fingerprint": former.fingerprint}


def _allocation(evaluation: Evaluation) -> dict[str, Any]:
    allocation, names = evaluation.allocation, names_of(evaluation)
    return {
        "status": allocation.status,
        "termination": allocation.termination,
        "cut_by_time": list(allocation.cut_by_time),
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
    }


def _sums(allocation: Allocation) -> dict[str, float | None]:
    """Return what the amounts are worth and cost: none of them where there is no allocation."""
    return {
        name: getattr(allocation, name) if allocation.exists else None
        for name in ("objective", "bound", "gap", "subsidy_usd")
    }


def as_json(manifest: Mapping[str, Any]) -> bytes:
    """Return a manifest as its file holds it."""
    return json.dumps(manifest, indent=1, ensure_ascii=False, allow_nan=False).encode()


def _digest(manifest: Mapping[str, Any]) -> str:
    bare = {key: value for key, value in manifest.items() if key != "digest"}
    text = json.dumps(
        bare, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return hashlib.sha256(text.encode()).hexdigest()


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a run's folder, held to its shape and its digest.

    Raises RunError, with the reason, where the folder is no run or the manifest is none of ours.
    """
    manifest = _parsed(folder)
    form = manifest.get("format", 1)
    if form != FORMAT:
        versions = manifest.get("versions")
        wrote = versions.get("evaluator") if isinstance(versions, dict) else None
        by = f", written by version {wrote} of the evaluator" if wrote else ""
        raise RunError(
            f"{folder} is not a run of this version: it is of format {form}{by}; this version reads"
            f" format {FORMAT}. Read it with that version, or run the scenario again."
        )
    try:
        _Manifest.model_validate(manifest)
        digest = _digest(manifest)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        why = "is missing" if first["type"] == "missing" else f"is wrong ({first['msg']})"
        refuse(folder, f"'{place}' of its {MANIFEST} {why}")
    except (ValueError, RecursionError):
        refuse(folder, f"its {MANIFEST} holds what no run writes")
    if digest != manifest["digest"]:
        refuse(folder, f"its {MANIFEST} was altered after the run: its digest is another")
    return manifest


def _parsed(folder: Path) -> dict[str, Any]:
    """Return the manifest as JSON has it."""
    file = folder / MANIFEST
    try:
        data = file.read_bytes()
    except (OSError, ValueError):
        # methods of Path raise for a name too long
        if os.path.isdir(folder):  # noqa: PTH112
            why = f"it has no {MANIFEST} that can be read"
        else:
            there = os.path.exists(folder)  # noqa: PTH110
            why = "it is a file" if there else "there is no such folder"
        raise RunError(f"{folder} is not a run: {why}. Name the folder of a run.") from None
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        refuse(folder, f"its {MANIFEST} is no JSON ({error})")
    if not isinstance(found, dict):
        refuse(folder, f"its {MANIFEST} holds no keys with values")
    return found


def refuse(folder: Path, why: str) -> NoReturn:
    """Raise RunError: a folder is not a run."""
    raise RunError(f"{folder} is not a run: {why}. Run the scenario again.")
