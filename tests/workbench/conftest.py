"""Tables at which the tests sit."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from evaluator import load_study
from evaluator.record.ledger import Ledger, open_ledger
from evaluator.workbench.session import Act, Setting, Table
from tests.conftest import ROOT

HAND = ROOT / "tests" / "cases" / "hand"
ALIKE = {"trade": 0.5, "energy": 0.5}


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """The case computed by hand, in a folder of its own."""
    shutil.copytree(HAND, tmp_path / "study")
    return tmp_path / "study" / "scenarios" / "baseline.yaml"


@pytest.fixture
def ledger(scenario: Path) -> Iterator[Ledger]:
    opened = open_ledger(scenario.parent.parent / "record.db", make=True)
    yield opened
    opened.close()


@pytest.fixture
def table(scenario: Path, ledger: Ledger) -> Table:
    return Table(scenario, load_study(scenario), ledger, "hand-session")


_NUMBERS = count(1)


@pytest.fixture
def act() -> Callable[..., Act]:
    """An act on keys, by someone who has seen nothing but the base."""

    def made(settings: dict[str, Any], **fields: Any) -> Act:
        told = {"because": "We said so.", "by": "Ann Smith", "seen": 0, **fields}
        told.setdefault("id", f"change-{next(_NUMBERS)}")
        return Act(settings=tuple(Setting(*pair) for pair in settings.items()), **told)

    return made
