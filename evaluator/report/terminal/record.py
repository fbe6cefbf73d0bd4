"""What is on record as text for the terminal.

A record may have runs of many studies: who calls says in whose words they are told.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from evaluator.report.formatting.numbers import counted, general, signed
from evaluator.report.formatting.phrases import ENDED
from evaluator.report.formatting.text import Columns, text_table
from evaluator.report.formatting.words import Words
from evaluator.report.terminal.proceedings import ACTS, act_in_words, acts_text, by, when
from evaluator.report.terminal.proceedings import said as words_said
from evaluator.report.terminal.tables import one_line
from evaluator.report.viewmodel.versions.changes import said
from evaluator.sanitize import shortened

Data = Mapping[str, Any]
_LINES = 6
"""Changes and notes of one run that a table shows; `--json` has all."""
_INSIDE = 30
"""Values within two studies that are shown of those that differ."""
_FAULTS = 100
_SEALED = "Every byte of the file is as it was when its last writer closed it."
_UNSEALED = (
    "No: not since it was last written to, as while others write, after a kill, or where it is "
    "large. Of the file, room that nothing takes and two numbers of SQLite's head are not held."
)
Agencies = Mapping[str, str]
"""What agencies are called, by id."""


def list_text(runs: Sequence[Data], total: int, words: Words, agencies: Agencies) -> str:
    """Return a table of runs on record, the newest first."""
    columns: Columns = [
        ("No.", "right"),
        ("Entered, UTC", "left"),
        ("By", "left"),
        ("Run", "left"),
        (words.head.priority, "right"),
        ("Supported", "right"),
        ("Changed since the run before of its scenario; notes", "left"),
    ]
    rows = [
        (
            run["number"],
            when(run),
            by(run),
            one_line(shortened(run["content"]["run"])),
            run["content"]["priority"],
            _supported(run["content"]),
            "\n".join(_said(run, words, agencies)),
        )
        for run in runs
    ]
    more = total - len(runs)
    table = text_table("Runs on record, the newest first", columns, rows)
    return f"{table.rstrip()}\nand {more:,} older: --limit 0 lists all" if more else table


def run_text(run: Data, words: Words, agencies: Agencies) -> str:
    """Return the entry of a run and those about it: who spoke on it last, in a table."""
    told = run["content"]
    lines = [
        f"Entry {run['number']:,} of {when(run)} UTC, by {by(run)}",
        f"Run     {one_line(told['run'])}, made {told['created_at']}",
        f"Folder  {one_line(told['folder'])}",
        f"Digest  {told['digest']}",
        f"Hash    {run['hash']}",
    ]
    lines += [_entry(one) for one in run["entries"] if one["kind"] not in ACTS]
    acts = acts_text("Said and decided", run["entries"], words, agencies).rstrip()
    return "\n".join([*lines, *(["", acts] if acts else [])])


def history_text(
    package: str,
    steps: Sequence[Data],
    runs: int,
    acts: Sequence[Data],
    words: Words,
    agencies: Agencies,
) -> str:
    """Return a table of the runs at which a package came to stand otherwise."""
    columns: Columns = [
        ("No.", "right"),
        ("Entered, UTC", "left"),
        ("Scenario", "left"),
        ("Rank", "right"),
        (words.head.priority, "left"),
        ("Tier", "left"),
        ("Amount", "right"),
        ("By what", "left"),
    ]
    rows = [
        (
            step["run"]["number"],
            when(step["run"]),
            one_line(step["run"]["about"]),
            *_standing(step, words),
            "\n".join(_lines(_change(one) for one in step["changes"])) or _first(step),
        )
        for step in steps
    ]
    title = f"{package} in {counted(runs, 'run')}: those that changed where it stands"
    table = text_table(title, columns, rows)
    said = acts_text(f"Said and decided of {package}", acts, words, agencies)
    return f"{table}\n{said}" if said else table


def diff_text(parted: Data, words: Words) -> str:
    """Return what parts two runs: what was changed, old -> new, and what it did."""
    old, new = parted["old"], parted["new"]
    lines = [f"From entry {old['number']:,}, {one_line(old['content']['run'])} ({when(old)} UTC)"]
    lines += [f"to entry {new['number']:,}, {one_line(new['content']['run'])} ({when(new)} UTC)"]
    changed = [_difference(one) for one in parted["changed"]]
    inside = [
        f"{one_line(one['path'])}: {_value(one['old'])} -> {_value(one['new'])}"
        for one in parted["inside"]
    ]
    lines += ["", "Changed", *(changed or ["nothing: the same study"])]
    if inside:
        lines += ["", "Within the study", *inside[:_INSIDE]]
        more = len(inside) - _INSIDE
        lines += [f"and {more:,} more: --json tells all"] if more > 0 else []
    lines += ["", *_effects(parted, words)]
    return "\n".join(lines)


def verified_text(found: Data, place: str) -> str:
    """Return what was found of a record: the first broken link first."""
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(found["kinds"].items()))
    lines = [f"{place}: {_entries(found['entries'])}" + (f" ({kinds})" if kinds else "")]
    faults = [f"{one_line(one['words'])}." for one in found["faults"]]
    lines += [f"Fault   {one}" for one in faults[:_FAULTS]]
    if len(faults) > _FAULTS:
        lines.append(f"and {len(faults) - _FAULTS:,} more: --json tells all")
    if not faults:
        lines.append("Whole   Every entry is what its hash says and follows the one before.")
    lines.append(f"Head    {found['head']}")
    if found["sealed"] is not None and (found["sealed"] or not faults):
        lines.append(f"Sealed  {_SEALED if found['sealed'] else _UNSEALED}")
    lines.append(f"Proven  {_proven(found)}")
    return "\n".join(lines)


def redacted_text(told: Data) -> str:
    """Return what was taken out, and what keeps the name."""
    number = f"{told['number']:,}"
    lines = [
        f"Taken out of {counted(told['fields'], 'field')}; entry {number} tells which and why."
    ]
    if told["words"]:
        held = ", ".join(f"{one:,}" for one in told["words"])
        lines.append(f"Entries that hold the name in somebody's words, and keep it: {held}.")
        lines.append("'evaluator record redact --entry NUMBER' takes the words of one out.")
    if told["files"]:
        lines.append(
            "Files of runs that hold the name in their own text, and keep it: "
            f"{told['files']:,}. They are what those runs were made of."
        )
    return "\n".join(lines)


def _proven(found: Data) -> str:
    proven = found["proven"]
    if proven is None:
        return (
            "No outside checkpoint was given: whether entries at the end are missing is not known."
        )
    after = found["entries"] - proven["number"]
    by = ", signed by the key given" if found["signed"] else ""
    said = f"Complete up to entry {proven['number']:,}, by the checkpoint of {proven['at']}{by}"
    return f"{said}; {_entries(after)} after it." if after > 0 else f"{said}."


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count:,} entries"


def _effects(parted: Data, words: Words) -> Iterator[str]:
    """Yield what the packages of two runs stand like, where they differ."""
    old, new = parted["old"]["content"], parted["new"]["content"]
    sums: tuple[tuple[str, str, Callable[[float], str]], ...] = (
        ("objective", "Objective in points", lambda points: general(points, 6)),
        ("subsidy_usd", "Subsidy", words.money.amount),
    )
    for name, what, shown in sums:
        was, now = old.get(name), new.get(name)
        if was != now and was is not None and now is not None:
            yield f"{what}: {shown(was)} -> {shown(now)}"
    if not parted["moved"]:
        yield f"No {words.package} stands otherwise."
        return
    columns: Columns = [
        (words.head.package, "left"),
        ("Rank", "left"),
        (words.head.priority, "left"),
        ("Tier", "left"),
        ("Amount", "left"),
        ("More", "right"),
    ]
    yield ""
    yield text_table(
        "What it did", columns, [_move(one, words) for one in parted["moved"]]
    ).rstrip()


def _move(one: Data, words: Words) -> tuple[str, ...]:
    was, now = one["old"], one["new"]
    if was is None or now is None:
        there = _standing(was or now, words)
        how = "gone" if now is None else "new"
        return (one["package"], *(f"{how}: {cell}" if cell else "" for cell in there), "")
    pairs = zip(_standing(was, words), _standing(now, words), strict=True)
    cells = [a if a == b else f"{a or '-'} -> {b or '-'}" for a, b in pairs]
    amounts = was["amount_usd"], now["amount_usd"]
    known = None not in amounts and amounts[0] != amounts[1]
    return (one["package"], *cells, signed(amounts[1] - amounts[0], 0) if known else "")


def _standing(one: Data, words: Words) -> tuple[str, str, str, str]:
    rank = "failed" if one["rank"] is None else str(one["rank"])
    amount = "" if one["amount_usd"] is None else words.money.amount(one["amount_usd"])
    return rank, one["priority"], one["tier"], amount


def _first(step: Data) -> str:
    return "" if step["run"]["content"]["before"] else "the first run of its scenario"


def _supported(told: Data) -> str:
    if "status" not in told:
        return ""
    if told["status"] == "optimal":
        return f"{told['supported']}"
    return f"{told['supported']}, {ENDED[told['status']]}"


def _said(run: Data, words: Words, agencies: Agencies) -> Iterator[str]:
    """Yield what changed before a run and what was said of it, a line each."""
    changes = [one for one in run["entries"] if one["kind"] == "change"]
    others = [one for one in run["entries"] if one["kind"] != "change"]
    yield from _lines(_change(one) for one in changes)
    if not changes:
        first = not run["content"]["before"]
        yield "the first of its scenario" if first else "nothing: the same study"
    told = (_act(one, words, agencies) if one["kind"] in ACTS else _entry(one) for one in others)
    yield from _lines(told)


def _lines(told: Iterator[str]) -> Iterator[str]:
    every = list(told)
    yield from every[:_LINES]
    if len(every) > _LINES:
        yield f"and {len(every) - _LINES:,} more"


def _act(one: Data, words: Words, agencies: Agencies) -> str:
    """Return what somebody said of a run in a line, cut where it is long."""
    text = words_said(one)
    what = act_in_words(one, words, agencies) + (f": {shortened(text)}" if text else "")
    return f"{what} ({by(one)})"


def _entry(one: Data) -> str:
    """Return an entry about a run in a line."""
    if one["kind"] == "change":
        return f"change: {_change(one)} ({by(one)})"
    told = one["content"].get("text")
    text = one_line(told) if told else json.dumps(one["content"], ensure_ascii=False)
    return f"{one['kind']}: {shortened(text) if told is None else text} ({by(one)})"


def _change(one: Data) -> str:
    told = one["content"]
    return _difference(
        {
            **{"kind": told["kind"], "what": told["set"], "old": told["old"], "new": told["to"]},
            **{"because": told.get("because") or "", "by": ""},
        }
    )


def _difference(one: Data) -> str:
    """Return what is otherwise in one run than in another, in a line."""
    old, new, what = one["old"], one["new"], one_line(one["what"])
    if one["kind"] == "file":
        how = "new" if old is None else "gone" if new is None else "another content"
        return f"{what}: {how}"
    why = ", ".join(one_line(one[key]) for key in ("because", "by") if one[key])
    return f"{what}: {_value(old)} -> {_value(new)}" + (f" ({why})" if why else "")


def _value(value: object) -> str:
    return shortened(one_line(said(value, str)))
