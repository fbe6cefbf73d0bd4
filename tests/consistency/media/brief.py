"""`brief.pdf` as the text that poppler finds in it."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

_FOOT = re.compile(r"^Referral envelope, not an award .* Page \d+ of \d+$")


@dataclass(frozen=True)
class Brief:
    """The text of a brief in the order in which it was set, in one line, feet left out."""

    text: str
    foot: str

    def after(self, phrase: str, start: int = 0) -> str | None:
        """Return what follows a phrase; None if it is not there."""
        place = self.text.find(phrase, start)
        return None if place < 0 else self.text[place + len(phrase) :].lstrip()

    def part(self, head: str, *until: str) -> str:
        """Return the text of a section up to the next of some heads."""
        rest = self.after(head) or ""
        ends = [place for one in until if (place := rest.find(one)) >= 0]
        return rest[: min(ends, default=len(rest))]


def read_brief(path: Path) -> Brief:
    """Return the text of a brief."""
    found = subprocess.run(
        ["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True
    )
    lines = [line.strip() for line in found.stdout.replace("\f", "\n").splitlines()]
    feet = [line for line in lines if _FOOT.match(line)]
    text = " ".join(line for line in lines if line and not _FOOT.match(line))
    return Brief(" ".join(text.split()), feet[0] if feet else "")
