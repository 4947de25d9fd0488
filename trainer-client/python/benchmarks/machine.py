"""What a figure was measured on."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

from .environment import pinned
from .setting import HOME


def describe() -> dict[str, Any]:
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "commit": commit(),
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "kernel": f"{platform.system()} {platform.release()}",
        "memoryBytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "jdk": _jdk(),
        "python": platform.python_version(),
        "peers": pinned(),
        "loadAverage": load(),
    }


def commit() -> str:
    """With a plus sign where the checkout has changes."""
    head = _git("rev-parse", "--short", "HEAD")
    changed = _git("status", "--porcelain", "--untracked-files=no")
    return (head or "unknown") + ("+" if changed else "")


def load() -> float:
    """Runnable processes, averaged over the last minute."""
    return round(os.getloadavg()[0], 2)


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(HOME), *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _jdk() -> str:
    if "JAVA_HOME" not in os.environ:  # which the launcher sets
        return "unknown"
    facts = {}
    for line in (Path(os.environ["JAVA_HOME"]) / "release").read_text().splitlines():
        key, _, value = line.partition("=")
        facts[key] = value.strip('"')
    return f"{facts.get('IMPLEMENTOR', '')} {facts.get('JAVA_RUNTIME_VERSION', '')}".strip()
