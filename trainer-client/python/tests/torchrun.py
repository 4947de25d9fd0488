"""Starts a script on several ranks, as torchrun does, and says whose fault a failure is."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_SECONDS = 120
_ABORTED = "terminate called without an active exception"
_AT_EXIT = """
import atexit, os, pathlib

def note():
    tasks = pathlib.Path("/proc/self/task").glob("*/comm")
    names = " ".join(sorted(task.read_text().strip() for task in tasks))
    pathlib.Path({folder!r}, "threads-" + os.environ["RANK"]).write_text(names)

if "RANK" in os.environ:
    atexit.register(note)
"""


def torchrun(script: Path, *arguments: str, ranks: int, environment: dict[str, str]) -> str:
    """What the ranks printed, once all have ended well."""
    start = (sys.executable, "-m", "torch.distributed.run", "--standalone")
    return run((*start, f"--nproc-per-node={ranks}", str(script), *arguments), environment)


def run(command: Sequence[str], environment: dict[str, str]) -> str:
    """What it printed, once it has ended well."""
    ended = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=_SECONDS
    )
    assert ended.returncode == 0, failure(ended.returncode, ended.stderr)
    return ended.stdout


def failure(status: int, said: str) -> str:
    """Why a script failed, with all that it said."""
    whose = "the script's own fault, or Mixwell's"
    if _ABORTED in said:
        whose = (
            "PyTorch's, not the script's: a thread of gloo let go of a tensor while Python ended, "
            "after training and the checkpoint. The script left a process group alive to its end: "
            "something holds it beyond destroy_process_group (examples/train_gpt.py says what)"
        )
    return f"it ended with {status}. Whose fault: {whose}. It said:\n{said}"


def noting_threads(folder: Path) -> dict[str, str]:
    """Of an environment: each rank leaves the names of the threads that live at its end."""
    (folder / "sitecustomize.py").write_text(_AT_EXIT.format(folder=str(folder)))
    path = [str(folder), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    return {"PYTHONPATH": os.pathsep.join(filter(None, path))}


def threads(folder: Path, ranks: int) -> list[list[str]]:
    """By rank."""
    return [(folder / f"threads-{rank}").read_text().split() for rank in range(ranks)]


def assert_no_gloo(of_ranks: list[list[str]]) -> None:
    """A thread of gloo that lives when Python ends is what aborts a rank now and then."""
    for rank, names in enumerate(of_ranks):
        left = [name for name in names if "gloo" in name]
        assert not left, f"rank {rank} ends with {left} alive: examples/train_gpt.py says why"
