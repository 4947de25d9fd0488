"""What a JVM and any other process hold, by jcmd and the kernel."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from .processes import memory_bytes

# The JVM must run with this for its direct memory to be counted.
TRACKING = "-XX:NativeMemoryTracking=summary"


def of(pid: int) -> dict[str, int]:
    """Resident bytes, descriptors and threads: what is read without a pause of the process."""
    status = Path(f"/proc/{pid}/status").read_text()
    return {
        **memory_bytes(pid),
        "descriptors": len(os.listdir(f"/proc/{pid}/fd")),
        "threads": _number(r"Threads:\s+(\d+)", status),
    }


def direct_bytes(pid: int) -> int:
    """Outside the heap, of buffers mostly."""
    native = _jcmd(pid, "VM.native_memory", "summary", "scale=B")
    return _number(r"Other \(reserved=(\d+)", native)


def live_heap_bytes(pid: int) -> int:
    """Of objects that a full collection, which this makes, leaves."""
    return _number(r"Total\s+\d+\s+(\d+)", _jcmd(pid, "GC.class_histogram"))


def _jcmd(pid: int, *command: str) -> str:
    jcmd = str(Path(os.readlink(f"/proc/{pid}/exe")).with_name("jcmd"))  # of the JVM's own JDK
    done = subprocess.run([jcmd, str(pid), *command], capture_output=True, text=True, check=True)
    return done.stdout


def _number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    if found is None:
        raise RuntimeError(f"no {pattern} in {text[:500]}")
    return int(found[1])
