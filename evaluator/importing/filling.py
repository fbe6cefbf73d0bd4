"""Imported rows -> the tables of a study that is there, beside the rows that it has."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from evaluator.disk.whole import write_whole
from evaluator.errors import InvalidStudyError, Problem, UsageError
from evaluator.importing.material import Imported, Row
from evaluator.importing.tables.destination import Destination
from evaluator.importing.writing import RECORD, Traced, csv_bytes, record_bytes, traced
from evaluator.loading.chain import Override
from evaluator.loading.documents.bounds import Bounds
from evaluator.loading.documents.located import read_yaml
from evaluator.loading.keys import KEYS
from evaluator.loading.round.tables import TABLES
from evaluator.loading.study import load_study
from evaluator.loading.tables.delimited import read_csv
from evaluator.loading.tables.sheets import Sheet
from evaluator.model.study import Study

_KEPT = ("packages", "entities")
"""Tables of which an import may state some columns; what a row has beside those stays."""
_ANY = Sheet("packages", ("id", "title"), ((2, ("P", "P")),))
_ALL_OPEN = (Override("missing", "interval", "Its tables are still to be filled."),)


@dataclass(frozen=True)
class Filled:
    """What an import changed of a study."""

    scenario: Path
    files: tuple[Path, ...]
    """Those that were written, the record among them."""
    added: Mapping[str, int]
    """Rows by table."""
    replaced: Mapping[str, int]
    """Rows that stood there otherwise, by table."""


def scenario_of(study: Path, bounds: Bounds) -> Path:
    """Return the scenario of a study that is named by its folder or by the scenario itself.

    Raises UsageError where the folder holds none or several that extend no other.
    """
    if study.suffix == ".yaml":
        return study
    files = sorted((study / "scenarios").glob("*.yaml"))
    bases = []
    for file in files:
        node = read_yaml(file, str(file), bounds)
        if isinstance(node.value, dict) and {"round", "criteria"} <= node.value.keys():
            bases.append(file)
    if len(bases) == 1:
        return bases[0]
    if not bases:
        raise UsageError(f"{study} is not empty and holds no study. Choose another folder.")
    named = ", ".join(str(file) for file in bases)
    raise UsageError(f"{study} holds several scenarios ({named}): name one with --into.")


def destination_of(scenario: Path, bounds: Bounds) -> Destination:
    """Return what a study has before it is filled.

    Raises InvalidStudyError where it is not valid, other than by what its round lacks.
    """
    packages: Mapping[str, str] = {}
    try:
        study = load_study(scenario, bounds=bounds)
        packages = {one.id: one.title for one in study.packages}
    except InvalidStudyError as error:
        try:
            study = load_study(scenario, _ALL_OPEN, bounds, {"packages": _ANY})
        except InvalidStudyError:
            raise error from None
        packages = _titles(scenario, study, bounds)
    return Destination(
        new=False,
        criteria=study.criteria,
        scales={one.id: one for one in study.scales},
        attributes={one.id: one for one in study.package_attributes},
        tools={name: tool.label for name, tool in study.tools.items()},
        countries={one.id: one.name for one in study.countries},
        requirements={one.id: one.label for one in study.requirements},
        packages=packages,
        currency=study.scenario.currency.code if study.scenario.currency else "",
    )


def _titles(scenario: Path, study: Study, bounds: Bounds) -> dict[str, str]:
    """Return the packages of a round that is not whole yet."""
    sheet = _present(_round(scenario, study), bounds).get("packages")
    if sheet is None or not {"id", "title"} <= {*sheet.header}:
        return {}
    at = sheet.header.index("id"), sheet.header.index("title")
    rows = (texts for _, texts in sheet.rows if len(texts) == len(sheet.header))
    return {texts[at[0]]: texts[at[1]] for texts in rows}


def _round(scenario: Path, study: Study) -> Path:
    """Return the folder of a study's round."""
    found = (scenario.parent / study.scenario.round).resolve()
    if found.suffix.lower() == ".xlsx":
        raise UsageError(
            f"{found.name} is the round of this study, and an import writes CSV files. Save each "
            "of its sheets as CSV in a folder, and let the scenario name that."
        )
    return found


def _present(folder: Path, bounds: Bounds) -> dict[str, Sheet]:
    files = (file for file in sorted(folder.glob("*.csv")) if file.stem in TABLES)
    return {file.stem: read_csv(file, str(file), bounds) for file in files}


def fill_study(imported: Imported, scenario: Path, bounds: Bounds, *, yes: bool) -> Filled:
    """Write imported rows into the tables of a study, all of them or none.

    A row with the key of one that is there takes its place. The study is loaded with the new
    tables before they are written. Raises UsageError where a file that is there would change and
    `yes` is not said, InvalidStudyError with all faults, each at its cell of the foreign file.
    """
    study = load_study(scenario, _ALL_OPEN, bounds, {"packages": _ANY})
    folder = _round(scenario, study)
    there = _present(folder, bounds)
    merged, added, replaced = dict[str, Sheet](there), dict[str, int](), dict[str, int]()
    for table, rows in imported.tables.items():
        merged[table], added[table], replaced[table] = _merged(
            table, rows, there.get(table), str(folder / f"{table}.csv")
        )
    load_study(scenario, bounds=bounds, tables=merged)
    files = {
        folder / f"{table}.csv": csv_bytes(merged[table].header, (t for _, t in merged[table].rows))
        for table in imported.tables
    }
    changed = {path: data for path, data in files.items() if _differs(path, data)}
    lost = [path.name for path in changed if path.exists()]
    if lost and not yes:
        raise UsageError(
            f"{', '.join(lost)} of this study would change: "
            f"{sum(added.values())} rows added, {sum(replaced.values())} replaced. "
            "Say --yes to have it so."
        )
    record = scenario.parent.parent / RECORD
    kept = _record(record, imported)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(changed)
    if _differs(record, kept):
        write_whole({record: kept})
    return Filled(scenario, (*changed, record), added, replaced)


def _differs(path: Path, data: bytes) -> bool:
    return not path.exists() or path.read_bytes() != data


def _merged(
    table: str, rows: Sequence[Row], there: Sheet | None, where: str
) -> tuple[Traced, int, int]:
    """Return a table with rows added or in place of those of the same key, and how many."""
    keys = KEYS[table]
    new = traced(table, rows, where)
    if there is None:
        return new, len(rows), 0
    header = (*there.header, *(name for name in new.header if name not in there.header))
    known: dict[tuple[str, ...], int] = {}
    lines: list[dict[str, str]] = []
    places: dict[tuple[int, int], str] = {}
    for line, stated in there.rows:
        cells = dict(zip(there.header, stated, strict=False))
        known[_key(cells, keys)] = len(lines)
        for index in range(len(there.header)):
            places[len(lines) + 2, index] = there.cell(line, index)
        lines.append(cells)
    before = len(lines)
    replaced: set[int] = set()
    for row in rows:
        at = known.get(_key(row.cells, keys))
        if at is None or at in replaced or at >= before:
            at = len(lines)
            lines.append(dict(row.cells))
        else:
            stays = lines[at] if table in _KEPT else {}
            now = {**stays, **row.cells}
            if {k: v for k, v in now.items() if v} != {k: v for k, v in lines[at].items() if v}:
                replaced.add(at)
            lines[at] = now
        for name, place in row.places.items():
            places[at + 2, header.index(name)] = str(place)
    texts = tuple(
        (line, tuple(cells.get(name, "") for name in header)) for line, cells in enumerate(lines, 2)
    )
    found = replace(new, header=header, rows=texts, places=places)
    return found, len(lines) - before, len(replaced)


def _key(cells: Mapping[str, str], keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(cells.get(name, "").strip() for name in keys)


def _record(path: Path, imported: Imported) -> bytes:
    """Return the record of an import after those of other files that are there already."""
    new = record_bytes(imported.record)
    if not path.exists():
        return new
    try:
        head, *rows = csv.reader(io.StringIO(path.read_text("utf-8"), newline=""))
    except (ValueError, csv.Error):
        fact = "is not the record of an import."
        raise InvalidStudyError([Problem(str(path), fact, "Move it elsewhere.")]) from None
    files = {one.place.file for one in imported.record}
    others = [row for row in rows if row and row[0] not in files]
    own = list(csv.reader(io.StringIO(new.decode(), newline="")))[1:]
    return csv_bytes(head, chain(others, own))
