"""Words of a study's own: what its things are called, and in what its amounts are told."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from evaluator.model.base import Frozen, Text, Word

Short = Annotated[Word, Field(max_length=40)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""A currency by its code of ISO 4217, such as `PLN`."""


class Noun(Frozen):
    """What one kind of thing is called, as it stands within a sentence."""

    singular: Short
    plural: Short
    article: Literal["a", "an"] | None = None
    """Before the singular; worked out from its first letter where it is not stated."""

    @property
    def head(self) -> str:
        """The singular as it begins a sentence; nothing but its first letter changes."""
        return self.singular[:1].upper() + self.singular[1:]


class Disclaimer(Frozen):
    """What a result is, and what it is not."""

    short: Annotated[Text, Field(max_length=80)]
    """At the head of every page, without a full stop."""
    text: Annotated[Text, Field(max_length=500)]
    """In sentences."""


class Vocabulary(Frozen):
    """What pages call the things of a study. What is not stated is called as its key is."""

    agency: Noun = Noun(singular="agency", plural="agencies")
    """Who judges and has weights."""
    package: Noun = Noun(singular="package", plural="packages")
    """What is judged."""
    tool: Noun = Noun(singular="tool", plural="tools")
    """What money comes from."""
    institution: Noun = Noun(singular="institution", plural="institutions")
    """Who has tools."""
    envelope: Noun = Noun(singular="envelope", plural="envelopes")
    """What a tool has to give."""
    programme: Noun = Noun(singular="programme", plural="programmes")
    """What the round is one of."""
    priority: Short = "designated"
    """What designation makes of a package: a word that stands before the noun and alone, such as
    `chosen`."""
    disclaimer: Disclaimer | None = Disclaimer(
        short="Advice, not a decision",
        text="Advice for the people who decide, not a decision.",
    )
    """null: none."""


class Currency(Frozen):
    """The one currency in which every amount of a study is counted, in whole units."""

    code: Code
    sign: Annotated[Word, Field(max_length=4)] | None = None
    """Stands before amounts in place of the code, such as `$`."""
    name: Short | None = None
    """Its units in a sentence, such as `dollars`; none: the code."""
