"""Faults in clocks, contents of notices, calendars of sessions, and the body that coordinates."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluator import Override, load_study
from tests.loading.breaking import BANK, BASE, bullets, copy, edit, refuse

SESSIONS = "scenarios/sessions/assembly.yaml"
CALENDAR = """calendar: assembly
label: Sessions of the assembly
bodies: {assembly: Assembly}
from: 2026-07-01
until: 2026-08-31
adjournments:
  - {bodies: [assembly], from: 2026-07-06, until: 2026-07-12, basis: planned}
citation: {title: Made for this case, confidence: illustrative}
"""
NOTICE = """limits:
  - id: told
    label: What the assembly is told of
    kind: notice
    tools: [bank.*]
    per: package
    at_most: 0
    clock:
      start: a letter
      act: a vote
      days: 10
      counted: sitting
      calendar: assembly
      started: submitted_on
    contents:
      - {label: Amount, of: amounts}
    citation: {title: Made for this case, confidence: illustrative}
"""
BODY = """coordination:
  body: Council
  task: It coordinates.
  members:
    - {name: Ministry, role: chair, agency: trade}
    - {name: Bank, institution: bank}
  citation: {title: Made for this case, confidence: illustrative}
round: round
sessions: sessions
"""


def told(tmp_path: Path) -> Path:
    """Return a study whose bank tells an assembly, and that a council coordinates."""
    root = copy(tmp_path)
    (root / "scenarios" / "sessions").mkdir()
    edit(root, SESSIONS, "*", CALENDAR)
    edit(root, BANK, "limits:\n", NOTICE)
    edit(root, BASE, "round: round\n", BODY)
    return root


def test_without_a_fault_it_is_read(tmp_path: Path) -> None:
    study = load_study(told(tmp_path) / BASE)
    assert [one.calendar for one in study.calendars] == ["assembly"]
    assert study.limits["bank.told"].clock is not None


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "fact"),
    [
        (BANK, "calendar: assembly", "calendar: asembly", ", told:", "'asembly' is unknown"),
        (BANK, "started: submitted_on", "started: risk_grade", ", told:", "is unknown"),
        (BANK, "of: amounts", "of: amount", ", told:", "Did you mean 'amounts'?"),
        (BANK, "      calendar: assembly\n", "", "bank.yaml line", "goes with calendar"),
        (BANK, "days: 10", "days: 0", "bank.yaml line", "at least 1"),
        (BANK, "kind: notice", "kind: law", "bank.yaml line", "go with kind: notice"),
        (BASE, "agency: trade", "agency: trad", "coordination:", "Did you mean 'trade'?"),
        (BASE, "institution: bank}", "institution: banc}", "coordination:", "Did you mean 'bank'?"),
        (BASE, "sessions: sessions", "sessions: session", "line", "does not exist"),
        (SESSIONS, "bodies: [assembly]", "bodies: [senate]", "assembly.yaml line", "senate"),
        (
            SESSIONS,
            "until: 2026-07-12",
            "until: 2026-07-05",
            "assembly.yaml line",
            "is after until",
        ),
        (
            SESSIONS,
            "until: 2026-08-31",
            "until: 2026-07-10",
            "assembly.yaml line",
            "outside its days",
        ),
        (SESSIONS, "*", "", "assembly.yaml", ""),
    ],
)
def test_a_fault_is_told_at_its_place(
    tmp_path: Path, file: str, old: str, new: str, where: str, fact: str
) -> None:
    root = told(tmp_path)
    edit(root, file, old, new)
    message = refuse(root)
    assert any(where in line and fact in line for line in bullets(message)), message


def test_a_day_of_a_calendar_is_changed_like_any_key(tmp_path: Path) -> None:
    changes = [Override("calendars.assembly.until", "2026-09-30", "a longer plan")]
    study = load_study(told(tmp_path) / BASE, changes)
    assert str(study.calendar_by_id["assembly"].until) == "2026-09-30"
