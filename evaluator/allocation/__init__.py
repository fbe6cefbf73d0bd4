"""From priority packages to a referral envelope: designation, the program, its checks."""

from __future__ import annotations

from evaluator.allocation.allocating import allocate, export_program
from evaluator.allocation.build import build_program
from evaluator.allocation.certificate import certify
from evaluator.allocation.program import Program

__all__ = ["Program", "allocate", "build_program", "certify", "export_program"]
