"""What the columns of a score sheet are, by their heads: projects, judges, criteria, scores."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from evaluator.letters import folded

_PROJECT = frozenset(
    (
        *("project", "projects", "team", "proposal", "application", "applicant", "submission"),
        *("entry", "candidate", "startup", "idea", "package", "alternative", "pitch", "solution"),
    )
)
_JUDGE = frozenset(
    (
        *("judge", "judges", "evaluator", "reviewer", "rater", "assessor", "juror", "jury"),
        *("panelist", "panellist", "examiner", "scorer", "referee", "marker"),
    )
)
_CRITERION = frozenset(("criterion", "criteria", "category", "question", "dimension", "aspect"))
_SCORE = frozenset(("score", "scores", "rating", "points", "mark", "marks", "grade", "value"))
_REASON = frozenset(
    ("comment", "comments", "note", "notes", "feedback", "rationale", "remarks", "justification")
)
_MADE = frozenset(
    (
        *("total", "totals", "sum", "average", "mean", "avg", "median", "rank", "ranking"),
        *("final", "overall", "weighted", "result", "place", "position", "winner", "std"),
    )
)
"""Heads of columns that are made of others."""
_TOTAL = frozenset(("total", "totals", "sum", "overall"))
_OTHER = frozenset(("id", "no", "nr", "number", "code", "ref", "key"))
_ASIDE = frozenset(
    (
        *("timestamp", "date", "time", "day", "email", "mail", "phone", "url", "link", "table"),
        *("track", "room", "members", "size", "age", "year", "round", "session", "row", "index"),
    )
)
_WORDS = re.compile(r"[^\W_]+")
_BRACKETS = re.compile(r"\s*[(\[]([^)\]]*)[)\]]\s*$")
_RANGE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:-|\u2013|to|\.\.)\s*(\d+(?:\.\d+)?)\b", re.IGNORECASE)
_MOST = re.compile(r"(?:/|out of|max\.?|maximum|up to)\s*:?\s*(\d+(?:\.\d+)?)", re.IGNORECASE)
_POINTS = re.compile(r"(\d+(?:\.\d+)?)\s*(?:points?|pts?\.?|p)?", re.IGNORECASE)
_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_SLASH = re.compile(r"\s*/\s*(\d+(?:\.\d+)?)\s*$")
Form = Literal["long", "criteria", "judges"]
"""Scores in rows, each with its criterion; a column a criterion; a column a judge."""


@dataclass(frozen=True)
class Scored:
    """A column of scores: what it is called, and what its head says of them."""

    label: str
    low: str = ""
    high: str = ""
    share: str = ""
    """Its weight in percent."""


@dataclass(frozen=True)
class Roles:
    """Which columns of a sheet are what, by index."""

    form: Form
    project: int
    judge: int | None = None
    title: int | None = None
    """Of the name of a project, where another column has its id."""
    criterion: int | None = None
    score: int | None = None
    reason: int | None = None
    scored: Mapping[int, Scored] = field(default_factory=dict)
    """By column: criteria, or judges."""
    made: tuple[int, ...] = ()

    @property
    def taken(self) -> set[int]:
        """The columns of which cells are taken."""
        own = (self.project, self.judge, self.title, self.criterion, self.score, self.reason)
        return {one for one in own if one is not None} | set(self.scored)


def is_known(head: str) -> bool:
    """Return whether the head of a column says that it is of a score sheet."""
    words = _words(head)
    return bool(words & (_PROJECT | _JUDGE | _CRITERION | _SCORE))


def _words(head: str) -> frozenset[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", head)
    return frozenset(_WORDS.findall(folded(spaced)))


def roles(heads: Mapping[int, str], numeric: Callable[[int], bool]) -> Roles | None:
    """Return which columns are what; None where they are not those of a score sheet.

    numeric: whether most of what a column holds are numbers.
    """
    words = {column: _words(head) for column, head in heads.items()}
    made = tuple(c for c, found in words.items() if found & _MADE)
    plain = {c: found for c, found in words.items() if c not in made}
    projects = [c for c, found in plain.items() if found & _PROJECT and not found & _JUDGE]
    judges = [c for c, found in plain.items() if found & _JUDGE]
    named = [c for c in judges if not words[c] & _SCORE]
    if not projects:
        return None
    project, title = _project(projects, plain)
    reason = next((c for c, found in plain.items() if found & _REASON), None)
    own = {project, title, reason}
    if len(judges) > 1 and all(numeric(c) for c in judges):
        scored = {c: Scored(" ".join(heads[c].split())) for c in judges}
        return Roles("judges", project, None, title, reason=None, scored=scored, made=made)
    if len(named) != 1:
        return None
    (judge,) = named
    own.add(judge)
    criterion = [c for c, found in plain.items() if found & _CRITERION and c not in own]
    score = [c for c, found in plain.items() if found & _SCORE and numeric(c) and c not in own]
    if len(criterion) == 1 and len(score) == 1 and not numeric(criterion[0]):
        return Roles("long", project, judge, title, criterion[0], score[0], reason, made=made)
    scored = {
        c: stated(heads[c])
        for c, found in plain.items()
        if c not in own and numeric(c) and not found & (_OTHER | _ASIDE)
    }
    if not scored:
        return None
    return Roles("criteria", project, judge, title, reason=reason, scored=scored, made=made)


def _project(columns: Sequence[int], words: Mapping[int, frozenset[str]]) -> tuple[int, int | None]:
    """Return the column that tells projects apart, and that of their names beside it."""
    ids = [c for c in columns if words[c] & _OTHER]
    names = [c for c in columns if c not in ids]
    if ids and names:
        return ids[0], names[0]
    return columns[0], None


def stated(head: str) -> Scored:
    """Return what a head says of its scores.

    >>> stated("Design (0-10)"), stated("Impact (40%)"), stated("Idea /5")
    (Scored(label='Design', low='0', high='10', share=''), Scored(label='Impact', low='', high='', \
share='40'), Scored(label='Idea', low='', high='5', share=''))
    """
    label = " ".join(head.split())
    if found := _SLASH.search(label):
        return Scored(label[: found.start()].strip() or label, high=found[1])
    bracket = _BRACKETS.search(label)
    if bracket is None:
        return Scored(label)
    inside, bare = bracket[1].strip(), label[: bracket.start()].strip() or label
    if found := _RANGE.search(inside):
        return Scored(bare, found[1], found[2])
    if found := _SHARE.fullmatch(inside):
        return Scored(bare, share=found[1])
    if found := _MOST.search(inside) or _POINTS.fullmatch(inside):
        return Scored(bare, high=found[1])
    return Scored(label)


Over = Literal["criteria", "totals"]


def median_over(heads: Mapping[int, str], found: Roles) -> Over | None:
    """Return of what a sheet itself takes the median of its judges; None where it takes none.

    Of their totals, where a row is a judge's and has a total, or the head says so.

    >>> own = Roles("criteria", 0, 1, made=(4, 5))
    >>> median_over({4: "Total", 5: "Median"}, own), median_over({5: "Median"}, own)
    ('totals', 'criteria')
    """
    words = {column: _words(heads[column]) for column in found.made if column in heads}
    medians = [c for c, own in words.items() if "median" in own]
    if not medians:
        return None
    said = any(words[c] & _TOTAL for c in medians)
    beside = found.form == "criteria" and any(
        own & _TOTAL for c, own in words.items() if c not in medians
    )
    return "totals" if said or beside else "criteria"
