"""Requests a second of one server, by wrk: 8 connections, paths taken in turn."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .processes import ProcessFailed

CONNECTIONS = 8
_SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True)
class Requests:
    """What is asked of whom."""

    url: str
    paths: Sequence[str]
    accept: str


def per_second(wrk: str, requests: Requests, seconds: float, scratch: Path) -> float:
    """The same script, threads and connections for every server; all answers must be 2xx."""
    paths = scratch / "paths.txt"
    paths.write_text("\n".join(requests.paths) + "\n")
    command = [wrk, "-t2", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "-s", str(_SCRIPT)]
    arguments = [requests.url, "--", str(paths), requests.accept]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        raise ProcessFailed(f"wrk ended with {done.returncode}: {done.stderr or done.stdout}")
    answer = json.loads(done.stdout.splitlines()[-1])
    if answer["errors"]:
        raise ProcessFailed(f"{requests.url}: {answer['errors']} of {answer['requests']} failed")
    return float(answer["requests"] / answer["seconds"])
