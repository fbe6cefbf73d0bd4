"""Memory of a block of draws, kept by the process for the next one."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from functools import cache

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Names of settings of glibc, mallopt(3)."""
_KEPT, _LARGEST = 2**27, 2**25
"""Bytes: what is kept for later, and the most that any one piece of it may have."""


@cache
def keep_memory() -> None:
    """Have the C library keep up to 128 MB that were freed, instead of giving them back at once.

    A block of draws needs a few pieces of a megabyte or two, which by default go back to the system
    after each block and come anew, zeroed page by page, before the next: that took as long as
    counting, and threads waited for each other. No number depends on it. Where the C library is
    not glibc nothing is set.
    """
    with suppress(AttributeError, OSError, TypeError):
        setting = ctypes.CDLL(None).mallopt
        setting(_MMAP_THRESHOLD, _LARGEST)
        setting(_TRIM_THRESHOLD, _KEPT)
