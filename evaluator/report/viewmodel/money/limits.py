"""Limits as lines to read: bound, used, slack, shadow price with the range over which it holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.once import once
from evaluator.report.formatting.phrases import LIMIT_KIND
from evaluator.report.formatting.records import records
from evaluator.report.formatting.words import Words
from evaluator.report.messages import say_all
from evaluator.results.evaluation import Evaluation

MILLION = 1e6


@dataclass(frozen=True)
class LimitLine:
    """One limit and group; the price in points of objective a million.

    used, slack and missed are None where there is no allocation.
    """

    limit: str
    owner: str
    """Its institution's name."""
    label: str
    group: str
    """What it is for, by name; empty for a limit on the whole program."""
    kind: str
    """In words: law, envelope, rule of this study, goal."""
    measure: str
    sense: str
    bound: float | None
    used: float | None
    slack: float | None
    used_share: float | None
    """Used over bound; None without a bound above 0 that is in force."""
    binding: bool
    price: float | None
    """Of a further million."""
    price_low: float | None
    price_high: float | None
    cut: float | None
    """What a million less costs."""
    together: str
    """What has to be raised as well before anything is gained; empty where nothing has."""
    missed: float | None
    citation: str
    confidence: str
    note: str
    words: Words
    """Of the study."""

    def said(self, value: float | None, say: Callable[[float | None], str]) -> str:
        """Return a bound, use, slack or miss: an amount as it is said, or so many packages."""
        if self.measure == "packages" and value is not None:
            return self.words.packages_counted(value)
        return say(value)

    @property
    def amounts(self) -> tuple[float | None, ...]:
        """The bound and the use, if they are amounts."""
        return () if self.measure == "packages" else (self.bound, self.used)

    @property
    def idle(self) -> bool:
        """Whether there is a bound that is not in force; the note says why."""
        return self.bound is not None and self.slack is None

    @property
    def name(self) -> str:
        """Institution, label, and the group that the limit is for."""
        return f"{self.owner}: {self.label}" + (f", {self.group}" if self.group else "")

    def holds(self, say: Callable[[float], str]) -> str:
        """Return the bounds between which the price holds; without one what it takes."""
        if not self.price:
            return self.together
        low = "no lower end" if self.price_low is None else say(self.price_low)
        high = "no upper end" if self.price_high is None else say(self.price_high)
        return f"about {low}" if low == high else f"{low} to {high}"


@dataclass(frozen=True)
class Roomy:
    """A limit on single packages, entities, countries or blocs, where it leaves room."""

    limit: str
    name: str
    """Institution and label."""
    kind: str
    groups: int
    """On how many it is, and leaves room."""
    idle: int
    """Of these, for how many it is not in force."""
    tightest: LimitLine | None
    """Of those with a bound in force above 0, the one that uses most of it."""
    citation: str
    confidence: str


def roomy(lines: Iterable[LimitLine]) -> tuple[Roomy, ...]:
    """Return the limits of some lines, each once, in their order."""
    by_limit: defaultdict[str, list[LimitLine]] = defaultdict(list)
    for line in lines:
        by_limit[line.limit].append(line)

    def row(alike: Sequence[LimitLine]) -> Roomy:
        first = alike[0]
        used = [line for line in alike if line.used_share is not None]
        return Roomy(
            limit=first.limit,
            name=f"{first.owner}: {first.label}",
            kind=first.kind,
            groups=len(alike),
            idle=sum(line.idle for line in alike),
            tightest=max(used, key=lambda line: line.used_share or 0.0, default=None),
            citation=first.citation,
            confidence=first.confidence,
        )

    return tuple(map(row, by_limit.values()))


@once
def limit_lines(evaluation: Evaluation) -> tuple[LimitLine, ...]:
    """Return all limits in the order of the allocation's table."""
    names = names_of(evaluation)
    return tuple(
        LimitLine(
            **{name: row[name] for name in ("limit", "label", "measure", "sense")},
            kind=names.words.fill(LIMIT_KIND.get(row["kind"], row["kind"])),
            owner=names.owner(row["limit"]),
            group=names.group(row["limit"], row["group"]),
            bound=row["bound"],
            used=row["used"],
            slack=row["slack"],
            used_share=row["used"] / row["bound"]
            if row["bound"] and row["slack"] is not None
            else None,
            binding=row["binding"],
            price=None if row["shadow_price"] is None else row["shadow_price"] * MILLION,
            price_low=row["price_low"],
            price_high=row["price_high"],
            cut=None if row["cut_price"] is None else row["cut_price"] * MILLION,
            together=say_all(row["together"], names),
            missed=row["missed"],
            citation=row["citation"],
            confidence=row["confidence"],
            note=say_all(row["note"], names),
            words=names.words,
        )
        for row in records(evaluation.allocation.limits)
    )
