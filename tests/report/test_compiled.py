"""Templates kept compiled: never an old one, nowhere that Python keeps nothing itself."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from evaluator.report.html.compiled import Compiled
from evaluator.report.html.terse import Terse

SOURCE = {"one.html": "<td>{{ 1 }}</td>"}


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a module beside which byte code may be kept."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    (tmp_path / "__pycache__").mkdir()
    path = tmp_path / "pages.py"
    path.write_text("autoescape = True\n")
    return path


def rendered(module: Path, source: dict[str, str] = SOURCE, *, terse: bool = False) -> str:
    """Return a template's text from an environment that is made anew, as by another process."""
    made = Environment(loader=DictLoader(source), autoescape=True)
    if terse:
        made.add_extension(Terse)
    made.bytecode_cache = Compiled(str(module))
    return made.get_template("one.html").render()


def kept(module: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (module.parent / "__pycache__").iterdir()}


def test_compiled_once_and_anew_where_anything_changed(
    module: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str | None] = []
    inner = Environment.compile

    def counted(self: Environment, source: str, name: str | None, *more: object) -> object:
        compiled.append(name)
        return inner(self, source, name, *more)  # type: ignore[call-overload]

    monkeypatch.setattr(Environment, "compile", counted)
    assert [rendered(module), rendered(module)] == ["<td>1</td>"] * 2
    assert len(compiled) == 1
    assert rendered(module, {"one.html": "<td>{{ 2 }}</td>"}) == "<td>2</td>"
    assert rendered(module) == "<td>1</td>"
    assert rendered(module, terse=True) == "<td>1"
    assert len(compiled) == 4
    module.write_text("autoescape = False\n")
    rendered(module, terse=True)
    assert len(compiled) == 5


@pytest.mark.parametrize("why", ["asked", "refused", "absent"])
def test_nothing_is_written_where_byte_code_is_not(
    module: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    if why == "asked":
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
    elif why == "refused":  # by the file system, whoever runs the test
        monkeypatch.setattr("tempfile.NamedTemporaryFile", refused)
    else:
        (module.parent / "__pycache__").rmdir()
    assert rendered(module) == "<td>1</td>"
    assert list(module.parent.rglob("*.cache")) == []


def refused(**_: object) -> None:
    raise PermissionError(13, "no")


def test_half_a_file_is_not_read(module: Path) -> None:
    rendered(module)
    (name,) = kept(module)
    (module.parent / "__pycache__" / name).write_bytes(b"")
    assert rendered(module) == "<td>1</td>"
