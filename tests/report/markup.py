"""A page as its tags and tables, read by the standard library."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Cell:
    """A cell of a table."""

    tag: str
    attributes: dict[str, str | None]
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the cell's text."""
        return "".join(self.parts)


@dataclass
class Table:
    """A table: caption and rows of cells."""

    id: str
    caption: str = ""
    rows: list[list[Cell]] = field(default_factory=list)

    def texts(self) -> list[list[str]]:
        """Return the words of each cell, blanks folded."""
        return [[" ".join(cell.text.split()) for cell in row] for row in self.rows]


class Markup(HTMLParser):
    """Collects tags, tables, and what stands in style and script."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.tables: dict[str, Table] = {}
        self.raw: list[tuple[str, dict[str, str | None], str]] = []
        self._parts: list[str] = []
        self._table: Table | None = None
        self._sink: Cell | str | None = None
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        """Return the page's text, without what stands in style and script."""
        return "".join(self._parts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if tag in ("style", "script"):
            self.raw.append((tag, attributes, ""))
            self._sink = tag
        elif tag == "table":
            self._table = Table(attributes.get("id") or "")
            self.tables[self._table.id] = self._table
        elif tag == "caption":
            self._sink = "caption"
        elif self._table is not None and tag == "tr":
            self._sink = None
            self._table.rows.append([])
        elif self._table is not None and tag in ("th", "td"):
            self._sink = Cell(tag, attributes)
            self._table.rows[-1].append(self._sink)

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._table = None
        # Cells, rows and bodies may end without a tag of their own.
        if tag in ("table", "th", "td", "style", "script", "caption"):
            self._sink = None

    def handle_data(self, data: str) -> None:
        if isinstance(self._sink, Cell):
            self._sink.parts.append(data)
        elif self._sink in ("style", "script"):
            tag, attributes, text = self.raw[-1]
            self.raw[-1] = (tag, attributes, text + data)
            return
        elif self._sink == "caption" and self._table is not None:
            self._table.caption += data
        self._parts.append(data)
