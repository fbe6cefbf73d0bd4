"""Shares of draws, stability, improvements, other methods and agreement, by doing it again."""

from __future__ import annotations

import itertools
import math
import random

from scipy.stats import kendalltau, spearmanr

from tests.consistency.case import Case
from tests.consistency.checks.again import again, moved, valued
from tests.consistency.checks.draws import simulate
from tests.consistency.checks.scoring import percent
from tests.consistency.ledger import Ledger
from tests.consistency.methods import scale
from tests.consistency.standing import competition

OTHERS = {
    "weighted_sum": {"name": "weighted_sum"},
    "weighted_product": {"name": "weighted_product"},
    "waspas": {"name": "waspas"},
    "topsis": {"name": "topsis"},
    "vikor": {"name": "vikor"},
    "promethee": {"name": "promethee", "preference": "linear", "q": 5.0, "p": 25.0},
}
"""The methods set side by side; the study's own stands with its own parameters."""


def check(case: Case, held: Ledger) -> None:
    """Hold what is told of how sure the answer is, and of who agrees."""
    _agreement(case, held)
    if not case.run.tables.get("acceptability"):
        rows = case.run.tables.get("acceptability")
        held.holds(
            "draws",
            "acceptability.csv",
            "table",
            not case.drawn or not case.right.rank,
            rows,
            "a row a package",
        )
        return
    _shares(case, held)
    _tiers(case, held)
    _page(case, held)
    _methods(case, held)
    simulate(case, held)
    _stability(case, held)
    _improvements(case, held)
    _tornado(case, held)


def _shares(case: Case, held: Ledger) -> None:
    rows = case.run.tables["acceptability"]
    placed = [p for p in case.right.order if p in case.right.rank]
    held.same(
        "rows", "acceptability.csv", "packages", sorted(r["package"] for r in rows), sorted(placed)
    )
    held_by = _ranks(case, len(placed))
    file = "rank_acceptability.csv"
    held.same("rows", file, "packages", sorted(held_by), sorted(placed))
    for row in rows:
        package = row["package"]
        ranks = held_by.get(package, [0.0] * len(placed))
        held.near("shares of ranks sum to 1", file, package, math.fsum(ranks), 1.0, 1e-9)
        expected = math.fsum((place + 1) * share for place, share in enumerate(ranks))
        held.near(
            "expected rank", "acceptability.csv", package, row["expected_rank"], expected, 1e-9
        )
        held.near("first share", "acceptability.csv", package, row["first_share"], ranks[0], 1e-9)
        low, high = _quantile(ranks, 0.05), _quantile(ranks, 0.95)
        told = int(float(row["rank_low"])), int(float(row["rank_high"]))
        held.holds(
            "ranks in 90 % of draws",
            "acceptability.csv",
            package,
            _within(told, low, high),
            told,
            (low, high),
        )
    for place in range(len(placed)):
        column = math.fsum(ranks[place] for ranks in held_by.values())
        held.near("shares of a rank sum to 1", file, str(place + 1), column, 1.0, 1e-9)
    _pairwise(case, held)


def _ranks(case: Case, count: int) -> dict[str, list[float]]:
    """Return of each package the shares of ranks 1 to n: a study of a few has no bands."""
    found: dict[str, list[float]] = {}
    for row in case.run.tables["rank_acceptability"]:
        shares = found.setdefault(row["package"], [0.0] * count)
        if row["rank_from"] == row["rank_to"]:
            shares[int(row["rank_from"]) - 1] += float(row["share"])
    return found


def _quantile(shares: list[float], level: float) -> tuple[int, int]:
    """Return between which ranks a quantile lies; they differ where the sum just meets it."""
    total, first = 0.0, 0
    for place, share in enumerate(shares, 1):
        total += share
        if total >= level - 1e-9 and not first:
            first = place
        if total > level + 1e-9:
            return first, place
    return first or len(shares), len(shares)


def _within(told: tuple[int, int], low: tuple[int, int], high: tuple[int, int]) -> bool:
    return low[0] <= told[0] <= low[1] and high[0] <= told[1] <= high[1]


def _pairwise(case: Case, held: Ledger) -> None:
    """The mean rank of each follows from the pairs: one more than how many are ahead of it."""
    file = "pairwise_winning.csv"
    rows = case.run.tables["acceptability"]
    order = [row["package"] for row in rows]
    told = {(r["package"], r["other"]): float(r["ahead"]) for r in case.run.tables[file[:-4]]}
    pairs = list(itertools.combinations(order, 2))
    held.same("rows", file, "pairs in the order of the packages", told.keys() - {*pairs}, set())
    for row in rows:
        package = row["package"]
        ahead = math.fsum(
            1 - told.get(pair, 1.0) if pair[0] == package else told.get(pair, 1.0)
            for pair in pairs
            if package in pair
        )
        expected = float(row["expected_rank"])
        held.near("pairs make the mean rank", file, package, 1 + ahead, expected, 1e-9)


def _tiers(case: Case, held: Ledger) -> None:
    for row in case.run.tables["acceptability"]:
        package, share = row["package"], float(row["designated_share"] or 0)
        right = _tier(case, package, share, float(row["tied_share"] or 0))
        held.same("tier", "acceptability.csv", package, row["tier"], right)
        count = (case.study.scenario.get("uncertainty") or {}).get("draws", 10_000)
        if row["designated_error"]:
            error = math.sqrt(share * (1 - share) / count)
            held.near(
                "standard error", "acceptability.csv", package, row["designated_error"], error, 1e-6
            )


def _tier(case: Case, package: str, share: float, tied: float) -> str:
    """Return the tier by the shares of draws, by name, or none where nothing is ever cut."""
    right = case.right
    include: dict[str, object] = right.rule.get("include") or {}  # type: ignore[assignment]
    exclude: dict[str, object] = right.rule.get("exclude") or {}  # type: ignore[assignment]
    floors: dict[str, float] = right.rule.get("min_agency") or {}  # type: ignore[assignment]
    places = right.rule.get("max_packages")
    named = [p for p in include if right.outcome[p] != "failed"]
    able = [p for p in right.rank if right.outcome[p] == "passed" and p not in {*include, *exclude}]
    bound = max([0.0, float(str(right.rule.get("min_overall", 0))), *floors.values()]) > 0
    if not bound and (places is None or len(able) <= max(0, int(str(places)) - len(named))):
        return ""
    if package in include:
        return "included"
    if package in exclude:
        return "excluded"
    if right.outcome[package] == "unknown":
        return "unsettled"
    if package in right.contested:
        return "contested"
    return "clear" if share >= 0.95 else "out" if share + tied <= 0.05 else "contested"


def _page(case: Case, held: Ledger) -> None:
    table = case.run.page.tables.get("sure")
    rows = case.run.by_package("acceptability")
    for line in table.rows if table else ():
        package = line["Package"].text.split(" ")[0]
        row = rows[package]
        told = line["Tier"].text if "Tier" in line else ""
        held.same("tier", "page", f"sure {package}", told, row["tier"])
        for head, column in (
            ("Priority in", "designated_share"),
            ("Tied at the cut in", "tied_share"),
            ("First in", "first_share"),
        ):
            if row[column] and head in line:
                held.holds(
                    "share of draws",
                    "page",
                    f"{package} {head}",
                    percent(line[head].text, float(row[column])),
                    line[head].text,
                    row[column],
                )
        held.shown(
            "expected rank",
            "page",
            package,
            line["Expected rank"].text,
            float(row["expected_rank"]),
        )
    for line, node in zip(
        case.run.page.tables["ranked"].rows, case.run.page.tables["ranked"].nodes, strict=True
    ):
        package = line["Package"].text.split(" ")[0]
        tier = node.attributes.get("data-tier", "")
        held.same("tier", "page", f"ranked {package}", tier, rows.get(package, {}).get("tier", ""))
    terminal = case.run.terminal("run")
    block = terminal.block("Ranked portfolio") if terminal else None
    for line in block.rows if block else ():
        if "Tier" in line:
            held.same(
                "tier", "terminal", line["Package"], line["Tier"], rows[line["Package"]]["tier"]
            )


def _methods(case: Case, held: Ledger) -> None:
    rows = case.run.by_package("methods")
    if not rows:
        return
    own = case.study.scenario["method"]
    for name, method in (OTHERS | {own["name"]: own}).items():
        cells = {p: row.get(f"rank.{name}") for p, row in rows.items()}
        if any(cell is None for cell in cells.values()) or not any(cells.values()):
            continue
        right = competition(case.right.ordered_by(dict(method)), scale(dict(method)))
        for package, cell in cells.items():
            told = int(float(cell)) if cell else 0
            held.same(
                "rank under a method", "methods.csv", f"{package} {name}", told, right[package]
            )


def _stability(case: Case, held: Ledger) -> None:
    """Just inside an interval the priority set stands, just outside it does not."""
    rng = random.Random(len(case.run.tables["stability"]))
    rows = [row for row in case.run.tables["stability"] if row.get("designated_low")]
    slow = case.study.scenario["method"]["name"] in ("promethee", "electre_tri")
    base = set(case.right.designated), case.right.order[0]
    for row in rng.sample(rows, min(8 if slow else 40, len(rows))):
        what = f"{row['kind']} {row['agency']} {row['criterion']}"
        low, high = float(row["designated_low"]), float(row["designated_high"])
        for share, inside in _probes(low, high, 2e-6):
            found = moved(case, row, share)
            if found is None or found.close:
                continue
            same = set(found.designated) == base[0]
            held.holds(
                "stability interval",
                "stability.csv",
                f"{what} at {share:.6f}",
                same == inside,
                "set stays" if inside else "set changes",
                sorted(found.designated),
            )
        if not row.get("leader_low"):
            continue
        low, high = float(row["leader_low"]), float(row["leader_high"])
        for share, inside in _probes(low, high, 2e-6):
            found = moved(case, row, share)
            if found is None or found.close:
                continue
            same = found.leaders == again(case).leaders
            held.holds(
                "stability of the leader",
                "stability.csv",
                f"{what} at {share:.6f}",
                same == inside,
                "leader stays" if inside else "leader changes",
                sorted(found.leaders),
            )


def _probes(low: float, high: float, step: float) -> list[tuple[float, bool]]:
    found = []
    if high - low > 4 * step:
        found += [(low + step, True), (high - step, True)]
    if low > 2 * step:
        found.append((low - step, False))
    if high < 1 - 2 * step:
        found.append((high + step, False))
    return found


def _improvements(case: Case, held: Ledger) -> None:
    """A value raised to what is needed brings the package in, a little less does not."""
    for row in case.run.tables.get("improvements", ()):
        if not row["criterion"] or not row["needed"]:
            continue
        package, name = row["package"], row["criterion"]
        held.near(
            "value",
            "improvements.csv",
            f"{package} {name}",
            row["value"],
            case.right.performances[package, name].value,
        )
        needed = float(row["needed"])
        what = f"{package} {name} needs more"
        held.holds(
            "improvement",
            "improvements.csv",
            what,
            needed >= float(row["value"]),
            needed,
            row["value"],
        )
        for worth, enters in ((needed + 2e-5, True), (needed - 2e-3, False)):
            if not 0 <= worth <= 100 or worth < float(row["value"]):
                continue
            found = valued(case, package, name, worth)
            held.holds(
                "improvement",
                "improvements.csv",
                f"{package} {name} at {worth:.4f}",
                (package in found.designated) == enters,
                "enters" if enters else "stays out",
                sorted(found.designated),
            )


def _tornado(case: Case, held: Ledger) -> None:
    for row in case.run.tables["tornado"][:20]:
        package = row["package"]
        for end in ("low", "high"):
            if row["kind"] == "value":
                found = valued(case, package, row["criterion"], float(row[end]))
            else:
                found = moved(case, row, float(row[end]))
            if found is None:
                continue
            right = found.method_score[package]
            what = f"{package} {row['kind']} {row['agency']} {row['criterion']}"
            held.near("score at an end", "tornado.csv", what, row[f"score_at_{end}"], right, 1e-6)


def _agreement(case: Case, held: Ledger) -> None:
    rows = case.run.by_package("agreement")
    if not rows:
        return
    packages = [p for p in case.right.order if p in rows]
    ranks = {}
    for agency in case.agencies:
        scores = {p: case.right.agency_scores[p][agency] for p in packages}
        ranks[agency] = competition(scores, 100.0)
        for package in packages:
            row = rows[package]
            cell = row.get(f"rank.{agency}")
            held.same(
                "agency's rank",
                "agreement.csv",
                f"{package} {agency}",
                int(float(cell or 0)),
                ranks[agency][package],
            )
    for package in packages:
        scores = case.right.agency_scores[package].values()
        held.near(
            "lowest score", "agreement.csv", package, rows[package]["lowest"], min(scores), 1e-6
        )
        mine = [ranks[agency][package] for agency in case.agencies]
        held.same(
            "spread of ranks",
            "agreement.csv",
            package,
            int(float(rows[package]["rank_spread"])),
            max(mine) - min(mine),
        )
    for row in case.run.tables["agreement_pairs"]:
        one, other = ([ranks[row[side]][p] for p in packages] for side in ("agency", "other"))
        what = f"{row['agency']} {row['other']}"
        flat = len(set(one)) == 1 or len(set(other)) == 1
        if flat or len(packages) < 2:
            held.same("tau", "agreement_pairs.csv", what, row["tau_b"], "")
        else:
            held.near(
                "tau",
                "agreement_pairs.csv",
                what,
                row["tau_b"],
                float(kendalltau(one, other).statistic),
                1e-6,
            )
            held.near(
                "spearman",
                "agreement_pairs.csv",
                what,
                row["spearman"],
                float(spearmanr(one, other).statistic),
                1e-6,
            )
        opposed = sum(
            (a - c) * (b - d) < 0
            for (a, b), (c, d) in itertools.combinations(list(zip(one, other, strict=True)), 2)
        )
        held.same(
            "opposed pairs", "agreement_pairs.csv", what, int(float(row["opposed_pairs"])), opposed
        )
    _kemeny(case, held, packages, list(ranks.values()))


def _kemeny(case: Case, held: Ledger, packages: list[str], ranks: list[dict[str, int]]) -> None:
    """No order goes against fewer opinions; tried out where there are few packages."""
    if not 2 <= len(packages) <= 6:
        return
    rows = case.run.by_package("agreement")
    if any(not rows[p]["kemeny"] for p in packages):
        return
    told = sorted(packages, key=lambda p: int(float(rows[p]["kemeny"])))

    def against(order: tuple[str, ...] | list[str]) -> float:
        pairs = list(itertools.combinations(order, 2))
        return sum(
            float(rank[a] > rank[b]) + 0.5 * (rank[a] == rank[b])
            for rank in ranks
            for a, b in pairs
        )

    best = min(against(order) for order in itertools.permutations(packages))
    if len({int(float(rows[p]["kemeny"])) for p in packages}) == len(packages):
        held.near("Kemeny's order", "agreement.csv", "opinions against", against(told), best)
    held.holds(
        "Kemeny's order", "page", "accord", "accord" in case.run.page.tables, "no table", "one"
    )
