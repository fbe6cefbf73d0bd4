"""The names of elements: those of ECMA-376 and of the strict variant are one."""

from __future__ import annotations

from collections.abc import Mapping

_SPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)


def locals_of(*names: str) -> Mapping[str, str]:
    """Return the local names of elements by their full names, as the parser has them."""
    return {f"{space} {name}": name for space in _SPACES for name in names}


def flag(value: str | None) -> bool:
    """Return a truth value of XML; false where it is not there."""
    return value in ("1", "true", "on")
