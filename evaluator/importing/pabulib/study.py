"""The sections of a `.pb` file -> a study: projects ask, all or nothing, for one budget."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from evaluator.errors import InvalidStudyError, Problem, did_you_mean
from evaluator.importing.documents import (
    agency,
    citation,
    identifiers,
    measure,
    noun,
    number,
    scenario,
)
from evaluator.importing.material import (
    SCENARIO,
    Imported,
    Left,
    Note,
    Place,
    Reader,
    Row,
    Source,
    Taken,
)
from evaluator.importing.pabulib.ballots import (
    KINDS,
    MOST_GROUPS,
    POINTED,
    Support,
    count,
    group_column,
)
from evaluator.importing.pabulib.file import Line, Section, is_pabulib, read_sections
from evaluator.letters import folded
from evaluator.loading.tables.cells import MOST_MONEY
from evaluator.sanitize import shortened

_AMOUNT = re.compile(r"[0-9]+(\.[0-9]+)?")
_NEEDED = {"PROJECTS": ("project_id", "cost"), "VOTES": ("voter_id", "vote")}
_FACTS = ("category", "district", "subunit", "neighborhood", "target", "beneficiaries")
"""Columns of projects that become columns of packages."""
_TAKEN_KEYS = (
    *("description", "unit", "instance", "budget", "vote_type", "currency", "date_end"),
    *("date_begin", "max_length", "max_points", "max_sum_points", "default_score"),
    "min_project_score_threshold",
)
_UNCARRIED = (
    *("budget_per_category", "budget_per_neighborhood", "max_sum_cost_per_category"),
    *("min_length_per_category", "categories", "subdistricts", "neighborhoods", "fully_funded"),
    *("leftover_budget", "scoring_fn"),
)
_UP, _DOWN = "rounded up to a whole unit", "rounded down to a whole unit"
_DAYS = (
    (re.compile(r"(\d{4})-(\d{2})-(\d{2})"), (1, 2, 3)),
    (re.compile(r"(\d{2})\.(\d{2})\.(\d{4})"), (3, 2, 1)),
)
_CURRENCY = re.compile("[A-Z]{3}")
_YEAR = re.compile(r"\d{4}")
_TOOL = "budget.grant"
_VOCABULARY = {
    "agency": noun("district"),
    "package": noun("project"),
    "tool": noun("budget"),
    "institution": noun("fund"),
    "envelope": noun("budget"),
}


def read(source: Source, day: dt.date) -> Imported:
    """Read a participatory budget: projects, their costs, the budget, the ballots.

    A project asks for its cost, all or nothing, of the one budget. Its support is measured: votes
    or points, of the most that the ballots could give. Voters of several districts are a body each,
    with the influence of their number. day: of the study, where the file states none. Raises
    InvalidStudyError with all faults, each at its line.
    """
    meta, at, projects, votes = read_sections(source)
    problems: list[Problem] = []
    _check(meta, at, projects, votes, source, problems)
    if problems:
        raise InvalidStudyError(problems)
    names = [projects.cell(line, "project_id") for line in projects.lines]
    support = count(votes, meta, names, problems)
    if problems:
        raise InvalidStudyError(problems)
    if not support.ballots:
        fact = "VOTES holds no ballot."
        raise InvalidStudyError([Problem(source.name, fact, "Add the ballots.")])
    return _study(source, day, meta, at, projects, votes, support)


READER = Reader("pabulib", "a participatory budget with its ballots, .pb", is_pabulib, read)


def _check(
    meta: Mapping[str, str],
    at: Mapping[str, int],
    projects: Section,
    votes: Section,
    source: Source,
    problems: list[Problem],
) -> None:
    """Add what is missing, and cells of projects that cannot be read."""
    kind = meta.get("vote_type", "")
    for key in ("budget", "vote_type"):
        if not meta.get(key):
            problems.append(Problem(f"{source.name}, META", f"{key} is missing.", "State it."))
    if kind and kind not in KINDS:
        fact = f"the vote_type '{shortened(kind)}' is not known here."
        problems.append(Problem(_meta(source, at, "vote_type"), fact, did_you_mean(kind, KINDS)))
    if meta.get("budget"):
        _amount(meta["budget"], _meta(source, at, "budget"), problems)
    needed = {**_NEEDED, "VOTES": (*_NEEDED["VOTES"], *(("points",) if kind in POINTED else ()))}
    lacking = [
        Problem(f"{source.name}, {part.name}", f"the column '{name}' is missing.", "Add it.")
        for part in (projects, votes)
        for name in needed[part.name]
        if name not in part.indices
    ]
    problems += lacking
    if lacking:
        return
    if not projects.lines:
        problems.append(Problem(source.name, "PROJECTS holds no project.", "Add a row."))
    first: dict[str, int] = {}
    for line in projects.lines:
        name = projects.cell(line, "project_id")
        where = str(projects.place(line, "project_id"))
        if not name or "," in name:
            problems.append(Problem(where, f"'{name}' is no id of a project.", "Mend it."))
        elif name in first:
            fact = f"the project '{shortened(name)}' stands in line {first[name]} already."
            problems.append(Problem(where, fact, "Keep one of the two."))
        first.setdefault(name, line.number)
        _amount(projects.cell(line, "cost"), str(projects.place(line, "cost")), problems)


def _amount(text: str, where: str, problems: list[Problem]) -> None:
    if not _AMOUNT.fullmatch(text):
        fact = f"'{shortened(text)}' is no amount."
        remedy = "Write digits, with a point for decimals and no other separator."
        problems.append(Problem(where, fact, remedy))
    elif Decimal(text) > MOST_MONEY:
        fact = f"{shortened(text)} is above 10^15."
        problems.append(Problem(where, fact, "Check the unit."))


def _meta(source: Source, at: Mapping[str, int], key: str) -> str:
    return str(Place(source.file, "META", at[key], 1, lines=True))


def _study(
    source: Source,
    day: dt.date,
    meta: Mapping[str, str],
    at: Mapping[str, int],
    projects: Section,
    votes: Section,
    support: Support,
) -> Imported:
    ids = identifiers([projects.cell(line, "project_id") for line in projects.lines])
    groups = identifiers(sorted(support.ballots), dots=False)
    if len(groups) == 1:
        groups = dict.fromkeys(support.ballots, "voters")
    facts = [name for name in _FACTS if name in projects.indices]
    threshold = meta.get("min_project_score_threshold", "")
    bar = Decimal(threshold) if _AMOUNT.fullmatch(threshold) and Decimal(threshold) else None
    budget = int(Decimal(meta["budget"]).to_integral_value(ROUND_FLOOR))
    documents = _documents(source, day, meta, groups, support, budget, facts, bar)
    record: list[Taken | Left] = [*_meta_record(source, meta, at, budget)]
    spelled: dict[tuple[str, str], str] = {}
    packages: list[Row] = []
    requests: list[Row] = []
    measures: list[Row] = []
    for line in projects.lines:
        package, *asked = _project(line, projects, ids, facts, spelled, record)
        packages.append(package)
        requests += asked
    for row, (name, own) in zip(packages, ids.items(), strict=True):
        for group, body in groups.items():
            points = support.of(name, group)
            measures.append(_measured(own, body, points, meta, source, row.places["id"]))
    if bar is not None:
        packages = [
            Row({**row.cells, "support": str(support.of(name))}, row.places)
            for row, name in zip(packages, ids, strict=True)
        ]
    record += support.record
    record += [
        Left(Place(source.file, part.name, part.top, index, lines=True), name, "head")
        for part in (projects, votes)
        for index, name in enumerate(part.head)
        if name
    ]
    return Imported(
        {"packages": packages, "requests": requests, "measures": measures},
        documents,
        record,
        tuple(_notes(source, day, meta, projects, votes, support, bar)),
    )


def _project(
    line: Line,
    projects: Section,
    ids: Mapping[str, str],
    facts: Sequence[str],
    spelled: dict[tuple[str, str], str],
    record: list[Taken | Left],
) -> list[Row]:
    """Return the row of a project, and that of what it asks for."""
    name = projects.cell(line, "project_id")
    own = ids[name]
    title = projects.cell(line, "name") or name
    cells, places = {"id": own, "title": title}, {"id": projects.place(line, "project_id")}
    record.append(Taken(places["id"], name, own, "packages.id", own))
    if projects.cell(line, "name"):
        places["title"] = projects.place(line, "name")
        record.append(Taken(places["title"], title, title, "packages.title", own))
    for fact in facts:
        text = projects.cell(line, fact)
        if not text:
            continue
        cells[fact] = spelled.setdefault((fact, folded(text)), text)
        places[fact] = projects.place(line, fact)
        how = "" if cells[fact] == text else "spelled as before"
        record.append(Taken(places[fact], text, cells[fact], f"packages.{fact}", own, how))
    for column in projects.head:
        text = projects.cell(line, column) if column else ""
        if text and column not in (*facts, "project_id", "name", "cost"):
            record.append(Left(projects.place(line, column), text, "column"))
    cost = projects.cell(line, "cost")
    amount = int(Decimal(cost).to_integral_value(ROUND_CEILING))
    place = projects.place(line, "cost")
    how = "" if Decimal(cost) == amount else _UP
    record.append(Taken(place, cost, str(amount), "requests.amount_usd", own, how))
    rows = [Row(cells, places)]
    if amount:
        asked = {"package": own, "tool": _TOOL, "amount_usd": str(amount), "all_or_nothing": "yes"}
        rows.append(Row(asked, {"package": places["id"], "amount_usd": place}))
    return rows


def _measured(
    package: str, body: str, points: Decimal, meta: Mapping[str, str], source: Source, place: Place
) -> Row:
    cells = {
        "package": package,
        "criterion": f"{body}.support",
        "value": str(points),
        "unit": _unit(meta),
        "origin": "ballots",
        "source": f"{source.file}, VOTES",
    }
    return Row(cells, {"package": place})


def _unit(meta: Mapping[str, str]) -> str:
    return "votes" if meta["vote_type"] in ("approval", "choose-1") else "points"


def _documents(
    source: Source,
    day: dt.date,
    meta: Mapping[str, str],
    groups: Mapping[str, str],
    support: Support,
    budget: int,
    facts: Sequence[str],
    bar: Decimal | None,
) -> dict[str, Any]:
    """Return the files of a study: its scenario, the bodies of voters, the budget."""
    title = meta.get("description") or source.path.stem
    ballots = f"{source.file}, VOTES"
    everybody = support.ballots.total()
    shares = {body: support.ballots[group] / everybody for group, body in groups.items()}
    parts: dict[str, Any] = {
        "programme": " ".join(meta[key] for key in ("unit", "instance") if meta.get(key)) or title,
        "financing": "financing",
        "vocabulary": _VOCABULARY,
        "allocation": {"objective": "coverage"},
    }
    if _CURRENCY.fullmatch(meta.get("currency", "")):
        parts["currency"] = {"code": meta["currency"]}
    found: dict[str, Any] = {
        SCENARIO: scenario(title, _day(meta, day)[0], shares, ballots, **parts),
        "scenarios/financing/budget.yaml": _budget(source, meta, budget),
    }
    unit = _unit(meta)
    for group, body in groups.items():
        count = support.ballots[group]
        best, worst = number(float(support.most * count)), number(float(support.least * count))
        value = {"linear": {"worst": worst, "best": best}}
        one = measure("support", unit.capitalize(), unit, value, ballots)
        weights = {"method": "points", "confidence": "seen", "judgements": {"support": 100}}
        name = group if len(groups) > 1 else "Voters"
        found[f"criteria/{body}.yaml"] = agency(body, name, [one], weights)
    columns = [{"id": name, "label": name.capitalize(), "type": "text"} for name in facts]
    if bar is not None:
        columns.append({"id": "support", "label": unit.capitalize(), "type": "number"})
        check = {"attribute": {"id": "support", "at_least": number(float(bar))}}
        found["criteria/requirements.yaml"] = {
            "requirements": [
                {
                    "id": "enough_support",
                    "label": f"At least {number(float(bar)):g} {unit}",
                    "check": check,
                    "citation": citation(f"{source.file}, META min_project_score_threshold"),
                }
            ]
        }
    if columns:
        found["criteria/attributes.yaml"] = {"attributes": columns}
    return found


def _budget(source: Source, meta: Mapping[str, str], budget: int) -> dict[str, Any]:
    stated = citation(f"{source.file}, META budget")
    tool = {
        "id": "grant",
        "label": "Participatory budget",
        "statute": citation(meta.get("description") or source.file),
        "envelope": {"amount": budget, "citation": stated},
        "subsidy": {"rate": 1, "citation": stated},
    }
    return {"institution": "budget", "name": meta.get("unit") or "Town", "tools": [tool]}


def _day(meta: Mapping[str, str], day: dt.date) -> tuple[str, bool]:
    """Return the last day of the vote, and whether it is stated as a day."""
    for key in ("date_end", "date_begin"):
        for form, (year, month, of) in _DAYS:
            if told := form.fullmatch(meta.get(key, "")):
                return f"{told[year]}-{told[month]}-{told[of]}", True
    for key in ("date_end", "date_begin", "instance"):
        if told := _YEAR.search(meta.get(key, "")):
            return f"{told[0]}-12-31", False
    return day.isoformat(), False


def _meta_record(
    source: Source, meta: Mapping[str, str], at: Mapping[str, int], budget: int
) -> Iterator[Taken | Left]:
    for key, text in meta.items():
        place = Place(source.file, "META", at[key], 1, lines=True)
        yield Left(Place(source.file, "META", at[key], 0, lines=True), key, "head")
        if not text:
            continue
        if key == "budget":
            how = "" if Decimal(text) == budget else _DOWN
            yield Taken(place, text, str(budget), "budget.grant.envelope", "", how)
        elif key in _TAKEN_KEYS:
            yield Taken(place, text, text, f"META.{key}", "")
        else:
            yield Left(place, text, "format")


def _notes(
    source: Source,
    day: dt.date,
    meta: Mapping[str, str],
    projects: Section,
    votes: Section,
    support: Support,
    bar: Decimal | None,
) -> Iterator[Note]:
    where = source.name
    amounts = [projects.cell(line, "cost") for line in projects.lines]
    odd = sum(Decimal(text) % 1 != 0 for text in [*amounts, meta["budget"]])
    if odd:
        yield Note("amounts_rounded", where, {"count": odd})
    if support.once:
        yield Note("ballots_name_twice", where, {"count": support.once})
    told, stated = _day(meta, day)
    if not stated:
        yield Note("day_supposed", where, {"day": told})
    uncarried = tuple(key for key in _UNCARRIED if meta.get(key))
    if uncarried:
        yield Note("keys_left", where, {"section": "META", "keys": uncarried})
    if meta.get("rule"):
        yield Note("rule_left", where, {"rule": meta["rule"]})
    unused = tuple(
        name for name in votes.head if name and name not in ("voter_id", "vote", "points")
    )
    column, groups = group_column(votes)
    left = tuple(name for name in unused if name != column)
    if left:
        yield Note("particulars_left", where, {"columns": left})
    if column is None and groups > MOST_GROUPS:
        yield Note("groups_many", where, {"count": groups, "most": MOST_GROUPS})
    if bar is not None:
        yield Note("threshold_is_requirement", where, {"number": number(float(bar))})
