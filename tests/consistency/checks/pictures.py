"""What the rows of the ranked portfolio draw: contributions, ranges of ranks, amounts."""

from __future__ import annotations

from tests.consistency.case import Case
from tests.consistency.ledger import Ledger
from tests.consistency.media.page import Cell, Node

ROUNDED = 0.0051
"""Places of a drawing have two decimals."""


def check(case: Case, held: Ledger) -> None:
    """Hold each drawing to the study, to the draws and to the amounts."""
    drawn = case.run.by_package("acceptability")
    ranks = case.right.rank.values()
    widest = max((max(case.asked[p], case.given.get(p, 0)) for p in case.right.order), default=0)
    for row in case.run.page.tables["ranked"].rows:
        package = row["Package"].text.split(" ")[0]
        _contributions(case, held, package, row["Overall"].node)
        if (cell := row.get("Rank in 90 % of draws")) is not None and package in drawn:
            ends = [int(float(drawn[package][end])) for end in ("rank_low", "rank_high")]
            _range(held, package, cell, ends, case.right.rank[package], max(ranks))
        if (cell := row.get("Proposed")) is not None and case.asked[package]:
            for kind, of in (("asked", case.asked), ("allocated", case.given)):
                found = [
                    one for one in cell.node.all("rect") if one.has("asked") == (of is case.asked)
                ]
                width = 100 * of.get(package, 0) / widest
                told = _width(found[0]) + (kind == "asked") if found else 0.0
                right = max(width, 2.0) if kind == "asked" else width
                held.near(kind, "page", f"bar of {package}", told, right, ROUNDED)


def _contributions(case: Case, held: Ledger, package: str, node: Node) -> None:
    start, bars = 0.0, node.all("rect")
    scores = case.right.agency_scores[package]
    held.same("contribution", "page", f"parts of the bar of {package}", len(bars), len(scores))
    for bar, (agency, score) in zip(bars, scores.items(), strict=False):
        what = f"bar of {package}, {agency}"
        part = case.right.agency_share(package, agency) * score
        held.near("contribution", "page", what, _width(bar), part, ROUNDED)
        held.near("contribution", "page", f"place of the {what}", _start(bar), start, ROUNDED)
        start += part


def _range(held: Ledger, package: str, cell: Cell, ends: list[int], rank: int, last: int) -> None:
    whole, within, now = cell.node.all("rect")
    start, kind = _start(within), "ranks in 90 % of draws"
    held.same(kind, "page", f"range of {package}", [start + 1, start + _width(within)], ends)
    held.near(kind, "page", f"rank in the range of {package}", _start(now) + 0.7, rank)
    held.near(kind, "page", f"ranks of the range of {package}", _width(whole), last)


def _width(node: Node) -> float:
    return float(node.attributes["width"])


def _start(node: Node) -> float:
    return float(node.attributes.get("x", "0"))
