"""Changes of facts: cells and rows of a round's tables, before anything of them is understood.

A changed cell is read and checked as one in a file is, and its faults name the change.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from evaluator.errors import Problem, Vocabulary, did_you_mean
from evaluator.loading.changes import Placed, applied
from evaluator.loading.keys import COUNTRIES, VALUES, keys_of, of_facts
from evaluator.loading.tables.sheets import Sheet
from evaluator.model.scenario import Applied
from evaluator.sanitize import shortened

_NUMBER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?")
_KEPT = ("packages", "entities", COUNTRIES)
"""Tables whose rows others name: none is added or taken out by a change."""
_WHOLE = "A row that is not there is stated whole, with all its columns, such as {}."


def on_facts(change: Placed) -> bool:
    """Return whether a change is one of facts."""
    return of_facts(change.path)


def with_facts(
    sheets: Mapping[str, Sheet],
    changes: Sequence[Placed],
    columns: Mapping[str, Sequence[str]],
    problems: list[Problem],
) -> tuple[dict[str, Sheet], dict[int, Applied]]:
    """Return the tables as changed, and what was done, by `id` of the change.

    columns: those that each table may have.
    """
    found, done = dict(sheets), {}
    for change in changes:
        table, keys = change.path[0], keys_of(change.path[0])
        sheet = found.get(table) or Sheet(table, keys, ())
        try:
            found[table], old, new = _changed(sheet, change, keys, columns[table])
        except ValueError as error:
            fact, _, remedy = str(error).partition("\n")
            problems.append(Problem(change.where, fact, remedy))
            continue
        done[id(change)] = applied(change, old, new)
    return found, done


def _changed(
    sheet: Sheet, change: Placed, keys: Sequence[str], columns: Sequence[str]
) -> tuple[Sheet, Any, Any]:
    """Return the table with one change, and what stood and stands there."""
    table, named, below = (
        change.path[0],
        change.path[1 : 1 + len(keys)],
        change.path[1 + len(keys) :],
    )
    if len(named) < len(keys) or len(below) > 1:
        form = ".".join([table, *keys, *([] if table in VALUES else ["column"])])
        raise ValueError(f"names no row or cell of {table}.\nWrite {form}.")
    value = change.to.plain()
    line = _line(sheet, keys, named)
    if below:
        if below[0] in keys:
            raise ValueError(f"'{below[0]}' is what the row is known by.\nSet another column.")
        cells = {below[0]: value}
    elif isinstance(value, Mapping):
        cells = dict(value)
    elif value is None and line is not None and table not in _KEPT:
        return _without(sheet, line), _cells(sheet, line, keys), None
    elif table in VALUES:
        cells = {VALUES[table]: value}
    else:
        raise ValueError(f"a row of {table} has columns.\nName one, or state them all.")
    if odd := [name for name in cells if name not in columns or name in keys]:
        fact = f"{table} has no column '{shortened(odd[0])}'."
        raise ValueError(f"{fact}\n{did_you_mean(odd[0], [c for c in columns if c not in keys])}")
    whole = isinstance(value, Mapping) and not below
    if line is None and (not whole or table in _KEPT):
        raise ValueError(_absent(sheet, table, keys, named, cells))
    old = _cells(sheet, line, keys) if line is not None else None
    texts = {name: _text(one) for name, one in cells.items()}
    if line is None:
        texts |= dict(zip(keys, named, strict=True))
    elif whole:
        texts = {name: "" for name in sheet.header if name not in keys} | texts
    after, at = _with(sheet, line, texts, change.where)
    new = _cells(after, at, keys)
    one = below[0] if below else VALUES.get(table) if not whole else None
    return (after, (old or {}).get(one), new.get(one)) if one is not None else (after, old, new)


def _line(sheet: Sheet, keys: Sequence[str], named: Sequence[str]) -> int | None:
    """Return the line of the row that is named; None where there is none."""
    if not set(keys) <= set(sheet.header):
        return None
    places = [sheet.header.index(key) for key in keys]
    for line, texts in sheet.rows:
        if len(texts) == len(sheet.header) and all(
            texts[place].strip() == name for place, name in zip(places, named, strict=True)
        ):
            return line
    return None


def _absent(
    sheet: Sheet,
    table: str,
    keys: Sequence[str],
    named: Sequence[str],
    cells: Mapping[str, Any],
) -> str:
    """Return that a row is not there, with the key that is unknown and what is near it."""
    for place in range(len(keys)):
        part = [texts for _, texts in sheet.rows if len(texts) == len(sheet.header)]
        for key, name in zip(keys[:place], named[:place], strict=True):
            part = [texts for texts in part if texts[sheet.header.index(key)].strip() == name]
        known = {texts[sheet.header.index(keys[place])].strip() for texts in part}
        if named[place] not in known:
            before = f" of {' / '.join(named[:place])}" if place else ""
            fact = f"{table} has no {keys[place]} '{shortened(named[place])}'{before}."
            remedy = Vocabulary(sorted(known)).near(named[place])
            if table not in _KEPT:
                stated = ", ".join(f"{name}: {_text(one)}" for name, one in cells.items())
                remedy += " " + _WHOLE.format(f"{{{stated}, ...}}")
            return f"{fact}\n{remedy}"
    raise AssertionError(f"the row {named} is there")


def _cells(sheet: Sheet, line: int, keys: Iterable[str]) -> dict[str, Any]:
    """Return what stands in a row beside its keys, numbers as such; empty cells left out."""
    texts = dict(zip(sheet.header, next(t for at, t in sheet.rows if at == line), strict=True))
    return {
        name: _plain(text.strip())
        for name, text in texts.items()
        if name not in keys and text.strip()
    }


def _plain(text: str) -> Any:
    if not _NUMBER.fullmatch(text):
        return text
    return int(text) if text.lstrip("+-").isdigit() else float(text)


def _text(value: Any) -> str:
    """Return a value of a change as a cell of a table states it.

    >>> _text(True), _text(0.3), _text(["P1", "P2"]), _text(None)
    ('yes', '0.3', 'P1|P2', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "|".join(map(_text, value))
    if isinstance(value, Mapping):
        raise ValueError("a cell holds one value, not keys.\nState a number, a text, yes or no.")  # noqa: TRY004
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _without(sheet: Sheet, line: int) -> Sheet:
    faults = {at: fault for at, fault in sheet.faults.items() if at[0] != line}
    rows = tuple(row for row in sheet.rows if row[0] != line)
    return replace(sheet, rows=rows, faults=faults)


def _with(
    sheet: Sheet, line: int | None, texts: Mapping[str, str], where: str
) -> tuple[Sheet, int]:
    """Return a table with other cells in a row, or with one row more, and the row's line."""
    header = (*sheet.header, *(name for name in texts if name not in sheet.header))
    further = ("",) * (len(header) - len(sheet.header))
    fits = len(sheet.header)
    rows = [(at, (*row, *further) if len(row) == fits else row) for at, row in sheet.rows]
    if line is None:
        line = max([sheet.top, *(at for at, _ in rows)]) + 1
        rows.append((line, ("",) * len(header)))
    changed = [
        (
            at,
            tuple(texts.get(n, t) for n, t in zip(header, row, strict=True)) if at == line else row,
        )
        for at, row in rows
    ]
    cells = {(line, header.index(name)): where for name in texts}
    return sheet.edited(header=header, rows=changed, changed=cells), line
