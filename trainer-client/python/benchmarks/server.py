"""A Mixwell server in a process of its own, with a fresh data directory."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .processes import Children, read_line
from .setting import FOLDER, LAUNCHER

_LOG = FOLDER / "server.log"


@dataclass(frozen=True)
class Server:
    """ready_seconds: from the start of the process until it answers."""

    url: str
    pid: int
    ready_seconds: float


@contextmanager
def serving(
    index: Path, children: Children, env: Mapping[str, str] | None = None
) -> Iterator[Server]:
    data = Path(tempfile.mkdtemp(prefix="data-", dir=FOLDER))
    command = [str(LAUNCHER), "serve", "--index", str(index), "--data", str(data), "--port", "0"]
    started = time.perf_counter()
    process = children.start(command, _LOG, env)
    try:
        url = _ready(process)
        yield Server(url, process.pid, time.perf_counter() - started)
    finally:
        children.end(process)
        shutil.rmtree(data, ignore_errors=True)


def _ready(process: subprocess.Popen[str]) -> str:
    return read_line(process, r"serving (http://\S+)", _LOG)[1]
