"""Small readings of an Evaluation's tables that several sections share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.results.evaluation import Evaluation, Scored
from evaluator.results.findings import Finding

Record = Mapping[str, Any]
T = TypeVar("T")

READABLE = 60
"""Rows that stay readable in one figure; a table beside it has them all."""


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as mappings; what is missing is None."""
    # By column: five times as fast as `to_dict`, of which a page takes forty.
    names = [str(name) for name in table.columns]
    missing = table.isna().to_numpy()
    columns = (
        _plain(column.tolist(), missing[:, place])
        for place, (_, column) in enumerate(table.items())
    )
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def json_records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain data for JSON; what is missing is None."""
    return [{name: _told(cell) for name, cell in row.items()} for row in records(table)]


def _told(cell: object) -> object:
    """Return a list of findings as their codes and arguments; what is none stays as it is."""
    if not isinstance(cell, tuple):
        return cell
    return [
        {"code": one.code, **one.arguments} if isinstance(one, Finding) else one for one in cell
    ]


def _plain(values: list[Any], missing: NDArray[np.bool_]) -> list[Any]:
    return (
        [None if m else v for v, m in zip(values, missing, strict=True)]
        if missing.any()
        else values
    )


def grouped(table: pd.DataFrame, by: str) -> dict[str, list[Record]]:
    """Return the rows of a table by the value of a column, in order."""
    found: defaultdict[str, list[Record]] = defaultdict(list)
    for row in records(table):
        found[str(row[by])].append(row)
    return dict(found)


def by_package(table: pd.DataFrame) -> dict[str, Record]:
    """Return the rows of a table that is indexed by package."""
    return {str(row["package"]): row for row in records(table.reset_index())}


def runs(items: Iterable[T], key: Callable[[T], str]) -> tuple[tuple[str, tuple[T, ...]], ...]:
    """Group neighbours that have a key in common."""
    return tuple((name, tuple(group)) for name, group in groupby(items, key))


def contributions(evaluation: Scored) -> pd.DataFrame:
    """Return what each agency adds to the overall score: packages in order of rank x agencies."""
    if not evaluation.values.isna().to_numpy().any():
        return evaluation.agency_scores.mul(evaluation.influence, axis=1)
    shares = evaluation.agency_shares.loc[evaluation.ranking.index]
    return evaluation.agency_scores.mul(shares)


def asked(evaluation: Evaluation) -> dict[str, int]:
    """Return what each package asks for : its requests, of alternatives the largest."""
    return {package.id: package.asked_usd for package in evaluation.study.packages}


def given(evaluation: Evaluation) -> dict[str, int | None]:
    """Return what each package is allocated, all tools together.

    None where there is no allocation.
    """
    exists = evaluation.allocation.exists
    sums = evaluation.allocation.amounts.sum(axis=1)
    return {str(p): int(sum_) if exists else None for p, sum_ in sums.items()}
