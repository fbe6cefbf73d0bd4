"""The tables of a run, as they are written and read back: both hold to the schema."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pandas as pd

import evaluator.questions.tables  # noqa: F401  they register with the schema
from evaluator.results.evaluation import Evaluation
from evaluator.results.findings import Findings, arguments, codes, findings_of
from evaluator.results.schema import TABLES, Column, Table, Type, in_family
from evaluator.sanitize import active, inert

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
    return {name: TABLES[name].held(table) for name, table in found.items()}


def _agreement(evaluation: Evaluation) -> dict[str, pd.DataFrame]:
    found = evaluation.agreement
    if found is None:
        return {}
    return {
        "agreement": found.packages.reset_index(),
        "agreement_pairs": found.pairs,
        "agreement_drivers": found.drivers,
    }


def _uncertainty(evaluation: Evaluation) -> dict[str, pd.DataFrame]:
    found = evaluation.uncertainty
    if found is None:
        return {}
    ranks = in_family("rank", found.rank_acceptability)
    return {
        "acceptability": found.packages.join(ranks).reset_index(),
        "pairwise_winning": _by_package("ahead_of", found.pairwise_winning),
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
    effective = evaluation.weights.mul(evaluation.influence, axis=0).sum()
    weight = evaluation.performances["criterion"].map(effective)
    return evaluation.performances.assign(
        effective_weight=weight, contribution=weight * evaluation.performances["value"]
    )


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
    """Tables by name, each read when it is first asked for."""

    def __init__(self, places: Mapping[str, Path | bytes]):
        self._places = places
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._read:
            self._read[name] = read_csv(TABLES[name], self._places[name])
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def read_csv(schema: Table, place: Path | bytes) -> pd.DataFrame:
    """Return a table that `as_csv` wrote, of a file or bytes, in the dtypes of its schema.

    Beside the sentence of a column of findings stand the findings, in `<name>_findings`.
    """
    data = place if isinstance(place, Path) else io.BytesIO(place)
    written = pd.read_csv(data, keep_default_na=False, dtype=str)
    of_findings = [one.name for one in schema.columns if one.type == "findings"]
    code = {f"{name}{CODE}": name for name in of_findings}
    beside = {f"{name}{ARGUMENTS}" for name in of_findings}
    found: dict[str, pd.Series] = {}
    for name in map(str, written.columns):
        if name in code:
            told = zip(written[name], written[f"{code[name]}{ARGUMENTS}"], strict=True)
            every = [findings_of(*pair) for pair in told]
            found[f"{code[name]}{FOUND}"] = pd.Series(every, index=written.index, dtype="object")
        elif name not in beside:
            found[name] = _read(schema.column(name), written[name])
    return pd.DataFrame(found)


_READ: Mapping[Type, Callable[[str], object]] = {
    "flag": {"True": True, "False": False}.__getitem__,
    "integer": int,
    "number": float,
    "ids": lambda cell: tuple(filter(None, cell.split(_MARK))),
    "numbers": lambda cell: tuple(map(float, filter(None, cell.split(_MARK)))),
}


def _read(column: Column, cells: pd.Series) -> pd.Series:
    """Return the cells of a column as what they are."""
    if column.dtype == "str" or column.type == "findings":
        return cells.map(active)
    read = _READ[column.type]
    values = [None if column.optional and cell == "" else read(cell) for cell in cells]
    return pd.Series(values, index=cells.index, dtype=column.dtype)
