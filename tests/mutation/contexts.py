"""A plug-in of pytest: which test reaches which line, and how long each test takes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest

_ROOT = Path(__file__).parents[2]


class _Contexts:
    def __init__(self) -> None:
        self._coverage = coverage.Coverage(source=[str(_ROOT / "evaluator")], config_file=False)
        self._coverage.start()
        self._seconds: dict[str, float] = {}

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._coverage.switch_context(item.nodeid)
        yield

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._seconds[report.nodeid] = self._seconds.get(report.nodeid, 0.0) + report.duration

    def pytest_sessionfinish(self) -> None:
        self._coverage.stop()
        self._coverage.save()
        rows = (f"{name}\t{took}" for name, took in self._seconds.items())
        Path(os.environ["MUTATION_SECONDS"]).write_text("\n".join(rows))


def pytest_configure(config: pytest.Config) -> None:
    """Measure from here on."""
    config.pluginmanager.register(_Contexts())
