"""Gather the pages of the documentation site in build/pages and build it: `make docs`.

Every text stands once in the repository or is made of the program. A link between files of the
repository becomes a link between pages; one to a file that is no page is a fault.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Collection, Mapping
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient
from nbconvert import MarkdownExporter

import evaluator
from evaluator import questions
from evaluator.cli import main
from evaluator.guides import guides

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "build" / "pages"
NOTEBOOKS = ROOT / "notebooks"
_RUN_BY = ("evaluator", "scenarios", "criteria")
_STYLE = re.compile(r"<style[^>]*>.*?</style>\n?", re.DOTALL)
_TABLE = re.compile(r"<table.*?</table>", re.DOTALL)
_RANDOM = re.compile(r' (?:id|class)="(?:T_|row_heading|col_heading|data |blank|index_name)[^"]*"')
_HEADS = re.compile(
    r"<tr>\s*<th[^>]*>&nbsp;</th>(?P<heads>(?:\s*<th[^>]*>[^<]*</th>)*)\s*</tr>\s*"
    r"<tr>\s*<th[^>]*>(?P<name>[^<]*)</th>(?:\s*<th[^>]*>&nbsp;</th>)*\s*</tr>"
)
"""The heads of the columns, and below them that of the rows: pandas gives each a line."""
_EMPTY = re.compile(r"<th[^>]*>(?:&nbsp;)?</th>")
_TITLE = re.compile(r"<title>([^<\]]*)</title>")
_IMAGE = re.compile(r"!\[[^\]]*\]\((?P<file>[^)]+)\)")
_PICTURES = {
    "guides/workbench.md": {
        "## An analyst": (
            "history",
            "History: each step with its reason, and runs that are frozen",
        ),
        "## A reviewer": ("weigh", "Weigh: sliders, ranks that follow at once, the amounts below"),
        "## Leadership": ("decide", "Decide: what is in, what is open, what it buys, what binds"),
    },
}
"""Below which heads of a guide the site has a picture: guides are shipped without."""
_LINK = re.compile(r"(?<!`)(?P<head>\[[^\]]*\]\()(?P<target>[^)#\s]+)(?P<anchor>#[^)]*)?\)")


def sources() -> dict[Path, Path]:
    """Return where each file of the repository that the site has stands there."""
    docs = ROOT / "docs"
    kept = (".md", ".png", ".css", ".js")
    found = {path: path.relative_to(docs) for path in docs.rglob("*") if path.suffix in kept}
    found |= {path: Path("guides", path.name) for path in (ROOT / "evaluator/guides").glob("*.md")}
    found |= {ROOT / f"{n}.md": Path(f"{n.lower()}.md") for n in ("CHANGELOG", "CONTRIBUTING")}
    found[docs / "data-dictionary.md"] = Path("guides/run-files.md")
    return found


def made() -> dict[Path, str]:
    """Return the pages that are made of the program, and the list of decisions."""
    told = {Path("guides", f"{g.name}.md"): g.text for g in guides(main).values() if not g.path}
    told[Path("decisions/index.md")] = decisions()
    told[Path("reference/python.md")] = python_reference()
    return told


def decisions() -> str:
    """Return the list of decisions."""
    told = ["# Decisions\nWhat was decided, why, and what was not taken; newest last.\n"]
    for path in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        title = path.read_text().partition("\n")[0].removeprefix("# ")
        told.append(f"- [{path.name[:4]}: {title}]({path.name})")
    return "\n".join(told)


def python_reference() -> str:
    """Return the page of the Python reference, which mkdocstrings fills from docstrings."""
    told = ["# Python\nWhat is meant to be imported. A run is three hops: load, evaluate, write.\n"]
    told += ["## evaluator\n", *(f"::: evaluator.{name}\n" for name in evaluator.__all__)]
    further = sorted(set(questions.__all__) - set(evaluator.__all__))
    # By where they are defined: modules of the same names stand beside them.
    homes = (f"{getattr(questions, name).__module__}.{name}" for name in further)
    told += ["## evaluator.questions\n", *(f"::: {home}\n" for home in homes)]
    return "\n".join(told)


def with_links(
    source: Path, moved: Mapping[Path, Path], pages: Collection[Path], faults: list[str]
) -> str:
    """Return the text of a file with its links as they are on the site.

    moved: where files of the repository stand on the site. pages: those that are made.
    """
    here = moved[source].parent

    def follow(match: re.Match[str]) -> str:
        target = match["target"]
        if "://" in target:
            return match[0]
        file = (source.parent / target).resolve()
        place = moved.get(file, moved.get(file / "index.md", here / target))
        if file.is_dir():
            place = file.relative_to(ROOT / "docs") / "index.md"
        if place not in pages and place not in moved.values():
            faults.append(f"{source.relative_to(ROOT)}: {target} is no page of the site.")
        return f"{match['head']}{os.path.relpath(place, here)}{match['anchor'] or ''})"

    return _LINK.sub(follow, source.read_text())


def with_pictures(text: str, place: Path, faults: list[str]) -> str:
    """Return the text of a page with its pictures, each below the head that it belongs to."""
    for head, (name, told) in _PICTURES.get(place.as_posix(), {}).items():
        line = next((one for one in text.splitlines() if one.startswith(head)), None)
        if line is None:
            faults.append(f"{place} has no '{head}', below which a picture stands.")
        else:
            text = text.replace(line, f"{line}\n![{told}](../images/workbench-{name}.png)\n", 1)
    return text


def executed(path: Path) -> nbformat.NotebookNode:
    """Return a notebook with all that it shows, run in a folder of its own beside the data.

    It is kept in build/executed, and run again once it, the engine or the data are others. Raises
    nbclient's error where a cell fails.
    """
    read = (file for name in _RUN_BY for file in sorted((ROOT / name).rglob("*")) if file.is_file())
    digest = sha256(path.read_bytes())
    for file in (one for one in read if "__pycache__" not in one.parts):
        digest.update(file.read_bytes())
    kept = ROOT / "build" / "executed" / f"{path.stem}-{digest.hexdigest()[:16]}.ipynb"
    if kept.is_file():
        return nbformat.read(kept, as_version=4)
    notebook = nbformat.read(path, as_version=4)
    with TemporaryDirectory() as work:
        for name in ("scenarios", "criteria"):
            Path(work, name).symlink_to(ROOT / name)
        at = Path(work, "notebooks")
        at.mkdir()
        where = {"metadata": {"path": str(at)}}
        NotebookClient(notebook, timeout=600, kernel_name="python3", resources=where).execute()
    kept.parent.mkdir(parents=True, exist_ok=True)
    for other in kept.parent.glob(f"{path.stem}-*.ipynb"):
        other.unlink()
    kept.write_text(nbformat.writes(notebook))
    return notebook


def write_notebook(path: Path, folder: Path) -> None:
    """Write a notebook with all that it shows as a page, and its figures beside it."""
    exporter = MarkdownExporter(exclude_input_prompt=True, exclude_output_prompt=True)
    names = {"unique_key": path.stem, "output_files_dir": path.stem}
    text, made = exporter.from_notebook_node(executed(path), resources=names)
    files = made["outputs"]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{path.stem}.md").write_text(notebook_page(text, path.stem, files))
    for name, data in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def notebook_page(text: str, name: str, files: Mapping[str, bytes]) -> str:
    """Return an executed notebook as a page of the site.

    Styles and random ids that pandas writes are left out, each table may be wider than the page,
    and a figure has its own title as its text.
    """

    def figure(match: re.Match[str]) -> str:
        file = match["file"]
        title = _TITLE.search(files.get(file, b"").decode("utf-8", "replace"))
        return f"![{title[1] if title else 'Figure'}]({file})"

    text = _HEADS.sub(r"<tr><th>\g<name></th>\g<heads></tr>", _RANDOM.sub("", _STYLE.sub("", text)))
    text = _EMPTY.sub("<td></td>", text)
    text = _TABLE.sub(lambda match: f'<div class="wide" tabindex="0">\n{match[0]}\n</div>', text)
    head, _, rest = _IMAGE.sub(figure, text).partition("\n")
    note = f"Run as it stands in the repository, `notebooks/{name}.ipynb`, when this page was made."
    return f"{head}\n\n{note}\n{rest}"


def gather() -> None:
    """Write all pages anew; end with every link that leads nowhere."""
    shutil.rmtree(PAGES, ignore_errors=True)
    moved, pages, faults = sources(), made(), list[str]()
    for place in {*moved.values(), *pages}:
        (PAGES / place).parent.mkdir(parents=True, exist_ok=True)
    for source, place in moved.items():
        if source.suffix == ".md":
            text = with_links(source, moved, pages, faults)
            (PAGES / place).write_text(with_pictures(text, place, faults))
        else:
            shutil.copy(source, PAGES / place)
    for place, text in pages.items():
        (PAGES / place).write_text(text)
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        write_notebook(path, PAGES / "notebooks")
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    gather()
    builder = Path(sys.executable).with_name("zensical")
    command = [builder, "build", "--strict", "--clean"]
    sys.exit(subprocess.run(command, cwd=ROOT).returncode)
