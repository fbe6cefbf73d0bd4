"""The runs of a folder as text for the terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from evaluator.report.formatting.phrases import ENDED
from evaluator.report.formatting.text import Columns, text_table
from evaluator.report.terminal.tables import one_line
from evaluator.report.viewmodel.versions.changes import said
from evaluator.sanitize import shortened

_CHANGED = 6
"""What changed, by so many lines a run; `--json` has all."""


def as_text(runs: Sequence[Mapping[str, Any]]) -> str:
    """Return a table of runs: when each was made, what it supports, what changed before it.

    Where a record was looked into, the number of each run's entry as well.
    """
    entered = any("record" in run for run in runs)
    allocated = any("status" in run for run in runs)
    supported: Columns = [("Supported", "right")] if allocated else []
    columns: Columns = [
        ("Made, UTC", "left"),
        ("Run", "left"),
        ("As of", "left"),
        *supported,
        ("Changed since the run before of its scenario", "left"),
    ]
    if entered:
        columns = [*columns[:3], ("Entry", "right"), *columns[3:]]
    rows = [
        (
            f"{dt.datetime.fromisoformat(run['made']):%Y-%m-%d %H:%M:%S}",
            one_line(shortened(PurePath(run["run"]).name)),
            run["as_of"],
            *([_entry(run)] if entered else []),
            *([_status(run)] if allocated else []),
            "\n".join(_changed(run)),
        )
        for run in runs
    ]
    return text_table("Runs, the newest first", columns, rows)


def _entry(run: Mapping[str, Any]) -> str:
    """Return the number of a run's entry on record."""
    if run["record"] is None:
        return ""
    return f"{run['record']}, on record alone" if run.get("alone") else str(run["record"])


def _status(run: Mapping[str, Any]) -> str:
    if "status" not in run:
        return ""
    if run["status"] == "optimal":
        return str(run["supported"])
    return f"{run['supported']}, {ENDED[run['status']]}"


def _changed(run: Mapping[str, Any]) -> Iterator[str]:
    """Yield what changed since the run before, a line each."""
    if run["before"] is None:
        yield "the first of its scenario"
        return
    told = [*_lines(run["changed"])]
    yield from told[:_CHANGED] or ("nothing: the same study",)
    if len(told) > _CHANGED:
        yield f"and {len(told) - _CHANGED:,} more"


def _lines(changed: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for one in changed:
        old, new = one["old"], one["new"]
        if one["kind"] == "file":
            how = "new" if old is None else "gone" if new is None else "another content"
            yield f"{one_line(one['what'])}: {how}"
        else:
            was, now = (one_line(said(value, str)) for value in (old, new))
            yield f"{one_line(one['what'])}: {was} -> {now}"
