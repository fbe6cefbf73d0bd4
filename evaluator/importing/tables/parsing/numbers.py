"""Numbers as people write them: separators, signs of currency, percent, cents, accounts' minus.

What separates decimals and thousands is decided for a column as a whole: each convention under
which all of its numbers can be read is tried, and where two give different numbers nothing is
guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

_CODES = (
    *("USD", "EUR", "GBP", "JPY", "PLN", "INR", "RUB", "KRW", "TRY", "UAH", "BRL", "CAD", "AUD"),
    *("CZK", "HUF", "RON", "CHF", "SEK", "NOK", "DKK", "CNY", "MXN", "ZAR", "NGN", "KES", "IDR"),
    *("THB", "VND", "SGD", "HKD", "NZD", "AED", "SAR", "QAR", "EGP", "ILS", "ARS", "CLP", "COP"),
)
CURRENCIES: Mapping[str, str] = {
    **{"$": "$", "us$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "zł": "PLN", "zl": "PLN"},
    **{"₹": "INR", "₽": "RUB", "₩": "KRW", "₺": "TRY", "₴": "UAH", "r$": "BRL", "c$": "CAD"},
    **{"a$": "AUD", "kč": "CZK", "ft": "HUF", "lei": "RON", "fr.": "CHF", "₪": "ILS", "₫": "VND"},
    **{code.lower(): code for code in _CODES},
}
"""Signs and codes of currencies, and the code of each by ISO 4217; `$` is of several."""
DOLLARS = frozenset(
    (*("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD"), *("MXN", "ARS", "CLP", "COP"))
)
_TIMES: Mapping[str, int] = {
    **dict.fromkeys(("k", "thousand", "thousands", "tsd"), 10**3),
    **dict.fromkeys(("m", "mm", "mn", "mio", "mln", "million", "millions"), 10**6),
    **dict.fromkeys(("b", "bn", "mrd", "mld", "billion", "billions"), 10**9),
}
_LONGEST = 80
"""Letters of a cell that may hold a number."""
_BLANKS = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2010": "-", "\u2011": "-", "\ufe63": "-"})
_QUOTES = str.maketrans({"\u2019": "'", "\u02bc": "'", "`": "'", "\u00b4": "'"})
_PARTS = re.compile(
    r"(?P<before>[^\d.,'+\-]*?)\s*(?P<sign>[+-]?)\s*(?P<inner>[^\d.,'+\-]*?)\s*"
    r"(?P<digits>\d[\d.,' ]*|[.,]\d+)(?P<power>[eE][+-]?\d{1,3})?\s*"
    r"(?P<after>[^\d+\-]*?)(?P<behind>-?)"
)
_BRACKETED = re.compile(r"([^\d()+\-]*)\(([^()]+)\)([^\d()+\-]*)")
CONVENTIONS: Sequence[tuple[str, str]] = (
    *((".", ","), (",", "."), (".", " "), (",", " "), (".", "'"), (",", "'")),
)
"""What parts decimals, and what parts thousands."""
_GROUPED = {
    sign: re.compile(rf"\d{{1,3}}(?:{re.escape(sign)}\d{{3}})+") for sign in (",", ".", " ", "'")
}
_LAKHS = re.compile(r"\d{1,2}(?:,\d{2})*,\d{3}")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number taken apart: its digits are not understood yet."""

    digits: str
    """With separators."""
    negative: bool = False
    power: int = 0
    """Of ten, by an exponent."""
    times: int = 1
    """By a word: 1,000 of `k`."""
    percent: bool = False
    cents: bool = False
    """It counts hundredths: `50 ¢`."""
    currency: str = ""
    """The code of ISO 4217, or `$`; empty where none is stated."""
    how: tuple[str, ...] = ()
    """What had to be taken off."""


@lru_cache(maxsize=1 << 16)
def figure(text: str) -> Figure | None:
    """Take a number apart; None where the text is none.

    >>> figure("(1.234,50 €)")
    Figure(digits='1.234,50', negative=True, power=0, times=1, percent=False, cents=False, \
currency='EUR', how=('parentheses', 'sign of currency'))
    >>> figure("P1"), figure("3 of 4")
    (None, None)
    """
    if len(text) > _LONGEST:
        return None
    plain = _BLANKS.sub(" ", text).translate(_MINUS).translate(_QUOTES).strip()
    how: list[str] = []
    if plain != text.strip() and "-" in plain and "-" not in text:
        how.append("minus sign")
    bracketed = _BRACKETED.fullmatch(plain)
    if bracketed is not None:
        plain = " ".join(filter(None, bracketed.groups())).strip()
        how.append("parentheses")
    found = _PARTS.fullmatch(plain)
    if found is None:
        return None
    minus = [bracketed is not None, found["sign"] == "-", found["behind"] == "-"]
    if sum(minus) > 1:
        return None
    if found["behind"]:
        how.append("minus behind")
    digits = found["digits"].rstrip()
    affixes = [found[part].strip() for part in ("before", "inner", "after")]
    told = _affixes([part for part in affixes if part], how)
    if told is None:
        return None
    power = int(found["power"][1:]) if found["power"] else 0
    times, percent, cents, currency = told
    return Figure(digits, any(minus), power, times, percent, cents, currency, tuple(how))


def may_be(currency: str, code: str) -> bool:
    """Return whether a sign or code of a currency may stand for another code.

    >>> may_be("$", "CAD"), may_be("EUR", "USD"), may_be("", "PLN"), may_be("USD", "")
    (True, False, True, True)
    """
    return not currency or not code or currency == code or (currency == "$" and code in DOLLARS)


def _affixes(parts: Sequence[str], how: list[str]) -> tuple[int, bool, bool, str] | None:
    """Return what stands beside the digits: times, percent, cents, currency; None if unknown."""
    times, percent, cents, currency = 1, False, False, ""
    for part in (word for text in parts for word in _split(text)):
        word = part.lower()
        if word in ("%", "pct", "percent"):
            percent = True
            how.append("percent")
        elif word in ("¢", "cents", "ct"):
            cents = True
            how.append("cents")
        elif word in CURRENCIES and not currency:
            currency = CURRENCIES[word]
            how.append("sign of currency")
        elif word.rstrip(".") in _TIMES and times == 1:
            times = _TIMES[word.rstrip(".")]
            how.append(f"times {times:,}")
        else:
            return None
    return times, percent, cents, currency


def _split(text: str) -> Iterable[str]:
    """Yield the words of what stands beside digits; `M$` and `m€` are two."""
    for word in text.split():
        whole = word.lower()
        if whole in CURRENCIES or len(word) == 1:
            yield word
        elif word[0] in "$€£¥":
            yield from (word[0], word[1:])
        elif word[-1] in "$€£¥":
            yield from (word[:-1], word[-1])
        else:
            yield word


def amount(of: Figure, decimal: str, group: str) -> Decimal | None:
    """Return the number under a convention, None where its digits do not fit it.

    Percent is not applied: that is of who knows the unit.
    """
    whole, point, part = of.digits.rpartition(decimal)
    if not point:
        whole, part = of.digits, ""
    if part and not part.isdigit():
        return None
    if group in whole:
        lakhs = group == "," and _LAKHS.fullmatch(whole)
        if whole.startswith("0") or not (_GROUPED[group].fullmatch(whole) or lakhs):
            return None  # nobody parts the thousands of a number that begins with 0
        whole = whole.replace(group, "")
    if (whole and not whole.isdigit()) or not (whole or part) or (point and not part):
        return None
    try:
        found = Decimal(f"{whole or 0}.{part or 0}").scaleb(of.power) * of.times
    except InvalidOperation:
        return None
    return (-found if of.negative else found) / (100 if of.cents else 1)


def conventions(
    figures: Sequence[Figure], fits: Callable[[Figure, Decimal], bool]
) -> list[tuple[str, str]]:
    """Return the conventions that read all figures, one for each different reading.

    fits: whether a number may be meant at all. Where no convention reads all, the one that reads
    most is returned, so that the others can be told.
    """
    read: dict[tuple[Decimal | None, ...], tuple[str, str]] = {}
    for convention in CONVENTIONS:
        numbers = []
        for one in figures:
            number = amount(one, *convention)
            numbers.append(number if number is not None and fits(one, number) else None)
        read.setdefault(tuple(numbers), convention)
    most = min(sum(number is None for number in numbers) for numbers in read)
    return [c for numbers, c in read.items() if sum(n is None for n in numbers) == most]


def separated(of: Figure, decimal: str, group: str) -> list[str]:
    """Return what of a figure's digits had to be understood by a convention, in words."""
    found = []
    if decimal == "," and "," in of.digits:
        found.append("decimal comma")
    if group in of.digits:
        found.append("thousands separator")
    if of.power:
        found.append("exponent")
    return found


def written(number: Decimal) -> str:
    """Return a number as a study writes it.

    >>> written(Decimal("1E+3")), written(Decimal("0.50")), written(Decimal("-0"))
    ('1000', '0.5', '0')
    """
    if number == 0:
        return "0"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
