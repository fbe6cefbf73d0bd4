"""Records of both kinds, and small runs to enter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluator import Override, evaluate, load_study, write_run
from evaluator.questions import ask
from evaluator.record.ledger import Ledger, open_ledger

HAND = Path(__file__).parents[2] / "cases" / "hand" / "scenarios" / "baseline.yaml"


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a record may stand, of either kind."""
    if request.param == "sqlite":
        return str(tmp_path / "record.db")
    return str(request.getfixturevalue("server").database())


@pytest.fixture
def ledger(place: str) -> Iterator[Ledger]:
    """A record without entries."""
    opened = open_ledger(place, make=True)
    yield opened
    opened.close()


def _run(folder: Path, name: str, *changes: Override) -> Path:
    few = Override("uncertainty.draws", "0", "a trial")
    return write_run(ask(evaluate(load_study(HAND, [few, *changes]))), folder, name)


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two runs of one scenario, the second with a higher floor."""
    folder = tmp_path_factory.mktemp("runs")
    higher = Override("designation.min_overall", "60", "a stricter floor")
    return _run(folder, "first"), _run(folder, "second", higher)
