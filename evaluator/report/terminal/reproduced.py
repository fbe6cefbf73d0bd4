"""A run that was evaluated again, as text for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evaluator.report.formatting.numbers import counted, general
from evaluator.report.terminal.tables import one_line, titled_table

Data = Mapping[str, Any]
_NAMED = 12


def reproduced_text(found: Data) -> str:
    """Return how a run that was evaluated again compares with what it was."""
    return "\n".join(_lines(found))


def _lines(found: Data) -> Iterator[str]:
    same, other = found["same"], found["other"]
    if not other:
        yield f"{one_line(found['run'])}: evaluated again, the same to the byte."
        yield f"All {counted(len(same), 'file')} agree; logs, which tell times, are left out."
        if found["versions"]:
            yield f"Other versions did the work: {_versions(found)}."
        return
    total = len(same) + len(other)
    yield f"{one_line(found['run'])}: evaluated again, {len(other)} of {total} files differ."
    more = f" and {len(other) - _NAMED:,} more" if len(other) > _NAMED else ""
    yield f"Differ  {', '.join(map(one_line, other[:_NAMED]))}{more}"
    if found["cells"]:
        yield ""
        yield _cells(found).rstrip()
    else:
        yield "No number of a table differs."
    yield ""
    yield f"Explained {_explanation(found)}"


def _cells(found: Data) -> str:
    rows = [
        (
            f"{one['table']}: {one['column']}",
            f"{one['count']:,}",
            one["row"],
            one["old"],
            one["new"],
            "" if one["difference"] is None else general(one["difference"], 3),
        )
        for one in found["cells"]
    ]
    columns = [
        ("Table: column", "left"),
        ("Cells", "right"),
        ("Largest at", "left"),
        ("Was", "right"),
        ("Is", "right"),
        ("By", "right"),
    ]
    return titled_table("Cells that differ", columns, rows)


def _explanation(found: Data) -> str:
    causes = []
    if found["versions"]:
        causes.append(f"by other versions, it may be: {_versions(found)}")
    if found["cut"]:
        causes.append(f"by time that cut, it may be: {', '.join(found['cut'])}")
    return "; ".join(causes) + "." if causes else "by nothing that is known: same versions, no cut."


def _versions(found: Data) -> str:
    return ", ".join(
        f"{one['what']} {one['old'] or 'none'} -> {one['new'] or 'none'}"
        for one in found["versions"]
    )
