"""Number formats: what a cell shows of its number, and the days that numbers stand for.

ECMA-376, part 1, 18.8.30 and 18.17.4.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from evaluator.loading.tables.sheets import Fault
from evaluator.loading.tables.workbooks.archive import Damaged, Depth, parser_of
from evaluator.loading.tables.workbooks.names import locals_of
from evaluator.sanitize import shortened

_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,4})?")
KEPT_DIGITS = 15
"""Digits of a number that spreadsheets hold."""
_LAST_DAY = 2_958_465  # 9999-12-31
_DAY = 86_400_000
_FIRST = dt.date(1899, 12, 30)
FIRST_DAYS = {False: _FIRST, True: dt.date(1904, 1, 1)}
"""Day 0, by whether a workbook counts from 1904."""
_STYLES = 65_536
_LOCAL = locals_of("numFmt", "cellXfs", "xf")
_REMEDY = "Format the cell as text, and write what is meant."
_BUILT_IN = {
    **{1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00"},
    **{12: "# ?/?", 13: "# ??/??", 48: "##0.0E+0"},
    **dict.fromkeys((5, 6, 7, 8, 41, 42, 43, 44), '"$"#,##0'),
    **dict.fromkeys((37, 38, 39, 40), "#,##0"),
    **dict.fromkeys((14, 15, 16, 17, *range(27, 37), *range(50, 59)), "yyyy-mm-dd"),
    **{22: "yyyy-mm-dd hh:mm"},
    **dict.fromkeys((18, 19, 20, 21, 45, 46, 47), "hh:mm:ss"),
}
_TOKEN = re.compile(r'"[^"]*"|\\.|[_*].|\[[^\]]*\]|.', re.DOTALL)
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]")
_SILENT = re.compile(r"\[(\$-.*|black|blue|cyan|green|magenta|red|white|yellow|color ?[0-9]+)\]")
_NOT_OF_A_DAY = re.compile(r"am/pm|a/p|e[-+]")
_CURRENCY = re.compile(r"\[(?:\$([^-\]]*)(?:-[^\]]*)?|[^$].*)\]")
_PLAIN = re.compile(r"[-+(]?([#0?,]+)(?:\.([#0?]+))?\)?")
Kind = Literal["general", "digits", "date", "time", "nothing", "other"]


def number_text(raw: str) -> str:
    """Return a number as a study writes it, whole ones without a point.

    >>> number_text("7"), number_text("9E7"), number_text("0.10000000000000001")
    ('7', '90000000', '0.1')
    """
    if raw.isascii() and raw.isdigit():
        return raw.lstrip("0") or "0"
    if not _NUMBER.fullmatch(raw):
        raise Damaged("no number")
    value = float(raw)
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)


def _sign(part: str) -> str:
    """Return what a part of a code writes, other than digits and days.

    >>> [_sign(part) for part in ('" USD"', "[$€-407]", "[red]", "%", "0")]
    [' USD', '€', '', '%', '']
    """
    if part[0] in '"\\':
        return part.strip('"\\')
    if part[0] == "[":
        return _CURRENCY.sub(r"\1", part)
    return part if part in "%$€£¥" else ""


def _sections(code: str) -> list[tuple[str, bool]]:
    """Return the parts of a code: what stands for digits and days, and whether letters stand by."""
    found, pattern, letters = [], "", False
    for sign in _TOKEN.findall(code.lower()):
        if sign == ";":
            found.append((pattern.strip(), letters))
            pattern, letters = "", False
        elif _ELAPSED.fullmatch(sign) or len(sign) == 1:
            pattern += sign
        elif sign[0] == '"':
            letters |= bool(sign.strip('" '))
        elif sign[0] == "\\":
            letters |= sign != "\\ "
        elif sign[0] == "[":
            letters |= not _SILENT.fullmatch(sign)
    return [*found, (pattern.strip(), letters)]


def _kind(pattern: str, letters: bool) -> Kind:
    days = _NOT_OF_A_DAY.sub("", pattern)
    if pattern in ("general", "@"):
        return "other" if letters else "general"
    if "general" not in pattern and re.search("[dy]|^[^hs]*m[^hs]*$", days):
        return "time" if _ELAPSED.search(days) else "date"
    if re.search("[hs]", days) or _ELAPSED.search(days):
        return "time"
    if letters or pattern:
        return "digits" if not letters and _PLAIN.fullmatch(pattern) else "other"
    return "nothing"


class Format:
    """A number format, of which each part is of one kind."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._parts = [(pattern, _kind(pattern, mark)) for pattern, mark in _sections(code)]
        hidden = {kind for _, kind in self._parts} == {"nothing"} and code != ""
        self.hides_numbers = hidden
        self.hides_texts = hidden and len(self._parts) > 3

    def _part(self, number: float) -> tuple[str, Kind]:
        """Return the part that a number is shown by: above 0, below 0, 0."""
        count = min(len(self._parts), 3)
        return self._parts[1 if number < 0 and count > 1 else 2 if number == 0 and count > 2 else 0]

    def read(self, raw: str, first: dt.date) -> str:
        """Return a number as text, as a day or time where it is shown as one.

        first: the day that the workbook counts from.
        """
        text = number_text(raw)
        kind = self._part(float(text))[1]
        return _moment(float(text), first, kind == "date") if kind in ("date", "time") else text

    @property
    def signs(self) -> str:
        """What it writes beside digits: percent, currency."""
        return "".join(map(_sign, _TOKEN.findall(self.code.partition(";")[0]))).strip()

    def shown(self, text: str) -> str:
        """Return a number as digits where those are all that the format writes, else as it is.

        >>> Format("00000").shown("7"), Format("General").shown("7")
        ('00007', '7')
        """
        pattern, kind = self._part(float(text))
        return _shown(Decimal(text), pattern) if kind == "digits" else text

    def disguise(self, text: str) -> Fault | None:
        """Return what is wrong with a text that `read` returned, where it stands for letters."""
        if not _NUMBER.fullmatch(text):
            return f"holds the date or time {text}, not a text.", _REMEDY
        pattern, kind = self._part(float(text))
        shown = text
        if kind in ("digits", "nothing"):
            shown = _shown(Decimal(text), pattern)
        elif kind != "general":
            fact = f"holds the number {text}, and shows it by the format {shortened(self.code)}."
            return fact, _REMEDY
        elif "e" in text or (len(text.strip("-")) > KEPT_DIGITS and text.strip("-").isdigit()):
            fact = f"holds the number {text}, of which a sheet keeps {KEPT_DIGITS} digits."
            return fact, _REMEDY
        if shown != text:
            return f"holds the number {text}, and shows '{shown}'.", _REMEDY
        return None


GENERAL = Format("General")


def _shown(number: Decimal, pattern: str) -> str:
    """Return a number as digits: so many before the point at least, so many behind it."""
    found = _PLAIN.fullmatch(pattern)
    if found is None:
        return ""
    whole, part = found[1], found[2] or ""
    rounded = number.quantize(Decimal(1).scaleb(-len(part)), ROUND_HALF_UP)
    before, _, behind = f"{abs(rounded):f}".partition(".")
    before = before.lstrip("0").rjust(whole.count("0"), "0")
    if "," in whole:
        before = f"{int(before or 0):,}"
    behind = behind[: part.count("0")] + behind[part.count("0") :].rstrip("0")
    sign = "-" if rounded < 0 else ""
    return sign + before + (f".{behind}" if part else "")


def _moment(number: float, first: dt.date, of_a_day: bool) -> str:
    """Return the day, time or both that a number stands for; the number where there is none."""
    if not 0 <= number <= _LAST_DAY:
        return number_text(repr(number))
    day, time = divmod(round(number * _DAY), _DAY)
    seconds, thousandths = divmod(time, 1000)
    hours = seconds // 3600 if of_a_day else seconds // 3600 + 24 * day
    clock = f"{hours:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    clock += f".{thousandths:03}" if thousandths else ""
    if not of_a_day:
        return clock
    date = str(first + dt.timedelta(day + (first == _FIRST and day < 60)))
    if first == _FIRST and day == 60:  # spreadsheets give 1900 a 29 February
        date = "1900-02-29"
    return f"{date}T{clock}" if time else date


class Styles:
    """Takes in the part that holds the formats, and finds that of a cell by its style."""

    def __init__(self) -> None:
        self.parser = parser_of(self)
        self._depth = Depth()
        self._codes = dict(_BUILT_IN)
        self._numbers: list[int] = []
        self._in_cells = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Enter an element."""
        self._depth.down()
        local = _LOCAL.get(name)
        if local == "numFmt":
            self._codes[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif local == "cellXfs":
            self._in_cells = True
        elif local == "xf" and self._in_cells:
            self._numbers.append(int(attributes.get("numFmtId", 0)))
            if len(self._numbers) > _STYLES:
                raise Damaged("too many styles")

    def end(self, name: str) -> None:
        """Leave an element."""
        self._depth.up()
        if _LOCAL.get(name) == "cellXfs":
            self._in_cells = False

    def formats(self) -> dict[str, Format]:
        """Return the format of each style by its number as a cell states it."""
        made = {
            number: Format(self._codes.get(number, GENERAL.code)) for number in {*self._numbers}
        }
        return {
            str(style): made[number]
            for style, number in enumerate(self._numbers)
            if made[number].code != GENERAL.code
        }
