"""With every message replaced by its code, everything but the sentences stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from evaluator import ask, evaluate
from evaluator.cli import main
from evaluator.record.runs.tables import tables
from evaluator.report import render
from evaluator.report.messages import WORDS, say
from evaluator.results.evaluation import Evaluation
from evaluator.results.findings import Finding
from tests.report.conftest import HAND


class Structure(HTMLParser):
    """Tags in order, with their ids and classes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str | None, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = dict(attrs)
        self.found.append((tag, of.get("id"), of.get("class")))


def structure(evaluation: Evaluation) -> list[tuple[str, str | None, str | None]]:
    """Return the structure of a page that is made anew: nothing that was said before is kept."""
    page = Structure()
    page.feed(render(replace(evaluation)).files["report.html"].decode())
    return page.found


@pytest.fixture
def mute(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what replaces each message by its code."""

    def muted() -> None:
        for kind in WORDS:
            monkeypatch.setitem(WORDS, kind, lambda finding, names: finding.code)

    return muted


@pytest.mark.slow
@pytest.mark.parametrize("which", ["baseline", "full"])
def test_a_page_keeps_its_structure(
    which: str, request: pytest.FixtureRequest, mute: Callable[[], None]
) -> None:
    evaluation: Evaluation = request.getfixturevalue(which)
    before = structure(evaluation)
    assert len(before) > 1000
    mute()
    assert structure(evaluation) == before


@pytest.mark.slow
def test_tables_keep_their_values(full: Evaluation, mute: Callable[[], None]) -> None:
    before = tables(full)
    mute()
    after = tables(ask(evaluate(full.study)))
    assert list(after) == list(before)
    for name, table in before.items():
        pd.testing.assert_frame_equal(after[name], table, obj=name)


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("designation.max_packages", "2", 0),
        ("allocation.must", "{P1: {because: b, by: c, date: 2026-07-01, at_least: 900000000}}", 3),
    ],
)
def test_exit_codes_stay(
    key: str, value: str, code: int, tmp_path: Path, mute: Callable[[], None]
) -> None:
    def run(out: str) -> int:
        changes = ["--set", f"{key}={value}", "--because", "a trial", "--draws", "0"]
        found = CliRunner().invoke(main, ["run", str(HAND), "--out", str(tmp_path / out), *changes])
        return found.exit_code

    before = run("before")
    mute()
    assert (before, run("after")) == (code, code)


def test_codes_are_what_is_said(mute: Callable[[], None]) -> None:
    mute()
    assert {say(object.__new__(kind), None) for kind in WORDS} == {kind.code for kind in WORDS}  # type: ignore[arg-type]
    assert all(issubclass(kind, Finding) for kind in WORDS)
