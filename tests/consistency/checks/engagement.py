"""Where a strategy is met, what is asked beside money, and facts of countries."""

from __future__ import annotations

from fractions import Fraction

from tests.consistency.case import Case
from tests.consistency.cells import Row, flag
from tests.consistency.ledger import Ledger


def check(case: Case, held: Ledger) -> None:
    """Hold the tables of engagement against the files of the study."""
    _coverage(case, held)
    _copied(case, held, "assistance", "asked beside money", ("package", "kind", "addressee"))
    keys = ("country", "criterion", "kind", "date")
    _copied(case, held, "country_facts", "facts of countries", keys)


def _coverage(case: Case, held: Ledger) -> None:
    rows = {row["target"]: row for row in case.run.tables.get("coverage", [])}
    wanted = {row["target"]: row for row in case.study.tables.get("strategy", [])}
    held.same("coverage", "coverage.csv", "targets", sorted(rows), sorted(wanted))
    terminal = case.run.terminal("run")
    block = terminal.block("Where the strategy is met") if terminal else None
    printed = {row["Name"]: row for row in block.rows} if block else {}
    table = case.run.page.tables.get("x-coverage")
    told = {row["Name"].text: row for row in table.rows} if table else {}
    uncovered = []
    for target in wanted:
        shares = _shares(case, target)
        inside = [p for p in shares if p in case.right.designated]
        usd = sum((shares[p] * case.given[p] for p in inside), Fraction(0))
        state = "funded" if usd else "priority" if inside else "proposed" if shares else "none"
        label = _label(case, target)
        uncovered += [label] if not inside else []
        row = rows[target]
        held.same("coverage", "coverage.csv", target, row["state"], state)
        held.same("coverage", "coverage.csv", target, _ids(row["packages"]), sorted(inside))
        others = sorted(set(shares) - set(inside))
        held.same("coverage", "coverage.csv", target, _ids(row["others"]), others)
        if case.exists:
            held.near("coverage", "coverage.csv", target, row["proposed_usd"], float(usd))
        held.same("coverage", "page", target, told[label]["Reached by"].text, state)
        if printed:
            held.same("coverage", "terminal", target, printed[label]["Reached by"], state)
    if wanted:
        (text,) = (text for head, _, text in case.run.page.decision if head == "What is in")
        named = [one for one in uncovered if one in text]
        held.same("coverage", "page", "uncovered", named, uncovered)


def _shares(case: Case, target: str) -> dict[str, Fraction]:
    """Return the part of each package that goes to a target; of those that go there."""
    countries = case.study.countries
    members = (
        {target} if target in countries else {c for c, r in countries.items() if flag(r[target])}
    )
    found: dict[str, Fraction] = {}
    for row in case.study.tables["targets"]:
        if row["country"] in members:
            found[row["package"]] = found.get(row["package"], Fraction(0)) + Fraction(row["share"])
    return found


def _label(case: Case, target: str) -> str:
    if target in case.study.countries:
        return case.study.countries[target]["name"]
    return str(case.study.country_attributes[target]["label"])


def _ids(cell: str) -> list[str]:
    return sorted(one for one in cell.split("; ") if one)


def _copied(case: Case, held: Ledger, name: str, kind: str, keys: tuple[str, ...]) -> None:
    """Hold a table of the run to repeat that of the round."""

    def key(row: Row) -> tuple[str, ...]:
        return tuple(row[one] for one in keys)

    told = {key(row): row for row in case.run.tables.get(name, [])}
    right = {key(row): row for row in case.study.tables.get(name, [])}
    held.same(kind, f"{name}.csv", "rows", sorted(told), sorted(right))
    for one, row in right.items():
        for column, cell in row.items():
            held.same(kind, f"{name}.csv", " ".join(one), told[one][column], cell)
    for package, page in case.run.page.packages.items():
        for row in case.study.of_package(name, package) if name == "assistance" else ():
            held.holds(kind, "page", package, row["asked"] in page.text, "not there", row["asked"])
