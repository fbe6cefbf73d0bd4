"""In whose words runs on record are told: those of their study, where they have the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evaluator.record.ledger.database import Ledger
from evaluator.record.ledger.enter import manifest_of
from evaluator.record.ledger.entries import Entry
from evaluator.report.formatting.words import NEUTRAL, Words, words_in

_MANY = 12
"""Scenarios whose words are looked up; of more, words are neutral."""


def wording(ledger: Ledger, runs: Sequence[Entry]) -> tuple[Words, Mapping[str, str]]:
    """Return the words in which some runs are told, and what their agencies are called, by id.

    A scenario is spoken of as its last run there does. Words are neutral, and amounts without a
    currency, where scenarios have different ones. Raises RecordError where a manifest was altered.
    """
    last = {run.about: run for run in sorted(runs, key=lambda run: run.number)}
    if len(last) > _MANY:
        return NEUTRAL, {}
    with ledger.reading() as connection:
        manifests = [manifest_of(connection, run) for run in last.values()]
    spoken = dict.fromkeys(words_in(manifest) for manifest in manifests)
    agencies = {k: name for one in manifests for k, name in one.get("agencies", {}).items()}
    return next(iter(spoken)) if len(spoken) == 1 else NEUTRAL, agencies
