"""Where what stands on the two sheets: groups of points, rows of packages, columns of formulas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from xlsxwriter.utility import (  # type: ignore[import-untyped]
    xl_range_abs,
    xl_rowcol_to_cell,
)

from evaluator.decision.designation import ranked_packages
from evaluator.decision.ordering import ordering_in
from evaluator.report.formatting.names import agency_names, names_of
from evaluator.results.evaluation import Evaluation

INPUTS, VALUES = "What if", "What if values"
"""Names of the sheets."""
FIRST = 5
"""Row of the first entry on both sheets, from 0; the heads are above."""
WHOSE, WHAT, POINTS, SHARE, IN_RUN, WRONG = range(6)
"""Columns of the inputs."""
CALCULATED = (
    "Overall score",
    "Best first",
    "Rank of the best",
    "Rank",
    "May compete",
    "Competes",
    "Competing rank",
    "Enters",
    "{Priority}",
    "Place",
    "Rank in the run",
    "Score in the run",
    "In the run",
)
"""Columns right of the agencies' scores, with words of the study in braces."""
_MOST = 1_000
"""Packages: a formula of ranks looks through all of them for each."""


def hindrance(evaluation: Evaluation) -> str:
    """Return why the sheets cannot be; empty where they can."""
    packages, words = len(ranked_packages(evaluation.ranking)), names_of(evaluation).words
    if evaluation.study.scenario.designation.tie_break is not None:
        return "only without a tie-break: formulas leave those tied at the cut contested"
    if evaluation.values.isna().to_numpy().any():
        return "only where all values count: here some do not"
    if evaluation.study.scenario.panel_rule.over == "totals":
        return "only for sums over criteria: here evaluators' totals count"
    if not ordering_in(evaluation.study, evaluation.values.index, evaluation.values).additive:
        return "only for the plain weighted sum: this scenario ranks by another method"
    if packages > _MOST:
        return f"left out: formulas rank at most {_MOST:,} {words.packages}"
    return "" if packages else f"no {words.package} is ranked"


@dataclass(frozen=True)
class Group:
    """Points that are shares of their sum: the influence, or one agency's weights."""

    whose: str
    row: int
    """Of its first entry on the sheet of inputs."""
    names: Sequence[str]
    shares: Sequence[float]
    criteria: Sequence[int] = ()
    """Places among all criteria; none of the influence."""

    @property
    def points(self) -> str:
        """Return the range of its points."""
        return str(xl_range_abs(self.row, POINTS, self.row + len(self.names) - 1, POINTS))

    def share(self, place: int) -> str:
        """Return the cell of an entry's share, as another sheet names it."""
        return f"'{INPUTS}'!{_fixed(self.row + place, SHARE)}"


@dataclass(frozen=True)
class Plan:
    """The places of the packages and of the formulas."""

    packages: tuple[str, ...]
    criteria: tuple[str, ...]
    groups: tuple[Group, ...]
    """The influence, then a group an agency."""

    @cached_property
    def scores(self) -> int:
        """Return the column of the first agency's score; values of criteria stand before it."""
        return 2 + len(self.criteria)

    @property
    def agencies(self) -> int:
        """Return how many agencies there are."""
        return len(self.groups) - 1

    @property
    def top(self) -> int:
        """Return the row of the first package, below the agencies' weights and the heads."""
        return FIRST + self.agencies + 2

    def column(self, name: str) -> int:
        """Return the column of a formula."""
        return self.scores + self.agencies + CALCULATED.index(name)

    def range(self, name: str, sheet: str = "") -> str:
        """Return a formula's cells over all packages."""
        texts = ("{Package}", "Title")
        at = texts.index(name) if name in texts else self.column(name)
        last = self.top + len(self.packages) - 1
        of = f"'{sheet}'!" if sheet else ""
        return f"{of}{xl_range_abs(self.top, at, last, at)}"

    def cell(self, row: int, name: str) -> str:
        """Return a formula's cell in the row of one package, by its place."""
        return str(xl_rowcol_to_cell(self.top + row, self.column(name), col_abs=True))

    def weights(self, agency: int) -> str:
        """Return the weights of an agency over all criteria."""
        return str(xl_range_abs(FIRST + agency, 2, FIRST + agency, self.scores - 1))

    @property
    def influence(self) -> str:
        """Return the shares of all agencies, which stand above their scores."""
        return str(xl_range_abs(FIRST, self.scores, FIRST, self.scores + self.agencies - 1))

    def values(self, row: int) -> str:
        """Return the values of one package."""
        return _across(self.top + row, 2, self.scores - 1)

    def agency_scores(self, row: int) -> str:
        """Return the agencies' scores of one package."""
        return _across(self.top + row, self.scores, self.scores + self.agencies - 1)

    def agency_score(self, row: int, agency: int) -> str:
        """Return one agency's score of one package."""
        return str(xl_rowcol_to_cell(self.top + row, self.scores + agency))


def plan_of(evaluation: Evaluation) -> Plan:
    """Return the plan of an evaluation of which there is no hindrance."""
    criteria = tuple(map(str, evaluation.weights.columns))
    return Plan(
        tuple(ranked_packages(evaluation.ranking)), criteria, tuple(_groups(evaluation, criteria))
    )


def _groups(evaluation: Evaluation, criteria: Sequence[str]) -> Iterator[Group]:
    agencies, names = agency_names(evaluation), names_of(evaluation)
    alone = "agencies" not in evaluation.study.parts
    called, named = ("", [""]) if alone else ("Influence", [*agencies.values()])
    yield Group(called, FIRST, named, evaluation.influence.tolist())
    row = FIRST + len(agencies)
    table = dict(zip(agencies, evaluation.weights.to_numpy().tolist(), strict=True))
    owned = {
        a.agency: {f"{a.agency}.{c.id}" for c in a.criteria} for a in evaluation.study.agencies
    }
    for agency, called in agencies.items():
        weights = table[agency]
        places = [i for i, c in enumerate(criteria) if weights[i] or c in owned[agency]]
        labels = [names.criterion(criteria[i]) for i in places]
        whose = "Weights" if alone else called
        yield Group(whose, row, labels, [weights[i] for i in places], places)
        row += len(places)


def _fixed(row: int, column: int) -> str:
    return str(xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True))


def _across(row: int, first: int, last: int) -> str:
    return f"{xl_rowcol_to_cell(row, first)}:{xl_rowcol_to_cell(row, last)}"
