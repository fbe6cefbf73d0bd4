"""What is proposed: packages x tools, with totals."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from evaluator.report.formatting.money import Money, Unit
from evaluator.report.formatting.names import names_of
from evaluator.report.messages import say
from evaluator.report.viewmodel.packages.certainty import shade
from evaluator.report.viewmodel.packages.ties import tied_for_support
from evaluator.results.evaluation import Evaluation


@dataclass(frozen=True)
class MatrixRow:
    """One package and its amounts, in the order of the tools."""

    package: str
    title: str
    amounts: tuple[int | None, ...]
    """None where there is no allocation, like its total."""
    total: int | None
    shades: tuple[int | None, ...]
    """How dark each amount is shown, 1 to 8 by the part of its request that is met, 0 where none
    is; None where nothing is asked."""
    asked: int
    """Its requests, of alternatives the largest."""
    tied: str = ""
    """With whom, in words, where another could get as well what it gets, or the reverse."""

    @property
    def shade(self) -> int | None:
        """How dark its total is shown."""
        return None if self.total is None else _dark(self.asked, self.total)


@dataclass(frozen=True)
class Matrix:
    """Allocated amounts of the packages with a request, in order of rank."""

    tools: tuple[tuple[str, str], ...]
    """Institution and label."""
    rows: tuple[MatrixRow, ...]
    totals: tuple[int | None, ...]
    """None where there is no allocation, like their sum."""
    asked: tuple[int, ...]
    """By tool, of designated packages; alternatives under each of their tools."""
    envelopes: tuple[int, ...]
    total: int | None
    total_asked: int
    """Of packages, each by its requests, of alternatives the largest."""
    total_envelope: int
    money: Money
    """How amounts are told."""

    @cached_property
    def unit(self) -> Unit:
        """What its amounts are counted in."""
        every = (usd for row in self.rows for usd in row.amounts)
        return self.money.unit([*every, *self.asked, *self.envelopes])


def matrix(evaluation: Evaluation) -> Matrix:
    """Return the amounts of designated packages, and whatever else was allocated."""
    study, amounts = evaluation.study, evaluation.allocation.amounts
    tools, names = list(study.tools), names_of(evaluation)
    designated = evaluation.ranking["designated"].to_dict()
    exists = evaluation.allocation.exists
    table = {
        str(package): tuple(int(row[tool]) for tool in tools)
        for package, row in amounts.to_dict("index").items()
    }
    none = (None,) * len(tools)
    tied = tied_for_support(evaluation)
    requests = {p.id: {r.tool: r.amount_usd for r in p.requests} for p in study.packages}

    def shades(package: str) -> tuple[int | None, ...]:
        pairs = zip(tools, table[package], strict=True)
        return tuple(_dark(requests[package].get(tool), usd) for tool, usd in pairs)

    chosen = [str(p) for p in designated if designated[p] or any(table[str(p)])]
    rows = tuple(
        MatrixRow(
            package,
            study.package_by_id[package].title,
            table[package] if exists else none,
            sum(table[package]) if exists else None,
            shades(package) if exists else none,
            study.package_by_id[package].asked_usd,
            say(tied[package], names) if package in tied else "",
        )
        for package in chosen
    )
    asked = tuple(sum(requests[p].get(tool, 0) for p in chosen) for tool in tools)
    totals = tuple(sum(column) for column in zip(*table.values(), strict=True))
    envelopes = tuple(study.tools[tool].envelope.amount for tool in tools)
    return Matrix(
        tools=tuple((names.owner(tool), names.tool_alone(tool)) for tool in tools),
        rows=rows,
        totals=totals if exists else none,
        asked=asked,
        envelopes=envelopes,
        total=sum(totals) if exists else None,
        total_asked=sum(row.asked for row in rows),
        total_envelope=sum(envelopes),
        money=names.words.money,
    )


def _dark(asked: int | None, given: int) -> int | None:
    """Return how dark an amount is shown, by the part of what is asked that it meets."""
    if not asked:
        return None
    return max(1, shade(min(given / asked, 1.0))) if given else 0


@dataclass(frozen=True)
class CountryLine:
    """One target country of the packages in the matrix."""

    bloc: str
    name: str
    packages: int
    asked: float
    given: float | None
    """None where there is no allocation."""


def countries(evaluation: Evaluation) -> tuple[CountryLine, ...]:
    """Return the target countries, the bloc that is asked most for first.

    A package's amounts are split by the shares of its countries, as the proposal states them; of a
    bloc, alike over its members.
    """
    asked: defaultdict[str, float] = defaultdict(float)
    given: defaultdict[str, float] = defaultdict(float)
    packages: defaultdict[str, set[str]] = defaultdict(set)
    blocs: defaultdict[str, float] = defaultdict(float)
    known, exists = evaluation.study.country_by_id, evaluation.allocation.exists
    for row in matrix(evaluation).rows:
        for target in evaluation.study.package_by_id[row.package].targets:
            part = float(target.part)
            asked[target.country] += part * row.asked
            given[target.country] += part * (row.total or 0)
            packages[target.country].add(row.package)
            blocs[known[target.country].bloc] += part * row.asked
    lines = (
        CountryLine(
            known[c].bloc, known[c].name, len(packages[c]), asked[c], given[c] if exists else None
        )
        for c in asked
    )
    order = sorted(lines, key=lambda c: (-blocs[c.bloc], c.bloc, -c.asked, c.name))
    return tuple(line for line in order if line.asked)
