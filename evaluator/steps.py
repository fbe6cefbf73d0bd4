"""How a long calculation tells of its steps, and how it begins a call that another may make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Progress = Callable[[str], None]
"""Told the name of each step as it begins."""

Begin = Callable[..., Callable[[], Any]]
"""Begins a call of a function with arguments; what it returns waits for the answer and gives it.
`functools.partial` is one: it makes the call when its answer is asked for."""
