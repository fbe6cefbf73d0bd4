"""What can go wrong, said so that the reader can mend it: where, what, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice

from evaluator.letters import difference, folded
from evaluator.sanitize import shortened

_COMPARISONS = 20_000
"""Of words by likeness: what two seconds allow where ids are long and alike."""
_LONGEST = 100
"""Letters of a word that is searched for by likeness."""
_LISTED = 12


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: its place, the fact, and the remedy, each a phrase that a user can act on."""

    where: str
    fact: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.fact}" + (f" {self.remedy}" if self.remedy else "")


class EvaluatorError(Exception):
    """Base of all errors that this package raises on purpose."""

    exit_code = 1


class UsageError(EvaluatorError):
    """The command or call was put wrongly."""

    exit_code = 2


class InvalidInputError(EvaluatorError):
    """The input is invalid; carries every problem found, not only the first."""

    exit_code = 4

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"- {problem}" for problem in self.problems))

    def __reduce__(self) -> tuple[type[InvalidInputError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class InvalidStudyError(InvalidInputError):
    """A study, or a table of one, that cannot be read."""


class InvalidEntryError(InvalidInputError):
    """An entry that the record refuses, by all rules that it breaks."""


class RunError(EvaluatorError):
    """A run folder is absent, incomplete, altered, or cannot be written."""

    exit_code = 4


class RecordError(EvaluatorError):
    """A record is absent, of another version, damaged, locked, or cannot be written."""

    exit_code = 4


class DamagedRecordError(RecordError):
    """A record whose database is damaged: it is not what was written."""

    exit_code = 1


class SolverError(EvaluatorError):
    """A solver failed, or returned a point that breaks the program it was given."""


class Vocabulary:
    """The words that are known at a place, and what is said of one that is not.

    Each word is looked for once. What is not found by its letters alone is searched for by
    likeness as long as all searches together make no more than so many comparisons.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._names = dict.fromkeys(known)
        self._folded = {folded(name): name for name in reversed(self._names)}
        self._comparisons = _COMPARISONS
        self._said: dict[str, str] = {}

    def __contains__(self, word: object) -> bool:
        return word in self._names

    def __len__(self) -> int:
        return len(self._names)

    def near(self, word: str) -> str:
        """Return a remedy that names the nearest known word, or the first known if none is near."""
        if word not in self._said:
            near = self._nearest(folded(word))
            self._said[word] = _meant(word, near) if near else self._listed()
        return self._said[word]

    def spelt_otherwise(self, word: str) -> str | None:
        """Return the known word that differs by letter case or form alone."""
        near = self._folded.get(folded(word))
        return None if near == word else near

    def _nearest(self, word: str) -> str | None:
        if word in self._folded:
            return self._folded[word]
        if len(word) > _LONGEST or self._comparisons < len(self._folded):
            return None
        self._comparisons -= len(self._folded)
        near = get_close_matches(word, self._folded, n=1, cutoff=0.6)
        return self._folded[near[0]] if near else None

    def _listed(self) -> str:
        if not self._names:
            return "None is known here."
        listed = ", ".join(shortened(name) for name in islice(self._names, _LISTED))
        more = len(self._names) - _LISTED
        return f"Known here: {listed}{f' and {more:,} more' if more > 0 else ''}."


def _meant(word: str, near: str) -> str:
    """Return the near word, and which letter tells it apart where that may not be seen."""
    unlike = difference(word, near)
    return f"Did you mean '{shortened(near)}'?" + (f" {unlike}." if unlike else "")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a remedy that names the nearest known word, or the known words if none is near.

    >>> did_you_mean("defence", ["defense", "state"])
    "Did you mean 'defense'?"
    >>> did_you_mean("x", ["defense", "state"])
    'Known here: defense, state.'
    """
    return Vocabulary(known).near(word)


def gathered(problems: Iterable[Problem], most: int = 3) -> list[Problem]:
    """Return the problems; what is wrong in the same words at over `most` places, once.

    >>> [str(p) for p in gathered([Problem(f"line {n}", "is empty.") for n in range(5)])]
    ['line 0 and 4 more places: is empty.']
    """
    places: dict[tuple[str, str], list[str]] = {}
    for problem in problems:
        places.setdefault((problem.fact, problem.remedy), []).append(problem.where)
    found: list[Problem] = []
    for words, every in places.items():
        more = [f"{every[0]} and {len(every) - 1:,} more places"] if len(every) > most else every
        found += [Problem(where, *words) for where in more]
    return found
