"""Processes that a measurement starts, and what they occupy. Linux: it reads /proc."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

GRACE_SECONDS = 10.0
HANG_SECONDS = 300.0


class ProcessFailed(Exception):
    """A process ended with an error, and where it says why."""


class Children:
    """Starts processes, each in a group of its own, and ends all of them when the context ends."""

    def __init__(self) -> None:
        self._started: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Children:
        signal.signal(signal.SIGTERM, _leave)
        signal.signal(signal.SIGHUP, _leave)
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._started):
            self.end(process)

    def start(
        self, command: Sequence[str], log: Path, env: Mapping[str, str] | None = None
    ) -> subprocess.Popen[str]:
        """Its standard output is a pipe; what it complains about is appended to the log."""
        with log.open("a") as complaints:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
                env=None if env is None else {**os.environ, **env},
                start_new_session=True,
            )
        self._started.append(process)
        return process

    def answer(self, command: Sequence[str], log: Path, env: Mapping[str, str]) -> dict[str, Any]:
        """Runs a process to its end; the last line that it prints is JSON."""
        process = self.start(command, log, env)
        try:
            lines = process.communicate(timeout=HANG_SECONDS)[0].splitlines()
            if process.returncode != 0 or not lines:
                raise ProcessFailed(f"it ended with {process.returncode}: {log} says why")
            parsed: dict[str, Any] = json.loads(lines[-1])
            return parsed
        except subprocess.TimeoutExpired:
            raise ProcessFailed(f"it did not end within {HANG_SECONDS:g} s: see {log}") from None
        finally:
            self.end(process)

    def end(self, process: subprocess.Popen[str]) -> None:
        """Asks the process and its children to end, and kills those that do not."""
        _signal_group(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_SECONDS)
        _signal_group(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
        if process in self._started:
            self._started.remove(process)


def _leave(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _signal_group(group: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)


def read_line(process: subprocess.Popen[str], pattern: str, log: Path) -> re.Match[str]:
    """The first line of its output that matches."""
    assert process.stdout is not None
    for line in process.stdout:
        found = re.search(pattern, line)
        if found:
            return found
    raise ProcessFailed(f"process {process.pid} ended without {pattern!r}: {log} says why")


def descendants(roots: Iterable[int]) -> list[int]:
    """The processes and all their children's children that live now."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text()
        except OSError:
            continue
        parent = int(stat[stat.rindex(")") + 2 :].split()[1])
        parents.setdefault(parent, []).append(int(entry.name))
    found: list[int] = []
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        if pid not in found:
            found.append(pid)
            waiting.extend(parents.get(pid, []))
    return found


def memory_bytes(pid: int) -> dict[str, int]:
    """Resident bytes, and those of them that no file backs; zeros for a process that is gone."""
    sizes = {"VmRSS": 0, "RssAnon": 0}
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            key, _, value = line.partition(":")
            if key in sizes:
                sizes[key] = int(value.split()[0]) * 1024
    except OSError:
        pass
    return {"rss": sizes["VmRSS"], "anonymous": sizes["RssAnon"]}


def total_memory_bytes(roots: Iterable[int]) -> dict[str, int]:
    """Over the processes and their children; a shared page counts once for each that maps it."""
    every = [memory_bytes(pid) for pid in descendants(roots)]
    return {key: sum(one[key] for one in every) for key in ("rss", "anonymous")}
