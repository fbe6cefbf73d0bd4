"""Descriptions that most callers never read, made when one does."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, cached_property
from itertools import accumulate, chain
from typing import TypeVar, overload

T = TypeVar("T")


class Later(Sequence[T]):
    """A tuple whose length is known now, and whose items are made once one of them is read."""

    def __init__(self, length: int, make: Callable[[], Iterable[T]]) -> None:
        self._length = length
        self._make = make

    @cached_property
    def _items(self) -> tuple[T, ...]:
        return tuple(self._make())

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[T]:
        return iter(self._items)

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[T, ...]: ...
    def __getitem__(self, place: int | slice) -> T | tuple[T, ...]:
        return self._items[place]


class OneByOne(Sequence[T]):
    """A tuple whose length is known now, each item of which is made once it is read."""

    def __init__(self, length: int, make: Callable[[int], T]) -> None:
        self._length = length
        self._make = cache(make)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[T]:
        return map(self._make, range(self._length))

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[T, ...]: ...
    def __getitem__(self, place: int | slice) -> T | tuple[T, ...]:
        places = range(self._length)[place]
        if isinstance(places, range):
            return tuple(map(self._make, places))
        return self._make(places)


class Joined(Sequence[T]):
    """Sequences one after another, none of which is read before an item of it is."""

    def __init__(self, parts: Iterable[Sequence[T]]) -> None:
        self._parts = tuple(parts)
        self._ends = tuple(accumulate(map(len, self._parts)))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable(self._parts)

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[T, ...]: ...
    def __getitem__(self, place: int | slice) -> T | tuple[T, ...]:
        places = range(len(self))[place]
        if isinstance(places, range):
            return tuple(self[one] for one in places)
        part, within = self.part(places)
        return self._parts[part][within]

    def part(self, place: int) -> tuple[int, int]:
        """Return which of the sequences an item is in, and its place there."""
        part = bisect_right(self._ends, place)
        return part, place - self._ends[part] + len(self._parts[part])
