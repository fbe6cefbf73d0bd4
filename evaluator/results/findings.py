"""Facts that a room hands on: typed, with arguments, and without a word of how they are said.

A room that knows something makes the finding where it is known. Tables hold findings in columns;
`report.messages` alone turns them into words, for every medium. Nothing reads a sentence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import FrozenInstanceError
from inspect import get_annotations
from typing import Any, ClassVar, NoReturn, dataclass_transform

from evaluator.errors import EvaluatorError

KINDS: dict[str, type[Finding]] = {}
"""Every kind of finding by its code."""


@dataclass_transform(frozen_default=True)
class Finding:
    """One fact. A kind of fact is a class of plain fields: text, numbers, tuples, another fact.

    It is made, compared and shown as a frozen dataclass is. One base does that for all kinds:
    methods of its own for each of them would take longer to compile than a study to score.
    """

    code: ClassVar[str] = ""
    """The name of the kind in lower case with underscores, as files have it."""
    fields: ClassVar[tuple[str, ...]] = ()
    """The names of the fields, inherited ones first."""

    def __init_subclass__(cls, *, kw_only: bool = False) -> None:
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        if cls.code in KINDS:
            raise TypeError(f"two kinds of finding are called {cls.code}")
        KINDS[cls.code] = cls
        cls.fields += tuple(get_annotations(cls))

    def __init__(self, *values: Any, **named: Any) -> None:
        names = self.fields
        if len(values) == len(names) and not named:
            vars(self).update(zip(names, values, strict=True))
            return
        given = dict(zip(names, values, strict=False)) | named
        lacking = [name for name in names if name not in given and not hasattr(self, name)]
        if lacking or len(given) < len(values) + len(named) or not given.keys() <= {*names}:
            raise TypeError(f"{type(self).__name__} has the fields {names}, not {values}, {named}")
        vars(self).update(given)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenInstanceError(f"cannot set {name}: a finding never changes")

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenInstanceError(f"cannot delete {name}: a finding never changes")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.arguments == getattr(other, "arguments", None)

    def __hash__(self) -> int:
        return hash((type(self), *self.arguments.values()))

    def __repr__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self.arguments.items())
        return f"{type(self).__qualname__}({told})"

    @property
    def arguments(self) -> dict[str, Any]:
        """The fields by name."""
        return {name: getattr(self, name) for name in self.fields}


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
    return json.dumps(as_json(found), ensure_ascii=False, sort_keys=True) if found else ""


def as_json(value: Any) -> Any:
    """Return an argument as JSON has it: a finding with its code, and no number as -0.0."""
    if isinstance(value, Finding):
        return {"code": value.code, **as_json(value.arguments)}
    if isinstance(value, dict):
        return {key: as_json(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(one) for one in value]
    return value + 0.0 if isinstance(value, float) else value


def findings_of(told: str, given: str) -> Findings:
    """Return the findings that `codes` and `arguments` wrote.

    Raises ValueError for an unknown code, or arguments that do not fit it.
    """
    kinds = told.split("; ") if told else []
    every: list[Mapping[str, Any]] = json.loads(given) if given else []
    try:
        return tuple(_made(kind, one) for kind, one in zip(kinds, every, strict=True))
    except (KeyError, TypeError) as error:
        raise ValueError(f"no findings: {told}, {given}") from error


def _made(kind: str, named: Mapping[str, Any]) -> Finding:
    return KINDS[kind](**{name: _frozen(value) for name, value in named.items()})


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        rest = {name: one for name, one in value.items() if name != "code"}
        return _made(value["code"], rest)
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
