"""Days as people write them, by stated forms; the order of day and month is that of a column.

No library that guesses: those take `03/04/2026` and `13/04/2026` in two orders, and fill up what
is missing from today.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

ORDERS = ("dmy", "mdy")
"""Of day, month and year, where figures do not tell; a year of four digits in front does."""
_LONGEST = 80
"""Letters of a cell that may hold a day."""
_PIVOT = 69
"""Years of two digits from here on are of the last century (POSIX, strptime, %y)."""
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("jan january", "feb february", "mar march", "apr april", "may", "jun june"),
            *("jul july", "aug august", "sep sept september", "oct october"),
            *("nov november", "dec december"),
        ),
        1,
    )
    for name in names.split()
}
_TIME = re.compile(
    r"(?<=\d)(?:T|,?\s+)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?"
    r"\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
_FIGURES = re.compile(r"(\d{1,4})([-/.\s])\s?(\d{1,2})\2\s?(\d{1,4})\.?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s.-]+([A-Za-z]+)\.?,?[\s-]+(\d{2}|\d{4})")
_MONTH_FIRST = re.compile(r"([A-Za-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[\s-]+([A-Za-z]+)\.?[\s-]+(\d{1,2})")


def without_time(text: str) -> str:
    """Return a day without its weekday and its time of day.

    >>> without_time("Wed, 4 Mar 2026 10:15"), without_time("2026-03-04T10:15:00Z")
    ('4 Mar 2026', '2026-03-04')
    """
    return _WEEKDAY.sub("", _TIME.sub("", " ".join(text.split()))).strip()


def day(text: str, order: str) -> str | None:
    """Return a day in its ISO form, None where the text is none in this order.

    Points part day, month and year in that order; a year of two digits is one from 1969 to 2068.
    >>> day("4.3.2026", "mdy"), day("03/04/26", "mdy"), day("31/04/2026", "dmy")
    ('2026-03-04', '2026-03-04', None)
    """
    if len(text) > _LONGEST:
        return None
    plain = without_time(text)
    if named := _named(plain):
        return _iso(*named)
    if found := _COMPACT.fullmatch(plain):
        return _iso(found[1], int(found[2]), found[3])
    found = _FIGURES.fullmatch(plain)
    if found is None:
        return None
    one, sign, two, three = found.groups()
    if len(one) > 2:
        return _iso(one, int(two), three) if len(one) == 4 and len(three) < 3 else None
    if len(three) in (1, 3):
        return None
    if order == "dmy" or sign == ".":
        return _iso(three, int(two), one)
    return _iso(three, int(one), two)


def _named(text: str) -> tuple[str, int, str] | None:
    """Return year, month and day of a text that names the month."""
    forms = ((_DAY_FIRST, (3, 2, 1)), (_MONTH_FIRST, (3, 1, 2)), (_YEAR_FIRST, (1, 2, 3)))
    for form, (year, month, date) in forms:
        if (found := form.fullmatch(text)) and found[month].lower() in _MONTHS:
            return found[year], _MONTHS[found[month].lower()], found[date]
    return None


def _iso(year: str, month: int, date: str) -> str | None:
    number = int(year)
    if len(year) <= 2:
        number += 1900 if number >= _PIVOT else 2000
    try:
        return dt.date(number, month, int(date)).isoformat()
    except ValueError:
        return None


def short_year(text: str) -> bool:
    """Return whether a day states its year by two digits.

    >>> short_year("4/3/26"), short_year("26 March 2026"), short_year("04-Mar-26")
    (True, False, True)
    """
    return not re.search(r"\d{4}", without_time(text))


def orders(texts: Sequence[str]) -> list[str]:
    """Return the orders that read all texts, one for each different reading.

    Where none reads all, those that read most.
    """
    read: dict[tuple[str | None, ...], str] = {}
    for order in ORDERS:
        read.setdefault(tuple(day(text, order) for text in texts), order)
    most = min(days.count(None) for days in read)
    return [order for days, order in read.items() if days.count(None) == most]
