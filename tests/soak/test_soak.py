"""A tenth of `make soak`."""

from __future__ import annotations

import pytest

from tests.soak.disks import full_disks
from tests.soak.kills import kills
from tests.soak.spoiled import spoiled
from tests.soak.tampered import tampered


@pytest.mark.slow
def test_a_run_that_is_ended_at_any_moment() -> None:
    assert kills(seed=1, count=5) == []


@pytest.mark.slow
def test_a_file_system_that_is_full_at_any_moment() -> None:
    assert full_disks(seed=1, count=5) == []


@pytest.mark.slow
def test_a_run_that_is_changed_in_any_way() -> None:
    assert tampered(seed=1, count=40) == []


@pytest.mark.slow
def test_a_spoiled_study_is_run_or_refused_in_words() -> None:
    assert spoiled(seed=1, count=60) == []
