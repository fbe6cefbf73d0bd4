"""How sure the ranking is: acceptability of ranks, intervals of stability, what it would take."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from evaluator.decision.cut import next_in, next_out
from evaluator.report.formatting.names import agency_names, names_of
from evaluator.report.formatting.numbers import fixed, general, points
from evaluator.report.formatting.records import Record, records, runs
from evaluator.report.messages import say_all
from evaluator.report.messages.uncertainty import how_drawn, what_drawn
from evaluator.results.evaluation import Evaluation, Uncertainty
from evaluator.uncertainty.findings import Drawn
from evaluator.uncertainty.tables import TOP

_RANKS, _BANDS = 40, 24
"""So many single ranks fit a page; more are shown in so many bands, whose heads are wider."""
SHADES = 8


def precision(uncertainty: Uncertainty) -> str:
    """Return how many draws there are, and how far chance may move a share of them."""
    told = ["first_error", *(["designated_error"] if uncertainty.clear is not None else [])]
    errors = uncertainty.packages[told].to_numpy()
    most = general(100 * float(errors.max(initial=0.0)), 2)
    return f"{uncertainty.draws:,} draws, standard error of a share {most} points at most"


def distributions(evaluation: Evaluation) -> tuple[tuple[str, str], ...]:
    """Return what was drawn and how, what is drawn alike together; nothing without draws."""
    if evaluation.uncertainty is None:
        return ()
    alike: dict[str, list[Drawn]] = {}
    for found in evaluation.uncertainty.distributions:
        if isinstance(found, Drawn):
            alike.setdefault(how_drawn(found), []).append(found)
    names = names_of(evaluation)
    return tuple((what_drawn(found, names), how) for how, found in alike.items())


@dataclass(frozen=True)
class Heat:
    """Rank acceptability, in bands of ranks where there are many."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[tuple[str, int], ...]], ...]
    """Package, title, and for each band: percent, and how dark (0 to 8)."""


def heat(evaluation: Evaluation, uncertainty: Uncertainty) -> Heat:
    """Return the shares of draws in which each package holds each rank."""
    bands, shares = rank_shares(uncertainty)
    titles = evaluation.ranking["title"]
    return Heat(
        heads=tuple(band_name(first, last) for first, last in bands),
        rows=tuple(
            (
                package,
                str(titles[package]),
                tuple(map(_cell, row)),
            )
            for package, row in shares.items()
        ),
    )


def rank_shares(
    uncertainty: Uncertainty,
) -> tuple[tuple[tuple[int, int], ...], dict[str, list[float]]]:
    """Return bands of ranks, each with its first and last, and the shares of each package in them.

    Single ranks where there are few; a band is made of those of the table.
    """
    table = uncertainty.rank_acceptability
    first, last = table["rank_from"].to_numpy(), table["rank_to"].to_numpy()
    ranks, step = int(last.max()), int((last - first).max()) + 1
    steps = math.ceil(ranks / step)
    width = step * (1 if steps <= _RANKS else math.ceil(steps / _BANDS))
    bands = tuple((rank, min(rank + width - 1, ranks)) for rank in range(1, ranks + 1, width))
    packages = list(dict.fromkeys(table["package"]))
    rows = {package: row for row, package in enumerate(packages)}
    shares = np.zeros((len(packages), len(bands)))
    places = table["package"].map(rows).to_numpy(), (first - 1) // width
    np.add.at(shares, places, table["share"].to_numpy())
    return bands, dict(zip(packages, shares.tolist(), strict=True))


def band_name(first: int, last: int) -> str:
    """Return the head of a band.

    >>> band_name(3, 3), band_name(4, 6)
    ('3', '4–6')
    """
    return str(first) if first == last else f"{first}–{last}"


def shade(share: float) -> int:
    """Return how dark a share of the draws is shown, 0 (under one in a hundred) to 8 (all)."""
    return 0 if share < 0.01 else math.ceil(share * SHADES - 1e-9)


def _cell(share: float) -> tuple[str, int]:
    if share < 0.01:
        return ("<1" if share > 0 else ""), 0
    return fixed(100 * share, 0), shade(share)


@dataclass(frozen=True)
class Standing:
    """The interval over which something stays as it is, and what changes beyond its ends."""

    low: float
    high: float
    below: str
    above: str


@dataclass(frozen=True)
class Stable:
    """One share that moves, the others in proportion."""

    kind: str
    name: str
    present: float
    standings: tuple[Standing, ...]


def stability_heads(evaluation: Evaluation, uncertainty: Uncertainty) -> dict[str, str]:
    """Return what is watched, by column prefix: the leader, the order of the top, the set."""
    top, w = min(TOP, len(uncertainty.packages)), names_of(evaluation).words
    heads = {"leader": "Leader stays", "order": f"Order of the top {top} stays"}
    if "designation" in evaluation.study.parts:
        heads["designated"] = f"{w.head.chosen} stay"
    return heads


def stability(
    evaluation: Evaluation, uncertainty: Uncertainty
) -> tuple[tuple[str, tuple[Stable, ...]], ...]:
    """Return the intervals of stability, one line a share, by the kind of share."""
    names = names_of(evaluation)
    watched = stability_heads(evaluation, uncertainty)

    def standing(row: Record, name: str) -> Standing:
        low, high = (row[f"{name}_{end}"] for end in ("low", "high"))
        below, above = (say_all(row[f"{name}_{end}"], names) for end in ("below", "above"))
        return Standing(low, high, below, above)

    lines = (
        Stable(
            kind=row["kind"],
            name=share_name(evaluation, row),
            present=row["present"],
            standings=tuple(standing(row, name) for name in watched),
        )
        for row in records(uncertainty.stability)
    )
    return runs(lines, lambda line: line.kind)


def share_name(evaluation: Evaluation, row: Record) -> str:
    """Return what a row of stability or tornado moves: an agency or a criterion."""
    agency = agency_names(evaluation).get(row["agency"], "")
    if not row["criterion"]:
        return agency
    label = evaluation.study.criteria[row["criterion"]].label
    return f"{label}, {agency}" if agency and "agencies" in evaluation.study.parts else label


def improvement(evaluation: Evaluation, row: Record | None) -> str:
    """Return in a sentence what would bring a package in; nothing for one that is in."""
    w = names_of(evaluation).words
    if row is None:
        return ""
    if row["outcome"] == "ineligible":
        return "No score brings it in: what keeps it out is not a score."
    if row["outcome"] == "impossible":
        return "Not even full values bring it in."
    if row["outcome"] == "unknown":
        return f"What would bring it in was not sought: many {w.packages} stand before it."
    fewest, together = row["points_in_all"], "several together would, the others unchanged"
    if fewest is not None:
        together = (
            f"at least {_up(fewest)} points of value over several criteria together would, the "
            "others unchanged"
        )
    if not row["criterion"]:
        return f"No single criterion brings it in; {together}."
    label = evaluation.study.criteria[row["criterion"]].label
    alone = (
        f"It would enter if one value alone rose, the other {w.packages} unchanged: {label}, from "
        f"{points(row['value'])} to {_up(row['needed'])}"
    )
    if fewest is None or fewest >= row["needed"] - row["value"] - 0.05:
        return f"{alone}."
    over = f"at least {_up(fewest)} points of value over several criteria together"
    return f"{alone}; or by {over}."


def _up(needed: float) -> str:
    """Return points that suffice, to one decimal: rounded up, what is shown brings it in.

    >>> _up(72.31), _up(72.3), _up(99.99)
    ('72.4', '72.3', '100.0')
    """
    return points(math.ceil(round(10 * needed, 6)) / 10)


def tornado(
    evaluation: Evaluation, uncertainty: Uncertainty
) -> tuple[tuple[str, tuple[Record, ...]], ...]:
    """Return the bars of the tornado by package, each with the name of what moves."""
    rows = records(uncertainty.tornado)
    named = ({**row, "name": share_name(evaluation, row)} for row in rows)
    return runs(named, lambda row: str(row["package"]))


def at_cut(evaluation: Evaluation) -> tuple[str | None, str | None]:
    """Return who would leave first and who would enter first; None where nobody would."""
    if "designation" not in evaluation.study.parts:
        return None, None
    held = evaluation.study.scenario.designation.include
    return next_out(evaluation.ranking, held), next_in(evaluation.ranking)
