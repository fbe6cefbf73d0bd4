"""Which scenarios a sweep makes: keys with their values, every combination of them or a sample."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from evaluator.errors import InvalidStudyError, Problem, UsageError
from evaluator.loading.documents.located import parse_yaml
from evaluator.uncertainty.sampling import BLOCK, stream

MOST = 10_000_000
"""Scenarios of one sweep."""
_NUMBER = r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_RANGE = re.compile(rf"({_NUMBER}):({_NUMBER})(?::({_NUMBER}))?")
_FORMS = "Write values as 10,15,20, as low:high:step, or, with --sample, as low:high."


@dataclass(frozen=True)
class Interval:
    """Any number from `low` to `high`, whole ones where both are whole."""

    low: int | float
    high: int | float


@dataclass(frozen=True)
class Varied:
    """A key of the scenario, and the values that it takes: one after the other, or any between."""

    key: str
    values: tuple[Any, ...] | Interval

    @property
    def tried(self) -> tuple[Any, ...]:
        """The values that are tried alone before a sweep begins: of an interval its ends."""
        if isinstance(self.values, Interval):
            return (self.values.low, self.values.high)
        return self.values


@dataclass(frozen=True)
class Grid:
    """The scenarios of a sweep, numbered from 0: all combinations, the last key turning fastest.

    `sample`: so many drawn instead, each key by itself, uniformly over its values or its interval,
    from streams of `seed`; the first of a larger sample are those of a smaller one.
    """

    varied: tuple[Varied, ...]
    sample: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.varied:
            raise UsageError("a sweep needs one or more keys to vary: --vary KEY=VALUES.")
        keys = [one.key for one in self.varied]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise UsageError(f"--vary {twice[0]} is there twice. State all its values once.")
        open_ = [one.key for one in self.varied if isinstance(one.values, Interval)]
        if open_ and self.sample is None:
            raise UsageError(f"--vary {open_[0]} has no step. Write low:high:step, or --sample.")
        if not 1 <= len(self) <= MOST:
            raise UsageError(f"{len(self):,} scenarios: 1 to {MOST:,} can be made. Use --sample.")

    def __len__(self) -> int:
        if self.sample is not None:
            return self.sample
        return math.prod(len(one.tried) for one in self.varied)

    @property
    def keys(self) -> tuple[str, ...]:
        """What is varied."""
        return tuple(one.key for one in self.varied)

    def rows(self, numbers: range) -> list[tuple[Any, ...]]:
        """Return the values of some scenarios, in the order of the keys."""
        columns = self._drawn(numbers) if self.sample is not None else self._combined(numbers)
        return list(zip(*columns, strict=True))

    def _combined(self, numbers: range) -> Iterator[list[Any]]:
        every = np.arange(numbers.start, numbers.stop)
        sizes = tuple(len(one.tried) for one in self.varied)
        for one, places in zip(self.varied, np.unravel_index(every, sizes), strict=True):
            yield [one.tried[place] for place in places.tolist()]

    def _drawn(self, numbers: range) -> Iterator[list[Any]]:
        first, last = numbers.start // BLOCK, (numbers.stop - 1) // BLOCK
        begin = first * BLOCK
        for one in self.varied:
            blocks = [
                stream(self.seed, f"sweep/{one.key}", block).random(BLOCK)
                for block in range(first, last + 1)
            ]
            shares = np.concatenate(blocks)[numbers.start - begin : numbers.stop - begin]
            yield [_at(one.values, share) for share in shares.tolist()]


def _at(values: tuple[Any, ...] | Interval, share: float) -> Any:
    if not isinstance(values, Interval):
        return values[int(share * len(values))]
    low, high = values.low, values.high
    if isinstance(low, int) and isinstance(high, int):
        return low + int(share * (high - low + 1))
    return low + (high - low) * share


def parse_vary(texts: Sequence[str]) -> tuple[Varied, ...]:
    """Return what `--vary KEY=VALUES` options say.

    Values are YAML, parted by commas; `low:high:step` stands for its numbers, both ends among them
    where the step meets them; `low:high` for any number between. Raises InvalidStudyError with all
    faults.

    >>> parse_vary(["designation.max_packages=10,15"])[0].values
    (10, 15)
    >>> parse_vary(["influence.shares.defense=0.1:0.3:0.1"])[0].values
    (0.1, 0.2, 0.3)
    """
    problems: list[Problem] = []
    found = []
    for text in texts:
        key, equals, values = text.partition("=")
        where = f"--vary {key}"
        if not (equals and key.strip() and values.strip()):
            problems.append(Problem(f"--vary {text}", "has no values.", _FORMS))
            continue
        try:
            found.append(Varied(key.strip(), _values(values, where)))
        except InvalidStudyError as error:
            problems += [Problem(where, problem.fact, _FORMS) for problem in error.problems]
    if problems:
        raise InvalidStudyError(problems)
    return tuple(found)


def varied(vary: Mapping[str, Any]) -> tuple[Varied, ...]:
    """Return what a mapping of keys to values says; a text is read as `--vary` is."""
    texts = [f"{key}={values}" for key, values in vary.items() if isinstance(values, str)]
    parsed = {one.key: one for one in parse_vary(texts)}
    return tuple(
        parsed[key] if isinstance(values, str) else Varied(key, tuple(map(_plain, values)))
        for key, values in vary.items()
    )


def _plain(value: Any) -> Any:
    """Return a number of numpy as one of Python, a day as text."""
    plain = value.item() if isinstance(value, np.generic) else value
    return plain.isoformat() if isinstance(plain, dt.date) else plain


def _values(text: str, where: str) -> tuple[Any, ...] | Interval:
    listed = parse_yaml(f"[{text}]", where).plain()
    found: list[Any] = []
    for value in listed:
        match = _RANGE.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            found.append(value)
        elif match[3] is not None:
            found += _stepped(match, where)
        elif len(listed) == 1:
            return Interval(_number(match[1]), _number(match[2]))
        else:
            raise InvalidStudyError([Problem(where, f"'{value}' stands beside other values.")])
    return tuple(dict.fromkeys(found) if all(map(_hashable, found)) else found)


def _stepped(match: re.Match[str], where: str) -> list[int | float]:
    low, high, step = (Decimal(part) for part in match.groups())
    if step <= 0 or high < low:
        fact = f"'{match[0]}' does not go up from the first number to the second."
        raise InvalidStudyError([Problem(where, fact)])
    count = int((high - low) / step) + 1
    if count > MOST:
        raise InvalidStudyError([Problem(where, f"'{match[0]}' has {count:,} values.")])
    whole = all(number == number.to_integral_value() for number in (low, step))
    numbers = [low + step * place for place in range(count)]
    return [int(number) if whole else float(number) for number in numbers]


def _number(text: str) -> int | float:
    number = Decimal(text)
    return int(number) if "." not in text and number == number.to_integral_value() else float(text)


def _hashable(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)
