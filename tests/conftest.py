"""Fixtures that several rooms share."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BASELINE = ROOT / "scenarios" / "baseline.yaml"
GUIDES = ROOT / "evaluator" / "guides"
# Readline, which pytest loads, tells processes that are started of a terminal of 80 columns.
for size in ("COLUMNS", "LINES"):
    os.environ.pop(size, None)
    os.unsetenv(size)


def program(name: str) -> str:
    """Return the path of a system program; without it, skip, or fail where skips are failures."""
    found = shutil.which(name)
    if found is not None:
        return found
    reason = f"{name} is not installed"
    if os.environ.get("EVALUATOR_SKIPS_FAIL"):
        pytest.fail(f"{reason}, and EVALUATOR_SKIPS_FAIL is set")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of Chromium."""
    return program("chromium")


@pytest.fixture(scope="session")
def soffice() -> str:
    """Path of LibreOffice."""
    return program("soffice")
