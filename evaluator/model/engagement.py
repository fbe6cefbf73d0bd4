"""What is known of countries beside numbers, and the countries that a strategy is after."""

from __future__ import annotations

from evaluator.model.base import Confidence, Day, Frozen, Id, Text, Word


class CountryFact(Frozen):
    """A dated fact of a country that stands behind ratings: a barrier, a measure of the host."""

    country: Id
    criterion: str
    """Whose ratings it is behind, by full id."""
    kind: Word
    fact: Text
    date: Day
    citation: Text
    confidence: Confidence


class StrategyTarget(Frozen):
    """A country or bloc that the strategy wants to reach."""

    target: Id
    note: str = ""
    citation: Text
    confidence: Confidence
