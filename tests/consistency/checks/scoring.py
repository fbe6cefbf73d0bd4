"""Values, weights, scores and requirements as every medium tells them."""

from __future__ import annotations

import json
import math

from tests.consistency.case import Case
from tests.consistency.ledger import Ledger
from tests.consistency.media import Sheet
from tests.consistency.rounding import number
from tests.consistency.scores import of_tools
from tests.consistency.weights import eigenvector, of_group


def check(case: Case, held: Ledger) -> None:
    """Hold all that is told before a decision is taken."""
    _values_table(case, held)
    _values_sheet(case, held)
    _dossiers(case, held)
    _weights(case, held)
    _elicitation(case, held)
    _gates(case, held)
    _scores(case, held)
    _influence(case, held)


def _values_table(case: Case, held: Ledger) -> None:
    for row in case.run.tables["values"]:
        package, name = row["package"], row["criterion"]
        right = case.right.performances[package, name]
        what = f"{package} {name}"
        if right.counts:
            held.near("value", "values.csv", what, row["value"], right.value, 1e-9)
        else:
            held.same("what does not count", "values.csv", what, row["value"], "")
        held.holds("value", "values.csv", what, not row["value"].startswith("-"), row["value"], "0")
        if not right.counts:
            held.same("what does not count", "values.csv", what, row["value_high"], "")
        elif len(right.panel) == 1 or (right.panel and right.rows > len(right.panel)):
            # what one rating, or one not given, is drawn from is the sampling's to say
            inside = float(row["value_low"]) <= right.value <= float(row["value_high"])
            held.holds("value range", "values.csv", what, inside, row["value_low"], right.value)
        else:
            held.near("value range", "values.csv", what, row["value_low"], right.low, 1e-9)
            held.near("value range", "values.csv", what, row["value_high"], right.high, 1e-9)
        held.same("missing performance", "values.csv", what, row["state"], right.state)
        held.same("clamped", "values.csv", what, row["clamped"], str(right.clamped))
        held.same("red flag", "values.csv", what, row["red_flag"], str(right.flagged))
        panel = [float(one) for one in row["panel"].split(";") if one.strip()]
        close = len(panel) == len(right.panel) and all(
            math.isclose(a, b, rel_tol=1e-5) for a, b in zip(panel, right.panel, strict=True)
        )
        held.holds("panel", "values.csv", what, close, panel, right.panel)
        weight = case.right.effective_of[package][name]
        held.near("effective weight", "values.csv", what, row["effective_weight"], weight)
        if case.right.over_totals:
            held.same("contribution", "values.csv", what, row["contribution"], "")
        else:
            held.near("contribution", "values.csv", what, row["contribution"], weight * right.value)
    for package in () if case.right.over_totals else case.study.packages:
        parts = [
            float(r["contribution"]) for r in case.run.tables["values"] if r["package"] == package
        ]
        whole = case.right.overall[package]
        held.near("contributions sum", "values.csv", package, math.fsum(parts), whole)


def _values_sheet(case: Case, held: Ledger) -> None:
    sheet = case.run.sheets["Values"]
    names = list(case.study.criteria)
    keys = [(row["package"], row["criterion"]) for row in case.run.tables["values"]]
    held.same("rows", "workbook", "Values", len(sheet.rows), len(keys))
    for (package, name), row in zip(keys, sheet.rows, strict=False):
        right = case.right.performances[package, name]
        what = f"{package} {name}"
        held.same("title", "workbook", what, str(row["Package"]), package)
        if right.counts:
            held.near("value", "workbook", what, row["Value"], right.value)
        else:
            held.holds("what does not count", "workbook", what, not row["Value"], row["Value"], "")
        held.same("red flag", "workbook", what, row["Red flag"], _yes(right.flagged))
        adds = case.right.effective_of[package][name] * right.value
        if case.right.over_totals:
            told = row["Contribution"]
            held.holds("contribution", "workbook", what, not told, told, "")
        else:
            held.near("contribution", "workbook", what, row["Contribution"], adds)
    held.same("rows", "values.csv", "criteria", len(keys), len(names) * len(case.study.packages))


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"


def _dossiers(case: Case, held: Ledger) -> None:
    """The page's table of criteria of each package."""
    for package in case.study.packages:
        table = case.run.page.tables.get(f"c-{package}")
        if table is None:
            held.holds("value", "page", package, False, "no table of criteria", "one")
            continue
        names = list(case.study.criteria)
        held.same("rows", "page", f"criteria of {package}", len(table.rows), len(names))
        for name, row in zip(names, table.rows, strict=False):
            right = case.right.performances[package, name]
            what = f"{package} {name}"
            told, plain = row["Criterion"].text, case.study.criteria[name]["label"]
            named = told in (plain, case.labels[name])
            held.holds("label", "page", what, named, told, case.labels[name])
            if right.counts:
                held.shown("value", "page", what, row["Value"].text, right.value)
            else:
                shown = row["Value"].text
                held.same("what does not count", "page", what, shown, "does not count")
            weight = case.right.effective_of[package][name]
            _adds(case, held, "page", what, row["Contribution"].text, weight * right.value)
            said = row["Found, or rated and why"]
            flagged = bool(said.node.all("span", "flag"))
            held.same("red flag", "page", what, flagged, right.flagged)
            told = said.text
            right_ = right.state == "known" or right.state in told
            held.holds("missing performance", "page", what, right_, told, right.state)
        if table.foot:
            whole = case.right.overall[package]
            held.shown("contributions sum", "page", package, table.foot[0][1], whole)
    for command in case.run.said:
        if command.startswith("explain "):
            _explained(case, held, command.removeprefix("explain "))


def _adds(case: Case, held: Ledger, medium: str, what: str, told: str, right: float) -> None:
    """Hold what a criterion adds to a score, which is not known of totals."""
    if case.right.over_totals:
        held.same("contribution", medium, what, told, "not known")
    else:
        held.shown("contribution", medium, what, told, right)


def _explained(case: Case, held: Ledger, package: str) -> None:
    """The terminal's table of criteria of one package."""
    terminal = case.run.terminal(f"explain {package}")
    block = terminal.block("Criteria") if terminal else None
    if block is None:
        return
    held.same("rows", "explain", package, len(block.rows), len(case.study.criteria))
    for row in block.rows:
        name = row["Id"]
        held.same("label", "explain", name, row["Criterion"], case.labels.get(name))
        right = case.right.performances[package, name]
        weight = case.right.effective_of[package][name]
        what = f"{package} {name}"
        if right.state != "known":
            told = f"{right.state}: {'0' if right.counts else 'left out'}"
            held.same("missing performance", "explain", what, row["Value"], told)
        else:
            held.shown("value", "explain", what, row["Value"], right.value)
        held.shown("effective weight", "explain", what, row["Weight"], weight)
        _adds(case, held, "explain", what, row["Contribution"], weight * right.value)
        held.same("red flag", "explain", what, "RED FLAG" in row["Note"], right.flagged)


def _weights(case: Case, held: Ledger) -> None:
    for row in case.run.tables["weights"]:
        agency = row["agency"]
        held.near(
            "influence", "weights.csv", agency, row["influence"], case.right.influence[agency]
        )
        for name, weight in case.right.weights[agency].items():
            told = row.get(f"weight.{name}")
            held.near("weight", "weights.csv", f"{agency} {name}", told, weight, 1e-6)
    sheet = case.run.sheets["Weights"]
    for agency, row in zip(case.right.influence, sheet.rows, strict=False):
        numbers = [float(cell or 0) for cell in list(row.values())[2:]]
        pairs = zip(numbers, case.right.weights[agency].values(), strict=False)
        for told, weight in pairs:
            held.near("weight", "workbook", agency, told, weight, 1e-6)
    table = case.run.page.tables["weights"]
    for name, line in zip(case.study.criteria, table.rows, strict=False):
        for agency, called in case.agencies.items():
            weight = case.right.weights[agency][name]
            told = line[called].text if called in line else ""
            if weight == 0:
                held.same("weight", "page", f"{agency} {name}", told, "–")
            else:
                held.holds(
                    "weight", "page", f"{agency} {name}", percent(told, weight), told, weight
                )


def percent(told: str, share: float) -> bool:
    """Whether a text shows a share in percent; 0 and 100 are said of none and of all alone."""
    value = number(told)
    if value is None:
        return False
    if told.startswith("<"):
        return 0 < 100 * share < value
    if told.startswith(">"):
        return value < 100 * share
    places = len(told.replace("%", "").strip().partition(".")[2])
    return abs(100 * share - value) <= 0.5 * 10.0**-places + 1e-6


def _elicitation(case: Case, held: Ledger) -> None:
    right = {}
    for agency, data in case.study.agencies.items():
        right[agency, ""] = data["weights"]
        for group, statement in (data["weights"].get("groups") or {}).items():
            right[agency, group] = statement
    rows = case.run.tables["elicitation"]
    held.same("statements", "elicitation.csv", "rows", len(rows), len(right))
    for row in rows:
        statement = right[row["agency"], row["group"]]
        what = f"{row['agency']} {row['group']}"
        if "respondents" in statement:
            _, ratio, out = of_group(statement)
            held.near("inconsistency", "elicitation.csv", what, row["inconsistency"], ratio, 1e-6)
            doubts = json.loads(row["warnings_arguments"] or "[]")
            named = [n for one in doubts if one.get("left_out") for n in one["respondents"]]
            held.same("respondents left out", "elicitation.csv", what, sorted(named), sorted(out))
        elif statement["method"] == "ahp":
            ratio = eigenvector(statement)[1]
            held.near("inconsistency", "elicitation.csv", what, row["inconsistency"], ratio, 1e-6)
            warned = bool(row["warnings"])
            held.same("inconsistency warned of", "elicitation.csv", what, warned, ratio > 0.1)
    table = case.run.page.tables.get("elicitation")
    if table is None:
        return
    for told, row in zip(table.rows, rows, strict=False):
        if row["inconsistency"]:
            statement = right[row["agency"], row["group"]]
            if statement["method"] == "ahp" and "respondents" not in statement:
                held.shown(
                    "inconsistency",
                    "page",
                    row["agency"],
                    told["Inconsistency"].text,
                    eigenvector(statement)[1],
                    1e-6,
                )


def _gates(case: Case, held: Ledger) -> None:
    outcomes, of_tool = case.right.gates, of_tools(case.study)
    whole = {(p, one): told for p, found in outcomes.items() for one, told in found.items()}
    every = {**whole, **{key: told for key, (told, _) in of_tool.items()}}
    rows = case.run.tables["gates"]
    asked = sorted((row["package"], row["requirement"]) for row in rows)
    held.same("gate", "gates.csv", "which are asked", asked, sorted(every))
    for row in rows:
        key = row["package"], row["requirement"]
        held.same("gate", "gates.csv", " ".join(key), row["outcome"], every[key])
        tools = row["tools"].split("; ") if row["tools"] else []
        held.same("gate", "gates.csv", f"{key} of", tools, of_tool.get(key, ("", []))[1])
    sheet: Sheet | None = case.run.sheets.get("Gates")
    if sheet is not None and every:
        for row in sheet.rows:
            key = str(row["Package"]), str(row["Requirement"])
            held.same("gate", "workbook", " ".join(key), row["Outcome"], every[key])
    page = case.run.page
    table = page.tables.get("requirements")
    if table is None:
        held.same("gate counts", "page", "requirements", len(every), 0)
        return
    short = sorted(package for (package, _), (told, _) in of_tool.items() if told != "passed")
    listed = page.tables.get("gates-tools")
    told = [row["Package"].text.split(" ")[0] for row in listed.rows] if listed else []
    held.same("gate", "page", "of tools", sorted(told), short)
    for one, row in zip(case.study.requirements, table.rows, strict=True):
        for head, outcome in (
            ("Passed", "passed"),
            ("Failed", "failed"),
            ("Not settled", "unknown"),
        ):
            count = sum(of == one["id"] and told == outcome for (_, of), told in every.items())
            held.same("gate counts", "page", f"{one['id']} {head}", row[head].text, str(count))
        name = row["Requirement"].text
        told = "not asked" in name
        held.same("gate counts", "page", f"{one['id']} asked", told, not case.study.holds(one))
    for outcome in ("failed", "unknown"):
        right = sorted(p for p, found in outcomes.items() for o in found.values() if o == outcome)
        told_table = page.tables.get(f"gates-{outcome}")
        told = (
            sorted(row["Package"].text.split(" ")[0] for row in told_table.rows)
            if told_table
            else []
        )
        held.same("gate", "page", outcome, told, right)
    terminal = case.run.terminal("run")
    if terminal is not None:
        block = terminal.block("Failed a requirement")
        told = sorted(row["Package"] for row in block.rows) if block else []
        right = sorted(p for p, found in outcomes.items() for o in found.values() if o == "failed")
        held.same("gate", "terminal", "failed", told, right)
        block = terminal.block("Not passed for a tool")
        told = sorted(row["Package"] for row in block.rows) if block else []
        held.same("gate", "terminal", "of tools", told, short)


def _scores(case: Case, held: Ledger) -> None:
    """Agency scores wherever they stand."""
    for table in ("agency_scores", "ranking"):
        for row in case.run.tables[table]:
            for agency in case.agencies:
                told = row.get(f"score.{agency}")
                _score(case, held, f"{table}.csv", row["package"], agency, told)
    for row in case.run.sheets["Ranking"].rows:
        for agency, called in case.agencies.items():
            _score(case, held, "workbook", str(row["Package"]), agency, row.get(called))
    _shown_scores(case, held)


def _score(case: Case, held: Ledger, medium: str, package: str, agency: str, told: object) -> None:
    right = case.right.agency_scores[package][agency]
    held.near("agency score", medium, f"{package} {agency}", told, right)


def _shown_scores(case: Case, held: Ledger) -> None:
    right = case.right.agency_scores
    for name in ("ranked", "side-by-side"):
        for row in case.run.page.tables[name].rows:
            package = row["Package"].text.split(" ")[0]
            for agency, called in case.agencies.items():
                heads = (h for h in row if h == called or h.startswith(f"{called} floor"))
                head = next(heads, None)
                told, what = row[head].text if head else None, f"{name} {package} {agency}"
                held.shown("agency score", "page", what, told, right[package][agency])
    terminal = case.run.terminal("run")
    block = terminal.block("Scores by agency") if terminal else None
    for line in block.rows if block else ():
        for agency, called in case.agencies.items():
            package = line["Package"]
            what = f"{package} {agency}"
            held.shown("agency score", "terminal", what, line.get(called), right[package][agency])


def _influence(case: Case, held: Ledger) -> None:
    """The key of the bars names each agency with its influence."""
    ranking = case.run.page.sections["ranking"]
    keys = [one.text for block in ranking.all("ul", "legend") for one in block.all("li")]
    if not keys:
        return
    for key, (agency, called) in zip(keys, case.agencies.items(), strict=True):
        name, _, told = key.rpartition(" × ")
        right = case.right.influence[agency]
        told_so = name == called and percent(told, right)
        held.holds("influence", "page", agency, told_so, key, right)
