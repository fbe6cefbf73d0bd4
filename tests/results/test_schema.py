"""The registry of tables: frames hold to it, and files give back what was written."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from evaluator import Evaluation, evaluate, load_study
from evaluator.record.runs.tables import ARGUMENTS, CODE, FOUND, as_csv, read_csv, tables
from evaluator.report.formatting.records import json_records
from evaluator.results.findings import KINDS, Finding, Findings
from evaluator.results.schema import TABLES, Column, Table, family, in_family, register
from tests.conftest import ROOT

HAND = ROOT / "tests" / "cases" / "hand" / "scenarios" / "baseline.yaml"
TRIAL = Table(
    "trial",
    "Trial",
    "A table of every type",
    ("package",),
    (
        Column("package", "id", "Package", "An id", of="package"),
        Column("who", "ids", "Who", "Ids", of="package"),
        Column("title", "text", "Title", "A text"),
        Column("on", "day", "On", "A day"),
        Column("chosen", "flag", "Chosen", "A flag"),
        Column("sure", "flag", "Sure", "A flag or nothing", optional=True),
        Column("count", "integer", "Count", "A count"),
        Column("rank", "integer", "Rank", "A rank or nothing", optional=True),
        Column("points", "number", "Points", "A number"),
        Column("price", "number", "Price", "A number or nothing", optional=True),
        Column("panel", "numbers", "Panel", "Numbers"),
        Column("reason", "findings", "Reason", "Findings"),
        Column("score", "number", "{}", "A score", of="agency", family=True),
    ),
)


class Tried(Finding):
    by: tuple[str, ...]
    times: float


@pytest.fixture(scope="module", autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    KINDS.pop(Tried.code)


def said(findings: Findings) -> str:
    return ", ".join(f"=tried by {' and '.join(one.by)}" for one in findings)  # type: ignore[attr-defined]


ROW = {
    **{"package": "001", "who": ("P1", "P2"), "title": "=1+1", "on": "2026-07-01"},
    **{"chosen": True, "sure": None, "count": 3, "rank": None},
    **{"points": 0.1 + 0.2, "price": None, "panel": (0.1, 100.0)},
    **{"reason": (Tried(("a", "b"), 0.1 + 0.2), Tried((), 1e-300))},
    **{"score.criterion": 1.0, "score.a.b": 2.0},
}
OTHER = {
    **ROW,
    **{"package": "NA", "who": (), "title": "", "on": "", "sure": False, "rank": 10**15},
    **{"price": 5e-324, "panel": (), "reason": ()},
}


def test_files_give_back_what_was_written() -> None:
    frame = TRIAL.frame([ROW, OTHER])
    data = as_csv(TRIAL, frame, said)
    back = read_csv(TRIAL, data)
    found = back.pop("reason_findings")
    assert found.tolist() == frame["reason"].tolist()
    assert back.pop("reason").tolist() == ["=tried by a and b, =tried by ", ""]
    pd.testing.assert_frame_equal(back, frame.drop(columns="reason"))
    assert back.dtypes.astype(str).to_dict()["rank"] == "Int64"


def test_a_column_of_findings_is_three_columns_of_the_file() -> None:
    written = pd.read_csv(
        io.BytesIO(as_csv(TRIAL, TRIAL.frame([ROW, OTHER]), said)), dtype=str, keep_default_na=False
    )
    assert written["reason"].tolist() == ["'=tried by a and b, =tried by ", ""]
    assert written["reason_code"].tolist() == [f"{Tried.code}; {Tried.code}", ""]
    first, second = json.loads(written["reason_arguments"][0])
    assert first == {"by": ["a", "b"], "times": 0.1 + 0.2}
    assert second == {"by": [], "times": 1e-300}
    assert written["reason_arguments"][1] == ""
    assert written["who"].tolist() == ["P1; P2", ""]


def test_no_number_is_minus_nothing() -> None:
    row = {**ROW, "points": -0.0, "price": -0.0, "panel": (-0.0,), "score.a": np.float64(-0.0)}
    row["reason"] = (Tried((), -0.0),)
    assert b"-0.0" not in as_csv(TRIAL, TRIAL.frame([row]), said)


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        ({"new": 1}, r"columns that its schema lacks: \['new'\]; that it lacks: \[\]"),
        ({"new.a": 1}, r"columns that its schema lacks: \['new.a'\]"),
        ({"score": 1.0}, r"columns that its schema lacks: \['score'\]"),
        ({"title.a": ""}, r"columns that its schema lacks: \['title.a'\]"),
        ({"count": None}, "a value of count is missing"),
        ({"title": None}, "a value of title is missing"),
        ({"points": float("nan")}, "a value of points is missing"),
    ],
)
def test_what_the_schema_does_not_have_is_refused(change: dict[str, object], fact: str) -> None:
    with pytest.raises(ValueError, match=f"table trial: {fact}"):
        TRIAL.frame([{**ROW, **change}])


def test_what_the_table_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match=r"lacks: \[\]; that it lacks: \['title', 'on'\]"):
        TRIAL.frame([{k: v for k, v in ROW.items() if k not in ("title", "on")}])


def test_a_table_without_rows_has_its_columns() -> None:
    empty = TRIAL.frame([])
    assert list(empty.columns) == [one.name for one in TRIAL.columns if not one.family]
    back = read_csv(TRIAL, as_csv(TRIAL, empty, said))
    pd.testing.assert_frame_equal(
        back.drop(columns=["reason", "reason_findings"]), empty.drop(columns="reason")
    )


def test_a_run_with_another_column_is_not_assembled() -> None:
    found = evaluate(load_study(HAND))
    limits = found.allocation.limits
    for changed, fact in (
        (limits.assign(more=1), r"table limits: columns that its schema lacks: \['more'\]"),
        (limits.drop(columns="used"), r"that it lacks: \['used'\]"),
    ):
        allocation = replace(found.allocation, limits=changed)
        with pytest.raises(ValueError, match=fact):
            tables(replace(found, allocation=allocation))
    assert isinstance(found, Evaluation)


def test_a_family_is_found_by_its_ids() -> None:
    table = pd.DataFrame({"a": [1], "a.b": [2], "criterion": [3]})
    wide = in_family("score", table).assign(score_of=4, score=5)
    pd.testing.assert_frame_equal(family(wide, "score"), table)


def test_a_table_is_registered_once_and_whole() -> None:
    for wrong in (
        TABLES["ranking"],
        replace(TRIAL, columns=(*TRIAL.columns, TRIAL.columns[0])),
        replace(TRIAL, keys=("nothing",)),
    ):
        with pytest.raises(ValueError, match="is there twice, or a column, or a key is no column"):
            register(wrong)
    assert "trial" not in TABLES


def test_findings_are_plain_in_json() -> None:
    (row,) = json_records(TRIAL.frame([ROW]))
    assert json.loads(json.dumps(row)) == {
        **ROW,
        "who": ["P1", "P2"],
        "panel": [0.1, 100.0],
        "reason": [
            {"code": Tried.code, "by": ["a", "b"], "times": 0.1 + 0.2},
            {"code": Tried.code, "by": [], "times": 1e-300},
        ],
    }


@pytest.mark.parametrize("table", [t for t in TABLES.values() if any(c.family for c in t.columns)])
def test_no_id_of_a_study_is_a_column(table: Table) -> None:
    """Of each family one member is called like each column, each other family, and its files'."""
    fixed = {one.name: _any(one) for one in table.columns if not one.family}
    families = {one.name: _any(one) for one in table.columns if one.family}
    beside = [f"{name}{ending}" for name in fixed for ending in (CODE, ARGUMENTS, FOUND)]
    ids = [*fixed, *families, *beside, "index", "a.b", *(f"{one}.x" for one in families)]
    wide = {f"{name}.{member}": value for name, value in families.items() for member in ids}
    frame = table.frame([{**fixed, **wide}])
    assert list(frame.columns) == list(dict.fromkeys(frame.columns))
    for name in families:
        assert list(family(frame, name)) == ids
    back = read_csv(table, as_csv(table, frame, lambda found: ""))
    assert set(frame.columns) == {one for one in back.columns if one not in beside}
    assert back.filter(regex=r"\.").equals(frame.filter(regex=r"\."))


def _any(column: Column) -> object:
    values = {"flag": True, "integer": 7, "number": 7.5, "ids": ("x",), "numbers": (1.0,)}
    return () if column.type == "findings" else values.get(column.type, "x")


def test_a_name_with_the_point_of_a_family_is_not_registered() -> None:
    dotted = replace(TRIAL.columns[2], name="score.x")
    with pytest.raises(ValueError, match=r"table trial: a name holds the point of a family"):
        register(replace(TRIAL, columns=(*TRIAL.columns, dotted)))
