"""What was said of a run and decided on it, as text for the terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evaluator.report.formatting.text import Columns, text_table
from evaluator.report.formatting.words import Words
from evaluator.report.terminal.tables import one_line

Data = Mapping[str, Any]
ACTS = ("freeze", "comment", "concurrence", "determination")
"""Kinds of entries by which people speak on a run."""
_POSITIONS = {"concurs": "concurs", "concerns": "has concerns", "objects": "objects"}
_NAME, _WORDS = "name redacted", "words redacted"


def acts_text(
    title: str, entries: Iterable[Data], words: Words, agencies: Mapping[str, str]
) -> str:
    """Return a table of entries by which people speak, in order; nothing where there are none."""
    acts = [one for one in entries if one["kind"] in ACTS]
    if not acts:
        return ""
    later = superseded(acts)
    columns: Columns = [
        ("No.", "right"),
        ("Entered, UTC", "left"),
        ("By", "left"),
        ("What", "left"),
        ("In words", "left"),
    ]
    rows = [
        (
            one["number"],
            when(one),
            by(one),
            act_in_words(one, words, agencies) + _later(later.get(one["number"])),
            said(one),
        )
        for one in acts
    ]
    return text_table(title, columns, rows)


def entered_text(
    one: Data, run: str, silent: Sequence[str], words: Words, agencies: Mapping[str, str]
) -> str:
    """Return the entry that an act on a run is, and who has not spoken."""
    lines = [
        f"Entry   {one['number']:,} of {when(one)} UTC, by {by(one)}",
        f"Run     {one_line(run)}: {act_in_words(one, words, agencies)}",
    ]
    return "\n".join([*lines, *([not_spoken(silent)] if silent else [])])


def standing_text(silent: Sequence[str], designated: Sequence[str] | None, words: Words) -> str:
    """Return who has not spoken, and what stands designated; None: nothing is determined."""
    lines = [not_spoken(silent)] if silent else []
    if designated is not None:
        count = f"{words.packages_counted(len(designated))} {words.priority}"
        named = ", ".join(map(one_line, designated))
        lines.append(f"Now     {count}" + (f": {named}" if named else ""))
    return "\n".join(lines)


def not_spoken(silent: Sequence[str]) -> str:
    """Return which of the consulted agencies have not spoken."""
    return f"Silent  {', '.join(map(one_line, silent))}: consulted, and not heard yet"


def act_in_words(one: Data, words: Words, agencies: Mapping[str, str]) -> str:
    """Return what an entry does by which somebody speaks."""
    told = one["content"]
    agency = one_line(agencies.get(told.get("agency", ""), told.get("agency", "")))
    if one["kind"] == "freeze":
        return "frozen"
    if one["kind"] == "comment":
        return f"comment on {one_line(told['on'])}" if told["on"] else "comment"
    if one["kind"] == "concurrence":
        return f"{agency} {_POSITIONS[told['position']]}"
    if told["act"] == "designates":
        count = words.packages_counted(len(told["packages"]))
        return f"{agency} determines: {count} {words.priority}"
    named = ", ".join(map(one_line, told["packages"]))
    return f"{agency} determines: {named} no longer {words.priority}"


def said(one: Data) -> str:
    """Return the words of an entry: the reason first."""
    parts = [one[key] for key in ("because", "text") if key in one]
    return " ".join(_WORDS if text is None else one_line(text) for text in parts if text != "")


def superseded(entries: Iterable[Data]) -> dict[int, int]:
    """Return by which entry a position of an agency on the same run was superseded, by number."""
    last: dict[tuple[str, str], int] = {}
    found: dict[int, int] = {}
    for one in entries:
        if one["kind"] == "concurrence":
            key = one["about"], one["content"]["agency"]
            if key in last:
                found[last[key]] = one["number"]
            last[key] = one["number"]
    return found


def when(entry: Data) -> str:
    """Return when an entry was made, in UTC."""
    return f"{dt.datetime.fromisoformat(entry['at']):%Y-%m-%d %H:%M:%S}"


def by(entry: Data) -> str:
    """Return who made an entry."""
    return one_line(entry.get("by") or _NAME)


def _later(number: int | None) -> str:
    return "" if number is None else f" (superseded by entry {number:,})"
