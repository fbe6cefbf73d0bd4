"""A tenth of `make soak`."""

from __future__ import annotations

import pytest

from tests.soak.disks import full_disks
from tests.soak.kills import kills
from tests.soak.records import flipped_bytes, killed_servers, killed_writers
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


@pytest.mark.slow
def test_writers_to_a_record_that_are_killed() -> None:
    assert killed_writers(seed=1, count=5) == []


@pytest.mark.slow
def test_a_server_that_is_killed_under_a_writer() -> None:
    assert killed_servers(seed=1, count=5) == []


@pytest.mark.slow
def test_a_byte_of_a_record_that_is_flipped() -> None:
    assert flipped_bytes(seed=1, step=50) == []
