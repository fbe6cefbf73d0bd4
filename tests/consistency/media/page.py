"""`report.html` as tables by id, facts by hook, and the text of each section."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

_CELLS = {"td", "th"}
_ROWS = {*_CELLS, "tr", "caption"}
_PARTS = {*_ROWS, "thead", "tbody", "tfoot"}
_ENDS = {
    **dict.fromkeys(_CELLS, _CELLS | {"p"}),
    "tr": _ROWS | {"p"},
    **dict.fromkeys(("thead", "tbody", "tfoot"), _PARTS | {"p"}),
    "li": {"li", "p"},
    **{key: {"dt", "dd", "p"} for key in ("dt", "dd")},
    "option": {"option"},
    **{
        key: {"p"} for key in ("p", "ul", "ol", "dl", "div", "h3", "h4", "details", "table", "form")
    },
}
"""Which open elements an element ends whose own end is left out."""
_BOUNDS = {"table", "ul", "ol", "dl", "select", "details", "section", "div"}
_VOID = {"br", "wbr", "img", "input", "meta", "hr", "link", "rect", "path", "line", "circle"}


@dataclass
class Node:
    """An element with its attributes and what it holds."""

    tag: str
    attributes: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    @property
    def raw(self) -> str:
        return "".join(one if isinstance(one, str) else one.raw for one in self.children)

    @property
    def text(self) -> str:
        """The text, with single blanks."""
        return " ".join(self.raw.split())

    def walk(self) -> Iterator[Node]:
        yield self
        for one in self.children:
            if isinstance(one, Node):
                yield from one.walk()

    def all(self, tag: str, kind: str = "") -> list[Node]:
        """Return the elements of a tag, and of a class where one is named."""
        return [one for one in self.walk() if one.tag == tag and (not kind or one.has(kind))]

    def has(self, kind: str) -> bool:
        return kind in self.attributes.get("class", "").split()


@dataclass(frozen=True)
class Cell:
    """One cell of a table."""

    text: str
    node: Node


@dataclass
class Table:
    """Heads, and rows of cells by head; rows of a foot apart."""

    heads: list[str]
    rows: list[dict[str, Cell]]
    nodes: list[Node]
    """The rows as elements."""
    foot: list[list[str]]
    caption: str = ""


@dataclass
class Page:
    """Everything that a page tells."""

    root: Node
    tables: dict[str, Table]
    decision: list[tuple[str, str, str]]
    """Head, figure and text of each line, in full sentences."""
    shorts: dict[str, str]
    """By head, the line as it stands on the first screen."""
    bars: list[Bar]
    sections: dict[str, Node]
    packages: dict[str, Node]
    """The dossiers."""

    def data(self, identifier: str) -> Any:
        """Return the data that a script of the page reads; None if there are none."""
        for node in self.root.all("script"):
            if node.attributes.get("id") == identifier:
                return json.loads("".join(str(one) for one in node.children))
        return None


@dataclass(frozen=True)
class Bar:
    """One package of the picture on the first screen."""

    group: str
    package: str
    figure: str
    unit: str
    why: str


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("root", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        while self.open[-1].tag in _ENDS.get(tag, ()) and self.open[-1].tag not in _BOUNDS:
            self.open.pop()
        self.open[-1].children.append(node)
        if tag not in _VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, {n: v or "" for n, v in attrs}))

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.open) - 1, 0, -1):
            if self.open[place].tag == tag:
                del self.open[place:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data.replace("\N{NO-BREAK SPACE}", " "))


def read_page(path: Path) -> Page:
    """Read a page; nothing of it is run."""
    parser = _Parser()
    parser.feed(path.read_text(encoding="utf-8"))
    root = parser.root
    tables = {
        node.attributes["id"]: _table(node) for node in root.all("table") if "id" in node.attributes
    }
    sections = {
        node.attributes["id"]: node for node in root.all("section") if "id" in node.attributes
    }
    packages = {
        node.attributes["id"].removeprefix("p-"): node
        for node in root.all("details", "package")
        if "id" in node.attributes
    }
    lines = _lines(root)
    sentences = [
        told.text
        for block in root.all("details", "sentences")
        for told in block.all("span", "told")
    ]
    decision = [
        (head, figure, text)
        for (head, (figure, _)), text in zip(lines.items(), sentences, strict=True)
    ]
    shorts = {head: short for head, (_, short) in lines.items()}
    return Page(root, tables, decision, shorts, list(_bars(root)), sections, packages)


def _lines(root: Node) -> dict[str, tuple[str, str]]:
    """Return figure and short text by head."""
    return {
        line.all("dt")[0].text: (
            line.all("span", "figure")[0].text,
            line.all("span", "told")[0].text,
        )
        for block in root.all("dl", "decision")
        for line in block.all("div")
    }


def _bars(root: Node) -> Iterator[Bar]:
    for table in root.all("table", "bars"):
        group = table.all("caption")[0].text
        unit = table.all("thead")[0].all("th")[-1].text
        for body in table.all("tbody"):
            for row in body.all("tr"):
                link, why = row.all("a")[0], row.all("span", "why")
                package = link.attributes["href"].removeprefix("#p-")
                figure = row.all("td")[-1].text
                yield Bar(group, package, figure, unit, why[0].text if why else "")


def _table(node: Node) -> Table:
    heads = [one.text for part in node.all("thead") for one in part.all("th")]
    rows, nodes = [], []
    carried: list[tuple[str, Cell, int]] = []
    for body in node.all("tbody"):
        for line in body.all("tr"):
            cells, carried = _spanned(line, heads, carried)
            rows.append(cells)
            nodes.append(line)
    foot = [
        [one.text for one in line.children if isinstance(one, Node)]
        for part in node.all("tfoot")
        for line in part.all("tr")
    ]
    captions = node.all("caption")
    return Table(heads, rows, nodes, foot, captions[0].text if captions else "")


def _spanned(
    line: Node, heads: list[str], carried: list[tuple[str, Cell, int]]
) -> tuple[dict[str, Cell], list[tuple[str, Cell, int]]]:
    """Return the cells of a row by head; a cell that spans rows stands in each of them."""
    own = [one for one in line.children if isinstance(one, Node) and one.tag in ("td", "th")]
    above = {head: cell for head, cell, _ in carried}
    still = [(head, cell, left - 1) for head, cell, left in carried if left > 1]
    cells = dict(above)
    free = [head for head in heads if head not in above]
    for head, node in zip(free, own, strict=False):
        cells[head] = Cell(node.text, node)
        span = int(node.attributes.get("rowspan", "1"))
        if span > 1:
            still.append((head, cells[head], span - 1))
    return cells, still
