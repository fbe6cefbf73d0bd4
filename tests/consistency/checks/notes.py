"""What a run rests on and is warned of: sources, changes, overrides, notes, fingerprints."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tests.consistency.case import Case
from tests.consistency.financing import appropriation, lapsed
from tests.consistency.ledger import Ledger
from tests.consistency.rounding import agrees
from tests.consistency.weights import eigenvector, of_group, ratio_of

_NOT_ASKED = "requirement_outside_its_days"
_WORDS = ("seen", "seen-old", "press", "derived", "unverified", "illustrative")
IF_ENACTED = "if enacted"


def check(case: Case, held: Ledger) -> None:
    """Hold what stands around the numbers."""
    _confidence(case, held)
    _bills(case, held)
    _fingerprint(case, held)
    _changes(case, held)
    _overrides(case, held)
    _notes(case, held)


def sources(case: Case) -> Iterator[str]:
    """Yield the confidence of each number and rule that a study rests on."""
    study = case.study
    for requirement in study.requirements:
        yield _counted(requirement["citation"])
    for criterion in study.criteria.values():
        yield _counted(criterion["citation"])
    for scale in study.scales.values():
        yield _counted(scale["citation"])
    for agency in study.agencies.values():
        statement = agency["weights"]
        yield _counted(statement.get("citation") or statement)
    scenario = study.scenario
    yield from (IF_ENACTED for _ in scenario.get("if_enacted") or ())
    yield _counted(scenario["influence"]["citation"])
    for part in (scenario.get("designation") or {}, scenario.get("call") or {}):
        if "citation" in part:
            yield _counted(part["citation"])
    for part in (scenario.get("coordination") or {}, *study.calendars.values()):
        if "citation" in part:
            yield _counted(part["citation"])
    yield from _financing(case)
    for attribute in (*study.attributes.values(), *study.country_attributes.values()):
        if "citation" in attribute:
            yield _counted(attribute["citation"])


def _counted(citation: Mapping[str, Any]) -> str:
    return IF_ENACTED if "bill" in citation else str(citation["confidence"])


def _financing(case: Case) -> Iterator[str]:
    study = case.study
    for institution in study.institutions.values():
        if "authority" in institution:
            yield _counted(institution["authority"]["citation"])
        state = appropriation(study, institution["institution"])
        if state:
            yield _counted(state["citation"])
    for parameter in study.parameters.values():
        valid = [v for v in parameter["values"] if str(v["from"]) <= str(study.as_of)]
        yield _counted(max(valid, key=lambda v: str(v["from"]))["citation"])
    for tool in study.tools.values():
        yield _counted(tool["statute"])
        yield _counted(tool["envelope"]["citation"])
        yield _counted(tool["subsidy"]["citation"])
    for limit in study.limits.values():
        yield _counted(limit["citation"])


def _confidence(case: Case, held: Ledger) -> None:
    right = Counter(sources(case))
    told = case.run.manifest["confidence"]
    supposed = [IF_ENACTED] if right[IF_ENACTED] else []
    held.same("counts of confidence", "manifest", "kinds", set(told) - {*_WORDS}, {*supposed})
    for name in (*_WORDS, *supposed):
        held.same("counts of confidence", "manifest", name, told[name], right[name])
    table = case.run.page.tables["confidence"]
    for row in table.rows:
        name = row["Confidence"].text
        held.same("counts of confidence", "page", name, row["Count"].text, str(right[name]))
    total = sum(right.values())
    held.same("count of sources", "sources.csv", "rows", len(case.run.tables["sources"]), total)
    held.same(
        "count of sources", "page", "rows", len(case.run.page.tables["source-table"].rows), total
    )
    held.same("count of sources", "workbook", "rows", len(case.run.sheets["Sources"].rows), total)
    terminal = case.run.terminal("run")
    if terminal is not None:
        line = next((x for x in terminal.lines if x.startswith("The result rests on")), "")
        counts = {n: int(c) for c, n in re.findall(r"(\d+) ([a-z -]+)", line)}
        held.same(
            "counts of confidence",
            "terminal",
            "line",
            counts,
            {n: c for n, c in right.items() if c},
        )


def _bills(case: Case, held: Ledger) -> None:
    """A bill that is supposed to be law is marked at the head of every medium."""
    bills = [one["bill"] for one in case.study.scenario.get("if_enacted") or ()]
    held.same("mark of a bill", "manifest", "bills", case.run.manifest["if_enacted"], bills)
    mark = f"If enacted: {', '.join(bills)}. Not law" if bills else "If enacted:"
    run = case.run
    heads = {
        "page": next(one.text for one in run.page.root.all("aside")),
        "brief": f"{run.brief.text} {run.brief.foot}" if run.brief else None,
        "workbook": " ".join(str(sheet.cells[0][0]) for sheet in run.sheets.values()),
        **{name: run.said[name].out for name in ("run", "validate") if name in run.said},
    }
    for medium, text in heads.items():
        if text is not None:
            held.same("mark of a bill", medium, "head", mark in text, bool(bills))
    told = heads["workbook"]
    held.same(
        "mark of a bill", "workbook", "sheets", told.count(mark), len(run.sheets) * bool(bills)
    )


def _fingerprint(case: Case, held: Ledger) -> None:
    whole = case.run.manifest["fingerprint"]
    short = whole[:12]
    held.holds(
        "fingerprint",
        "folder",
        "name",
        case.run.folder.name.endswith(short),
        case.run.folder.name,
        short,
    )
    facts = [node.text for node in case.run.page.root.all("code")]
    held.holds("fingerprint", "page", "masthead", short in facts, facts[:3], short)
    cells = [str(cell) for row in case.run.sheets["Run"].cells for cell in row if cell is not None]
    held.holds("fingerprint", "workbook", "Run", whole in cells, "not there", whole)
    for command in ("run", "show"):
        said = case.run.said.get(command)
        if said is not None:
            first = said.out.partition("\n")[0]
            held.holds("fingerprint", "terminal", command, first.endswith(short), first, short)
    title = case.study.scenario["title"]
    held.same("title", "manifest", "scenario", case.run.manifest["title"], title)
    heading = case.run.page.root.all("h1")[0].text
    held.same("title", "page", "scenario", heading, title)
    run, show = case.run.said.get("run"), case.run.said.get("show")
    if run is not None and show is not None:
        body = run.out.partition("\nRun     ")[0].strip()
        held.same("show repeats run", "terminal", "text", show.out.strip(), body)


def _changes(case: Case, held: Ledger) -> None:
    right = case.study.changes
    told = case.run.manifest["changes"]
    held.same("changes", "manifest", "count", len(told), len(right))
    for one, mine in zip(told, right, strict=False):
        held.same("changes", "manifest", "key", one["set"], mine["set"])
        held.holds(
            "changes",
            "manifest",
            mine["set"],
            _alike(one["old"], mine["old"]),
            one["old"],
            mine["old"],
        )
        held.holds(
            "changes",
            "manifest",
            mine["set"],
            _alike(one["new"], mine["to"]),
            one["new"],
            mine["to"],
        )
        held.same("changes", "manifest", "reason", one["because"], mine["because"])
    table = case.run.page.tables.get("changes-table")
    rows = table.rows if table else []
    held.same("changes", "page", "count", len(rows), len(right))
    terminal = case.run.terminal("run")
    block = terminal.block("Changes") if terminal else None
    held.same("changes", "terminal", "count", len(block.rows) if block else 0, len(right))
    for row, mine in zip(rows, right, strict=False):
        held.holds(
            "changes",
            "page",
            mine["set"],
            mine["set"] in row["What"].text.replace(" ", ""),
            row["What"].text,
            mine["set"],
        )
        for head, value in (("From", mine["old"]), ("To", mine["to"])):
            held.holds(
                "changes",
                "page",
                f"{mine['set']} {head}",
                _says(row[head].text, value),
                row[head].text,
                value,
            )
    for line, mine in zip(block.rows if block else (), right, strict=False):
        for head, value in (("From", mine["old"]), ("To", mine["to"])):
            held.holds(
                "changes",
                "terminal",
                f"{mine['set']} {head}",
                _says(line[head], value),
                line[head],
                value,
            )


def _alike(told: Any, right: Any) -> bool:
    if isinstance(right, dict):
        return isinstance(told, dict) and all(_alike(told.get(k), v) for k, v in right.items())
    if isinstance(right, int | float) and isinstance(told, int | float):
        return abs(told - right) < 1e-9
    return str(told) == str(right)


def _says(text: str, value: Any) -> bool:
    """Whether a text tells each number of a value; a share may stand in percent."""
    if value is None:
        return not re.search(r"\d", text) or "default" in text
    numbers = list(value.values()) if isinstance(value, dict) else [value]
    units = {"billion": 1e9, "million": 1e6}
    unit = next((u for word, u in units.items() if word in text), 1.0)
    told = re.findall(r"\d[\d,]*(?:\.\d+)?", text)
    return all(
        any(agrees(one, wanted / scale) for one in told for scale in (1, unit, 0.01))
        for wanted in map(float, numbers)
    )


def overrides(case: Case) -> list[tuple[str, str, str]]:
    """Return kind, subject and reason of every named override."""
    rule = case.study.scenario.get("designation") or {}
    settings = case.study.scenario.get("allocation") or {}
    return [
        (kind, subject, one["because"])
        for part, kind in (
            (rule, "include"),
            (rule, "exclude"),
            (settings, "must"),
            (settings, "must_not"),
            (settings, "ignore"),
        )
        for subject, one in (part.get(kind) or {}).items()
    ]


def _overrides(case: Case, held: Ledger) -> None:
    """Every override stands in decision, brief, terminal and, of a package, in `explain`."""
    decision = case.run.page.sections["decision"].text
    brief = case.run.brief.text if case.run.brief else ""
    for kind, subject, because in overrides(case):
        what = f"{kind} {subject}"
        text = because.removesuffix(".")
        held.holds("override", "page", what, text in decision, "not in the decision", because)
        held.holds("override", "brief", what, text in brief, "not there", because)
        said = case.run.said.get("run")
        if said is not None:
            held.holds("override", "terminal", what, text in said.out, "not there", because)
        explained = case.run.said.get(f"explain {subject}")
        if explained is not None:
            held.holds("override", "explain", what, text in explained.out, "not there", because)


def _notes(case: Case, held: Ledger) -> None:
    told = case.run.manifest["notes"]
    missing = case.missing
    for package, name in missing:
        found = any(package in str(one) and name in str(one) for one in told)
        held.holds(
            "note of what is missing", "manifest", f"{package} {name}", found, "no note", "one"
        )
    clamped = [key for key, one in case.right.performances.items() if one.clamped]
    for package, name in clamped:
        found = any(package in str(one) and name in str(one) for one in told)
        held.holds(
            "note of what is clamped", "manifest", f"{package} {name}", found, "no note", "one"
        )
    off = [tool for tool in case.study.tools if lapsed(case.study, tool)]
    for tool in off:
        held.holds(
            "note of a lapsed authority",
            "manifest",
            tool,
            any(tool in str(n) for n in told),
            "no note",
            "one",
        )
    states = {
        (i, state["state"], state.get("rate"))
        for i in case.study.institutions
        if (state := appropriation(case.study, i)).get("state") in ("none", "continuing")
    }
    stated = {
        tuple(n["arguments"][key] for key in ("institution", "state", "rate"))
        for n in told
        if n["code"] == "not_appropriated"
    }
    held.same("note of an appropriation", "manifest", "all", stated, states)
    idle = {one["id"] for one in case.study.requirements if not case.study.holds(one)}
    said = {n["arguments"]["requirement"] for n in told if n["code"] == _NOT_ASKED}
    held.same("note of a requirement not asked", "manifest", "all", said, idle)
    groups = Counter(row["exclusive_group"] for row in case.study.packages.values())
    alone = {one["arguments"]["group"] for one in told if one["code"] == "group_of_one"}
    for group, members in groups.items():
        if group:
            held.holds(
                "note of a group of one",
                "manifest",
                group,
                (group in alone) == (members == 1),
                "told otherwise",
                str(members),
            )
    doubtful = _inconsistent(case)
    for command in ("run", "show", "validate"):
        said = case.run.said.get(command)
        if said is None:
            continue
        for agency, ratio in doubtful:
            shown = f"{ratio:.3f}"
            held.holds(
                "warning printed", command, agency, shown in said.out + said.err, "not there", shown
            )


def _inconsistent(case: Case) -> list[tuple[str, float]]:
    """Return the agencies whose pairwise judgements are too inconsistent, with their ratios."""
    found = []
    for agency, data in case.study.agencies.items():
        statements = [data["weights"], *(data["weights"].get("groups") or {}).values()]
        for one in statements:
            if "respondents" in one:
                found += [(agency, ratio) for ratio in _of_respondents(one)]
            elif one["method"] == "ahp" and (ratio := eigenvector(one)[1]) > 0.1:
                found.append((agency, ratio))
    return found


def _of_respondents(statement: dict[str, Any]) -> list[float]:
    """Return the ratios over the bound that is stated, or 0.1 of AHP, and that of the whole."""
    method, pairwise = statement["method"], statement["method"] == "ahp"
    limit = statement.get("leave_out_above", 0.1 if pairwise else math.inf)
    shared = {k: statement[k] for k in ("random_index",) if k in statement}
    every = [ratio_of(method, {**shared, **one}) for one in statement["respondents"]]
    whole = of_group(statement)[1]
    judged = pairwise and statement.get("aggregate", "judgements") == "judgements"
    return [*(one for one in every if one > limit), *([whole] if judged and whole > 0.1 else [])]
