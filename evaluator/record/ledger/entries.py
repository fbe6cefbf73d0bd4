"""Entries: what each kind holds, their canonical form, and the hash that chains them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluator.errors import UsageError
from evaluator.sanitize import shortened

KINDS: Mapping[str, tuple[str, ...]] = {
    "run": ("run", "scenario", "fingerprint", "digest", "manifest"),
    "change": ("kind", "set", "old", "to"),
    "freeze": (),
    "note": ("text",),
    "comment": ("on",),
    "phase": ("name", "blind"),
    "concurrence": ("agency", "position"),
    "determination": ("agency", "act", "packages"),
    "checkpoint": ("number", "hash"),
    "sign-in": (),
    "redaction": ("fields", "because"),
}
"""What the content of each kind of entry has at least; it may have more."""
WORDS = ("freeze", "comment", "concurrence", "determination")
"""Kinds in which a person speaks: the words are personal as the name is, `text` beside `by`."""
PERSONAL = "personal"
"""The key of a content below which the commitments to personal fields stand."""
_ID = re.compile(r"[\w.:@-]{1,200}")
_FIELD = re.compile(r"[a-z_]{1,100}")


@dataclass(frozen=True)
class Draft:
    """An entry that is to be made."""

    id: str
    """Made by its writer and unique in the record: the same draft again gets the first answer."""
    kind: str
    content: Mapping[str, Any]
    about: str = ""
    """The id of the run that it is about; of a run, its scenario."""
    personal: Mapping[str, str] = field(default_factory=dict)
    """What it says of persons, such as `by`; of it, the chain holds salted commitments alone."""


@dataclass(frozen=True)
class Entry:
    """An entry as it stands in the record."""

    number: int
    """From 1, without a gap, whatever the clock says."""
    id: str
    kind: str
    at: str
    """When it was made, in UTC, by the clock of its writer."""
    about: str
    content: Mapping[str, Any]
    previous: str
    hash: str
    personal: Mapping[str, str | None] = field(default_factory=dict)
    """None where it was redacted."""

    @property
    def by(self) -> str:
        """Who made it; empty where that was redacted."""
        return self.personal.get("by") or ""


def canonical(content: Mapping[str, Any]) -> str:
    """Return JSON with sorted keys and no spaces, the same for the same content.

    >>> canonical({"b": 1, "a": "ä"})
    '{"a":"ä","b":1}'
    """
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def digest(row: Mapping[str, Any]) -> str:
    """Return the hash of an entry: the SHA-256 of all that stands in its row but the hash itself.

    row: number, id, kind, at, about, content as canonical JSON, previous.
    """
    told = {
        name: row[name] for name in ("number", "id", "kind", "at", "about", "content", "previous")
    }
    return hashlib.sha256(canonical(told).encode()).hexdigest()


def commitment(salt: str, value: str) -> str:
    """Return what stands in the chain for a personal value: nobody can tell it without the salt."""
    return hashlib.sha256(f"{salt}{value}".encode()).hexdigest()


def salted(personal: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return each personal value with a salt of its own, of 128 random bits."""
    return {name: (secrets.token_hex(16), value) for name, value in sorted(personal.items())}


def now() -> str:
    """Return the time in UTC, as entries state it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def check(draft: Draft) -> None:
    """Raise UsageError for a draft that no record takes, with what is wrong with it."""
    if not _ID.fullmatch(draft.id):
        fact = f"'{shortened(draft.id)}' is no id of an entry"
        raise UsageError(f"{fact}: letters, digits and . : @ _ - alone, 200 at most.")
    if draft.kind not in KINDS:
        raise UsageError(f"'{shortened(draft.kind)}' is no kind of entry: {', '.join(KINDS)}.")
    if lacking := [name for name in KINDS[draft.kind] if name not in draft.content]:
        raise UsageError(f"a {draft.kind} states no {lacking[0]}.")
    if draft.kind in WORDS and not {"by", "text"} <= draft.personal.keys():
        raise UsageError(f"a {draft.kind} is the word of a person: it has 'by' and 'text'.")
    if PERSONAL in draft.content:
        raise UsageError(f"'{PERSONAL}' is kept for commitments. Name the key otherwise.")
    if len(draft.about) > 200:
        raise UsageError("what an entry is about is an id of 200 letters at most.")
    for name, value in draft.personal.items():
        if not _FIELD.fullmatch(name) or "\0" in value:
            raise UsageError(f"'{shortened(name)}' is no personal field, or holds a zero byte.")
    try:
        text = canonical({**draft.content, PERSONAL: dict(draft.personal), "about": draft.about})
        text.encode()
    except (ValueError, TypeError) as error:
        raise UsageError(f"the content of a {draft.kind} is no JSON: {error}.") from None
    if "\0" in draft.about:
        raise UsageError("what an entry is about holds a zero byte.")
