"""The tables of a run, as they are written and read back: both hold to the schema."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterator, Mapping, Set
from pathlib import Path
from types import MappingProxyType

import pandas as pd

import evaluator.questions.tables  # noqa: F401  they register with the schema
from evaluator.errors import RunError
from evaluator.model.parts import Part
from evaluator.results.evaluation import Evaluation
from evaluator.results.findings import Findings, arguments, codes, findings_of
from evaluator.results.schema import TABLES, Column, Table, Type, in_family
from evaluator.sanitize import active, inert, shortened

OF_ALL = (
    *("ranking", "agency_scores", "values", "gates", "weights", "allocation", "limits"),
    *("elicitation", "sources"),
)
"""Tables that every run has, but for those of a part that its study lacks."""
OF_DRAWS = (
    *("acceptability", "rank_acceptability", "pairwise_winning", "central_weights"),
    *("stability", "improvements", "variance", "tornado", "methods", "reversals"),
)
"""Tables that every run with draws has as well."""
Said = Callable[[Findings], str]
"""Says findings in words."""
CODE, ARGUMENTS, FOUND = "_code", "_arguments", "_findings"
"""What stands beside the sentence of a column of findings: in files, in files, when read back."""
_MARK = "; "
"""Between the parts of a list in one cell."""


def tables(evaluation: Evaluation) -> dict[str, pd.DataFrame]:
    """Return the tables of a run by file stem, without index, as the schema has them.

    Raises ValueError where a table has a column that its schema lacks, or lacks one.
    """
    extended = evaluation.extended.tables if evaluation.extended else {}
    found = {
        "ranking": evaluation.ranking.reset_index(),
        "agency_scores": in_family("score", evaluation.agency_scores).reset_index(),
        "values": _contributions(evaluation),
        "gates": evaluation.gates,
        "weights": _weights(evaluation),
        "allocation": evaluation.allocation.table,
        "limits": evaluation.allocation.limits,
        "elicitation": evaluation.elicitation,
        "sources": evaluation.provenance.sources,
        **_agreement(evaluation),
        **_uncertainty(evaluation),
        **{name: one.table for name, one in extended.items()},
    }
    parts = evaluation.study.parts
    there = {name: table for name, table in found.items() if TABLES[name].there(parts)}
    return {name: TABLES[name].cut(table, parts) for name, table in there.items()}


def _agreement(evaluation: Evaluation) -> dict[str, pd.DataFrame]:
    found = evaluation.agreement
    if found is None:
        return {}
    return {
        "agreement": found.packages.reset_index(),
        "agreement_pairs": found.pairs,
        "agreement_drivers": found.drivers,
        "agency_views": found.views,
    }


def _uncertainty(evaluation: Evaluation) -> dict[str, pd.DataFrame]:
    found = evaluation.uncertainty
    if found is None:
        return {}
    return {
        "acceptability": found.packages.reset_index(),
        "rank_acceptability": found.rank_acceptability,
        "pairwise_winning": found.pairwise_winning,
        "central_weights": _by_package("weight", found.central_weights),
        "stability": found.stability,
        "improvements": found.improvements.reset_index(),
        "variance": found.variance.reset_index(),
        "tornado": found.tornado,
        "methods": _by_package("rank", found.methods),
        "reversals": found.reversals,
    }


def _by_package(name: str, table: pd.DataFrame) -> pd.DataFrame:
    return in_family(name, table).rename_axis("package").reset_index()


def _contributions(evaluation: Evaluation) -> pd.DataFrame:
    """Return the performances with effective weight and contribution to the overall score."""
    told = evaluation.performances
    places = list(zip(told["package"], told["criterion"], strict=True))
    weight, adds = (
        each.stack(future_stack=True).loc[places].to_numpy()
        for each in (evaluation.criterion_shares, evaluation.contributions)
    )
    return told.assign(effective_weight=weight, contribution=adds)


def _weights(evaluation: Evaluation) -> pd.DataFrame:
    table = in_family("weight", evaluation.weights).rename_axis("agency").reset_index()
    return table.assign(influence=evaluation.influence.to_numpy())


def as_csv(schema: Table, table: pd.DataFrame, said: Said) -> bytes:
    """Return a table as CSV in UTF-8: numbers in full, text like a formula made inert.

    A column of findings is written as what it says, codes, and arguments as JSON.
    """
    written: dict[str, list[object]] = {}
    for name, values in table.items():
        column, cells = schema.column(str(name)), values.tolist()
        if column.type == "findings":
            written[str(name)] = [inert(said(cell)) for cell in cells]
            written[f"{name}{CODE}"] = [codes(cell) for cell in cells]
            written[f"{name}{ARGUMENTS}"] = [arguments(cell) for cell in cells]
        elif column.type in ("ids", "numbers"):
            written[str(name)] = [_joined(cell) for cell in cells]
        elif column.dtype == "str":
            written[str(name)] = [inert(cell) for cell in cells]
        else:
            written[str(name)] = ["" if cell is pd.NA else cell for cell in cells]
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(written)
    rows.writerows(zip(*written.values(), strict=True))
    return file.getvalue().encode()


def _joined(parts: tuple[object, ...]) -> str:
    return _MARK.join(map(str, parts))


class Lazy(Mapping[str, pd.DataFrame]):
    """Tables of a run by name, each read when it is first asked for.

    `ids`: those of the study, by what they are ids of; `parts`: those that it has. Raises RunError
    for a table that is none.
    """

    def __init__(self, places: Mapping[str, Path], ids: Mapping[str, Set[str]], parts: Set[Part]):
        self._places, self._ids, self._parts = places, ids, parts
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._read:
            place = self._places[name]
            try:
                schema = TABLES[name].within(self._parts)
                self._read[name] = read_csv(schema, place.read_bytes(), self._ids)
            except (OSError, ValueError) as error:
                fact = f"{place.name} is no table that a run writes: {error}"
                raise RunError(f"{place.parent} is not a run: {fact}.") from None
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def read_csv(
    schema: Table, data: bytes, ids: Mapping[str, Set[str]] = MappingProxyType({})
) -> pd.DataFrame:
    """Return a table that `as_csv` wrote, in the dtypes of its schema.

    Beside the sentence of a column of findings stand the findings, in `<name>_findings`. `ids`: see
    `Lazy`. Raises ValueError, with the reason, where the schema has no such table.
    """
    written = _cells(data)
    of_findings = [one.name for one in schema.columns if one.type == "findings"]
    code = {f"{name}{CODE}": name for name in of_findings}
    beside = {f"{name}{ARGUMENTS}" for name in of_findings}
    if lacking := [name for name in (*code, *beside) if name not in written]:
        raise ValueError(f"the column {lacking[0]} is missing")
    found: dict[str, pd.Series] = {}
    for name in map(str, written.columns):
        if name in code:
            told = zip(written[name], written[f"{code[name]}{ARGUMENTS}"], strict=True)
            every = [findings_of(*pair) for pair in told]
            found[f"{code[name]}{FOUND}"] = pd.Series(every, index=written.index, dtype="object")
        elif name not in beside:
            found[name] = _read(schema, name, written[name])
    for column in schema.columns:
        there = f"{column.name}{FOUND}" if column.type == "findings" else column.name
        if not column.family and there not in found:
            raise ValueError(f"the column {column.name} is missing")
        _hold_ids(column, found, ids.get(column.of))
    table = pd.DataFrame(found)
    known = ids.get(schema.column(schema.keys[0]).of, ()) if schema.of_all else ()
    if gone := sorted(set(known) - set(table[schema.keys[0]])):
        raise ValueError(f"it has no row of '{gone[0]}'")
    if schema.keys and table.duplicated([*schema.keys]).any():
        raise ValueError(f"rows have the same {' and '.join(schema.keys)}")
    return table


def _cells(data: bytes) -> pd.DataFrame:
    """Return the cells of a CSV file as text; ValueError where it is broken."""
    if b"\0" in data:
        raise ValueError("it has a zero byte")
    text = data.decode()
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    before = csv.field_size_limit(len(text) + 1)
    try:
        head, *body = rows
    except csv.Error as error:
        raise ValueError(f"line {rows.line_num}: {error}") from None
    finally:
        csv.field_size_limit(before)
    if len(set(head)) < len(head):
        raise ValueError("a column stands there twice")
    for number, row in enumerate(body, start=1):
        if len(row) != len(head):
            raise ValueError(
                f"row {number} has {len(row)} cells, and there are {len(head)} columns"
            )
    if not text.endswith("\n"):
        raise ValueError("its last line is cut short")
    return pd.DataFrame(body, columns=head, dtype="str")


def _hold_ids(column: Column, found: Mapping[str, pd.Series], known: Set[str] | None) -> None:
    """Raise ValueError where a column, or a family's names, hold ids that the study does not."""
    if known is None:
        return
    if column.family:
        stem = f"{column.name}."
        named = {name.removeprefix(stem) for name in found if name.startswith(stem)}
        if column.of == "agency" and named != known:
            raise ValueError(f"its columns {stem}<agency> are not those of the study's agencies")
    elif column.type == "ids":
        named = {one for cell in found[column.name] for one in cell}
    else:
        named = set(found[column.name]) - {""}
    if strange := sorted(named - known):
        raise ValueError(f"the study has no {column.of} '{strange[0]}'")


def _finite(cell: str) -> float:
    number = float(cell)
    if not math.isfinite(number):
        raise ValueError(repr(cell))
    return number


_READ: Mapping[Type, Callable[[str], object]] = {
    "flag": {"True": True, "False": False}.__getitem__,
    "integer": int,
    "number": _finite,
    "ids": lambda cell: tuple(filter(None, cell.split(_MARK))),
    "numbers": lambda cell: tuple(map(_finite, filter(None, cell.split(_MARK)))),
}


def _read(schema: Table, name: str, cells: pd.Series) -> pd.Series:
    """Return the cells of a column as what they are."""
    try:
        column = schema.column(name)
    except KeyError:
        raise ValueError(f"it has a column '{shortened(name)}', which no run has") from None
    if column.dtype == "str" or column.type == "findings":
        return cells.map(active)
    read = _READ[column.type]
    try:
        values = [None if column.optional and cell == "" else read(cell) for cell in cells]
        return pd.Series(values, index=cells.index, dtype=column.dtype)
    except (KeyError, ValueError, OverflowError) as error:
        raise ValueError(f"column {name}: {error} is no {column.type}") from None
