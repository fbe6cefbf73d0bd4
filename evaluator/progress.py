"""What is told the name of each step as it begins."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str], None]
