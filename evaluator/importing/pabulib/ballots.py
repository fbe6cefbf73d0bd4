"""Ballots -> the support of each project by each group of voters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from evaluator.errors import Problem, did_you_mean
from evaluator.importing.material import Taken
from evaluator.importing.pabulib.file import Line, Section
from evaluator.sanitize import shortened

KINDS = ("approval", "choose-1", "ordinal", "cumulative", "scoring")
POINTED = ("cumulative", "scoring")
GROUPS = ("district", "subunit", "neighborhood")
"""Columns of voters by which they may be a body of their own, in the order they are looked for."""
MOST_GROUPS = 20
Ballot = Callable[[Line, list[str]], dict[str, Decimal] | None]
"""What a ballot gives each project that it names; None where it cannot be read."""
_POINTS = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_ONCE = "named twice, counted once"
_NOBODY = "not stated"


@dataclass
class Support:
    """What the ballots of a file add up to."""

    ballots: Counter[str] = field(default_factory=Counter)
    """How many, by group of voters."""
    points: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    """By group and project."""
    most: Decimal = Decimal(1)
    """That one ballot can give a project."""
    least: Decimal = Decimal(0)
    record: list[Taken] = field(default_factory=list)
    once: int = 0
    """Ballots that name a project twice."""

    def add(self, group: str, given: Mapping[str, Decimal]) -> None:
        """Count a ballot."""
        self.ballots[group] += 1
        points = self.points.setdefault(group, {})
        for project, number in given.items():
            points[project] = points.get(project, Decimal(0)) + number

    def of(self, project: str, group: str | None = None) -> Decimal:
        """Return the support of a project, by all groups where none is named."""
        groups = self.points if group is None else [group]
        return sum((self.points[one].get(project, Decimal(0)) for one in groups), Decimal(0))


def group_column(votes: Section) -> tuple[str | None, int]:
    """Return the column by which voters are grouped, None if by none; and how many groups."""
    most = 0
    for column in GROUPS:
        if column in votes.indices:
            count = len({votes.cell(line, column) or _NOBODY for line in votes.lines})
            if 1 < count <= MOST_GROUPS:
                return column, count
            most = max(most, count)
    return None, most


def count(
    votes: Section, meta: Mapping[str, str], projects: Sequence[str], problems: list[Problem]
) -> Support:
    """Return the support of projects: votes, or points.

    approval and choose-1: a vote for each project named. ordinal: Borda, the first of a ballot has
    as many points as places may be named (`max_length`), the next one less. cumulative and scoring:
    the points stated; of a project that is not named, `default_score`.
    """
    kind = meta["vote_type"]
    found = Support()
    places = len(projects)
    if kind == "ordinal":
        stated = meta.get("max_length", "")
        places = int(stated) if stated.isdigit() and int(stated) else places
        found.most = Decimal(places)
    column, _ = group_column(votes)
    known = set(projects)
    read: Ballot = (
        _pointed(votes, problems) if kind in POINTED else _named(kind, places, votes, problems)
    )
    for line in votes.lines:
        names = [name.strip() for name in votes.cell(line, "vote").split(",") if name.strip()]
        faults = list(_unknown(names, known, votes, line))
        problems += faults
        given = None if faults else read(line, names)
        if given is None:
            continue
        group = votes.cell(line, column) or _NOBODY if column else ""
        found.add(group, given)
        twice = len(set(names)) < len(names)
        found.once += twice
        if names:
            told = "|".join(f"{name}={number}" for name, number in given.items())
            where = votes.place(line, "vote")
            how = _ONCE if twice else ""
            cell = votes.cell(line, "vote")
            found.record.append(Taken(where, cell, told, "measures.value", group, how))
    _defaults(found, meta, kind, projects)
    _bounds(found, meta, kind)
    return found


def _unknown(
    names: Sequence[str], known: set[str], votes: Section, line: Line
) -> Iterator[Problem]:
    for name in names:
        if name not in known:
            fact = f"the project '{shortened(name)}' is not among PROJECTS."
            yield Problem(str(votes.place(line, "vote")), fact, did_you_mean(name, sorted(known)))


def _named(kind: str, places: int, votes: Section, problems: list[Problem]) -> Ballot:
    def read(line: Line, names: list[str]) -> dict[str, Decimal] | None:
        distinct = list(dict.fromkeys(names))
        where = str(votes.place(line, "vote"))
        if kind == "choose-1" and len(distinct) > 1:
            fact = f"names {len(distinct)} projects; a ballot of choose-1 names one."
            problems.append(Problem(where, fact, "Mend the ballot or vote_type."))
            return None
        if kind == "ordinal" and len(distinct) > places:
            fact = f"ranks {len(distinct)} projects; max_length is {places}."
            problems.append(Problem(where, fact, "Mend the ballot or max_length."))
            return None
        if kind == "ordinal":
            return {name: Decimal(places - place) for place, name in enumerate(distinct)}
        return dict.fromkeys(distinct, Decimal(1))

    return read


def _pointed(votes: Section, problems: list[Problem]) -> Ballot:
    def read(line: Line, names: list[str]) -> dict[str, Decimal] | None:
        stated = [text.strip() for text in votes.cell(line, "points").split(",") if text.strip()]
        where = str(votes.place(line, "points"))
        odd = [text for text in stated if not _POINTS.fullmatch(text)]
        if odd:
            fact = f"'{shortened(odd[0])}' is no number of points."
            problems.append(Problem(where, fact, "Write digits, a comma between projects."))
        elif len(stated) != len(names):
            fact = f"has {len(stated)} numbers of points for {len(names)} projects."
            problems.append(Problem(where, fact, "State one for each project of the ballot."))
        elif len(set(names)) < len(names):
            fact = "gives points to one project twice."
            problems.append(Problem(where, fact, "Name each project once."))
        else:
            return dict(zip(names, map(Decimal, stated), strict=True))
        return None

    return read


def _defaults(found: Support, meta: Mapping[str, str], kind: str, projects: Sequence[str]) -> None:
    """Give projects that ballots of scoring do not name the points that stand for that."""
    stated = meta.get("default_score", "")
    if kind != "scoring" or not _POINTS.fullmatch(stated) or not Decimal(stated):
        return
    named: dict[str, Counter[str]] = {group: Counter() for group in found.ballots}
    for one in found.record:
        named[one.of].update(part.partition("=")[0] for part in one.taken.split("|"))
    for group, ballots in found.ballots.items():
        for project in projects:
            missing = ballots - named[group][project]
            points = found.points[group].get(project, Decimal(0))
            found.points[group][project] = points + Decimal(stated) * missing


def _bounds(found: Support, meta: Mapping[str, str], kind: str) -> None:
    """State how much one ballot can give a project, at most and at least."""
    if kind not in POINTED:
        return
    given = [
        Decimal(part.partition("=")[2]) for one in found.record for part in one.taken.split("|")
    ]
    most = ""
    for key in ("max_points", "max_sum_points"):
        if not most and _POINTS.fullmatch(meta.get(key, "")):
            most = meta[key]
    found.most = max([Decimal(most or 1), *given])
    found.least = min([Decimal(0), *given])
