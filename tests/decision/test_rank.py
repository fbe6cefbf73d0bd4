"""A table ranked without a study: published raw tables from files, and everything odd at once."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

import evaluator
from evaluator.cli import main
from evaluator.decision.rank import DIRECTIONS
from evaluator.errors import InvalidStudyError

# Hwang & Yoon 1981, Multiple Attribute Decision Making, the fighter aircraft problem (TOPSIS at
# p. 133), with a cost criterion and vector normalization: closeness .643 .268 .613 .312.
AIRCRAFT = """aircraft,speed,range,payload,cost,reliability,manoeuvrability
weights,0.2,0.1,0.1,0.1,0.2,0.3
directions,higher,higher,higher,lower,higher,higher
A1,2.0,1500,20000,5.5,5,9
A2,2.5,2700,18000,6.5,3,5
A3,1.8,2000,21000,4.5,7,7
A4,2.2,1800,20000,5.0,5,5
"""
CLOSENESS = {"A1": 0.643, "A3": 0.613, "A4": 0.312, "A2": 0.268}


def ranked(path: Path, *options: str) -> dict[str, tuple[int, float, bool]]:
    told = CliRunner().invoke(main, ["rank", str(path), *options, "--json"])
    assert told.exit_code == 0, told.stderr
    rows = json.loads(told.stdout)["ranking"]
    return {row["name"]: (row["rank"], row["score"], row["tied"]) for row in rows}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_published_table_as_a_file(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"aircraft.{kind}"
    if kind == "csv":
        path.write_text(AIRCRAFT)
    else:
        book = Workbook()
        for line in AIRCRAFT.splitlines():
            cells = line.split(",")
            book.active.append([float(c) if c[0].isdigit() else c for c in cells])
        book.save(path)
    found = ranked(path, "--method", "topsis")
    assert [(name, rank) for name, (rank, _, _) in found.items()] == [
        ("A1", 1), ("A3", 2), ("A4", 3), ("A2", 4)
    ]  # fmt: skip
    for name, closeness in CLOSENESS.items():
        assert found[name][1] == pytest.approx(closeness, abs=6e-4)


def test_options_go_before_what_the_table_states(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("x,a,b\nweights,1,0\ndirections,higher,higher\nP,1,0\nQ,0,1\nR,1,0\n")
    assert {name: one[0] for name, one in ranked(path).items()} == {"P": 1, "R": 1, "Q": 3}
    assert [one[2] for one in ranked(path).values()] == [True, True, False]
    # of weights 1 to 3 a counts a quarter, b three; of the worst 0, of the best 1
    assert ranked(path, "--weights", "a=1,b=3")["Q"] == (1, 0.75, False)
    assert ranked(path, "--directions", "lower")["Q"] == (1, 1.0, False)


def test_all_faults_of_a_table_at_once(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("x,a,a\nweights,1,x\nP,TBD,0\nP,0,1\n,0,1\n")
    told = CliRunner().invoke(main, ["rank", str(path)])
    assert told.exit_code == 4
    for where in ("line 1, column a", "line 2, column a", "line 3, column a", "line 4, column x",
                  "line 5, column x"):  # fmt: skip
        assert f"{path} {where}: " in told.stderr
    path.write_text("x,a,b\nP,1,2\nQ,2,1\n")
    told = CliRunner().invoke(main, ["rank", str(path)])
    assert told.exit_code == 4
    assert "weights are not stated" in told.stderr
    assert "directions are not stated" in told.stderr


def test_weights_among_the_alternatives_are_no_alternative(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("x,a,b\nP,1,2\nWeights,1,1\nQ,2,1\n")
    told = CliRunner().invoke(main, ["rank", str(path), "--directions", "higher"])
    assert told.exit_code == 4
    assert f"{path} line 3, column x: 'Weights' stands among the alternatives" in told.stderr


@pytest.mark.parametrize("name", ["weights", "frame", "method", "p"])
def test_a_parameter_is_stated_once_and_is_of_the_method(tmp_path: Path, name: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text("x,a,b\nweights,1,1\ndirections,higher,higher\nP,1,2\nQ,2,1\n")
    twice = ["--parameter", f"{name}=1", "--parameter", f"{name}=2"]
    told = CliRunner().invoke(main, ["rank", str(path), *twice])
    assert told.exit_code == 2
    assert f"'{name}' is stated elsewhere" in told.stderr


@pytest.mark.parametrize(
    ("wrong", "facts"),
    [
        ({"weights": {"a": 1, "c": 1}}, ["'c' is no criterion", "nothing is stated for 'b'"]),
        ({"weights": [1]}, ["1 are stated, and the table has 2 criteria"]),
        ({"weights": [0, 0]}, ["all are 0"]),
        ({"weights": [1, -1]}, ["'-1' is no number from 0"]),
        ({"directions": ["up", "lower"]}, ["'up' is neither 'higher' nor 'lower'"]),
        ({"method": "saw"}, ["'saw' is unknown"]),
        ({"method": "topsis", "v": 1}, ["topsis has no parameter 'v'"]),
        ({"frame": pd.DataFrame({"a": [1, np.nan], "b": [1, 2]})}, ["'nan' is no finite number"]),
        ({"frame": pd.DataFrame({"a": [1], "b": ["1.5x"]})}, ["'1.5x' is no finite number"]),
    ],
)
def test_what_is_odd_in_python(wrong: dict[str, object], facts: list[str]) -> None:
    fine = {
        "frame": pd.DataFrame({"a": [1.0, 2.0], "b": [2.0, 1.0]}),
        "weights": "equal",
        "directions": "higher",
    }
    with pytest.raises(InvalidStudyError) as error:
        evaluator.rank(**{**fine, **wrong})  # type: ignore[arg-type]
    for fact in facts:
        assert fact in str(error.value)


@settings(deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(0, 9)] * 3), min_size=2, max_size=6),
    st.tuples(*[st.integers(1, 5)] * 3),
    st.sampled_from(["weighted_sum", "topsis", "vikor", "promethee"]),
)
def test_neither_units_nor_the_order_of_rows_matter(
    rows: list[tuple[int, ...]], weights: tuple[int, ...], method: str
) -> None:
    frame = pd.DataFrame(rows, columns=list("abc"), dtype=float)
    given = {"weights": weights, "directions": ["higher", "lower", "higher"], "method": method}
    first = evaluator.rank(frame, **given)  # type: ignore[arg-type]
    # vector normalization keeps a change of unit, not one of the zero
    scaled = frame * [3.0, 0.25, 7.0]
    other = evaluator.rank(scaled.iloc[::-1], **given)  # type: ignore[arg-type]
    assert first["rank"].sort_index().tolist() == other["rank"].sort_index().tolist()
    assert first["rank"].min() == 1
    assert (first["rank"].value_counts()[first["rank"]].to_numpy() > 1).tolist() == first[
        "tied"
    ].tolist()


def test_names_that_stand_twice_are_told_in_their_order() -> None:
    names = [name for letter in "hgfedcba" for name in (letter, letter)]
    frame = pd.DataFrame({"x": range(len(names))}, index=names)
    with pytest.raises(InvalidStudyError) as told:
        evaluator.rank(frame, weights={"x": 1}, directions={"x": "higher"})
    facts = [problem.fact for problem in told.value.problems]
    assert facts == [f"the alternative '{letter}' stands there twice." for letter in "abcdefgh"]


@pytest.mark.parametrize("word", list(DIRECTIONS))
def test_each_word_of_a_direction_means_one_of_two(word: str | int) -> None:
    table = pd.DataFrame({"a": [1.0, 4.0, 2.0], "b": [2.0, 2.0, 5.0]}, index=["x", "y", "z"])
    plain = "higher" if word in ("higher", "max", "benefit", "+", 1) else "lower"
    for method in ("weighted_sum", "topsis"):
        ranked, same = (
            evaluator.rank(table, weights="equal", directions=[one, "higher"], method=method)
            for one in (word, plain)
        )
        pd.testing.assert_frame_equal(ranked, same)
