"""Facts that a room hands on: typed, with arguments, and without a word of how they are said.

A room that knows something makes the finding where it is known. Tables hold findings in columns;
`report.messages` alone turns them into words, for every medium. Nothing reads a sentence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from evaluator.errors import EvaluatorError

KINDS: dict[str, type[Finding]] = {}
"""Every kind of finding by its code."""


@dataclass(frozen=True)
class Finding:
    """One fact. A kind of fact is a frozen dataclass of plain fields: text, numbers, tuples."""

    code: ClassVar[str] = ""
    """The name of the kind in lower case with underscores, as files have it."""

    def __init_subclass__(cls) -> None:
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        if cls.code in KINDS:
            raise TypeError(f"two kinds of finding are called {cls.code}")
        KINDS[cls.code] = cls

    @property
    def arguments(self) -> dict[str, Any]:
        """The fields by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


Findings = tuple[Finding, ...]
"""What a cell of a column of findings holds; the weightiest first, empty where there is none."""


def cause(error: Exception) -> tuple[str, str]:
    """Return the kind of an error and what it says; no kind of one that says what to do.

    >>> cause(ValueError("odd")), cause(EvaluatorError("ask for less"))
    (('ValueError', 'odd'), ('', 'ask for less'))
    """
    kind = "" if isinstance(error, EvaluatorError) else type(error).__name__
    return kind, str(error)


def codes(findings: Iterable[Finding]) -> str:
    """Return the codes of findings in one cell.

    >>> codes(())
    ''
    """
    return "; ".join(one.code for one in findings)


def arguments(findings: Iterable[Finding]) -> str:
    """Return the arguments of findings in one cell, as JSON: a list with an object a finding.

    >>> arguments(())
    ''
    """
    found = [one.arguments for one in findings]
    return json.dumps(_unsigned(found), ensure_ascii=False, sort_keys=True) if found else ""


def _unsigned(value: Any) -> Any:
    """Return a value in which no number is -0.0."""
    if isinstance(value, dict):
        return {key: _unsigned(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_unsigned(one) for one in value]
    return value + 0.0 if isinstance(value, float) else value


def findings_of(told: str, given: str) -> Findings:
    """Return the findings that `codes` and `arguments` wrote.

    Raises ValueError for an unknown code, or arguments that do not fit it.
    """
    kinds = told.split("; ") if told else []
    every: list[Mapping[str, Any]] = json.loads(given) if given else []
    try:
        return tuple(
            KINDS[kind](**{name: _frozen(value) for name, value in one.items()})
            for kind, one in zip(kinds, every, strict=True)
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"no findings: {told}, {given}") from error


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
