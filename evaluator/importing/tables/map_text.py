"""A map as YAML that a person mends: what is open stands beside the key that answers it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from evaluator.importing.tables.grids.grid import Question
from evaluator.model.base import Frozen
from evaluator.model.import_map import ImportMap

_HEAD = """\
# How {name} is read into a study: proposed by `evaluator import`, to be mended.
# What is marked with ? is open or only likely. Where a key is null, it has to be answered.
# A column without `to` is left. Then: evaluator import {name} --into STUDY --map THIS-FILE
"""
_ASKED = (
    "direction",
    "decimal",
    "order",
    "times",
    "encoding",
    "delimiter",
    "high",
    "currency",
    "rates",
)
"""Keys that are null until they are answered."""
Path = tuple[str | int, ...]


def as_yaml(mapped: ImportMap, questions: Sequence[Question]) -> str:
    """Return a map as YAML with its questions as comments; it is read back as the same map."""
    open_: dict[Path, list[Question]] = {}
    for one in questions:
        open_.setdefault(one.key, []).append(one)
    lines = [*_HEAD.format(name=mapped.source).splitlines()]
    lines += _entries(mapped, (), open_, ("criteria", "sheets"))
    for part in ("criteria", "sheets"):
        members = getattr(mapped, part)
        if members:
            lines.append(f"{part}:")
        for index, member in enumerate(members):
            if part == "criteria":
                lines += _row(member, (part, index), open_, "  ")
            else:
                lines += _sheet(member, (part, index), open_)
    return "\n".join(lines) + "\n"


def _entries(
    of: Frozen, path: Path, open_: Mapping[Path, list[Question]], apart: Sequence[str]
) -> Iterator[str]:
    """Yield the keys of a mapping, a line each."""
    stated = _stated(of, path, open_)
    for key, value in stated.items():
        if key not in apart:
            yield f"{key}: {_flow(value)}{_remark(open_.get((*path, key), ()))}"


def _sheet(sheet: Frozen, path: Path, open_: Mapping[Path, list[Question]]) -> Iterator[str]:
    lines = list(_entries(sheet, path, open_, ("columns",)))
    for mark, line in zip(("  - ", *["    "] * len(lines)), lines, strict=False):
        yield mark + line
    yield f"    columns:{_remark(open_.get((*path, 'columns'), ()))}"
    for index, column in enumerate(getattr(sheet, "columns")):  # noqa: B009
        yield from _row(column, (*path, "columns", index), open_, "      ")


def _row(
    of: Frozen, path: Path, open_: Mapping[Path, list[Question]], indent: str
) -> Iterator[str]:
    """Yield a mapping on one line, what is open of it above."""
    for key in type(of).model_fields:
        for one in open_.get((*path, key), ()):
            yield f"{indent}# ? {key}: {_told(one)}"
    stated = _stated(of, path, open_)
    inside = ", ".join(f"{key}: {_flow(value)}" for key, value in stated.items())
    yield f"{indent}- {{{inside}}}"


def _stated(of: Frozen, path: Path, open_: Mapping[Path, list[Question]]) -> dict[str, Any]:
    """Return what a part states, and what is asked of it as null."""
    plain = of.model_dump(exclude_defaults=True)
    found = {}
    for key in type(of).model_fields:
        if key in plain and plain[key] is not None:
            found[key] = plain[key]
        elif (*path, key) in open_ and key in _ASKED:
            found[key] = None
    return found


def _remark(questions: Sequence[Question]) -> str:
    return "".join(f"  # ? {_told(one)}" for one in questions)


def _told(one: Question) -> str:
    options = f" One of: {', '.join(one.options)}." if len(one.options) > 1 else ""
    return " ".join(f"{one.fact}{options}".split())


def _flow(value: Any) -> str:
    """Return a value as it stands within a line of YAML."""
    plain = _plain(value)
    text = yaml.safe_dump(
        [plain], default_flow_style=True, allow_unicode=True, width=10**9, sort_keys=False
    )
    return text.strip()[1:-1]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return int(value)
    return value
