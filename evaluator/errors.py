"""What can go wrong, said so that the reader can mend it: where, what, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


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


class InvalidStudyError(EvaluatorError):
    """The input is invalid; carries every problem found, not only the first."""

    exit_code = 4

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"- {problem}" for problem in self.problems))


class RunError(EvaluatorError):
    """A run folder is absent, incomplete, altered, or cannot be written."""

    exit_code = 4


class SolverError(EvaluatorError):
    """A solver failed, or returned a point that breaks the program it was given."""


def did_you_mean(word: str, known: Iterable[str], *, shown: int = 12) -> str:
    """Return a remedy that names the nearest known word, or the known words if none is near.

    >>> did_you_mean("defence", ["defense", "state"])
    "Did you mean 'defense'?"
    >>> did_you_mean("x", ["defense", "state"])
    'Known here: defense, state.'
    """
    names = list(dict.fromkeys(known))
    folded = {name.casefold(): name for name in reversed(names)}
    near = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    if near:
        return f"Did you mean '{folded[near[0]]}'?"
    if not names:
        return "None is known here."
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return f"Known here: {', '.join(names[:shown])}{more}."


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
