"""The verdicts on late packages: what each gains, what its room is worth, whom it displaces."""

from __future__ import annotations

from evaluator.questions.rolling_review.admission import Admission
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import fixed, points
from evaluator.report.formatting.phrases import sentence
from evaluator.report.formatting.records import records
from evaluator.report.formatting.text import Columns
from evaluator.report.formatting.words import Words
from evaluator.report.messages import say, say_all
from evaluator.report.viewmodel.answers import Answer, Shown, Span, Spans


def answer(found: Admission, names: Names) -> Answer:
    """Return whether each late package is worth its room, and what it would take from whom."""
    w = names.words
    lines = (
        f"{package}: {sentence(say_all(row['sentence'], names))}"
        for package, row in found.verdicts.iterrows()
    )
    tables = (_verdicts(found, w), _prices(found, names), _displaced(found, names))
    broken = (f"Broken: {say(fault, names)}." for fault in found.certificate)
    rules = (sentence(say(rule, names)) for rule in found.rules)
    return Answer(
        f"What is a late {w.package} worth, and whom does it displace?",
        tuple(lines),
        _picture(found, names),
        tuple(table for table in tables if table.rows),
        (*rules, *broken),
    )


def _picture(found: Admission, names: Names) -> Spans:
    """Return gain and price of each late package, in points, and below it what others lose."""
    verdicts = records(found.verdicts.reset_index())
    most = max((max(row["worth"], row["price"], row["gain"]) for row in verdicts), default=0) or 1
    lost = records(found.displaced)
    dearest = max((row["lost_usd"] for row in lost), default=0) or 1
    rows: list[Span] = []
    for row in verdicts:
        name = names.package(row["package"])
        for head, points_, colour in (
            ("would gain", row["worth"], 0),
            ("its room is worth", row["price"], 1),
        ):
            width = max(0.0, points_) / most
            rows.append(
                Span(f"{name}: {head}", 0, width, f"{points(points_)} points", None, colour)
            )
        for other in lost:
            if other["late"] == row["package"]:
                head = f"takes from {names.package(other['package'])}, {names.tool(other['tool'])}"
                text = names.amount(other["lost_usd"])
                rows.append(Span(head, 0, other["lost_usd"] / dearest, text, None, 3))
    w = names.words
    caption = (
        f"Points that a late {w.package} would gain, those that its room is worth to the others, "
        "and what the others lose were commitments free"
    )
    return Spans(caption, ("0", f"{points(most)} points; {names.amount(dearest)}"), tuple(rows))


def _prices(found: Admission, names: Names) -> Shown:
    heads = [
        (f"Late {names.words.package}", "left"),
        ("Limit", "left"),
        ("For", "left"),
        ("Points", "right"),
    ]
    paid = [
        (
            row["package"],
            names.limit(row["limit"]),
            names.group(row["limit"], row["group"]) if row["group"] else "",
            fixed(row["points"], 2),
        )
        for _, row in found.prices.iterrows()
    ]
    return Shown("What its room is worth to the others", heads, paid)


def _displaced(found: Admission, names: Names) -> Shown:
    words = names.words
    unit = words.money.unit(found.displaced["lost_usd"])
    heads = [
        (f"Late {words.package}", "left"),
        ("Would take from", "left"),
        (words.head.tool, "left"),
        (unit.head, "right"),
    ]
    lost = [
        (
            row["late"],
            names.package(row["package"]),
            names.tool(row["tool"]),
            unit.amount(row["lost_usd"]),
        )
        for _, row in found.displaced.iterrows()
    ]
    return Shown("Whom it would displace were commitments free", heads, lost)


def _verdicts(found: Admission, words: Words) -> Shown:
    amounts = ["given_usd", "free_usd", "displaced_usd"]
    unit = words.money.unit(found.verdicts[amounts].to_numpy().ravel().tolist())
    columns: Columns = [
        (f"Late {words.package}", "left"),
        ("Verdict", "left"),
        ("Would gain", "right"),
        ("Price of its room", "right"),
        (f"Gets now, {unit.head}", "right"),
        (f"If all were free, {unit.head}", "right"),
        (f"Would displace, {unit.head}", "right"),
    ]
    rows = [
        (
            package,
            row["decision"],
            points(row["worth"]),
            points(row["price"]),
            *(unit.amount(row[name]) for name in amounts),
        )
        for package, row in found.verdicts.iterrows()
    ]
    return Shown(f"Verdicts: points of objective, and {words.money.units}", columns, rows)
