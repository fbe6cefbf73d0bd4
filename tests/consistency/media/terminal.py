"""What the command line prints, as lines and as tables of cells."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TITLES = (
    *(
        "Ranked portfolio",
        "Scores by agency",
        "Failed a requirement",
        "Not passed for a tool",
        "Proposed, ",
    ),
    *(
        "Limits that bind",
        "When institutions may act",
        "Changes",
        "Criteria",
        "Requirements",
        "Requests",
    ),
)
_RULE = re.compile(r"^\s*─{3,}\s*$")


@dataclass
class Block:
    """A table of the terminal."""

    title: str
    heads: list[str]
    rows: list[dict[str, str]]


@dataclass
class Terminal:
    """All that was printed."""

    text: str
    lines: list[str]
    """Those that belong to no table."""
    blocks: list[Block]

    def block(self, start: str) -> Block | None:
        """Return the table whose title begins so; None if there is none."""
        return next((one for one in self.blocks if one.title.startswith(start)), None)


def read_terminal(text: str) -> Terminal:
    """Take a terminal's text apart; two blanks part columns, one blank never does."""
    lines = text.splitlines()
    inside: set[int] = set()
    blocks = []
    for place, line in enumerate(lines):
        if not _RULE.match(line):
            continue
        top, end = place - 1, place + 1
        while top >= 0 and lines[top].strip():
            top -= 1
        while end < len(lines) and lines[end].strip():
            end += 1
        title = _title(lines, top - 1, max(map(len, lines[top + 1 : end])))
        blocks.append(_block(title, lines[top + 1 : place], lines[place + 1 : end]))
        inside |= set(range(top, end))
    free = [line for place, line in enumerate(lines) if place not in inside and line.strip()]
    return Terminal(text, free, blocks)


def _title(lines: list[str], last: int, width: int) -> str:
    """Return the title that ends in a line; it is broken where a word does not fit the width."""
    found = lines[last].strip()
    while last > 0 and lines[last - 1].strip() and not found.startswith(_TITLES):
        above = lines[last - 1].strip()
        if not len(above) - 2 <= width < len(above) + 1 + len(found.split()[0]):
            break
        found, last = f"{above} {found}", last - 1
    return found


def _block(title: str, heads: list[str], rows: list[str]) -> Block:
    every = [*heads, *rows]
    width = max(map(len, every))
    padded = [line.ljust(width) for line in every]
    blank = [all(line[at] == " " for line in padded) for at in range(width)]
    spans, at = [], 0
    while at < width:
        if blank[at]:
            at += 1
            continue
        end = at
        while end < width and not (blank[end] and (end + 1 >= width or blank[end + 1])):
            end += 1
        spans.append((at, end))
        at = end
    names = [" ".join(" ".join(line.ljust(width)[a:b] for line in heads).split()) for a, b in spans]
    cells = [
        {n: line.ljust(width)[a:b].strip() for n, (a, b) in zip(names, spans, strict=True)}
        for line in rows
    ]
    return Block(title, names, cells)
