"""Two spellings of one thing: words that differ by letter case, form or white space alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evaluator.errors import Problem
from evaluator.letters import difference, folded
from evaluator.loading.tables.rows import Row
from evaluator.model.base import Known
from evaluator.sanitize import shortened

_PROSE = 80
"""Letters: a longer text is no label."""


def spelled_twice(entries: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Yield a problem for each further spelling of a word, from words and their places."""
    seen: set[str] = set()
    first: dict[str, tuple[str, str]] = {}
    for word, where in entries:
        if word in seen or len(word) > _PROSE:
            continue
        seen.add(word)
        other, place = first.setdefault(folded(word), (word, where))
        if other != word:
            unlike = difference(word, other) or "they differ by letter case"
            fact = f"'{shortened(word)}' is '{shortened(other)}' at {place}: {unlike}."
            yield Problem(where, fact, "Spell both alike, or call one by another name.")


def alike(rows: Iterable[Row], column: str) -> Iterator[Problem]:
    """Yield the further spellings of the words of a column."""
    entries = ((_word(row[column]), row.where) for row in rows)
    return spelled_twice((word, where) for word, where in entries if word)


def _word(cell: object) -> str:
    value = cell.value if isinstance(cell, Known) else cell
    return value if isinstance(value, str) else ""
