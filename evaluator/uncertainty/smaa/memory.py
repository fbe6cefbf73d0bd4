"""Memory that a thread uses again for each block of draws."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from threading import local
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Scratch = Callable[[str, tuple[int, ...], DTypeLike], NDArray[Any]]
"""Gives the array of a name in a shape and type, with whatever was last left in it.

Made anew, an array of a megabyte or two is given back to the system and had again, zeroed page by
page, with each block: that takes as long as counting, and threads wait for each other. One thread
at a time may use a scratch."""


def scratch() -> Scratch:
    """Return a scratch, whose memory is given back with it."""
    held: dict[str, NDArray[np.uint8]] = {}

    def array(name: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        size = prod(shape) * np.dtype(dtype).itemsize
        if name not in held or held[name].nbytes < size:
            held[name] = np.empty(size, dtype=np.uint8)
        return held[name][:size].view(dtype).reshape(shape)

    return array


def one_a_thread() -> Callable[[], Scratch]:
    """Return what gives each thread a scratch of its own."""
    own = local()

    def mine() -> Scratch:
        if not hasattr(own, "array"):
            own.array = scratch()
        found: Scratch = own.array
        return found

    return mine
