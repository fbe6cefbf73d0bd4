"""The runs of a folder as text for the terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from evaluator.report.formatting.phrases import ENDED
from evaluator.report.formatting.text import Columns, text_table
from evaluator.report.terminal.tables import one_line
from evaluator.report.viewmodel.changes import said
from evaluator.sanitize import shortened

_CHANGED = 6
"""What changed, by so many lines a run; `--json` has all."""


def as_text(runs: Sequence[Mapping[str, Any]]) -> str:
    """Return a table of runs: when each was made, what it supports, what changed before it."""
    columns: Columns = [
        ("Made, UTC", "left"),
        ("Run", "left"),
        ("As of", "left"),
        ("Supported", "right"),
        ("Changed since the run before of its scenario", "left"),
    ]
    rows = [
        (
            f"{dt.datetime.fromisoformat(run['made']):%Y-%m-%d %H:%M:%S}",
            one_line(shortened(PurePath(run["run"]).name)),
            run["as_of"],
            run["supported"] if run["status"] == "optimal" else _status(run),
            "\n".join(_changed(run)),
        )
        for run in runs
    ]
    return text_table("Runs, the newest first", columns, rows)


def _status(run: Mapping[str, Any]) -> str:
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
            was, now = (one_line(said(value, {})) for value in (old, new))
            yield f"{one_line(one['what'])}: {was} -> {now}"
