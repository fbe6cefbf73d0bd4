"""Assertions counted by kind, and the contradictions among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.consistency.kinds import KINDS
from tests.consistency.rounding import agrees


@dataclass(frozen=True)
class Contradiction:
    """What a medium tells, and what a recomputation finds."""

    study: str
    kind: str
    medium: str
    what: str
    told: str
    right: str

    def __str__(self) -> str:
        return (
            f"{self.study}: {self.kind}, {self.medium}, {self.what}: "
            f"told {self.told}, recomputed {self.right}"
        )


@dataclass
class Ledger:
    """All assertions of one study."""

    study: str
    counts: Counter[str] = field(default_factory=Counter)
    media: Counter[tuple[str, str]] = field(default_factory=Counter)
    found: list[Contradiction] = field(default_factory=list)

    def holds(
        self, kind: str, medium: str, what: str, ok: bool, told: Any = "", right: Any = ""
    ) -> None:
        """Count one assertion, and keep it where it does not hold."""
        if kind not in KINDS:
            raise ValueError(f"'{kind}' is no kind of statement: add it to KINDS")
        self.counts[kind] += 1
        self.media[kind, medium] += 1
        if not ok:
            short = str(told)[:300], str(right)[:300]
            self.found.append(Contradiction(self.study, kind, medium, what, *short))

    def same(self, kind: str, medium: str, what: str, told: Any, right: Any) -> None:
        """Hold two things to be equal."""
        self.holds(kind, medium, what, told == right, told, right)

    def near(
        self, kind: str, medium: str, what: str, told: Any, right: float, within: float = 1e-7
    ) -> None:
        """Hold two numbers to be equal up to rounding of floats."""
        try:
            number = float(told)
        except (TypeError, ValueError):
            self.holds(kind, medium, what, False, told, right)
            return
        reach = within * max(1.0, abs(right))
        self.holds(kind, medium, what, abs(number - right) <= reach, told, right)

    def shown(
        self, kind: str, medium: str, what: str, told: str | None, right: float, slack: float = 1e-9
    ) -> None:
        """Hold a text to show a number, rounded half away from zero."""
        text = "" if told is None else str(told)
        ok = agrees(text, right, slack * max(1.0, abs(right))) and not _negative_zero(text)
        self.holds(kind, medium, what, ok, told, right)

    def names(
        self, kind: str, medium: str, text: str, these: Iterable[str], of: Iterable[str]
    ) -> None:
        """Hold a text to name just these of some things."""
        wanted = set(these)
        named = {one for one in of if one in text}
        self.holds(kind, medium, "names", named == wanted, sorted(named), sorted(wanted))


def _negative_zero(text: str) -> bool:
    stripped = text.strip().lstrip("≤≥ ").rstrip(" %")
    return stripped[:1] in "-−" and bool(stripped[1:]) and not stripped[1:].strip("0.,")
