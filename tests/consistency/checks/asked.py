"""What commands of their own ask of a run: which criteria decide, what brings a package level."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from tests.consistency.case import Case
from tests.consistency.checks.again import Decided, again, valued
from tests.consistency.ledger import Ledger
from tests.consistency.scores import worth
from tests.consistency.standing import competition
from tests.consistency.weights import stated

_NEAR = 1e-6


def check(case: Case, held: Ledger) -> None:
    """Hold each answer to the study decided again."""
    for command, said in case.run.said.items():
        if command == "criteria":
            held.same("a criterion decides", command, "exit code", said.code, 0)
            if not said.code:
                _criteria(case, held, json.loads(said.out)["criteria"])
        if command.startswith("against "):
            held.same("level with another", "explain", f"{command}: exit code", said.code, 0)
            if not said.code:
                _against(case, held, json.loads(said.out))


def _criteria(case: Case, held: Ledger, rows: list[dict[str, Any]]) -> None:
    right = case.right
    told = sorted(row["criterion"] for row in rows)
    held.same("a criterion decides", "criteria", "criteria", told, sorted(case.study.criteria))
    places = ["all", "priority", "money", "ranks", "nothing"]
    order = [places.index(row["decides"]) for row in rows]
    held.same("a criterion decides", "criteria", "the weightiest first", order, sorted(order))
    if not right.passable:
        told = sorted({row["decides"] for row in rows} - {"nothing"})
        held.same("a criterion decides", "criteria", "where none is ranked", told, [])
        return
    for row in rows:
        name = row["criterion"]
        weighs = [a for a in right.influence if right.weights[a][name] > 0]
        held.same("a criterion decides", "criteria", f"{name} agencies", row["agencies"], weighs)
        held.near("a criterion decides", "criteria", name, row["weight"], right.effective[name])
        if not right.effective[name]:
            held.same("a criterion decides", "criteria", name, row["decides"], "nothing")
            continue
        left = _without(case, name)
        if left is None:
            held.same("a criterion decides", "criteria", name, row["decides"], "all")
            continue
        found = again(case, weights=left[0], influence=left[1])
        if not found.close:
            _moves(case, held, row, found)
        if case.exists:
            _money(case, held, row, found)


def _without(case: Case, name: str) -> tuple[dict[str, dict[str, float]], dict[str, float]] | None:
    """Return weights and influence without a criterion; None where nothing else is weighed."""
    weights, influence = {}, {}
    for agency, of in case.right.weights.items():
        rest = math.fsum(w for n, w in of.items() if n != name)
        weights[agency] = {n: 0.0 if n == name else w / rest for n, w in of.items()} if rest else of
        influence[agency] = case.right.influence[agency] if rest else 0.0
    total = math.fsum(influence.values())
    if not total:
        return None
    return weights, {agency: share / total for agency, share in influence.items()}


def _moves(case: Case, held: Ledger, row: Mapping[str, Any], found: Decided) -> None:
    kind, name, now = "a criterion decides", row["criterion"], set(case.right.designated)
    ranks = competition(found.method_score, case.right.span)
    gaps = [abs(ranks[p] - case.right.rank[p]) for p in ranks]
    moves = [sum(gap > 0 for gap in gaps), max(gaps, default=0)]
    held.same(kind, "criteria", f"ranks without {name}", [row["ranks"], row["furthest"]], moves)
    sides = [sorted(found.designated - now), sorted(now - found.designated)]
    held.same(kind, "criteria", f"who is in without {name}", [row["entered"], row["left"]], sides)
    if any(sides):
        held.same(kind, "criteria", name, row["decides"], "priority")
    elif row["decides"] != "money":
        right = "ranks" if moves[0] else "nothing"
        held.same(kind, "criteria", name, row["decides"], right)


def _money(case: Case, held: Ledger, row: Mapping[str, Any], found: Decided) -> None:
    """What is told of amounts fits those of the run and who is in; an optimum may not be alone."""
    bounds(held, "a criterion decides", "criteria", row["criterion"], case, row, found.designated)


def bounds(
    held: Ledger,
    kind: str,
    medium: str,
    what: str,
    case: Case,
    row: Mapping[str, Any],
    inside: frozenset[str],
) -> None:
    """Hold who is funded, and what changes hands, to what the run gives and who is then in."""
    if row["moved_usd"] is None:
        return
    funded = {p for p, usd in case.given.items() if usd}
    enter, leave = set(row["funded_in"]), set(row["funded_out"])
    held.holds(kind, medium, f"{what}: funded in", enter <= inside - funded, enter, inside - funded)
    held.holds(
        kind, medium, f"{what}: funded out", funded - inside <= leave <= funded, leave, funded
    )
    least = sum(case.given[p] for p in leave) + len(enter)
    ok = row["moved_usd"] >= max(sum(case.given[p] for p in leave), len(enter) and 1)
    held.holds(kind, medium, f"{what}: moved", ok, row["moved_usd"], f"at least {least}")


def _against(case: Case, held: Ledger, told: Mapping[str, Any]) -> None:
    kind, right = "level with another", case.right
    behind, ahead = told["behind"], told["ahead"]
    pair = f"{behind} and {ahead}"
    gap = right.method_score[ahead] - right.method_score[behind]
    held.near(kind, "explain", f"{pair}: gap", told["gap"], max(gap, 0.0), _NEAR)
    tie = max(1e-9, 1e-7 * right.span)

    def level(found: Decided, what: str) -> None:
        short = found.method_score[ahead] - found.method_score[behind]
        held.holds(kind, "explain", f"{pair}: {what}", short <= tie, short, "level")

    for row in told["shares"]:
        of, what = row["agency"], f"{row['lever']} of {row['agency'] or 'all'}"
        shares = dict(right.influence if of is None else right.weights[of])
        if row["outcome"] == "possible":
            for name, old, new in row["changes"]:
                held.near(kind, "explain", f"{what}: {name} now", old, shares[name], _NEAR)
                shares[name] = new
            weights = right.weights if of is None else {**right.weights, of: shares}
            found = again(case, weights=weights, influence=shares if of is None else None)
            level(found, what)
            held.near(kind, "explain", f"{what}: sums to 1", math.fsum(shares.values()), 1.0, _NEAR)
            gone = [abs(new - old) for _, old, new in row["changes"]]
            held.near(kind, "explain", f"{what}: moved", row["moved"], math.fsum(gone) / 2, _NEAR)
        if _linear(case) and gap > tie:
            least = _smallest(case, of, behind, ahead)
            told_least = row["moved"] if row["outcome"] == "possible" else None
            if least is None or told_least is None:
                held.same(kind, "explain", f"{what}: possible", told_least, least)
            else:
                held.near(kind, "explain", f"{what}: least", told_least, least, 1e-5)
    for fact in told["facts"]:
        if fact["kind"] == "measure":
            value = worth(case.study.criteria[fact["criterion"]]["value"], float(fact["new"]))[0]
            found = valued(case, fact["package"], fact["criterion"], value)
            level(found, f"{fact['criterion']} of {fact['package']}")


def _linear(case: Case) -> bool:
    method = case.study.scenario["method"]
    plain = method["name"] == "weighted_sum" and method.get("normalization", "none") == "none"
    return plain and not case.right.partly and not case.right.over_totals


def _smallest(case: Case, agency: str | None, behind: str, ahead: str) -> float | None:
    """Return the least share that changes hands until two are level; None where none is enough.

    From where it is worth least to where it is worth most, which of a sum is the shortest way.
    """
    right = case.right
    if agency is None:
        worths = {
            a: right.agency_scores[behind][a] - right.agency_scores[ahead][a]
            for a in right.influence
        }
        shares, scale = right.influence, 1.0
    else:
        shares, scale = right.weights[agency], right.influence[agency]
        worths = {
            n: right.performances[behind, n].value - right.performances[ahead, n].value
            for n in stated(case.study)[agency]
        }
    left = (right.overall[ahead] - right.overall[behind]) / scale if scale else math.inf
    best, moved = max(worths.values()), 0.0
    for name, value in sorted(worths.items(), key=lambda one: one[1]):
        gain = best - value
        if gain <= 0:
            break
        need = left / gain
        if need <= shares[name]:
            return moved + need
        moved, left = moved + shares[name], left - shares[name] * gain
    return None
