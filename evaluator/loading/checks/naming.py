"""Whether a word that one part names exists in another."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from evaluator.errors import Problem, Vocabulary
from evaluator.sanitize import shortened


def unknown(
    word: str, known: Collection[str] | Vocabulary, what: str, where: str
) -> Iterator[Problem]:
    """Yield a problem if a word is not among the known ones.

    Whoever asks for many words makes one vocabulary of those known.
    """
    if word not in known:
        words = known if isinstance(known, Vocabulary) else Vocabulary(sorted(known))
        yield Problem(where, f"{what} '{shortened(word)}' is unknown.", words.near(word))
