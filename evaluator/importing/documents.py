"""The YAML files of a study that an import makes, as plain data, and ids for what has none."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_BETWEEN = re.compile(r"[^A-Za-z0-9]+")
_LONGEST = 40


def identifier(text: str, taken: Iterable[str] = (), *, dots: bool = True) -> str:
    """Return an id for a name, other than those taken in any case: the name itself where it is one.

    dots: a point may stand in it; the id of a criterion has none.

    >>> identifier("P-1"), identifier("Łódź, centre"), identifier("x", ["X"]), identifier("1.2 !")
    ('P-1', 'Lodz-centre', 'x-2', '1-2')
    """
    used = {one.casefold() for one in taken}
    found = text
    if not ID.fullmatch(text) or (not dots and "." in text):
        plain = text.replace("ł", "l").replace("Ł", "L").replace("ß", "ss")
        letters = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
        found = _BETWEEN.sub("-", letters).strip("-")[:_LONGEST].strip("-") or "n"
    number, free = 2, found
    while free.casefold() in used:
        free, number = f"{found}-{number}", number + 1
    return free


def identifiers(names: Sequence[str], *, dots: bool = True) -> dict[str, str]:
    """Return an id for each of several names, in their order."""
    found: dict[str, str] = {}
    for name in names:
        found[name] = identifier(name, found.values(), dots=dots)
    return found


def citation(title: str, confidence: str = "seen") -> dict[str, str]:
    """Return where something is written. An import has read the file that it names."""
    return {"title": title, "confidence": confidence}


def scenario(
    title: str, as_of: str, shares: Mapping[str, float], source: str, **parts: Any
) -> dict[str, Any]:
    """Return a scenario on a folder of criteria and one of tables.

    as_of: its day. shares: influence by agency. source: what it was read from. parts: further keys.
    """
    found: dict[str, Any] = {
        "scenario": "imported",
        "title": title,
        "as_of": dt.date.fromisoformat(as_of),
        "criteria": "../criteria",
        "round": "round",
    }
    if len(shares) > 1:
        found["influence"] = {"shares": dict(shares), "citation": citation(source)}
    return {**found, **parts}


def measure(
    name: str, label: str, unit: str, value: Mapping[str, Any], source: str, **more: Any
) -> dict[str, Any]:
    """Return a measured criterion. value: its value function, which says its direction."""
    anchors = value.get("linear")
    if anchors is not None:
        better = "higher" if anchors["best"] > anchors["worst"] else "lower"
        more = {"direction": better, **more}
    return {
        "id": name,
        "label": label,
        "kind": "measure",
        "unit": unit,
        **more,
        "value": dict(value),
        "citation": citation(source),
    }


def agency(
    name: str, title: str, criteria: Sequence[Mapping[str, Any]], weights: Mapping[str, Any]
) -> dict[str, Any]:
    """Return an agency with its criteria and weights. title: its name as it is shown."""
    return {
        "agency": name,
        "name": title,
        "role": "decides",
        "criteria": [dict(one) for one in criteria],
        "weights": dict(weights),
    }


def noun(singular: str, plural: str = "") -> dict[str, str]:
    """Return what one kind of thing is called; the plural is with an s unless it is stated."""
    return {"singular": singular, "plural": plural or f"{singular}s"}


def number(value: float) -> int | float:
    """Return a number as it is written: whole ones without a point.

    >>> number(3.0), number(0.25)
    (3, 0.25)
    """
    return int(value) if float(value).is_integer() else float(value)
