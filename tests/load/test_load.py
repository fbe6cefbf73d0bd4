"""A tenth of what `make soak` does to a workbench."""

from __future__ import annotations

import pytest

from tests.load.__main__ import people_at_work
from tests.load.fuzz import fuzz
from tests.load.people import Pace
from tests.soak.workbenches import killed_below_a_workbench, killed_workbenches

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("server", [False, True], ids=["sqlite", "postgresql"])
def test_thirty_people_lose_and_double_nothing(server: bool) -> None:
    assert people_at_work(18, Pace(), server=server) == []


def test_no_random_request_is_answered_by_a_fault() -> None:
    assert fuzz(1, seed=1) == []


def test_a_workbench_that_is_killed_while_people_share() -> None:
    assert killed_workbenches(seed=1, count=5) == []


def test_a_database_that_is_killed_below_a_workbench() -> None:
    assert killed_below_a_workbench(seed=1, count=5) == []
