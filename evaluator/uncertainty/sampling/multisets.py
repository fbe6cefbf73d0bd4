"""The choices of s from s with replacement, without their order, and how likely each is.

What a panel comes to by a rule that asks for no order, such as a median, hangs on which ratings
were drawn how often. Of s ratings there are C(2s - 1, s) such choices, each as likely as it has
orders: s! / (k_1! ... k_s!) of s^s. So one random number draws a whole resample exactly, as the
bootstrap has it (Efron 1979; Fisher & Hall 1991, Statistics & Probability Letters 12, 157-160).
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

MOST = 8
"""Ratings of the largest panel whose choices are listed: 6,435 of them."""


@dataclass(frozen=True, eq=False)
class Multisets:
    """All choices: `members` (k, s), positions in the panel; `below` (k - 1,), the chances of all
    choices up to each, so that a uniform number is in the place of the one it draws."""

    members: NDArray[np.intp]
    below: NDArray[np.float64]


@cache
def multisets(size: int) -> Multisets | None:
    """Return the choices of s from s with replacement; None of a panel above `MOST`.

    >>> multisets(2).members.tolist(), multisets(2).below.tolist()
    ([[0, 0], [0, 1], [1, 1]], [0.25, 0.75])
    """
    if size > MOST:
        return None
    members = list(combinations_with_replacement(range(size), size))
    orders = [
        math.factorial(size) // math.prod(math.factorial(n) for n in Counter(one).values())
        for one in members
    ]
    below = np.cumsum(orders)[:-1] / size**size
    return Multisets(np.array(members, dtype=np.intp), below)
