"""Rows of ranked packages: who is chosen, who would leave first, who would enter first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from evaluator.report.figures.drawing import (
    EDGE,
    LABEL,
    LEFT,
    ROWS,
    Look,
    beside,
    label_row,
    only,
    write,
)
from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.palette import INK
from evaluator.report.formatting.words import Words
from evaluator.report.viewmodel.packages.certainty import at_cut
from evaluator.results.evaluation import Evaluation

KEY = (
    "Filled dot: {priority}; hollow: not. Next out: the last that the ranking lets in; next "
    "in: the "
    "first below the cut."
)
MARKS = ("next out", "next in")
"""Of who would leave first, and of who would enter first."""
_UNMARKED, _MARKED = LEFT - EDGE - 0.3, LEFT - EDGE - 1.0
"""Inches of a label that leave room for the dot, and for the mark."""


@dataclass(frozen=True)
class Row:
    """One package beside its rank."""

    package: str
    name: str
    text: str
    chosen: bool | None
    """Whether it is designated; None where nothing parts the packages."""
    mark: str
    """`next out`, `next in`, or nothing."""


def rows_of(evaluation: Evaluation, packages: Sequence[str]) -> tuple[Row, ...]:
    """Return the rows of packages, in their order: those that fit one figure."""
    parted = "designation" in evaluation.study.parts
    marks = dict(zip(at_cut(evaluation), MARKS, strict=True))
    names = names_of(evaluation)
    ranking = evaluation.ranking.loc[list(packages[:ROWS]), ["rank", "title", "designated"]]
    return tuple(
        Row(
            package=str(package),
            name=names.package(str(package)),
            text=f"{rank}  {package}  {title}",
            chosen=bool(chosen) if parted else None,
            mark=marks.get(str(package), ""),
        )
        for package, (rank, title, chosen) in zip(
            ranking.index, ranking.to_numpy().tolist(), strict=True
        )
    )


def ranked(evaluation: Evaluation) -> list[str]:
    """Return the packages that no gate failed, best first."""
    return [str(p) for p in evaluation.ranking.index[evaluation.ranking["rank"].notna()]]


def label_rows(axes: Axes, shown: Sequence[Row]) -> None:
    """Write the packages to the left of the axes, each with its dot and its mark."""
    within = beside(axes)
    for place, row in enumerate(shown):
        if not row.mark:
            label_row(axes, place, row.text, _UNMARKED)
        else:
            label_row(axes, place, row.text, _MARKED, bold=True)
            look: Look = {"ha": "right", "weight": "bold", "fontsize": LABEL}
            write(axes, LEFT - 0.3, place, row.mark, within=within, **look)
    for chosen, face in ((True, INK), (False, "white")):
        places = [place for place, row in enumerate(shown) if row.chosen == chosen]
        axes.plot(
            [LEFT - 0.16] * len(places), places, "o", transform=within, clip_on=False,
            markersize=5, markerfacecolor=face, markeredgecolor=INK, markeredgewidth=0.9,
        )  # fmt: skip


def told(w: Words, shown: Sequence[Row], count: int) -> str:
    """Return the note on the rows: the key, and how many of all are shown."""
    parted = any(row.chosen is not None for row in shown)
    return (w.fill(KEY) if parted else "") + only(len(shown), count, "best")


def spoken(shown: Sequence[Row], w: Words) -> str:
    """Return in a sentence how many are priority, and who stands at the cut."""
    if all(row.chosen is None for row in shown):
        return ""
    inside = sum(bool(row.chosen) for row in shown)
    marks = [f"{row.name} is {row.mark}" for row in shown if row.mark]
    return f"{inside} are {w.priority}" + "".join(f"; {mark}" for mark in marks) + "."
