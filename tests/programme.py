"""The words of the programme, as its reference case states them, for studies made in tests."""

from __future__ import annotations

from pathlib import Path

import yaml

from evaluator.model.vocabulary import Currency, Disclaimer, Noun, Vocabulary
from evaluator.report.formatting.money import money_of
from evaluator.report.formatting.words import words_from

_STATED = yaml.safe_load(
    (Path(__file__).parent.parent / "scenarios" / "baseline.yaml").read_text(encoding="utf-8")
)
_NOUNS = {k: v for k, v in _STATED["vocabulary"].items() if isinstance(v, dict) and "plural" in v}
VOCABULARY = Vocabulary(
    **{name: Noun(**noun) for name, noun in _NOUNS.items()},
    priority=_STATED["vocabulary"]["priority"],
    disclaimer=Disclaimer(**_STATED["vocabulary"]["disclaimer"]),
)
CURRENCY = Currency(**_STATED["currency"])
WORDS = words_from(VOCABULARY, money_of(CURRENCY), "")
STAMP, DISCLAIMER = WORDS.stamp, WORDS.disclaimer
IN_YAML = {name: _STATED[name] for name in ("vocabulary", "currency")}
"""The same as plain data, for scenario files."""
