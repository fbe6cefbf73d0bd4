"""Random streams that depend on the seed and the number of a draw alone.

Draws come in blocks of `BLOCK`. A block is drawn whole, from a stream of its own that is found by
(seed, purpose, number of the block) in a counter-based generator (Philox: Salmon, Moraes, Dror and
Shaw, 'Parallel random numbers: as easy as 1, 2, 3', 2011). So no draw depends on how the work is
cut into chunks, on how many cores share it, or on how many draws follow.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BLOCK = 1024
"""Draws in one block; part of the definition of every stream."""


def stream(seed: int, purpose: str, block: int) -> np.random.Generator:
    """Return the generator of one block of draws.

    Streams of different seeds, purposes or blocks never overlap: seed and purpose are the key of
    the generator, the block is the highest word of its counter.

    Raises ValueError if the seed is not in 0..2^64-1 or the block is negative.
    """
    if not 0 <= seed < 2**64:
        raise ValueError(f"seed {seed} is outside 0..2^64-1: choose a non-negative integer")
    if not 0 <= block < 2**64:
        raise ValueError(f"block {block} is outside 0..2^64-1: blocks are numbered from 0")
    tag = int.from_bytes(hashlib.sha256(purpose.encode()).digest()[:8], "little")
    key = np.array([seed, tag], dtype=np.uint64)
    counter = np.array([0, 0, 0, block], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))


def concatenated(block_of: Callable[[int], Floats], draws: int) -> Floats:
    """Return the first `draws` draws of a sequence of blocks, (draws, ...).

    Raises ValueError if `draws` is below 1.
    """
    if draws < 1:
        raise ValueError(f"{draws} draws asked for: at least 1 is needed")
    blocks = [block_of(block) for block in range(-(-draws // BLOCK))]
    return np.concatenate(blocks)[:draws]
