"""Templates that are kept compiled are those that would be compiled."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from evaluator.model.results import Evaluation
from evaluator.report.figures import every_figure
from evaluator.report.html import compiled
from evaluator.report.html.compiled import Compiled
from evaluator.report.html.page import compile_templates, page


def rendered(folder: Path, source: str) -> str:
    loader = DictLoader({"sections/a.j2": source})
    templates = Environment(loader=loader, autoescape=True, bytecode_cache=Compiled(folder))
    return templates.get_template("sections/a.j2").render(name="A")


@pytest.fixture(autouse=True)
def _kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


def test_a_template_is_kept_and_a_changed_one_compiled_anew(tmp_path: Path) -> None:
    assert rendered(tmp_path, "{{ name }}") == "A"
    (kept,) = tmp_path.iterdir()
    before = kept.stat().st_mtime_ns
    assert rendered(tmp_path, "{{ name }}") == "A"
    assert kept.stat().st_mtime_ns == before
    assert rendered(tmp_path, "{{ name }}!") == "A!"
    assert list(tmp_path.iterdir()) == [kept]


def test_other_settings_have_files_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered(tmp_path, "{{ name }}")
    monkeypatch.setattr(compiled, "_settings", lambda: "others")
    rendered(tmp_path, "{{ name }}")
    assert len(list(tmp_path.iterdir())) == 2


def test_what_is_damaged_is_compiled_anew(tmp_path: Path) -> None:
    rendered(tmp_path, "{{ name }}")
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:-20])
    assert rendered(tmp_path, "{{ name }}") == "A"


def test_nothing_is_kept_where_nothing_may_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rendered(tmp_path / "absent", "{{ name }}") == "A"
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert rendered(tmp_path, "{{ name }}") == "A"
    assert not list(tmp_path.iterdir())


def test_nothing_is_compiled_while_a_page_is_filled(
    hand: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*told: object, **named: object) -> None:
        raise AssertionError(f"compiled late: {told[2:]}")

    compile_templates()
    monkeypatch.setattr(Environment, "compile", fail)
    assert page(hand, every_figure(hand))
