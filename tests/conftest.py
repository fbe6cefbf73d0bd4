"""Fixtures that several rooms share."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.server import Server, programs, running

ROOT = Path(__file__).parent.parent
BASELINE = ROOT / "scenarios" / "baseline.yaml"
GUIDES = ROOT / "evaluator" / "guides"
# What started the tests is no business of what they start: readline, which pytest loads, tells of a
# terminal of 80 columns, make of itself, and nohup or a shell's '&' have signals ignored.
for name in ("COLUMNS", "LINES", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
    os.environ.pop(name, None)
    os.unsetenv(name)
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)


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
def browser(chromium: str) -> Iterator[Browser]:
    """One for all tests of a process: a second would find the loop of the first."""
    expect.set_options(timeout=60_000)  # five seconds, its default, are too few on a busy machine
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--lang=en-US"]
        )
        yield found
        found.close()


@pytest.fixture(scope="session")
def soffice() -> str:
    """Path of LibreOffice."""
    return program("soffice")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL of the tests' own."""
    found = programs()
    if found is None:
        if os.environ.get("EVALUATOR_SKIPS_FAIL"):
            pytest.fail("PostgreSQL is not installed, and EVALUATOR_SKIPS_FAIL is set")
        pytest.skip("PostgreSQL is not installed")
    with running(found) as one:
        yield one
