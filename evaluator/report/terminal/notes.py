"""What to beware of in a study or a run, as text for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

SHOWN = 10


def notes_text(notes: Sequence[str], rest: str) -> str:
    """Return notes, a line each; `rest` says where those are that are too many to be shown.

    >>> print(notes_text(["one", "two"], "--json"))
    Note: one
    Note: two
    >>> notes_text(["a note"] * 12, "--json").splitlines()[-1]
    'and 2 more notes: --json'
    """
    lines = [f"Note: {' '.join(note.split())}" for note in notes[:SHOWN]]
    more = len(notes) - len(lines)
    if more:
        lines.append(f"and {more:,} more note{'' if more == 1 else 's'}: {rest}")
    return "\n".join(lines)
