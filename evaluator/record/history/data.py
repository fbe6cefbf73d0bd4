"""What is on record as plain data: for JSON, and for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from evaluator.record.history.runs import History, Moved, Parted, Standing
from evaluator.record.ledger.entries import PERSONAL, Entry
from evaluator.record.proof.verify import Verified
from evaluator.report.formatting.names import Names
from evaluator.report.messages import plain


def of_entry(entry: Entry) -> dict[str, Any]:
    """Return an entry: what it says, who made it, when; no commitment, and no hash but its own."""
    content = {key: value for key, value in entry.content.items() if key != PERSONAL}
    return {
        "number": entry.number,
        "id": entry.id,
        "kind": entry.kind,
        "at": entry.at,
        "about": entry.about,
        **dict(sorted(entry.personal.items())),
        "content": content,
        "hash": entry.hash,
    }


def of_runs(runs: Sequence[Entry], about: Mapping[str, Sequence[Entry]]) -> list[dict[str, Any]]:
    """Return runs, each with the entries about it."""
    return [{**of_entry(one), "entries": _all(about.get(one.id, ()))} for one in runs]


def of_history(found: History) -> dict[str, list[dict[str, Any]]]:
    """Return the runs at which a package came to stand otherwise, and what was said of it."""
    steps = [
        {"run": of_entry(one.run), **asdict(one.standing), "changes": _all(one.changes)}
        for one in found.steps
    ]
    return {"steps": steps, "said": _all(found.said)}


def of_diff(parted: Parted) -> dict[str, Any]:
    """Return what parts two runs."""
    return {
        "old": of_entry(parted.old),
        "new": of_entry(parted.new),
        "changed": [
            {**asdict(one), **_why(parted.reasons.get(one.what))} for one in parted.changed
        ],
        "inside": [asdict(one) for one in parted.inside],
        "moved": [_moved(one) for one in parted.moved],
    }


def of_verified(found: Verified, names: Names) -> dict[str, Any]:
    """Return what was found of a record; `names` name nothing in it."""
    return {
        "whole": found.whole,
        "entries": found.entries,
        "kinds": dict(found.kinds),
        "head": found.head,
        "faults": plain(found.faults, names),
        "proven": found.proven and {**asdict(found.proven), "line": found.proven.line},
        "signed": found.signed,
        "sealed": found.sealed,
    }


def _all(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    return [of_entry(one) for one in entries]


def _why(reason: tuple[str, str] | None) -> dict[str, str]:
    because, by = reason or ("", "")
    return {"because": because, "by": by}


def _moved(one: Moved) -> dict[str, Any]:
    return {"package": one.package, "old": _standing(one.old), "new": _standing(one.new)}


def _standing(one: Standing | None) -> dict[str, Any] | None:
    return None if one is None else asdict(one)
