"""A decision matrix as a study: the study ranks as the matrix does, whatever the method."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import evaluator
from evaluator.cli import main
from evaluator.importing.matrix_study import as_study
from evaluator.importing.writing import write_study

METHODS: list[tuple[str, dict[str, Any]]] = [
    *[("weighted_sum", {"normalization": n}) for n in ("none", "max", "minmax", "sum", "vector")],
    *[("topsis", {"normalization": n}) for n in ("none", "max", "minmax", "sum", "vector")],
    *[("waspas", {"normalization": n}) for n in ("max", "minmax", "sum", "vector")],
    ("weighted_sum", {}),
    ("weighted_product", {}),
    ("weighted_product", {"normalization": "max"}),
    ("waspas", {"balance": 0.2}),
    ("topsis", {}),
    ("vikor", {"v": 0.3}),
    ("vikor", {"normalization": "vector"}),
    ("promethee", {}),
    ("promethee", {"preference": "linear", "q": 1.0, "p": 3.0}),
    ("promethee", {"preference": "gaussian", "s": 2.0}),
]


@pytest.mark.parametrize(("method", "parameters"), METHODS, ids=str)
@settings(deadline=None, max_examples=8)
@given(data=st.data())
def test_the_study_ranks_alike(
    tmp_path_factory: pytest.TempPathFactory, method: str, parameters: dict[str, Any], data: Any
) -> None:
    names = ["cost", "gain", "other cost"]
    cells = st.tuples(*[st.integers(1, 30)] * 3)
    rows = data.draw(st.lists(cells, min_size=2, max_size=6))
    weights = dict(zip(names, data.draw(st.tuples(*[st.integers(1, 5)] * 3)), strict=True))
    signs = dict(zip(names, (-1.0, 1.0, -1.0), strict=True))
    frame = pd.DataFrame(rows, columns=names, index=[f"x {i}" for i in range(len(rows))])
    found = evaluator.rank(
        frame.astype(float), weights=weights, directions=signs, method=method, **parameters
    )
    imported = as_study(frame, weights, signs, method, parameters, "t", dt.date(2026, 1, 1))
    scenario = write_study(imported, tmp_path_factory.mktemp("m") / "study")
    ranking = evaluator.evaluate(evaluator.load_study(scenario), only="scores").ranking
    assert ranking.set_index("title")["rank"].to_dict() == found["rank"].to_dict()


CARS = """car,price,range
weights,2,1
directions,lower,higher
Alder,20000,300
Birch,30000,500
Cedar,24000,420
"""


def test_from_a_file_to_a_page_and_a_study_in_one_command(tmp_path: Path) -> None:
    table, page, folder = (tmp_path / name for name in ("cars.csv", "cars.html", "study"))
    table.write_text(CARS)
    told = CliRunner().invoke(
        main, ["rank", str(table), "--html", str(page), "--save", str(folder)]
    )
    assert told.exit_code == 0, told.output
    assert str(page) in told.stdout
    assert "whatif-data" in page.read_text()
    study = evaluator.load_study(folder / "scenarios/imported.yaml")
    assert study.parts == frozenset()
    assert [p.title for p in study.packages] == ["Alder", "Birch", "Cedar"]
    again = CliRunner().invoke(main, ["rank", str(table), "--save", str(folder)])
    assert again.exit_code == 2
    assert "exists and is not empty" in again.stderr


def test_what_has_no_form_in_a_study_is_refused_and_nothing_written(tmp_path: Path) -> None:
    table = tmp_path / "cars.csv"
    table.write_text(CARS)
    options = ["--method", "waspas", "--parameter", "normalization=none", "--directions", "higher"]
    told = CliRunner().invoke(
        main, ["rank", str(table), *options, "--save", str(tmp_path / "study")]
    )
    assert told.exit_code == 2
    assert "no common zero" in told.stderr
    assert sorted(one.name for one in tmp_path.iterdir()) == ["cars.csv"]


@pytest.mark.parametrize("column", [[5, 5], [-3, 4], [0, 0]], ids=str)
@pytest.mark.parametrize("direction", [1.0, -1.0])
@pytest.mark.parametrize("made", ["minmax", "vector", "none"])
def test_columns_that_are_constant_or_below_zero(
    tmp_path: Path, column: list[int], direction: float, made: str
) -> None:
    frame = pd.DataFrame({"a": column, "b": [1, 2]}, index=["x", "y"]).astype(float)
    signs = {"a": direction, "b": 1.0}
    options = {"normalization": made}
    for method in ("weighted_sum", "topsis"):
        found = evaluator.rank(frame, weights="equal", directions=signs, method=method, **options)
        imported = as_study(
            frame, {"a": 1, "b": 1}, signs, method, options, "t", dt.date(2026, 1, 1)
        )
        scenario = write_study(imported, tmp_path / method)
        ranking = evaluator.evaluate(evaluator.load_study(scenario), only="scores").ranking
        assert ranking["rank"].to_dict() == found["rank"].to_dict()
