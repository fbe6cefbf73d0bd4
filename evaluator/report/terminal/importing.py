"""What an import took and left, as text and as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from evaluator.errors import Problem, gathered
from evaluator.importing.material import Imported, Left, Taken
from evaluator.importing.tables.reading import Proposed
from evaluator.report.messages.importing import note_in_words

_QUIET = ("column_taken",)
"""Notes that a line of their own gathers."""
_SHOWN = 40


def as_data(found: Imported) -> dict[str, Any]:
    """Return what was taken and left as plain data for JSON."""
    taken = [one for one in found.record if isinstance(one, Taken)]
    return {
        "taken": len({one.place for one in taken}),
        "left": sum(isinstance(one, Left) for one in found.record),
        "converted": sum(bool(one.how) for one in taken),
        "rows": {table: len(rows) for table, rows in found.tables.items()},
        "notes": [
            {"code": n.code, "where": n.where, "arguments": n.arguments, "words": note_in_words(n)}
            for n in found.notes
        ],
    }


def as_text(found: Imported, changed: Mapping[str, Any]) -> str:
    """Return what was taken and left as lines.

    changed: rows added and replaced by table, of a study that was filled.
    """
    data = as_data(found)
    lines = []
    for table, count in data["rows"].items():
        told = f"{count:,} rows"
        if changed:
            parts = {word: changed[word].get(table, 0) for word in ("added", "replaced")}
            told += f" ({parts['added']:,} added, {parts['replaced']:,} replaced)"
        lines.append(f"Table   {table}: {told}")
    how = Counter(one.how for one in found.record if isinstance(one, Taken) and one.how)
    lines += [f"Note    {note_in_words(n)}" for n in found.notes if n.code not in _QUIET]
    for note in found.notes:
        if note.code in _QUIET:
            lines.append(f"Taken   {note_in_words(note)}")
    if how:
        each = ", ".join(f"{count:,} {words}" for words, count in sorted(how.items()))
        lines.append(f"Changed {each}")
    lines.append(
        f"Record  import.csv has each cell: {data['taken']:,} taken, {data['left']:,} left"
    )
    return "\n".join(lines)


def open_as_data(found: Proposed) -> dict[str, Any]:
    """Return what a proposed map leaves open as plain data for JSON."""
    return {
        "open": [
            {
                "where": one.where,
                "key": list(one.key),
                "fact": one.fact,
                "options": list(one.options),
            }
            for one in found.questions
        ],
        "problems": [
            {"where": p.where, "fact": p.fact, "remedy": p.remedy} for p in found.problems
        ],
    }


def open_as_text(found: Proposed) -> str:
    """Return what a proposed map leaves open, and what is wrong whatever is answered."""
    asked = gathered(Problem(one.where, one.fact) for one in found.questions)
    count = len(found.questions)
    lines = [f"Nothing was imported: {count} {'thing is' if count == 1 else 'things are'} open."]
    lines += [f"- {one}" for one in asked[:_SHOWN]]
    if len(asked) > _SHOWN:
        lines.append(f"and {len(asked) - _SHOWN:,} more, each beside its key in the map.")
    if found.problems:
        lines.append("Whatever is answered, these cells cannot be read:")
        lines += [f"- {one}" for one in gathered(found.problems)[:_SHOWN]]
    return "\n".join(lines)
