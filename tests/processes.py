"""Processes as tests look at them: each may end at any moment, also while it is looked at."""

from __future__ import annotations

import psutil


def lives(process: int) -> bool:
    """Return whether a process runs; one that has ended and waits to be collected does not."""
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def children(process: int) -> list[int]:
    """Return the processes that a process started."""
    try:
        return [one.pid for one in psutil.Process(process).children()]
    except psutil.NoSuchProcess:
        return []


def resident(process: int) -> float | None:
    """Return the megabytes of memory that a process holds; None where it has ended."""
    try:
        return float(psutil.Process(process).memory_info().rss) / 2**20
    except psutil.NoSuchProcess:
        return None


def below(process: int) -> list[int]:
    """Return the processes that a process started, and what those started."""
    try:
        return [one.pid for one in psutil.Process(process).children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def worked(process: int) -> float:
    """Return the seconds of a processor that a process has taken; 0 where it has ended."""
    try:
        return sum(psutil.Process(process).cpu_times()[:2])
    except psutil.NoSuchProcess:
        return 0.0
