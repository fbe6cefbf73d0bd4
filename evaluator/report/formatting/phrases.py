"""Phrases that every page uses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Set

from evaluator.model.base import IF_ENACTED
from evaluator.model.parts import Part
from evaluator.model.scenario import AllocationSettings, Scenario
from evaluator.report.formatting.words import Words, words_of

STATE = {
    "priority": "{Priority}",
    "ranked": "Ranked",
    "contested": "Tied at the cut",
    "unknown": "Requirement not settled",
    "other": "Not {priority}",
    "failed": "Failed a requirement",
}
"""The best first; words of the study in braces, as in all that is told here."""
ABBREVIATIONS = {"SBIC": "small business investment company"}
STATUS = {
    "optimal": "optimal: proven within the stated gap",
    "feasible": "the best allocation found, not proven best",
    "infeasible": "infeasible: no allocation keeps every limit and override",
    "nothing": "nothing to allocate: no designated {package} has an eligible request",
    "no_solution": "stopped before any allocation was found",
}
ENDED = {
    "optimal": "optimal",
    "feasible": "not proven best",
    "infeasible": "infeasible",
    "nothing": "nothing to allocate",
    "no_solution": "stopped before any allocation was found",
}
"""The same in a cell of a table."""
DECISION = {
    "must": "must be supported",
    "must_not": "must not be supported",
    "ignore": "ignored",
    "include": "included",
    "exclude": "excluded",
}
"""What a named decision says of its subject."""
IGNORED = {"kind:goal": "all goals", "kind:law": "all limits that are no goals"}
"""Kinds of limits that a named decision may ignore."""
CONFIDENCE = {
    "seen": "read in the source",
    "seen-old": "read, but the text predates a known amendment",
    "press": "from press or law-firm text only, or another's transcription",
    "derived": "worked out from cited facts by a cited rule",
    "unverified": "from memory, not checked",
    "illustrative": "made up here, for illustration",
    IF_ENACTED: "said by a bill, which is not law",
}
KIND = {
    "tool": "{tool}",
    "envelope": "{envelope}",
    "priority": "{priority}",
    "packages": "{packages}",
}
"""Kinds of sources and limits, and states, that a study has words of its own for."""
LIMIT_KIND = {**KIND, "rule": "rule of this study", "bill": "if enacted, not law"}
"""What a limit is called, where that is not its word."""
ASK = "its requests, of alternatives the largest"
"""What a package asks for: what its share that is met is a share of, and `minimum_support` of what
of that is eligible."""
OBJECTIVE = {
    "coverage": "score times the share of what {a_package} asks for that is met "
    f"({ASK}); this favours small {{packages}}",
    "amount": "score times {units}; this favours large {packages}",
}
OBJECTIVE_POINTS = {
    "coverage": "score times the share of the ask that is met, summed",
    "amount": "score times millions of {units}, summed",
}
"""What a point of the objective is, which is no point of a score."""
SCORES = {
    "ranks": "scores count by their order alone: of n designated {packages} the best counts "
    "100, the "
    "next 100 (n - 1) / n",
    "above_floor": "scores count as points above the least overall score of the designation",
}


def objective(settings: AllocationSettings, words: Words) -> str:
    """Return what the program maximises, and how scores enter it unless as they are.

    >>> from evaluator.report.formatting.words import NEUTRAL
    >>> objective(AllocationSettings(objective="amount"), NEUTRAL)
    'score times units; this favours large packages'
    >>> objective(AllocationSettings(scores="above_floor"), NEUTRAL).partition("; scores ")[2]
    'count as points above the least overall score of the designation'
    """
    entering = SCORES.get(settings.scores)
    return words.fill(f"{OBJECTIVE[settings.objective]}{f'; {entering}' if entering else ''}")


def sentence(text: str) -> str:
    """Return a phrase as a sentence; nothing but its first letter changes.

    >>> sentence("under the floor of OSTP")
    'Under the floor of OSTP.'
    """
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "!", "?")) else ".")


def in_full(day: dt.date) -> str:
    """Return a day as a letter has it.

    >>> in_full(dt.date(2026, 7, 5))
    'July 5, 2026'
    """
    return f"{day:%B} {day.day}, {day.year}"


def signed(by: str | None, day: dt.date | None) -> str:
    """Return who and when, as beside what they entered; which of the two is not recorded is said.

    >>> signed("J. Doe", dt.date(2026, 7, 5)), signed("J. Doe", None), signed("", None)
    ('J. Doe, 2026-07-05', 'J. Doe, date not recorded', 'not recorded')
    """
    if not by and day is None:
        return "not recorded"
    return f"{by or 'name not recorded'}, {day or 'date not recorded'}"


def entered(what: str, by: str | None = None, day: dt.date | None = None) -> str:
    """Return who entered something and when; that neither is recorded is said.

    >>> entered("the ratings", "J. Doe", dt.date(2026, 7, 5))
    'entered by J. Doe, 2026-07-05'
    >>> entered("the ratings")
    'who entered the ratings, and when, is not recorded'
    """
    if not by and day is None:
        return f"who entered {what}, and when, is not recorded"
    return f"entered by {signed(by, day)}"


def days(since: object, until: object) -> str:
    """Return from which day to which something holds; what is empty has no such day.

    >>> days("2026-01-01", ""), days("2026-01-01", "2026-12-31"), days("", "")
    ('from 2026-01-01', 'from 2026-01-01 until 2026-12-31', 'on any day')
    """
    ends = (("from", since), ("until", until))
    return " ".join(f"{word} {day}" for word, day in ends if day) or "on any day"


KINDS = {
    "requirement": "Requirements",
    "criterion": "Criteria and their value functions",
    "scale": "Rating scales",
    "weights": "Weights of the criteria, by {agency}",
    "influence": "Influence of the {agencies}",
    "designation": "Rule of designation",
    "call": "Call for proposals",
    "coordination": "Who coordinates the {institutions}",
    "calendar": "Calendars of sessions",
    "authority": "Authorities of {institutions}",
    "parameter": "Parameters of law and budget",
    "tool": "{Tools}",
    "envelope": "{Envelopes} of {tools}",
    "subsidy rate": "Subsidy rates of {tools}",
    "limit (law)": "Limits of law and budget",
    "limit (rule)": "Rules of this study",
    "limit (goal)": "Goals",
    "column": "Facts of {packages} and countries, by column",
}
"""Of sources, in the words of leadership."""


def kind_of(kind: str, parts: Set[Part], words: Words) -> str:
    """Return what a kind of source is called in a study that has some parts."""
    if kind == "weights" and "agencies" not in parts:
        return "Weights of the criteria"
    if kind == "column" and "countries" not in parts:
        return words.fill("Facts of {packages}, by column")
    return words.fill(KINDS.get(kind, kind))


def supposed(bills: Iterable[str]) -> str:
    """Return that bills are supposed to be law; nothing where none is.

    >>> supposed(["S. 3772", "H.R. 1"]), supposed([])
    ('If enacted: S. 3772, H.R. 1. Not law', '')
    """
    told = ", ".join(dict.fromkeys(bills))
    return f"If enacted: {told}. Not law" if told else ""


def stamp(scenario: Scenario) -> str:
    """Return what stands at the head of every page of a scenario; nothing where nothing does."""
    bills = supposed(one.bill for one in scenario.if_enacted)
    return " · ".join(filter(None, (words_of(scenario).stamp, bills)))
