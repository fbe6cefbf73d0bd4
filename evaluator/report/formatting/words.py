"""The words of one study: what its things are called, and how its amounts are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

from evaluator.model.scenario import Scenario
from evaluator.model.vocabulary import Currency, Noun, Vocabulary
from evaluator.report.formatting.money import Money, money_of
from evaluator.report.formatting.numbers import general


@dataclass(frozen=True)
class Words:
    """What the things of one study are called, as they stand within a sentence."""

    agency: str
    agencies: str
    package: str
    packages: str
    tool: str
    tools: str
    institution: str
    institutions: str
    envelope: str
    envelopes: str
    programme: str
    programmes: str
    priority: str
    chosen: str
    """What a designation makes of packages, in a study that has one; else packages."""
    chosen_one: str
    an_agency: str
    """With its article, as the next three."""
    a_package: str
    a_tool: str
    an_institution: str
    money: Money
    stamp: str
    """What a result is, in short; empty where the study has no disclaimer."""
    disclaimer: str
    """The same in sentences."""
    marking: str
    """How results are to be handled; empty where nothing is stated."""
    replaced: frozenset[str] = frozenset()
    """Words of the engine's own keys for which the study has others."""

    @property
    def nouns(self) -> dict[str, str]:
        """All words by name."""
        every = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: word for name, word in every.items() if isinstance(word, str)}

    @cached_property
    def head(self) -> Words:
        """The same words as they begin a sentence."""
        words = {name: capital(word) for name, word in self.nouns.items()}
        return replace(self, **words, money=self.money, replaced=self.replaced)

    def fill(self, text: str, **members: str) -> str:
        """Return a text of this program with the words of the study in its braces.

        A capital in the brace begins a sentence. Never for a text that holds data.
        members: names of things of the study, by what stands for them in braces.

        >>> NEUTRAL.fill("{Packages} that {an_agency} calls {priority}: {million} each")
        'Packages that an agency calls designated: 1 million each'
        """
        return text.format_map({**self._every, **members}) if "{" in text else text

    @cached_property
    def _every(self) -> Mapping[str, str]:
        money = {"million": self.money.million, "units": self.money.units, "code": self.money.code}
        capitals = {name.capitalize(): word for name, word in self.head.nouns.items()}
        return {**self.nouns, **capitals, **money, "Units": capital(self.money.units)}

    def key(self, key: str) -> str:
        """Return a key of the study's files as people may read it beside its name.

        Empty where a word of it is one that the study calls otherwise: files alone have that.

        >>> NEUTRAL.key("town.works.envelope")
        'town.works.envelope'
        >>> replace(NEUTRAL, replaced=frozenset({"envelope"})).key("town.works.envelope")
        ''
        """
        parts = key.replace('"', "").replace("_", ".").split(".")
        return "" if self.replaced.intersection(parts) else key

    def packages_counted(self, count: float) -> str:
        """Return so many packages; one in several countries may count in part.

        >>> NEUTRAL.packages_counted(1), NEUTRAL.packages_counted(5.5)
        ('1 package', '5.5 packages')
        """
        return f"{general(count, 6)} {self.package if count == 1 else self.packages}"


def capital(text: str) -> str:
    """Return a text with its first letter as a capital; nothing else changes.

    >>> capital("EU fund"), capital("district"), capital("")
    ('EU fund', 'District', '')
    """
    return text[:1].upper() + text[1:]


def words_of(scenario: Scenario) -> Words:
    """Return the words of a scenario's study."""
    marking, parted = scenario.marking or "", scenario.designation.states_something
    return words_from(scenario.vocabulary, money_of(scenario.currency), marking, parted=parted)


def words_in(manifest: Mapping[str, Any]) -> Words:
    """Return the words of the study of a run, by its manifest."""
    vocabulary = Vocabulary.model_validate(manifest["vocabulary"])
    currency = manifest.get("currency")
    money = money_of(Currency.model_validate(currency, strict=False) if currency else None)
    parted = "designation" in manifest["parts"]
    return words_from(vocabulary, money, manifest.get("marking", ""), parted=parted)


def words_from(stated: Vocabulary, money: Money, marking: str, *, parted: bool = True) -> Words:
    """Return the words that a vocabulary states. parted: whether packages are designated."""
    said, mark = stated.disclaimer, f"{stated.priority} " if parted else ""
    return Words(
        agency=stated.agency.singular,
        agencies=stated.agency.plural,
        package=stated.package.singular,
        packages=stated.package.plural,
        tool=stated.tool.singular,
        tools=stated.tool.plural,
        institution=stated.institution.singular,
        institutions=stated.institution.plural,
        envelope=stated.envelope.singular,
        envelopes=stated.envelope.plural,
        programme=stated.programme.singular,
        programmes=stated.programme.plural,
        priority=stated.priority,
        chosen=f"{mark}{stated.package.plural}",
        chosen_one=f"{mark}{stated.package.singular}",
        an_agency=_with_article(stated.agency),
        a_package=_with_article(stated.package),
        a_tool=_with_article(stated.tool),
        an_institution=_with_article(stated.institution),
        money=money,
        stamp=said.short if said else "",
        disclaimer=said.text if said else "",
        marking=marking,
        replaced=_replaced(stated),
    )


def _replaced(stated: Vocabulary) -> frozenset[str]:
    """Return the words of the engine, in one and many, in whose place a vocabulary has others."""
    own = Vocabulary()
    pairs = [(getattr(own, name), getattr(stated, name)) for name in Vocabulary.model_fields]
    nouns = [one for one, other in pairs if isinstance(one, Noun) and one != other]
    return frozenset(word for one in nouns for word in (one.singular, one.plural))


def _with_article(noun: Noun) -> str:
    """Return a noun after its article.

    >>> _with_article(Noun(singular="agency", plural="agencies"))
    'an agency'
    >>> _with_article(Noun(singular="unit", plural="units", article="a"))
    'a unit'
    """
    vowel = noun.singular[:1].lower() in "aeiou"
    return f"{noun.article or ('an' if vowel else 'a')} {noun.singular}"


NEUTRAL = words_from(Vocabulary(), money_of(None), "")
"""Of a study that states none."""
