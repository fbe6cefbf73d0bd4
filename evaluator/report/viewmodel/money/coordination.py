"""What each institution is to do: amounts, notices due, when it may act, what is not in time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

from evaluator.allocation.explain.findings import NotInTime
from evaluator.model.calendar import READINGS, Reading
from evaluator.model.financing import Institution
from evaluator.model.scenario import Coordination
from evaluator.model.study import Study
from evaluator.report.formatting.money import Unit
from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.phrases import sentence
from evaluator.report.formatting.records import Record, records
from evaluator.report.messages import say, say_all
from evaluator.report.messages.notices import clock_in_words
from evaluator.results.evaluation import Evaluation

Tables = Mapping[str, Sequence[Record]]
_TABLES = ("notices", "clocks", "acts", "notice_contents")
_HEADS: dict[Reading, str] = {
    "calendar": "calendar days",
    "every_day": "every day counts",
    "ended": "to the last planned day",
    "planned": "planned days alone",
    "adjourned": "in an adjournment",
}


@dataclass(frozen=True)
class Due:
    """A notice that is due, with its clock."""

    key: str
    """A letter by which the packages name it."""
    label: str
    citation: str
    confidence: str
    packages: int
    clock: str
    """In words; empty where it has none."""
    counts: tuple[tuple[str, str, str], ...]
    """By reading: its head, the earliest act (of several packages the first and the last), and the
    last day to start."""


@dataclass(frozen=True)
class Support:
    """What a package is to get of an institution."""

    package: str
    title: str
    amounts: tuple[int, ...]
    """By tool."""
    total: int
    notices: str
    earliest: tuple[str, ...]
    late: str
    """Whether it is in time, where that is not sure; empty where it is."""


@dataclass(frozen=True)
class Told:
    """What a notice tells of its packages: heads, and rows of package, title and cells."""

    label: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[str, ...]], ...]
    missing: int


@dataclass(frozen=True)
class Acting:
    """One institution with what it is to give."""

    institution: str
    name: str
    lapses_on: str
    unit: Unit
    tools: tuple[str, ...]
    readings: tuple[str, ...]
    """Heads of the counts of days."""
    packages: tuple[Support, ...]
    totals: tuple[int, ...]
    total: int
    due: tuple[Due, ...]
    contents: tuple[Told, ...]


@dataclass(frozen=True)
class Coordinated:
    """The page of the body that coordinates; None where the study names none."""

    body: Coordination | None
    seats: tuple[tuple[str, str, str], ...]
    """Role, name, and what it is in the study: an agency that judges, tools that it gives."""
    started: str
    late: tuple[str, ...]
    """What is not in time, in sentences."""
    institutions: tuple[Acting, ...]


def coordination(evaluation: Evaluation) -> Coordinated | None:
    """Return what the coordinating body is shown; None where notices were not asked for."""
    asked = evaluation.extended.tables if evaluation.extended else {}
    if "acts" not in asked:
        return None
    names, study = names_of(evaluation), evaluation.study
    tables = {name: records(asked[name].table) for name in _TABLES}
    acts = _by(tables["acts"], "institution")
    with_tools = [one for one in study.institutions if acts.get(one.institution)]
    late = [note for note in evaluation.allocation.notes if isinstance(note, NotInTime)]
    return Coordinated(
        body=study.scenario.coordination,
        seats=tuple(_seats(evaluation)),
        started=sentence(say_all(asked["acts"].rules, names)),
        late=tuple(sentence(say(note, names)) for note in late),
        institutions=tuple(
            _acting(evaluation, one, acts[one.institution], tables) for one in with_tools
        ),
    )


def _seats(evaluation: Evaluation) -> Iterator[tuple[str, str, str]]:
    w = names_of(evaluation).words
    body, names = evaluation.study.scenario.coordination, names_of(evaluation)
    for seat in body.members if body else ():
        tools = [
            names.tool_alone(tool)
            for tool, owner in evaluation.study.institution_of.items()
            if owner.institution == seat.institution
        ]
        judges = [f"judges the {w.packages}"] if seat.agency is not None else []
        gives = [f"acts on {', '.join(tools)}"] if tools else []
        yield sentence(seat.role)[:-1], seat.name, "; ".join([*judges, *gives])


def _acting(
    evaluation: Evaluation, owner: Institution, acts: Sequence[Record], tables: Tables
) -> Acting:
    study, names = evaluation.study, names_of(evaluation)
    tools = [tool for tool, one in study.institution_of.items() if one is owner]
    amounts = evaluation.allocation.amounts[tools].to_dict("index")
    totals = {tool: sum(row[tool] for row in amounts.values()) for tool in tools}
    used = [tool for tool in tools if totals[tool]]
    there = {row["reading"] for row in acts}
    readings = [one for one in READINGS if one in there and (one != "calendar" or len(there) == 1)]
    due = _due(evaluation.study, used, owner, tables)
    keys = {limit: one.key for limit, one in due.items()}
    titles, mine = evaluation.ranking["title"], _by(acts, "package")
    called = _notices(keys, tables)
    rows = tuple(
        Support(
            package=package,
            title=titles[package],
            amounts=tuple(amounts[package][tool] for tool in used),
            total=mine[package][0]["amount_usd"],
            notices=", ".join(called[package]) or "–",
            earliest=_days(mine[package], readings),
            late=_late(mine[package]),
        )
        for package in map(str, titles.index)
        if package in mine
    )
    return Acting(
        institution=owner.institution,
        name=owner.name,
        lapses_on=owner.authority.lapses_on.isoformat() if owner.authority else "",
        unit=names.words.money.unit([usd for row in rows for usd in row.amounts]),
        tools=tuple(names.tool_alone(tool) for tool in used),
        readings=tuple(_HEADS[one] for one in readings) if len(readings) > 1 else ("act",),
        packages=rows,
        totals=tuple(totals[tool] for tool in used),
        total=sum(totals.values()),
        due=tuple(due.values()),
        contents=tuple(_contents(evaluation, keys, tables)),
    )


def _due(study: Study, used: Sequence[str], owner: Institution, tables: Tables) -> dict[str, Due]:
    """Return the notices that are due on the tools that an institution gives of, by limit."""
    mine = [row for row in tables["clocks"] if row["institution"] == owner.institution]
    clocks = _by(mine, "limit")
    found: dict[str, Due] = {}
    for limit, rows in _by(tables["notices"], "limit").items():
        if not {*used} & {*study.tools_matching(study.limits[limit].tools)}:
            continue
        clock = study.limits[limit].clock
        found[limit] = Due(
            key=_letter(len(found)),
            label=rows[0]["label"],
            citation=rows[0]["citation"],
            confidence=rows[0]["confidence"],
            packages=len({package for row in rows for package in row["packages"]}),
            clock="" if clock is None else clock_in_words(clock, study),
            counts=_counts(clocks.get(limit, ())),
        )
    return found


def _notices(keys: Mapping[str, str], tables: Tables) -> Mapping[str, list[str]]:
    """Return by package the letters of the notices that it calls for."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in tables["notices"]:
        for package in row["packages"] if row["limit"] in keys else ():
            if keys[row["limit"]] not in found[package]:
                found[package].append(keys[row["limit"]])
    return found


def _contents(evaluation: Evaluation, keys: Mapping[str, str], tables: Tables) -> Iterator[Told]:
    """Yield what notices tell, each with a column a thing."""
    names, titles = names_of(evaluation), evaluation.ranking["title"]
    for limit, every in _by(tables["notice_contents"], "limit").items():
        if limit not in keys:
            continue
        heads = tuple(one.label for one in evaluation.study.limits[limit].contents)
        rows = []
        for package, mine in _by(every, "package").items():
            cells = {row["content"]: say_all(row["told"], names) for row in mine}
            told = tuple(cells.get(head, "not needed") for head in heads)
            rows.append((package, titles[package], told))
        missing = sum(row["missing"] for row in every)
        yield Told(evaluation.study.limits[limit].label, heads, tuple(rows), missing)


def _counts(clocks: Sequence[Record]) -> tuple[tuple[str, str, str], ...]:
    by = _by(clocks, "reading")
    there = [(one, by[one]) for one in READINGS if one in by]
    return tuple(
        (_HEADS[one], _by_then(rows) or _days(rows, [one])[0], rows[0]["last_start"] or "–")
        for one, rows in there
    )


def _by_then(rows: Sequence[Record]) -> str:
    """Return by when something has to be done whose clock delays nothing; empty for others."""
    days = sorted({row["due_by"] for row in rows} - {""})
    return "" if not days else f"due by {days[0]}" + (f" to {days[-1]}" if len(days) > 1 else "")


def _days(rows: Sequence[Record], readings: Sequence[Reading]) -> tuple[str, ...]:
    """Return the earliest act by reading, of several rows the first and the last."""
    told = []
    for reading in readings:
        # calendar days hold whatever the count
        mine = [row for row in rows if row["reading"] in (reading, "calendar")]
        states = {row["state"] for row in mine}
        days = sorted({row["not_before"] for row in mine})
        if "not_open" in states:
            told.append("not open")
        elif "not_known" in states:
            told.append(f"{days[-1]} or later")
        else:
            told.append(days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}")
    return tuple(told)


def _late(rows: Sequence[Record]) -> str:
    """Return whether an act is in time, by its counts of days."""
    found = {row["late"] for row in rows if row["state"] != "not_open"}
    if found == {False}:
        return ""
    return "not in time" if found == {True} else "by some counts not in time"


def _letter(place: int) -> str:
    """Return a, b, ..., z, aa, ab, ...

    >>> _letter(0), _letter(25), _letter(26)
    ('a', 'z', 'aa')
    """
    above, own = divmod(place, len(ascii_lowercase))
    return (_letter(above - 1) if above else "") + ascii_lowercase[own]


def _by(rows: Sequence[Record], column: str) -> dict[str, list[Record]]:
    found: defaultdict[str, list[Record]] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return found
