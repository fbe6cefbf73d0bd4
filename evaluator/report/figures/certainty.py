"""Figures of certainty: ranks in the draws, what the ranking rests on, what moves a score."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from matplotlib.axes import Axes

from evaluator.decision.ordering import ordering_in
from evaluator.report.figures.drawing import (
    EDGE,
    FOOT,
    HATCHED,
    LEFT,
    ROWS,
    SMALL,
    Drawn,
    Look,
    boxes,
    label,
    label_row,
    name_columns,
    only,
    rows,
    style,
    ticks,
    write,
)
from evaluator.report.figures.standing import MARKS, label_rows, rows_of, spoken, told
from evaluator.report.formatting.names import agency_names, names_of
from evaluator.report.formatting.numbers import fixed
from evaluator.report.formatting.numbers import share as percent
from evaluator.report.formatting.palette import FADES, FILLS, INK, MUTED, PAPER, WHITE_FROM
from evaluator.report.formatting.records import Record, records
from evaluator.report.messages.decision import amount, scored
from evaluator.report.viewmodel.packages.certainty import (
    at_cut,
    band_name,
    distributions,
    precision,
    rank_shares,
    shade,
    stability_heads,
)
from evaluator.report.viewmodel.packages.portfolio import BY_DRAWS
from evaluator.results.evaluation import Evaluation
from evaluator.scoring.aggregation import Unit

_PRINTED = 0.095
"""A share of draws from which a cell has its number: rounded, 10 %."""
_UPRIGHT = 2
"""Letters of a rank that stand below its cells without being turned."""


def rank_acceptability_figure(evaluation: Evaluation) -> Drawn | None:
    """Draw in how many of 100 draws each package holds each rank, in bands where there are many."""
    w = names_of(evaluation).words
    found = evaluation.uncertainty
    if found is None or found.rank_acceptability.empty:
        return None
    bands, rows_by_package = rank_shares(found)
    packages = list(rows_by_package)
    shown = rows_of(evaluation, packages)
    shares = list(rows_by_package.values())[: len(shown)]
    note = (
        "Share of the draws, %, darker where greater, printed from 10 % up; not a probability of "
        f"success. {drawn_from(evaluation)} {told(w, shown, len(packages))}"
    )
    heads = [band_name(*band) for band in bands]
    turned = max(map(len, heads)) > _UPRIGHT or len(heads) > ROWS
    with style():
        figure, axes = rows(len(shown), note, w, head=0.15, foot=FOOT + 0.35 * turned)
        axes.grid(visible=False)
        _cells(axes, shares)
        label_rows(axes, shown)
        axes.set_xlim(-0.5, len(bands) - 0.5)
        if turned:
            axes.set_xticks(range(len(bands)), heads, fontsize=SMALL, rotation=90)
        else:
            name_columns(axes, heads)
        axes.set_xlabel("Rank")
    first = found.packages.iloc[0]
    alt = (
        f"Heat map of {len(shown)} {w.packages} by rank: in how many of 100 draws each holds it. "
        f"{shown[0].name} is first in {fixed(100 * first['first_share'], 0)}. {spoken(shown, w)}"
    )
    return Drawn("rank_acceptability", alt, figure)


def _cells(axes: Axes, shares: Sequence[Sequence[float]]) -> None:
    """Fill the cells by eighths of the draws, and print what has room."""
    by_shade: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for place, row in enumerate(shares):
        for column, share in enumerate(row):
            dark = shade(share)
            if dark:
                by_shade[dark].append((place, column))
            if share >= _PRINTED:
                look: Look = {
                    "ha": "center",
                    "fontsize": SMALL,
                    "color": PAPER if dark >= WHITE_FROM else INK,
                }
                write(axes, column, place, fixed(100 * share, 0), **look)
    for dark, cells in sorted(by_shade.items()):
        places, columns = zip(*cells, strict=True)
        starts, ends = [c - 0.47 for c in columns], [c + 0.47 for c in columns]
        boxes(axes, places, starts, ends, 0.9, facecolor=FADES[dark - 1], edgecolor="none")


def drawn_from(evaluation: Evaluation) -> str:
    """Return in a sentence how many draws there are, of what, and from which distributions."""
    if evaluation.uncertainty is None:
        return ""
    parts = [f"{what}: {how}" for what, how in distributions(evaluation)]
    return f"{precision(evaluation.uncertainty)}; {'; '.join(parts)}."


def rank_interval_figure(evaluation: Evaluation) -> Drawn | None:
    """Draw the ranks that each package keeps in 90 % of the draws, and the expected rank."""
    w = names_of(evaluation).words
    found = evaluation.uncertainty
    if found is None or found.packages.empty:
        return None
    packages = [str(package) for package in found.packages.index]
    shown = rows_of(evaluation, packages)
    table = found.packages.iloc[: len(shown)]
    places = range(len(shown))
    note = (
        "Bar: from the 5 % to the 95 % quantile of the rank; tick: the expected rank. A share of "
        f"draws is not a probability of success. {drawn_from(evaluation)} "
        f"{told(w, shown, len(packages))}"
    )
    with style():
        figure, axes = rows(len(shown), note, w, head=0.35, right=1.5)
        low, high = table["rank_low"].tolist(), table["rank_high"].tolist()
        boxes(
            axes, places, [r - 0.3 for r in low], [r + 0.3 for r in high], 0.4,
            facecolor=FADES[3], edgecolor=FILLS[0], linewidth=0.8,
        )  # fmt: skip
        ticks(axes, table["expected_rank"].tolist(), places)
        beside = axes.get_yaxis_transform()
        if found.clear is not None:
            write(
                axes, 1.02, -1.05, f"{w.head.priority} in", within=beside, color=MUTED, fontsize=8
            )
        for place, (share, tier) in enumerate(
            zip(table["designated_share"].tolist(), table["tier"].tolist(), strict=True)
        ):
            said = f"{percent(share)}  {tier}" if tier in BY_DRAWS else tier
            write(axes, 1.02, place, said, within=beside, fontsize=8.5)
        label_rows(axes, shown)
        axes.set_xlim(0.4, max(high) + 0.6)
        axes.set_xlabel("Rank")
    wide = (table["rank_high"] - table["rank_low"]).sort_values(ascending=False, kind="stable")
    called = {row.package: row.name for row in shown}
    widest = "; ".join(
        f"{called[str(p)]} over {int(width) + 1} ranks" for p, width in wide.head(3).items()
    )
    alt = (
        f"Bars of the ranks that {len(shown)} {w.packages} keep in 90 % of {found.draws:,} draws. "
        f"Widest: {widest}. {spoken(shown, w)}"
    )
    return Drawn("rank_intervals", alt, figure)


def stability_figure(evaluation: Evaluation, stays: str | None = None) -> Drawn | None:
    """Draw over which values of each influence and weight the answer stays as it is.

    stays: what is watched, a prefix of the columns of `uncertainty.stability`, such as `leader`
    or `designated`; if None the latter, or the leader where nothing is designated. Raises
    ValueError for another.
    """
    found = evaluation.uncertainty
    if found is None or found.stability.empty:
        return None
    w = names_of(evaluation).words
    heads = stability_heads(evaluation, found)
    stays = stays or ("designated" if "designated" in heads else "leader")
    if stays not in heads:
        raise ValueError(f"{stays!r} is not watched; watched are {', '.join(heads)}.")
    table = found.stability[found.stability["kind"] != "effective weight"]
    width = (table[f"{stays}_high"] - table[f"{stays}_low"]).sort_values(kind="stable")
    kept = table[table.index.isin(width.index[:ROWS])]
    lines = records(kept)
    low, high = ([line[f"{stays}_{end}"] for line in lines] for end in ("low", "high"))
    linear = ordering_in(evaluation.study, evaluation.values.index, evaluation.values).linear
    how = "Exact" if linear else "Sought by scoring again: a change within a step may go unseen"
    note = (
        f"{heads[stays]} while one share is within its bar and the others move in proportion. "
        f"Tick: the share now. {how}.{only(len(lines), len(table), 'narrowest')}"
    )
    with style():
        figure, axes = rows(len(lines), note, w, head=0.15, right=1.3)
        boxes(
            axes, range(len(lines)), low, high, 0.5, facecolor=FADES[3], edgecolor=FILLS[0],
            linewidth=0.8,
        )  # fmt: skip
        ticks(axes, [line["present"] for line in lines], range(len(lines)))
        beside = axes.get_yaxis_transform()
        for place, (start, end) in enumerate(zip(low, high, strict=True)):
            stands = f"{percent(start, 1)} to {percent(end, 1)}"
            write(axes, 1.02, place, stands, within=beside, fontsize=8.5)
        label(axes, [_moved(evaluation, line) for line in lines])
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100"])
        axes.set_xlabel("Share, %")
    first = table.loc[width.index[0]]
    alt = (
        f"Bars of {len(lines)} shares: {heads[stays].lower()} within them. The "
        f"narrowest is of {_moved(evaluation, first.to_dict())}: "
        f"{percent(first[f'{stays}_low'], 1)} to {percent(first[f'{stays}_high'], 1)}."
    )
    return Drawn("stability", alt, figure)


def tornado_figure(evaluation: Evaluation, package: str | None = None) -> Drawn | None:
    """Draw what moves a package's score most, by the method that ranks.

    By default of the two at the cut: who would leave first and who would enter first; of the
    leader where nothing is cut. Raises ValueError for a package that the tornado does not hold.
    """
    found = evaluation.uncertainty
    if found is None or found.tornado.empty:
        return None
    held = list(dict.fromkeys(found.tornado["package"]))
    if package is not None and package not in held:
        raise ValueError(f"no tornado for {package!r}; there is one for {', '.join(held)}.")
    marks = {one: mark for one, mark in zip(at_cut(evaluation), MARKS, strict=True) if one}
    wanted = [one for one in marks if one in held] or held[:1] if package is None else [package]
    ordering = ordering_in(evaluation.study, evaluation.values.index, evaluation.values)
    unit, what = ordering.unit, "overall score" if ordering.overall else "score by the method"
    scores = {one: float(evaluation.ranking["method_score"][one]) for one in wanted}
    lines = {one: records(found.tornado[found.tornado["package"] == one]) for one in wanted}
    w = names_of(evaluation).words
    heads = {
        one: f"{evaluation.study.package_by_id[one].title}: {scored(scores[one], unit)}"
        + (f", {marks[one]}" if one in marks else "")
        for one in wanted
    }
    note = (
        f"Each share or value moves alone between the ends of 90 % of the draws, printed at the "
        f"bar; hatched: its upper end. {drawn_from(evaluation)}"
    )
    moves = [
        abs(line[f"score_at_{end}"] - scores[one])
        for one in wanted
        for line in lines[one]
        for end in ("low", "high")
    ]
    reach = max(moves) or 1.0
    with style():
        count = sum(len(lines[one]) + 1 for one in wanted)
        figure, axes = rows(count, note, w, head=0.15)
        place = 0
        for one in wanted:
            label_row(axes, place, f"{one} {heads[one]}", LEFT + 3.0, bold=True)
            for end, look in (("low", {"facecolor": FILLS[0]}), ("high", HATCHED)):
                _side(axes, lines[one], place + 1, scores[one], end, 0.02 * reach, look)
            last = place + len(lines[one])
            axes.plot([0, 0], [place + 0.5, last + 0.5], color=INK, linewidth=1.0)
            for line in lines[one]:
                place += 1
                label_row(axes, place, _moved(evaluation, line), LEFT - EDGE - 0.12)
            place += 1
        axes.set_xlim(-1.25 * reach, 1.25 * reach)
        axes.set_xlabel(f"Change of the {what}")
    told = [_tornado_told(evaluation, heads[one], lines[one], what, unit) for one in wanted]
    alt = " ".join(told)
    return Drawn("tornado", alt, figure)


def _tornado_told(
    evaluation: Evaluation, head: str, lines: Sequence[Record], what: str, unit: Unit
) -> str:
    names = "; ".join(_moved(evaluation, line) for line in lines[:3])
    return (
        f"Tornado of {head}: bars of the {len(lines)} shares and values that move its {what} most. "
        f"First: {names}. The widest moves it by {amount(lines[0]['swing'], unit)}."
    )


def _moved(evaluation: Evaluation, row: Record) -> str:
    """Return what a bar moves, the agency first: long labels are cut at their ends."""
    agency = agency_names(evaluation).get(row["agency"], "")
    if not row["criterion"]:
        return f"Influence of {agency}"
    label_ = evaluation.study.criteria[row["criterion"]].label
    return f"{agency}: {label_}" if agency else f"Value: {label_}"


def _side(
    axes: Axes,
    lines: Sequence[Record],
    first: int,
    score: float,
    end: str,
    gap: float,
    look: Look,
) -> None:
    """Draw the bars of one end of the ranges from a row on, what moves printed beside them."""
    moved = [line[f"score_at_{end}"] - score for line in lines]
    starts, ends = [min(0.0, m) for m in moved], [max(0.0, m) for m in moved]
    places = range(first, first + len(lines))
    boxes(axes, places, starts, ends, 0.6, edgecolor=FILLS[0], linewidth=0.9, **look)
    for place, line, at in zip(places, lines, moved, strict=True):
        told = fixed(line[end], 0) if line["kind"] == "value" else percent(line[end], 1)
        side, ha = (at - gap, "right") if at < 0 else (at + gap, "left")
        write(axes, side, place, told, ha=ha, fontsize=SMALL)
