"""Distributions and rules in words that need no textbook."""

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
    (
        r"(?P<n>\b\d+) the mean of a panel resampled with replacement \(bootstrap\)",
        r"\g<n> the mean of ratings drawn again from those of the panel (bootstrap)",
    ),
)


def in_words(text: str) -> str:
    """Return a distribution or a rule of the draws in plain words.

    >>> in_words("SMAA-2 (Lahdelma & Salminen 2001)")
    'Stochastic multicriteria acceptability analysis, SMAA-2 (Lahdelma & Salminen 2001)'
    """
    for pattern, words in _PLAIN:
        text = re.sub(pattern, words, text)
    return text
