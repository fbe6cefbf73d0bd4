"""What each agency sees: its ranks against the others', what makes it so, what it decides."""

from __future__ import annotations

import math

import numpy as np

from tests.consistency.case import Case
from tests.consistency.checks.again import moved
from tests.consistency.checks.asked import bounds
from tests.consistency.checks.scoring import percent
from tests.consistency.ledger import Ledger
from tests.consistency.media.page import Node
from tests.consistency.standing import competition


def check(case: Case, held: Ledger) -> None:
    """Hold the table of views, the packages on which pairs part, and each agency's part."""
    rows = case.run.tables.get("agency_views") or []
    if not rows:
        return
    right = case.right
    packages = [p for p in right.order if right.rank.get(p) is not None]
    scores = {a: {p: right.agency_scores[p][a] for p in packages} for a in case.agencies}
    own = {a: competition(one, 100.0) for a, one in scores.items()}
    others = {a: _others(case, a, scores, packages) for a in case.agencies}
    matrix = np.array([right.matrix[right.passable.index(p)] for p in packages])
    for row in rows:
        agency, package = row["agency"], row["package"]
        what, rank = f"{agency} {package}", others[agency]
        held.same("agency's rank", "agency_views.csv", what, int(row["rank"]), own[agency][package])
        told = int(float(row["others"])) if row["others"] else None
        held.same(
            *("rank by the others", "agency_views.csv", what),
            *(told, rank[package] if rank else None),
        )
        if row["criterion"]:
            _part(case, held, row, matrix, packages, up=(told or 0) > int(row["rank"]))
    if "alone" in rows[0]:
        _alone(case, held, rows)
    _apart(case, held, own, packages)
    for node in case.run.page.root.all("details", "view"):
        _of_page(case, held, node, own, others)


def _rest(case: Case, agency: str) -> dict[str, float] | None:
    """The influence of the others, scaled to sum to 1; None where they have none."""
    rest = {a: share for a, share in case.right.influence.items() if a != agency}
    total = math.fsum(rest.values())
    return {a: share / total for a, share in rest.items()} if total > 0 else None


def _others(
    case: Case, agency: str, scores: dict[str, dict[str, float]], packages: list[str]
) -> dict[str, int] | None:
    rest = _rest(case, agency)
    if rest is None:
        return None
    mean = {p: math.fsum(share * scores[a][p] for a, share in rest.items()) for p in packages}
    return competition(mean, 100.0)


def _part(
    case: Case, held: Ledger, row: dict[str, str], matrix: np.ndarray, packages: list[str], up: bool
) -> None:
    """The named criterion's part is the largest of all in the direction of the ranks."""
    agency, rest = row["agency"], _rest(case, row["agency"])
    what = f"{agency} {row['package']} {row['criterion']}"
    if rest is None:
        return
    mean, values = matrix.mean(axis=0), matrix[packages.index(row["package"])]
    parts, theirs = {}, {}
    for column, name in enumerate(case.study.criteria):
        theirs[name] = math.fsum(share * case.right.weights[a][name] for a, share in rest.items())
        gap = case.right.weights[agency][name] - theirs[name]
        parts[name] = gap * float(values[column] - mean[column])
    most = max(parts.values()) if up else min(parts.values())
    name = row["criterion"]
    average = float(mean[list(case.study.criteria).index(name)])
    for told, found in (
        *(("points", most), ("points", parts[name])),
        *(("weight_others", theirs[name]), ("mean", average)),
    ):
        held.near("what makes it so", "agency_views.csv", what, row[told], found, 1e-6)


def _alone(case: Case, held: Ledger, rows: list[dict[str, str]]) -> None:
    for agency in case.agencies:
        found = moved(case, {"kind": "influence", "agency": agency}, 1.0)
        if found is None or found.close:
            continue
        told = {r["package"] for r in rows if r["agency"] == agency and r["alone"] == "True"}
        here = {r["package"] for r in rows if r["agency"] == agency}
        right = sorted(found.designated & here)
        held.same("in by one agency alone", "agency_views.csv", agency, sorted(told), right)
        for row in case.run.tables.get("own_way") or []:
            if row["agency"] == agency:
                now = set(case.right.designated)
                sides = {"entered": found.designated - now, "left": now - found.designated}
                for name, gone in sides.items():
                    listed = sorted(filter(None, row[name].split("; ")))
                    held.same("in by one agency alone", "own_way.csv", agency, listed, sorted(gone))
                if case.exists and row["moved_usd"]:
                    funded = {
                        name: list(filter(None, row[name].split("; ")))
                        for name in ("funded_in", "funded_out")
                    }
                    what = {**funded, "moved_usd": int(row["moved_usd"])}
                    place = ("own way's amounts", "own_way.csv", agency)
                    bounds(held, *place, case, what, found.designated)


def _apart(case: Case, held: Ledger, own: dict[str, dict[str, int]], packages: list[str]) -> None:
    for row in case.run.tables["agreement_pairs"]:
        one, other = own[row["agency"]], own[row["other"]]
        furthest = sorted((abs(one[p] - other[p]) for p in packages), reverse=True)[:3]
        told = filter(None, row["apart_on"].split("; "))
        gaps = [abs(one[p] - other[p]) for p in told]
        what = f"{row['agency']} {row['other']}"
        right = [gap for gap in furthest if gap > 0]
        held.same("furthest apart on", "agreement_pairs.csv", what, gaps, right)


def _of_page(
    case: Case,
    held: Ledger,
    node: Node,
    own: dict[str, dict[str, int]],
    others: dict[str, dict[str, int] | None],
) -> None:
    """Hold what an agency's part of the page tells to the files."""
    agency = node.attributes["data-agency"]
    rank = others[agency] or {}
    gaps = {p: abs(own[agency][p] - there) for p, there in rank.items()}
    far = sum(gap >= 10 for gap in gaps.values())
    summary = node.all("summary")[0].text
    held.holds("far from the others", "page", agency, f"; {far or 'no'} " in summary, summary, far)
    table = case.run.page.tables.get(f"far-{agency}")
    for row in table.rows if table else ():
        cells = list(row.values())
        package = _linked(cells[0].node.all("a")[0])
        told = (int(cells[1].text), int(cells[2].text))
        held.same(
            "far from the others", "page", package, told, (own[agency][package], rank[package])
        )
    answers: dict[str, list[Node]] = {}
    for part in node.walk():
        for name in part.attributes.get("data-answer", "").split():
            answers.setdefault(name, []).append(part)
    for part in answers.get("r3", ()):
        _by_it_alone(case, held, agency, part)
    for part in answers.get("r8", ()):
        _objections(case, held, agency, part)
    told = {_linked(a) for part in answers.get("r4", ()) for a in part.all("a")}
    sole = {
        p for p, row in case.run.by_package("agreement").items() if row.get("decisive") == agency
    }
    if "r4" in answers:
        held.same("decided by one agency", "page", agency, sorted(told), sorted(sole))
    for part in answers.get("r5", ()):
        taus = [
            float(row["tau_b"])
            for row in case.run.tables["agreement_pairs"]
            if agency in (row["agency"], row["other"]) and row["tau_b"]
        ]
        least = f"(tau {min(taus):.2f})".replace("-", "\N{MINUS SIGN}")
        held.holds("agrees least", "page", agency, least in part.text, part.text, least)
    for part in answers.get("r9", ()):
        _idle(case, held, agency, part)
    for part in answers.get("r10", ()):
        _weighed(case, held, agency, part)


def _weighed(case: Case, held: Ledger, agency: str, part: Node) -> None:
    right = {case.labels[n]: w for n, w in case.right.weights[agency].items() if w > 0}
    told = {}
    for one in part.all("span", "weighed"):
        label = max((n for n in right if one.text.startswith(f"{n} ")), key=len)
        told[label] = one.text.removeprefix(f"{label} ")
    held.same("weights entered", "page", agency, sorted(told), sorted(right))
    for label, text in told.items():
        share = right[label]
        held.holds(
            "weights entered", "page", f"{agency} {label}", percent(text, share), text, share
        )


def _linked(node: Node) -> str:
    return node.attributes["href"].removeprefix("#p-")


def _by_it_alone(case: Case, held: Ledger, agency: str, part: Node) -> None:
    found = moved(case, {"kind": "influence", "agency": agency}, 1.0)
    if found is None or found.close:
        return
    now = set(case.right.designated)
    for name, right in (("enter", found.designated - now), ("leave", now - found.designated)):
        told = [_linked(a) for one in part.all("span", name) for a in one.all("a")]
        what = f"{agency} {name}"
        held.same("in by one agency alone", "page", what, sorted(told), sorted(right))


def _idle(case: Case, held: Ledger, agency: str, part: Node) -> None:
    """Without a criterion that decides nothing the same packages are in."""
    names = {label: name for name, label in case.labels.items()}
    for one in part.all("span", "idle"):
        row = {"kind": "weight", "agency": agency, "criterion": names[one.text]}
        found = moved(case, row, 0.0)
        if found is not None and not found.close:
            told, right = sorted(found.designated), sorted(case.right.designated)
            held.same("decides nothing", "page", f"{agency} {one.text}", told, right)


def _objections(case: Case, held: Ledger, agency: str, part: Node) -> None:
    """Who is under the agency's floor or has a red flag on one of its criteria."""
    right = case.right
    own = {n for n in case.study.criteria if n.startswith(f"{agency}.")}
    under = {p for p in right.passable if agency in right.under(p)}
    flagged = {p for p, names in right.red_flags.items() if own & set(names)} & set(right.passable)
    linked = {_linked(a) for a in part.all("a")}
    held.same("objection of an agency", "page", agency, sorted(linked), sorted(under | flagged))
