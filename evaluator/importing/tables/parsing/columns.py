"""The cells of a column -> texts of a field: settled for the column as a whole, then one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from evaluator.errors import Vocabulary
from evaluator.importing.tables.destination import Field
from evaluator.importing.tables.grids.grid import Cell, Question
from evaluator.importing.tables.parsing import currencies, dates, numbers, words
from evaluator.model.import_map import MappedColumn, MappedRate
from evaluator.sanitize import shortened

_NUMBERS = ("number", "money", "share")
_TEXTS = ("text", "filled")
_PERCENT = re.compile(r"%|\bpct\b|\bper ?cent(age)?\b", re.IGNORECASE)
_TIMES = (
    (re.compile(r"\b(millions?|mln|mio|mn)\b|[$€£]\s?m\b|\bUSD ?m\b", re.IGNORECASE), 1e6),
    (re.compile(r"\b(billions?|bn)\b", re.IGNORECASE), 1e9),
    (re.compile(r"\b(thousands?|000s?)\b|[$€£']\s?(k|000)\b|\bUSD ?k\b", re.IGNORECASE), 1e3),
)
_PERCENT_UNITS = ("%", "percent", "per cent", "pct", "percentage")
_LISTS = re.compile(r"[|;,\n]")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says."""

    text: str
    """As the study's file has it; empty where it is missing and says no more."""
    how: tuple[str, ...] = ()
    """What was done, in the words of the record."""
    missing: str = ""
    """The word that says that it is missing."""
    rate: MappedRate | None = None
    """By which it was converted."""


def settled(
    cells: Sequence[Cell],
    to: Field,
    mapped: MappedColumn,
    where: str,
    rates: currencies.Rates | None = None,
) -> tuple[MappedColumn, list[Question]]:
    """Return a column of the map with what its cells show, and what they leave open.

    cells: those of the column within the table. What the map states already stays.
    """
    sound = [cell for cell in cells if cell.fault is None and not _is_missing(cell, to, mapped)]
    if to.parser.kind in _NUMBERS:
        mapped, open_ = currencies.settled(sound, to, mapped, where, rates or {})
        mapped, more = _settled_numbers(sound, to, mapped, where)
        return mapped, [*open_, *more]
    if to.parser.kind == "date" and mapped.order is None:
        texts = [cell.found for cell in sound if cell.kind == "text"]
        found = dates.orders(texts) if texts else []
        if len(found) > 1:
            example = shortened(
                next(t for t in texts if dates.day(t, "dmy") != dates.day(t, "mdy"))
            )
            fact = f"'{example}' may begin with the day or with the month, as may all others."
            return mapped, [Question(where, ("order",), fact, found)]
        numeric = any(dates.day(t, "dmy") != dates.day(t, "mdy") for t in texts)
        if found and numeric:
            return mapped.model_copy(update={"order": found[0]}), []
    return mapped, []


def _settled_numbers(
    cells: Sequence[Cell], to: Field, mapped: MappedColumn, where: str
) -> tuple[MappedColumn, list[Question]]:
    questions: list[Question] = []
    if mapped.times is None:
        times, doubt = _scale(cells, to, mapped)
        if times is not None:
            mapped = mapped.model_copy(update={"times": times})
        if doubt:
            questions.append(Question(where, ("times",), doubt, ("0.01", "1")))
    figures = [f for cell in cells if cell.kind == "text" and (f := numbers.figure(cell.found))]
    if not figures or (mapped.decimal is not None and mapped.group is not None):
        return mapped, questions

    def fits(one: numbers.Figure, number: Decimal) -> bool:
        if mapped.decimal is not None and _point(one.digits) not in ("", mapped.decimal):
            return numbers.amount(one, mapped.decimal, _other(mapped.decimal)) == number
        return _plausible(one, number, to, mapped)

    found = [c for c in numbers.conventions(figures, fits) if mapped.decimal in (None, c[0])]
    found = [c for c in found if mapped.group in (None, c[1])] or found
    if len(found) > 1:
        one = next(f for f in figures if len({numbers.amount(f, *c) for c in found}) > 1)
        each = " or ".join(dict.fromkeys(_written(one, c) for c in found))
        fact = f"'{one.digits}' may be {each}: no other cell of the column tells."
        options = tuple(dict.fromkeys(c[0] for c in found))
        questions.append(Question(where, ("decimal",), fact, options))
        return mapped, questions
    if found and any(not f.digits.isdigit() for f in figures):
        mapped = mapped.model_copy(update={"decimal": found[0][0], "group": found[0][1]})
    return mapped, questions


def _written(one: numbers.Figure, convention: tuple[str, str]) -> str:
    number = numbers.amount(one, *convention)
    return "no number" if number is None else numbers.written(number)


def _point(digits: str) -> str:
    return next((x for x in reversed(digits) if not x.isdigit()), "")


def _other(decimal: str) -> str:
    return "." if decimal == "," else ","


def _scale(cells: Sequence[Cell], to: Field, mapped: MappedColumn) -> tuple[float | None, str]:
    """Return what numbers are multiplied by, as their head says, or why that is open."""
    if to.parser.kind == "money":
        worded = (f for c in cells if c.kind == "text" and (f := numbers.figure(c.found)))
        if any(figure.times > 1 for figure in worded):
            return None, ""
        return next((times for word, times in _TIMES if word.search(mapped.head)), None), ""
    if to.parser.kind != "share" and to.unit != "share":
        return None, ""
    plain = [number for cell in cells if (number := _unsigned(cell)) is not None]
    above = [number for number in plain if abs(number) > 1]
    if _PERCENT.search(mapped.head) and above:
        return 0.01, ""
    if above and max(above) <= 100:
        return None, f"numbers such as {numbers.written(above[0])} are above 1: percent, or wrong?"
    if _PERCENT.search(mapped.head) and any(plain):
        return None, "the head says percent, and no number is above 1."
    return None, ""


def _unsigned(cell: Cell) -> Decimal | None:
    """Return a number without a sign of percent."""
    if cell.kind == "number":
        return None if "%" in cell.signs else Decimal(cell.found)
    one = numbers.figure(cell.found) if cell.kind == "text" else None
    if one is None or one.percent:
        return None
    read = [n for c in numbers.CONVENTIONS if (n := numbers.amount(one, *c)) is not None]
    return min(read, key=abs, default=None)


def _plausible(one: numbers.Figure, number: Decimal, to: Field, mapped: MappedColumn) -> bool:
    """Return whether a number may stand in a field: money has no more than cents."""
    currency = to.parser.kind == "money" or to.unit.lower() in numbers.CURRENCIES
    if (currency or one.currency) and one.times == 1 and mapped.times is None:
        return int(number.as_tuple().exponent) >= -2
    if to.parser.kind == "share" or to.unit == "share":
        scaled = number * Decimal(str(mapped.times or 1)) / (100 if one.percent else 1)
        return abs(scaled) <= (1 if mapped.times or one.percent else 100)
    return True


def _is_missing(cell: Cell, to: Field, mapped: MappedColumn) -> bool:
    """Return whether a cell says that something is missing."""
    if cell.fault is not None or to.parser.kind in _TEXTS:
        return False
    if words.matched(cell.found, to.words):
        return False
    if cell.kind != "text":
        return bool(mapped.missing) and any(_same(cell.found, one) for one in mapped.missing)
    stated = any(_same(cell.found, one) for one in mapped.missing)
    return stated or words.is_missing(cell.found.strip())


def _same(text: str, other: str) -> bool:
    try:
        return Decimal(text.strip()) == Decimal(other.strip())
    except ArithmeticError:
        return words.key(text) == words.key(other) and bool(words.key(text))


def read(
    cell: Cell, to: Field, mapped: MappedColumn, rates: currencies.Rates | None = None
) -> Reading:
    """Return what a cell says as text of a field.

    Raises ValueError with the fact and, below it, the remedy where it can say nothing there.
    """
    if cell.fault is not None:
        raise ValueError("\n".join(cell.fault))
    if _is_missing(cell, to, mapped):
        return _absent(cell.found.strip(), to)
    kind = to.parser.kind
    if kind in _NUMBERS:
        found = _number(cell, to, mapped, rates or {})
    elif kind == "date":
        found = _date(cell, mapped)
    elif kind == "flag":
        found = _flag(cell)
    elif kind == "identifiers":
        found = _list(cell, to)
    elif kind in _TEXTS:
        found = Reading(cell.shown or cell.found.strip())
    else:
        found = _named(cell, to)
    to.parser.read(found.text)
    told = ("stored value of a formula",) if cell.formula else ()
    return replace(found, how=(*told, *found.how))


def _absent(word: str, to: Field) -> Reading:
    if to.parser.absent == "refused":
        raise ValueError(f"says '{shortened(word)}', and this has to be known.\nFill it.")
    text = f"n/a: {word}" if to.parser.absent == "reason" else ""
    return Reading(text, ("missing",), word)


def _number(cell: Cell, to: Field, mapped: MappedColumn, rates: currencies.Rates) -> Reading:
    if cell.kind == "number":
        number, how = Decimal(cell.found), []
        percent = "%" in cell.signs
        if percent:
            number, how = number * 100, ["percent format"]
    else:
        one = numbers.figure(cell.found) if cell.kind == "text" else None
        convention = mapped.decimal or ".", mapped.group or _other(mapped.decimal or ".")
        amount = numbers.amount(one, *convention) if one else None
        if one is None or amount is None:
            what = {"day": "a date", "time": "a time"}.get(cell.kind, f"'{shortened(cell.found)}'")
            parted = f" with decimals parted by '{convention[0]}'" if one else ""
            remedy = "Mend it, or name it under missing in the map."
            raise ValueError(f"holds {what}, which is no number{parted}.\n{remedy}")
        number, percent = amount, one.percent
        how = [*numbers.separated(one, *convention), *one.how]
    rate = currencies.rate_of(currencies.of_cell(cell), to, mapped, rates)
    if percent:
        number = _of_percent(number, to)
    elif mapped.times is not None and mapped.times != 1:
        number *= Decimal(str(mapped.times))
        how.append(f"times {mapped.times:g}")
    if rate is not None:
        number *= currencies.exact(rate)
        how.append(currencies.told(rate))
    if to.parser.kind == "money" and number != int(number):
        number = number.quantize(Decimal(1), ROUND_HALF_UP)
        how.append("cents rounded")
    return Reading(numbers.written(number), tuple(how), rate=rate)


def _of_percent(number: Decimal, to: Field) -> Decimal:
    """Return a number of percent in the unit of a field."""
    if to.unit.lower() in _PERCENT_UNITS:
        return number
    if to.parser.kind == "share" or (to.unit in ("share", "") and to.parser.kind == "number"):
        return number / 100
    fact = f"is in percent, and {to.name} is in {to.unit or 'amounts'}."
    raise ValueError(f"{fact}\nMend it, or map the column elsewhere.")


def _date(cell: Cell, mapped: MappedColumn) -> Reading:
    if cell.kind == "day":
        timed = ("time of day left out",) if "T" in cell.found else ()
        return Reading(cell.found[:10], timed)
    found = dates.day(cell.found, mapped.order or "dmy") if cell.kind == "text" else None
    if found is None:
        what = f"'{shortened(cell.found)}'"
        raise ValueError(f"{what} is no date that is known here.\nWrite it as 2026-06-30.")
    plain = dates.without_time(cell.found)
    how = [] if plain == cell.found.strip() else ["time of day left out"]
    how += [] if plain == found else [f"date {mapped.order}" if mapped.order else "date"]
    how += ["year of two digits"] if dates.short_year(plain) else []
    return Reading(found, tuple(how))


def _flag(cell: Cell) -> Reading:
    found = words.flag(cell.found.strip())
    if found is None:
        fact = f"'{shortened(cell.found)}' is neither yes nor no."
        raise ValueError(f"{fact}\nWrite yes or no.")
    same = cell.found.strip() == found
    return Reading(found, () if same else ("yes or no",))


def _named(cell: Cell, to: Field) -> Reading:
    """Return the word of a vocabulary that is meant, or an id or label as it is."""
    text = cell.shown or cell.found.strip()
    how = ("as it is shown",) if cell.shown else ()
    if to.words:
        found = words.matched(text, to.words)
        if found is None and not to.others:
            known = Vocabulary(dict.fromkeys(word for word in to.words.values() if word))
            raise ValueError(f"'{shortened(text)}' is not known here.\n{known.near(text)}")
        if found is not None:
            return Reading(found, how if found == text else (*how, "matched"))
    if to.parser.kind == "identifier" and not _ID.fullmatch(text):
        made = words.slug(text)
        if not made:
            fact = f"'{shortened(text)}' suggests no id: those are letters A to Z and digits."
            raise ValueError(f"{fact}\nState numbered in the map, or add a column of ids.")
        return Reading(made, (*how, "made an id"))
    return Reading(text, how)


def _list(cell: Cell, to: Field) -> Reading:
    parts = [part.strip() for part in _LISTS.split(cell.found) if part.strip()]
    found = [words.matched(part, to.words) or part for part in parts]
    text = "|".join(found)
    return Reading(text, () if text == cell.found.strip() else ("list",))


def distinct(cells: Iterable[Cell]) -> list[str]:
    """Return the texts of cells, each once, in their order."""
    return list(dict.fromkeys(" ".join(cell.found.split()) for cell in cells))
