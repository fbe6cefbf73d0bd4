"""Findings -> words: the only place in which a fact becomes a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from evaluator.report.formatting.names import Names, names_of
from evaluator.results.evaluation import Scored
from evaluator.results.findings import Finding, as_json

Phrase = Callable[[Any, Names], str]
"""Says a finding of one kind, given the names of things."""
F = TypeVar("F", bound=Phrase)
WORDS: dict[type[Finding], Phrase] = {}


def message(kind: type[Finding]) -> Callable[[F], F]:
    """Register what says the findings of a kind."""

    def register(words: F) -> F:
        WORDS[kind] = words
        return words

    return register


def say(finding: Finding, names: Names) -> str:
    """Return a finding in words."""
    return WORDS[type(finding)](finding, names)


def say_all(findings: Iterable[Finding], names: Names) -> str:
    """Return findings in words, in one cell or sentence."""
    return "; ".join(say(one, names) for one in findings)


def in_words(evaluation: Scored, findings: Iterable[Finding]) -> list[str]:
    """Return findings of an evaluation in words, one by one."""
    return [say(one, names_of(evaluation)) for one in findings]


def plain(findings: Iterable[Finding], names: Names) -> list[dict[str, Any]]:
    """Return findings as plain data for JSON: code, arguments, and words."""
    return [
        {"code": one.code, "arguments": as_json(one.arguments), "words": say(one, names)}
        for one in findings
    ]


# each registers what it says
from evaluator.report.messages import (  # noqa: E402
    agreement,  # noqa: F401
    allocation,  # noqa: F401
    certificate,  # noqa: F401
    decision,  # noqa: F401
    eligibility,  # noqa: F401
    failures,  # noqa: F401
    idle,  # noqa: F401
    judgement,  # noqa: F401
    notices,  # noqa: F401
    prices,  # noqa: F401
    proof,  # noqa: F401
    provenance,  # noqa: F401
    questions,  # noqa: F401
    scoring,  # noqa: F401
    solver,  # noqa: F401
    uncertainty,  # noqa: F401
)
