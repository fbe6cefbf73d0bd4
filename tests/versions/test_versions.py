"""What `make versions` compares is compared."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from evaluator import evaluate, load_study, write_run
from evaluator.record.starter import write_starter
from tests.versions.__main__ import differing, disagreements


@pytest.fixture(scope="module")
def low(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("low")
    return write_run(evaluate(load_study(write_starter(folder / "study"))), folder)


def test_a_run_agrees_with_itself(low: Path) -> None:
    assert disagreements(low, low) == differing(low, low) == []


@pytest.mark.parametrize(
    ("table", "column", "change", "told"),
    [
        ("allocation", "allocated", 1, ["allocation.csv: allocated"]),
        ("ranking", "designated", True, ["ranking.csv: designated"]),
        ("ranking", "overall", 1e-8, ["ranking.csv: numbers"]),
        ("gates", "outcome", "?", ["gates.csv: outcome"]),
    ],
)
def test_a_difference_is_told(
    low: Path, tmp_path: Path, table: str, column: str, change: object, told: list[str]
) -> None:
    other = tmp_path / low.name
    shutil.copytree(low, other)
    rows = pd.read_csv(other / f"{table}.csv")
    old = rows.loc[0, column]
    rows.loc[0, column] = not old if change is True else old + change
    rows.to_csv(other / f"{table}.csv", index=False)
    assert disagreements(low, other) == told


def test_another_fingerprint_and_a_missing_brief_are_told(low: Path, tmp_path: Path) -> None:
    other = tmp_path / low.name
    shutil.copytree(low, other)
    manifest = json.loads((other / "manifest.json").read_text())
    (other / "manifest.json").write_text(json.dumps({**manifest, "fingerprint": "0"}))
    (other / "brief.pdf").unlink()
    assert disagreements(low, other) == ["fingerprint", "brief.pdf was not made"]
