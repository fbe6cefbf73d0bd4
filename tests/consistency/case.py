"""One run beside the recomputation of its study."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from tests.consistency.financing import Line, Pair, Request, lines, requests
from tests.consistency.media import Run
from tests.consistency.standing import Standing
from tests.consistency.study import Study


@dataclass
class Case:
    """A study, its run, and what follows from the study's files."""

    study: Study
    run: Run
    path: Path
    other: Case | None = None
    """A second version of the study, set against this one."""

    @cached_property
    def right(self) -> Standing:
        return Standing(self.study)

    @cached_property
    def titles(self) -> dict[str, str]:
        return {package: row["title"].strip() for package, row in self.study.packages.items()}

    @cached_property
    def agencies(self) -> dict[str, str]:
        """How each agency is called."""
        return _names({a: d.get("short") or d["name"] for a, d in self.study.agencies.items()})

    @cached_property
    def institutions(self) -> dict[str, str]:
        return _names({i: d.get("short") or d["name"] for i, d in self.study.institutions.items()})

    @cached_property
    def tools(self) -> dict[str, tuple[str, str]]:
        """Institution and label of each tool; where several have both alike, with the id."""
        alone = {tool: one["label"] for tool, one in self.study.tools.items()}
        owners = {tool: self.institutions[tool.split(".")[0]] for tool in alone}
        named = _names({tool: f"{owners[tool]} {label}" for tool, label in alone.items()})
        return {tool: (owner, named[tool][len(owner) + 1 :]) for tool, owner in owners.items()}

    @cached_property
    def labels(self) -> dict[str, str]:
        """How each criterion is called."""
        return _names({name: one["label"] for name, one in self.study.criteria.items()})

    @cached_property
    def requests(self) -> list[Request]:
        return requests(self.study)

    @cached_property
    def served(self) -> list[Request]:
        """The requests that the program may serve."""
        chosen = set(self.right.designated)
        return [one for one in self.requests if one.package in chosen and one.cap > 0]

    @cached_property
    def lines(self) -> list[Line]:
        return lines(self.study, self.served)

    @cached_property
    def amounts(self) -> dict[Pair, int]:
        """What the run proposes, as its table has it; nothing where there is no allocation."""
        return {
            (row["package"], row["tool"]): int(row["allocated"] or 0)
            for row in self.run.tables["allocation"]
        }

    @cached_property
    def given(self) -> dict[str, int]:
        found = dict.fromkeys(self.study.packages, 0)
        for (package, _), amount in self.amounts.items():
            found[package] += amount
        return found

    @cached_property
    def asked(self) -> dict[str, int]:
        """What each package asks for: its requests, of alternatives the largest."""
        largest: dict[tuple[str, str], int] = {}
        for one in self.requests:
            key = one.package, one.alternative or f" {one.tool}"
            largest[key] = max(largest.get(key, 0), one.asked)
        found = dict.fromkeys(self.study.packages, 0)
        for (package, _), usd in largest.items():
            found[package] += usd
        return found

    @cached_property
    def envelope_rows(self) -> list[str]:
        """The packages of the envelope: designated, or given something."""
        return [p for p in self.right.order if p in self.right.designated or self.given[p]]

    @cached_property
    def drawn(self) -> bool:
        return bool((self.study.scenario.get("uncertainty") or {}).get("draws", 10_000))

    @cached_property
    def missing(self) -> list[tuple[str, str]]:
        return [key for key, one in self.right.performances.items() if one.missing]

    @cached_property
    def exists(self) -> bool:
        """Whether the run says that there is an allocation."""
        return self.run.manifest["allocation"]["status"] in ("optimal", "feasible", "nothing")

    def host_shares(self, package: str) -> dict[str, float]:
        rows = self.study.of_package("targets", package)
        found: dict[str, float] = defaultdict(float)
        for row in rows:
            found[row["country"]] += float(Fraction(row["share"]))
        return found


def _names(known: dict[str, str]) -> dict[str, str]:
    often = Counter(known.values())
    return {key: name if often[name] == 1 else f"{name} ({key})" for key, name in known.items()}
