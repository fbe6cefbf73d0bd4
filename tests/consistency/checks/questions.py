"""What is asked by solving again: what overrides cost, what more buys, what less leaves."""

from __future__ import annotations

import copy

from tests.consistency.case import Case
from tests.consistency.ledger import Ledger
from tests.consistency.program import Program


def check(case: Case, held: Ledger) -> None:
    """Hold every answer for which the second program can be solved again."""
    if case.run.manifest["allocation"]["status"] == "optimal":
        _overrides(case, held)
        _next_amounts(case, held)
        _sweep(case, held)
        _best(case, held)


Range = tuple[float | None, float | None]


def _same(
    held: Ledger, kind: str, table: str, what: str, told: str, right: Range, program: Program
) -> None:
    """Hold an objective to those of the second program, up to the gaps of both."""
    least, most = right
    if least is None or most is None:
        return
    reach = 4e-6 * max(1.0, abs(most)) + 2 * program.dollar_loss + 2e-6
    ok = bool(told) and least - reach <= float(told) <= most + reach
    held.holds(kind, f"{table}.csv", what, ok, told, right)


def _less(right: Range, now: float) -> Range:
    least, most = right
    return (None if least is None else least - now), (None if most is None else most - now)


def _overrides(case: Case, held: Ledger) -> None:
    for row in case.run.tables.get("override_costs", ()):
        if not row["objective_without"]:
            continue
        study = copy.deepcopy(case.study)
        part = "designation" if row["kind"] in ("include", "exclude") else "allocation"
        del study.scenario[part][row["kind"]][row["subject"]]
        without = Case(study, case.run, case.path)
        program = Program(without)
        best = program.between()
        what = f"{row['kind']} {row['subject']}"
        told = row["objective_without"]
        _same(held, "cost of an override", "override_costs", what, told, best, program)
        standing = case.run.manifest["allocation"]
        if standing["status"] in ("infeasible", "no_solution"):
            # nothing stands with which it could be compared
            ok = not row["lost"]
            held.holds("cost of an override", "override_costs.csv", what, ok, row["lost"], "")
            continue
        lost = _less(best, float(standing["objective"]))
        _same(held, "cost of an override", "override_costs", what, row["lost"], lost, program)


def _next_amounts(case: Case, held: Ledger) -> None:
    now = float(case.run.manifest["allocation"]["objective"])
    program = Program(case)
    for row in case.run.tables.get("next_amounts", ()):
        if not row["gained"]:
            continue
        subject = row["subject"]
        limit = f"{subject}.envelope" if subject in case.study.tools else subject
        gain = _less(program.between({(limit, ""): float(row["amount_usd"])}), now)
        what = f"{subject} {row['amount_usd']}"
        _same(held, "what more buys", "next_amounts", what, row["gained"], gain, program)


def _sweep(case: Case, held: Ledger) -> None:
    if (case.study.scenario.get("allocation") or {}).get("reserve"):
        return
    program = Program(case)
    for row in case.run.tables.get("budget_sweep", ()):
        if not row["objective"]:
            continue
        tool = row["tool"]
        more = int(row["envelope_usd"]) - case.study.tools[tool]["envelope"]["amount"]
        best = program.between({(f"{tool}.envelope", ""): float(more)})
        what = f"{tool} {row['factor']}"
        _same(held, "what less leaves", "budget_sweep", what, row["objective"], best, program)


def _best(case: Case, held: Ledger) -> None:
    """The best portfolio is the run's, and no later one is better than the one before."""
    rows = [r for r in case.run.tables.get("best_portfolios", ()) if r["objective"]]
    before = float(case.run.manifest["allocation"]["objective"])
    for row in rows:
        told = float(row["objective"])
        reach = 4e-6 * max(1.0, abs(before)) + Program(case).dollar_loss
        ok = told <= before + reach
        held.holds("best portfolios", "best_portfolios.csv", "order", ok, told, before)
        before = told
