"""Variants, distributions and rules in words that need no textbook."""

from __future__ import annotations

import re

_PLAIN = (
    (
        r"Dirichlet around the stated weights, an equal one with a relative standard deviation of "
        r"(?P<r>\S+)",
        lambda found: (
            "Dirichlet: shares that sum to 1, drawn around those stated; the standard deviation of "
            f"an equal share is {100 * float(found['r']):g} % of it"
        ),
    ),
    (
        r"scores are rounded to a grid of 2\^-\d+ of the score scale \([^)]*\); .*",
        "scores that differ by no more than rounding (in the eleventh decimal) are tied, and tied "
        "packages share their ranks equally",
    ),
    (
        r"SMAA-2 \((?P<by>[^)]*)\)",
        r"Stochastic multicriteria acceptability analysis, SMAA-2 (\g<by>)",
    ),
    (r"\bdesignated in\b", "priority in"),
    (
        r"\b(?P<word>at least|at most|in) (?P<share>[01](?:\.\d+)?) of the draws",
        lambda found: f"{found['word']} {100 * float(found['share']):g} % of the draws",
    ),
    (r"out: in at most 0\.05;", "out: in at most 5 %;"),
    (
        r"(?P<n>\b\d+) the mean of a panel resampled with replacement \(bootstrap\)",
        r"\g<n> the mean of ratings drawn again from those of the panel (bootstrap)",
    ),
)
_VARIANT = re.compile(r"(?P<name>\w+) \((?P<inside>.*)\)", re.DOTALL)
_SAID = {
    "out_of": "points out of",
    "random_index": "random index",
    "saaty": "Saaty's",
    "largest": "the largest swing counts",
    "priorities": "weights by the",
    "kind": "weights by",
    "centroid": "the centroid of the order",
    "sum": "the sum of ranks",
    "ties": "ties get the",
    "model": "the model is",
    "optimum": "the optimum is",
    "minmax": "by the least and the greatest value",
    "max": "by the greatest value",
    "vector": "by the length of the vector",
    "q": "indifferent up to",
    "p": "fully preferred from",
    "v": "weight of the majority",
}


def in_words(text: str) -> str:
    """Return a distribution or a rule of the draws in plain words.

    >>> in_words("clear: designated in at least 0.95 of the draws")
    'clear: priority in at least 95 % of the draws'
    """
    for pattern, words in _PLAIN:
        text = re.sub(pattern, words, text)
    return text


def variant_in_words(text: str) -> str:
    """Return the settings of a method without its name, which stands beside them.

    >>> variant_in_words("points (out_of = 100.0; von Winterfeldt & Edwards 1986)")
    'points out of 100; von Winterfeldt & Edwards 1986'
    >>> variant_in_words("waspas (normalization max, balance = 0.5; Zavadskas 2012)")
    'normalization by the greatest value, balance 0.5; Zavadskas 2012'
    """
    found = _VARIANT.fullmatch(text)
    if not found:
        return text
    settings, mark, source = found["inside"].partition("; ")
    parts = (part.replace("normalization ", "normalization = ") for part in settings.split(", "))
    return ", ".join(_setting(*part.partition(" = ")) for part in parts) + mark + source


def _setting(name: str, mark: str, value: str) -> str:
    value = re.sub(r"(\d)\.0\b", r"\1", value)
    if value == "none":
        return f"no {name}"
    told = f"{_SAID.get(name, name)} {_SAID.get(value, value)}" if mark else name
    return told.replace("_", " ")
