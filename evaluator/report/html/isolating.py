"""Pages on which each text from right to left stands in a `bdi` of its own."""

from __future__ import annotations

import re
from collections.abc import Callable

from markupsafe import escape

from evaluator.model.study import Study
from evaluator.report.formatting.direction import isolation

_TAG = re.compile(r"(<[^>]*>)")
_PLAIN = ("<style", "<script", "<title", "<option")
"""Elements that hold text alone."""
Isolated = Callable[[str], str]


def isolated_in(study: Study) -> Isolated:
    """Return what isolates the study's texts in HTML: in a text, not in a tag or a script."""
    isolate = isolation(study, "<bdi>", "</bdi>", lambda text: str(escape(text)))

    def isolated(html: str) -> str:
        if isolate is None:
            return html
        parts = _TAG.split(html)
        return "".join(
            part if place % 2 or parts[place - 1].startswith(_PLAIN) else isolate(part)
            for place, part in enumerate(parts)
        )

    return isolated
