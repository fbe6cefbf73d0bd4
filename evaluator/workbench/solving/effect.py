"""What a session's settings do against others: who moves, and which amounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evaluator.questions.versions.outcome import by_tool
from evaluator.workbench.solving.keeping import Kept, Values
from evaluator.workbench.solving.standing import Place, Stood, stood


@dataclass(frozen=True)
class Move:
    """A package that stands otherwise."""

    package: str
    title: str
    before: Place
    after: Place

    @property
    def gains(self) -> int:
        """Amount that it gains; below 0 what it loses."""
        return (self.after.amount or 0) - (self.before.amount or 0)


@dataclass(frozen=True)
class Effect:
    """What settings do against others."""

    moves: tuple[Move, ...]
    """Whose rank, standing or amount differs, as they are ranked after."""
    packages: int
    total: tuple[int, int]
    """Amount allocated, before and after."""
    moved: int
    """Amount that changes hands."""
    objective: tuple[float, float]
    status: tuple[str, str]

    @property
    def entered(self) -> tuple[Move, ...]:
        """Who comes in."""
        return tuple(one for one in self.moves if one.after.standing == "in" != one.before.standing)

    @property
    def left(self) -> tuple[Move, ...]:
        """Who goes out."""
        return tuple(one for one in self.moves if one.before.standing == "in" != one.after.standing)

    @property
    def decisive(self) -> tuple[Move, ...]:
        """Whose standing or amount differs: who gains or loses most comes first."""
        found = [
            one for one in self.moves if one.gains or one.before.standing != one.after.standing
        ]
        return tuple(sorted(found, key=lambda one: (-abs(one.gains), one.package)))

    @property
    def shifted(self) -> tuple[Move, ...]:
        """Whose rank alone differs."""
        found = set(self.decisive)
        return tuple(one for one in self.moves if one not in found)

    @property
    def amounts(self) -> tuple[int | None, ...]:
        """Every amount, to choose the unit by."""
        return tuple(
            amount for one in self.moves for amount in (one.before.amount, one.after.amount)
        )


@dataclass(frozen=True)
class Compared:
    """What settings do, and how both sides stand: who asks for one of them again sends it along."""

    effect: Effect
    sides: tuple[Stood, Stood]


@dataclass(frozen=True)
class EffectOf:
    """Asks what settings do against those before. What is known to stand is not solved again."""

    before: Values | Stood
    after: Values | Stood

    def answer(self, kept: Kept) -> Compared:
        """Return it. Raises InvalidStudyError for settings that do not hold."""
        before, after = _stood(kept, self.before), _stood(kept, self.after)
        return Compared(effect(before, after, kept.titles), (before, after))


def _stood(kept: Kept, side: Values | Stood) -> Stood:
    return side if isinstance(side, Stood) else stood(kept.allocated(side))


def effect(before: Stood, after: Stood, titles: Mapping[str, str]) -> Effect:
    """Return what differs between two ways in which the same packages stand."""
    moves = tuple(
        Move(package, titles[package], before.places[package], place)
        for package, place in after.places.items()
        if before.places[package] != place
    )
    return Effect(
        moves,
        len(after.places),
        (before.total, after.total),
        int(by_tool(before.amounts, after.amounts)["moved"].sum()),
        (before.objective, after.objective),
        (before.status, after.status),
    )
