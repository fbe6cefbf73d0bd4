"""What `make` tells who cannot set the project up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT


def made(folder: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Call make with an environment that is not there yet."""
    return subprocess.run(
        ["make", "demo", f"VENV={folder / 'venv'}", *arguments],
        cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("missing", ["ensurepip", "venv"])
def test_a_python_without_virtual_environments_names_the_package(
    tmp_path: Path, missing: str
) -> None:
    # Debian ships both apart from Python itself; a module of that name that fails stands for it.
    (tmp_path / f"{missing}.py").write_text(f"raise ImportError('no {missing}')\n")
    found = made(tmp_path, PYTHONPATH=str(tmp_path))
    assert found.returncode != 0
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert "cannot make a virtual environment" in found.stderr
    assert "apt-get install python3." in found.stderr
    assert (
        f"apt-get install python{version}-venv"
        in made(tmp_path, f"PYTHON={sys.executable}", PYTHONPATH=str(tmp_path)).stderr
    )
    assert not (tmp_path / "venv").exists()


def test_an_old_python_is_told_by_its_version(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.version_info = (3, 9, 18)\n")
    found = made(tmp_path, f"PYTHON={sys.executable}", PYTHONPATH=str(tmp_path))
    assert found.returncode != 0
    assert "is Python 3.9; the project needs 3.11 or later" in found.stderr
    assert "make demo PYTHON=python3.12" in found.stderr
    assert not (tmp_path / "venv").exists()


def test_no_python_at_all_is_told_with_the_package(tmp_path: Path) -> None:
    found = made(tmp_path, "PYTHON=python3.99")
    assert found.returncode != 0
    assert "python3.99 is not there" in found.stderr
    assert "apt-get install python3 python3-venv" in found.stderr


def test_every_target_says_what_it_makes() -> None:
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    named = {line.split()[0] for line in told.stdout.splitlines()}
    (phony,) = (
        line for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith(".PHONY:")
    )
    assert named == set(phony.split()[1:])


def test_ci_takes_every_step_that_shows_something() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    for step in ("lint", "docs", "test", "test-slow", "newcomer", "versions"):
        assert f" {step}" in script
