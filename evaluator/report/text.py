"""Tables as plain text."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Sequence
from typing import Any

Columns = Sequence[tuple[str, str]]
"""Heads and sides, `left` or `right`."""


def text_table(title: str, columns: Columns, rows: Iterable[Sequence[Any]]) -> str:
    """Return a table as lines of text without markup or colour, as wide as the terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(title, style="bold"), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False
    )
    for head, side in columns:
        table.add_column(Text(head), justify="right" if side == "right" else "left")
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    width = max(100, shutil.get_terminal_size((140, 40)).columns)
    console = Console(file=io.StringIO(), width=width, no_color=True, highlight=False)
    console.print(table)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in text.splitlines())
