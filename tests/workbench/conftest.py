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
from evaluator.workbench.session import Act, Setting, Table, named_session
from tests.conftest import ROOT

HAND = ROOT / "tests" / "cases" / "hand"
ALIKE = {"trade": 0.5, "energy": 0.5}


def copied(folder: Path) -> Path:
    """Return the scenario of the case computed by hand, copied into a folder."""
    shutil.copytree(HAND, folder / "study")
    return folder / "study" / "scenarios" / "baseline.yaml"


def seated(folder: Path, ledger: Ledger) -> Table:
    """Return a table at that case."""
    path = copied(folder)
    return Table(path, load_study(path), ledger, named_session("hand", "session"))


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """The case computed by hand, in a folder of its own."""
    return copied(tmp_path)


def place(kind: str, folder: Path, request: pytest.FixtureRequest) -> str:
    """Return where a record may stand: in a file, or on a server of the tests' own."""
    if kind == "sqlite":
        return str(folder / "record.db")
    return str(request.getfixturevalue("server").database())


DATABASES = ("sqlite", "postgresql")


@pytest.fixture(params=DATABASES)
def ledger(request: pytest.FixtureRequest, scenario: Path) -> Iterator[Ledger]:
    opened = open_ledger(place(request.param, scenario.parent.parent, request), make=True)
    yield opened
    opened.close()


@pytest.fixture
def table(scenario: Path, ledger: Ledger) -> Table:
    return Table(scenario, load_study(scenario), ledger, named_session("hand", "session"))


@pytest.fixture(scope="module", params=DATABASES)
def kept_table(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Table]:
    """A table at which all tests of a file sit, one after the other."""
    folder = tmp_path_factory.mktemp("served")
    ledger = open_ledger(place(request.param, folder, request), make=True)
    yield seated(folder, ledger)
    ledger.close()


_NUMBERS = count(1)


@pytest.fixture
def act() -> Callable[..., Act]:
    """An act on keys, by someone who has seen nothing but the base."""

    def made(settings: dict[str, Any], **fields: Any) -> Act:
        told = {"because": "We said so.", "by": "Ann Smith", "seen": 0, **fields}
        told.setdefault("id", f"change-{next(_NUMBERS)}")
        return Act(settings=tuple(Setting(*pair) for pair in settings.items()), **told)

    return made
