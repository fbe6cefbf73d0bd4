"""All guides as one page: a file that needs no network, no script and no second file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib.resources import files

from markdown_it import MarkdownIt
from markdown_it.token import Token

from evaluator.guides import Guide

_FRAME = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Evaluator {version}: guides</title>
<style>
{style}</style>
</head>
<body>
<header><h1>Evaluator {version}: guides</h1></header>
<nav aria-label="Guides">
<ul>
{links}
</ul>
</nav>
<main>
{articles}
</main>
</body>
</html>
"""


def guides_page(guides: Iterable[Guide], version: str) -> str:
    """Return the guides as HTML; links between them become links within the page."""
    every = list(guides)
    names = {guide.name for guide in every}
    links = "\n".join(
        f'<li><a href="#{g.name}">{escape(g.title)}</a>: {escape(g.about)}</li>' for g in every
    )
    return _FRAME.format(
        version=escape(version),
        style=(files("evaluator.guides") / "page.css").read_text("utf-8"),
        links=links,
        articles="\n".join(_article(guide, names) for guide in every),
    )


def _article(guide: Guide, names: set[str]) -> str:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(guide.text)
    _name_headings(tokens, guide.name)
    _follow(tokens, guide.name, names)
    body = markdown.renderer.render(list(_reachable(tokens)), markdown.options, {})
    return f'<article id="{guide.name}">\n{body}</article>'


def _name_headings(tokens: Sequence[Token], name: str) -> None:
    """Give each heading below the first an anchor, and lower all of them by one."""
    seen: Counter[str] = Counter()
    for at, token in enumerate(tokens):
        if token.type in ("heading_open", "heading_close"):
            level = int(token.tag[1])
            token.tag = f"h{level + 1}"
            if token.type == "heading_open" and level > 1:
                slug = slugged(tokens[at + 1].content)
                seen[slug] += 1
                again = f"_{seen[slug] - 1}" if seen[slug] > 1 else ""
                token.attrSet("id", f"{name}--{slug}{again}")


def slugged(heading: str) -> str:
    """Return a heading's anchor, as the site makes it.

    >>> slugged("`method` and a limit: 2nd")
    'method-and-a-limit-2nd'
    """
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower())


def _follow(tokens: Sequence[Token], here: str, names: set[str]) -> None:
    """Turn links to guides and headings into links within the page."""
    for inner in (child for token in tokens for child in token.children or ()):
        if inner.type == "link_open":
            file, _, heading = str(inner.attrGet("href")).partition("#")
            name = file.removesuffix(".md") if file else here
            if name in names:
                inner.attrSet("href", f"#{name}--{heading}" if heading else f"#{name}")


def _reachable(tokens: Iterable[Token]) -> Iterator[Token]:
    """Wrap what may be wider than a phone so that it scrolls, by the keyboard as well."""
    for token in tokens:
        if token.type in ("fence", "code_block"):
            token.attrSet("tabindex", "0")
        if token.type == "table_open":
            yield _box("div", 1, {"class": "wide", "tabindex": "0"})
        yield token
        if token.type == "table_close":
            yield _box("div", -1, {})


def _box(tag: str, nesting: int, attributes: dict[str, str]) -> Token:
    kind = "paragraph_open" if nesting == 1 else "paragraph_close"
    return Token(kind, tag, nesting, attrs=dict(attributes), block=True)  # type: ignore[arg-type]
