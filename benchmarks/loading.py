"""What reading tables costs: growth with width and rows, peak memory, and ratios to openpyxl.

Each case is a process of its own. Prints processor seconds, the memory that came on top of what was
imported, and the exponent of growth: 1 is linear, 2 quadratic.
"""

from __future__ import annotations

import csv
import math
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

COLUMNS = ("package", "criterion", "value", "low", "high", "unit", "origin", "source")
WIDTHS, ROWS, BOOKS = (12_500, 100_000), (25_000, 200_000), (10_000, 80_000)


def _rows(count: int) -> list[list[Any]]:
    dice = random.Random(1)
    return [
        [f"P{i // 20:05d}", f"a.c{i % 20}", *(dice.random() for _ in range(3)), "share", "seen", i]
        for i in range(count)
    ]


def _write_csv(path: Path, rows: list[list[Any]]) -> None:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)


def _write_book(path: Path, rows: list[list[Any]]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("measures")
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)


def _check_header(path: Path) -> object:
    from evaluator.loading.documents.bounds import Bounds
    from evaluator.loading.round.tables import TABLES
    from evaluator.loading.tables.delimited import read_csv
    from evaluator.loading.tables.rows import parse_rows

    problems: list[Any] = []
    wide = Bounds(columns=10**6, cells=10**7)
    return parse_rows(read_csv(path, path.name, wide), *TABLES["measures"], problems)


def _refuse(path: Path) -> object:
    from evaluator.errors import InvalidStudyError
    from evaluator.loading.documents.bounds import Bounds
    from evaluator.loading.tables.delimited import read_csv

    try:
        return read_csv(path, path.name, Bounds())
    except InvalidStudyError as error:
        return error


def _read_book(path: Path) -> object:
    from evaluator.loading.documents.bounds import Bounds
    from evaluator.loading.tables.workbooks import read_workbook

    return read_workbook(path, path.name, Bounds(), hidden=False)


def _openpyxl(path: Path) -> object:
    from openpyxl import load_workbook

    sheet = load_workbook(path, read_only=True).worksheets[0]
    return [[str(cell.value) for cell in row] for row in sheet.iter_rows()]


CASES: dict[str, Callable[[Path], object]] = {
    "header": _check_header,
    "rows": _check_header,
    "refused": _refuse,
    "book": _read_book,
    "openpyxl": _openpyxl,
}


def measure(case: str, path: str) -> None:
    """Print the processor seconds and the peak in MB that a case adds to its imports."""
    import evaluator.loading.study  # noqa: F401

    before = _peak()
    start = time.process_time()
    kept = CASES[case](Path(path))
    seconds = time.process_time() - start
    print(seconds, _peak() - before)
    del kept


def _peak() -> float:
    """Return the most memory that this process has had, in MB (Linux)."""
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


def _of(case: str, path: Path) -> tuple[float, float]:
    """Return the least of three: the seconds, and the memory."""
    script = f"from benchmarks.loading import measure; measure({case!r}, {str(path)!r})"
    runs = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        for _ in range(3)
    ]
    found = [tuple(float(number) for number in run.stdout.split()) for run in runs]
    return min(seconds for seconds, _ in found), min(peak for _, peak in found)


def _growth(
    case: str, sizes: tuple[int, int], make: Callable[[Path, int], None], folder: str
) -> None:
    found = []
    for size in sizes:
        path = Path(folder) / f"{case}-{size}.xlsx"
        make(path, size)
        found.append(_of(case, path))
        seconds, peak = found[-1]
        print(f"{case:10} {size:9,}  {seconds:7.3f} s  {peak:6.0f} MB more at its peak")
    exponent = math.log(found[1][0] / found[0][0]) / math.log(sizes[1] / sizes[0])
    print(f"{case:10} grows with exponent {exponent:.2f}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        _growth("header", WIDTHS, lambda p, n: _write_csv(p, [[f"c{i}" for i in range(n)]]), folder)
        _growth("rows", ROWS, lambda p, n: _write_csv(p, [[*COLUMNS], *_rows(n)]), folder)
        path = Path(folder) / "packages.csv"
        path.write_text("id,title\n" + "".join(f"P{i},Title {i}\n" for i in range(1_000_000)))
        seconds, peak = _of("refused", path)
        print(f"a million packages refused in {seconds:.2f} s, {peak:.0f} MB more")
        _growth("book", BOOKS, lambda p, n: _write_book(p, [[*COLUMNS], *_rows(n)]), folder)
        large = Path(folder) / f"book-{BOOKS[1]}.xlsx"
        ours, theirs = _of("book", large), _of("openpyxl", large)
        print(f"openpyxl   {BOOKS[1]:9,}  {theirs[0]:7.3f} s  {theirs[1]:6.0f} MB more at its peak")
        print(f"openpyxl takes {theirs[0] / ours[0]:.2f} times the time of the workbook reader")


if __name__ == "__main__":
    main()
