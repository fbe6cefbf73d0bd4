"""Texts written from right to left: each is set in a direction of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from evaluator.model.study import Study

_LETTER = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
RIGHT_TO_LEFT = re.compile(f"[{_LETTER}]")
_RUN = f"[{_LETTER}](?:[^<>&A-Za-z]*[{_LETTER}])?"
"""Of a text that was cut or put together: from one such letter to the last before a Latin one."""
_WHOLE = re.compile(f"[{_LETTER}](?:.*[{_LETTER}])?[^\\w\\s]*")
_TEXTS = 300
"""Texts that are looked for as they stand: more would take their time on every page."""
Isolate = Callable[[str], str]
"""Returns a text in which each text from right to left is isolated."""


def isolated(line: str) -> str:
    """Return a line of a label in which what is written from right to left is isolated.

    From its first letter to its last, with the signs that follow. See `isolation` for texts that
    hold several.
    """
    return _WHOLE.sub("\N{FIRST STRONG ISOLATE}\\g<0>\N{POP DIRECTIONAL ISOLATE}", line, count=1)


def isolation(
    study: Study, before: str, after: str, written: Callable[[str], str] = str
) -> Isolate | None:
    """Return what isolates texts of a study; None where all are written from left to right.

    before, after: what stands around such a text. written: how a text of the study is written.
    """
    if not any(map(RIGHT_TO_LEFT.match, study.letters)):
        return None
    every = {*_texts(study.model_dump(mode="json"))}
    whole = {written(text) for text in every}
    texts = sorted(whole, key=len, reverse=True) if len(whole) <= _TEXTS else []
    some = re.compile("|".join([*map(re.escape, texts), _RUN]))

    def isolate(text: str) -> str:
        if not RIGHT_TO_LEFT.search(text):
            return text
        if text.strip() in whole:
            return f"{before}{text.strip()}{after}"
        return some.sub(lambda found: f"{before}{found[0]}{after}", text)

    return isolate


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        data = [*data, *data.values()]
    if isinstance(data, list):
        for one in data:
            yield from _texts(one)
    elif isinstance(data, str) and RIGHT_TO_LEFT.search(data):
        yield data
