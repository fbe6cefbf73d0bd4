"""Every note of an import has words."""

from __future__ import annotations

import ast
from pathlib import Path

import evaluator
from evaluator.report.messages.importing import _WORDS

ROOM = Path(evaluator.__file__).parent / "importing"


def codes() -> set[str]:
    """Return the codes of all notes that readers make."""
    calls = (
        node
        for path in ROOM.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Note" and node.args
    )
    return {
        part.value
        for call in calls
        for part in ast.walk(call.args[0])
        if isinstance(part, ast.Constant)
    }


def test_every_note_has_words() -> None:
    found = codes()
    assert len(found) > 20
    assert found <= set(_WORDS)
