"""What a cell states."""

from __future__ import annotations

import datetime as dt

Row = dict[str, str]


def day(value: object) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))


def stated(cell: str | None) -> str | None:
    """Return what a cell states; None where it is not known."""
    text = (cell or "").strip()
    return None if not text or text.startswith("n/a") else text


def flag(cell: str | None) -> bool:
    return (cell or "").strip().lower() in ("yes", "1", "true")
