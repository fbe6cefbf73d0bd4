"""Sweeps on disk: written block by block as they are made, taken up where they were left."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd

from evaluator.disk.scratch import scratch
from evaluator.disk.whole import write_whole
from evaluator.errors import UsageError
from evaluator.model.study import Study
from evaluator.progress import Progress
from evaluator.questions.sweep import (
    Grid,
    Only,
    Plan,
    Row,
    Workers,
    blocks_of,
    check,
    made,
    varied,
    versions,
)
from evaluator.questions.sweep.table import SWEEP
from evaluator.record.inputs import spare_inputs
from evaluator.record.runs.tables import as_csv
from evaluator.results.format import FORMAT

PARTIAL = ".partial"
"""Ending of the file that holds the blocks made so far."""
_MARK = 64
"""Letters before a block's text that tell whether it is as it was written: its SHA-256."""
_TOLD = 1.0
"""Seconds between two words on how far a sweep is."""


def sweep(
    study: Study,
    vary: Mapping[str, Any],
    *,
    sample: int | None = None,
    seed: int = 0,
    only: Only = "allocation",
    jobs: int = 1,
    engine: Any = "joblib",
    scheduler: str | None = None,
    out: str | Path | None = None,
    progress: Progress = lambda step: None,
) -> pd.DataFrame:
    """Return a row for each scenario: the keys that vary, who is designated, funded, and how well.

    vary: keys of a scenario file, such as `designation.max_packages`, with their values, or with a
    text as `--vary` takes it: `"10,15,20"`, `"0.1:0.5:0.05"`. All combinations are made, or
    `sample` of them, drawn from `seed`. An influence that varies takes from the others in
    proportion. only: "scores" stops at the designation, "all" draws as well. The workers change
    nothing in the table. out: a file for the table, .csv or, with the extra `parquet`, .parquet;
    blocks are written beside it as they are made, and a sweep that was interrupted goes on where
    it was.

    Raises UsageError and InvalidStudyError, with all faults, before anything is made.
    """
    plan = Plan(study, Grid(varied(vary), sample, seed), only)
    workers = Workers(jobs, engine, scheduler)
    return make_sweep(plan, workers, None if out is None else Path(out), progress)


def make_sweep(plan: Plan, workers: Workers, file: Path | None, progress: Progress) -> pd.DataFrame:
    """Make a sweep, and write it where a file is given; see `sweep`."""
    if file is not None:
        _ready(file)
        spare_inputs([file], [plan.study])
    check(plan)
    table = table_of(plan, _made(plan, workers, file, progress))
    if file is not None:
        there = {column.name for column in SWEEP.within(plan.study.parts).columns}
        lacking = [c.name for c in SWEEP.columns if c.name not in there]
        write_whole({file: _as_file(table.drop(columns=lacking), file)})
        _partial(file).unlink(missing_ok=True)
    return table


def table_of(plan: Plan, blocks: Mapping[int, list[Row]]) -> pd.DataFrame:
    """Return the rows of all blocks as a table, in the order of the scenarios."""
    rows = [row for block in sorted(blocks) for row in blocks[block]]
    outcome = SWEEP.frame([{**row, "scenario": row["scenario"] + 1} for row in rows])
    values = plan.grid.rows(range(len(rows)))
    keys = {key: [row[place] for row in values] for place, key in enumerate(plan.grid.keys)}
    stated = pd.DataFrame({key: _column(column) for key, column in keys.items()})
    return pd.concat([outcome[["scenario"]], stated, outcome.drop(columns="scenario")], axis=1)


def _column(values: list[Any]) -> list[Any]:
    """Return values of one key as a column: what is no number or text as JSON."""
    plain = all(value is None or isinstance(value, str | int | float | bool) for value in values)
    return values if plain else [json.dumps(value) for value in values]


def digest(plan: Plan) -> str:
    """Return the SHA-256 of all that the rows of a sweep follow from."""
    grid = plan.grid
    told = {
        "format": FORMAT,
        "study": plan.study.fingerprint,
        "vary": [[one.key, repr(one.values)] for one in grid.varied],
        "sample": grid.sample,
        "seed": grid.seed if grid.sample is not None else None,
        "only": plan.only,
        "versions": versions(),
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _made(
    plan: Plan, workers: Workers, file: Path | None, progress: Progress
) -> dict[int, list[Row]]:
    """Return the rows of all blocks: those written before, and those made now."""
    every = blocks_of(plan)
    found: dict[int, list[Row]] = {}
    keep: Callable[[int, list[Row]], None] = lambda block, rows: None  # noqa: E731
    partial = None
    if file is not None:
        found, partial = _kept(_partial(file), digest(plan))
    try:
        if partial is not None:
            keep = _writer(partial)
        tell = _teller(len(plan.grid), sum(map(len, found.values())), progress)
        left = [block for block in range(len(every)) if block not in found]
        for block, rows in made(plan, left, workers):
            keep(block, rows)
            found[block] = rows
            tell(len(rows))
    finally:
        if partial is not None:
            partial.close()
    return found


def _partial(file: Path) -> Path:
    return file.with_name(file.name + PARTIAL)


def _kept(partial: Path, plan: str) -> tuple[dict[int, list[Row]], io.BufferedRandom]:
    """Return the blocks that a file holds, and the file, open behind the last whole one.

    Raises UsageError where it is of another sweep.
    """
    partial.touch()
    file = partial.open("r+b")
    head, *lines = file.read().split(b"\n") or [b""]
    found: dict[int, list[Row]] = {}
    end = len(head) + 1
    if not lines:  # new, or not one line of it is whole
        file.seek(0)
        file.truncate()
        file.write(_head(plan) + b"\n")
        file.flush()
        return found, file
    if head != _head(plan):
        file.close()
        raise UsageError(
            f"{partial} holds part of another sweep, or of this one by another version or study. "
            "Remove it, or choose another --out."
        )
    for line in lines[:-1]:
        mark, text = line[:_MARK], line[_MARK:]
        if mark != _mark(text):  # torn, or altered: made again from here
            break
        block, rows = json.loads(text)
        found[block] = [_tuples(row) for row in rows]
        end += len(line) + 1
    file.seek(end)
    file.truncate()
    return found, file


def _mark(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest().encode()


def _head(plan: str) -> bytes:
    return json.dumps({"sweep": plan}).encode()


def _tuples(row: Row) -> Row:
    return {name: tuple(cell) if isinstance(cell, list) else cell for name, cell in row.items()}


def _writer(file: io.BufferedRandom) -> Callable[[int, list[Row]], None]:
    def write(block: int, rows: list[Row]) -> None:
        text = json.dumps([block, rows], allow_nan=False).encode()
        file.write(_mark(text) + text + b"\n")
        file.flush()
        with suppress(OSError):  # not every file system can
            os.fsync(file.fileno())

    return write


def _teller(total: int, before: int, progress: Progress) -> Callable[[int], None]:
    """Return what tells how many scenarios are made, and about how long the rest takes."""
    began = last = time.monotonic()
    done = before
    if before:
        progress(f"{before:,} of {total:,} scenarios were there")

    def tell(rows: int) -> None:
        nonlocal done, last
        done += rows
        now = time.monotonic()
        if now - last < _TOLD and done < total:
            return
        last = now
        left = (now - began) / (done - before) * (total - done)
        about = f", about {_duration(left)} left" if done < total else ""
        progress(f"{done:,} of {total:,} scenarios{about}")

    return tell


def _duration(seconds: float) -> str:
    """Return seconds in words.

    >>> _duration(4.2), _duration(200), _duration(9000)
    ('5 s', '4 min', '2.5 h')
    """
    if seconds < 120:
        return f"{int(seconds) + 1} s"
    return f"{int(seconds / 60) + 1} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def _ready(file: Path) -> None:
    """Raise UsageError where the table could not be written."""
    if file.suffix not in (".csv", ".parquet"):
        raise UsageError(f"--out: {file} ends in neither .csv nor .parquet. Name one of the two.")
    if file.suffix == ".parquet":
        try:
            import fastparquet  # noqa: F401
        except ImportError:
            fact = f"--out: {file} needs fastparquet. Install the engine with its extra 'parquet'."
            raise UsageError(fact) from None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--out: {file.parent} cannot be made: {error.strerror}.") from None
    if file.is_dir() or not os.access(file.parent, os.W_OK | os.X_OK):
        raise UsageError(f"--out: {file} cannot be written. Choose another.")


def _parquet(table: pd.DataFrame) -> bytes:
    import fastparquet

    with scratch() as folder:
        file = folder / "table.parquet"
        fastparquet.write(str(file), table, write_index=False)
        return file.read_bytes()


def _as_file(table: pd.DataFrame, file: Path) -> bytes:
    if file.suffix == ".parquet":
        flat = table.copy()
        for column in SWEEP.columns:
            if column.type == "ids" and column.name in flat:
                flat[column.name] = ["; ".join(cell) for cell in flat[column.name]]
        return _parquet(flat)
    keys = [name for name in table.columns if name not in {c.name for c in SWEEP.columns}]
    outcome = as_csv(SWEEP, table.drop(columns=keys), lambda findings: "").decode()
    head, *rows = csv.reader(io.StringIO(outcome))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([head[0], *keys, *head[1:]])
    stated = zip(*(table[key].tolist() for key in keys), strict=True)
    writer.writerows(
        [row[0], *("" if cell is None else cell for cell in cells), *row[1:]]
        for row, cells in zip(rows, stated, strict=True)
    )
    return text.getvalue().encode()
