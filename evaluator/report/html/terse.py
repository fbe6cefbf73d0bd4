"""Templates without the marks that HTML may leave out: a third of a page of many tables."""

from __future__ import annotations

import re

from jinja2.ext import Extension

# HTML Living Standard, 13.1.2.4: what follows in a table or a list ends these without an end tag.
_ENDS = re.compile(r"</(?:td|th|tr|thead|tbody|tfoot|dt|dd)>\s*|\s+(?=</table>)")
# 13.1.2.3: a value without blanks, quotes, = < > and ` needs no quotes.
_QUOTES = re.compile(r'(?<=[a-z]=)"([\w-]+)"(?=[ >])')
_EXPRESSIONS = re.compile(r"({%.*?%}|{{.*?}}|{#.*?#})", re.DOTALL)


class Terse(Extension):
    """Drops end tags and quotes from the templates, before any text of a study is in them."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return a template's source without them; expressions stay as they are.

        >>> from jinja2 import Environment
        >>> Terse(Environment()).preprocess('<td class="n">{{ f("n") }}</td>', None)
        '<td class=n>{{ f("n") }}'
        """
        parts = _EXPRESSIONS.split(source)
        # Splitting by one group: expressions stand at the odd places.
        parts[::2] = [_QUOTES.sub(r"\1", _ENDS.sub("", part)) for part in parts[::2]]
        return "".join(parts)
