"""Requests a second: nginx with a static body, and Mixwell with batches of as many tokens."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from . import control, load, nginx
from .processes import Children
from .server import Server
from .setting import SHAPES, Shape

OCTET_STREAM = "application/octet-stream"
SAFETENSORS = "application/vnd.safetensors"
NGINX = "nginx"

_ISSUED_STEPS = 1024
# Debian keeps nginx where only root looks.
_PATH = os.environ.get("PATH", os.defpath) + ":/usr/local/sbin:/usr/sbin"

_T = TypeVar("_T")


def missing() -> str:
    """Which programs are not there, or nothing."""
    absent = [name for name in ("wrk", NGINX) if not shutil.which(name, path=_PATH)]
    return f"{' and '.join(absent)} not on PATH: apt-get install nginx wrk, say" if absent else ""


def warm_up(server: Server, seconds: float, scratch: Path) -> None:
    steps = _issued(server, SHAPES[0])
    for accept in (OCTET_STREAM, SAFETENSORS):
        load.per_second(_program("wrk"), load.Requests(server.url, steps, accept), seconds, scratch)


def compare(
    server: Server, children: Children, seconds: float, scratch: Path, round_: int
) -> list[dict[str, Any]]:
    """For each shape the rates of nginx and of both body formats, in an order that rotates."""
    answers = []
    with nginx.running(_program(NGINX), children) as url:
        for shape in SHAPES:
            steps = _issued(server, shape)
            targets = [
                (NGINX, url, [f"/{shape.name}"], "*/*"),
                (OCTET_STREAM, server.url, steps, OCTET_STREAM),
                (SAFETENSORS, server.url, steps, SAFETENSORS),
            ]
            rates: dict[str, Any] = {"round": round_, "shape": shape.name}
            for name, address, paths, accept in rotated(targets, round_):
                requests = load.Requests(address, paths, accept)
                rates[name] = load.per_second(_program("wrk"), requests, seconds, scratch)
            answers.append(rates)
    return answers


def rotated(items: Sequence[_T], by: int) -> list[_T]:
    first = by % len(items) if items else 0
    return [*items[first:], *items[:first]]


def _program(name: str) -> str:
    return shutil.which(name, path=_PATH) or name


def _issued(server: Server, shape: Shape) -> list[str]:
    """The addresses of the first steps of a new run, all issued, so that nothing is planned."""
    spec = {**control.spec(shape, "static", 1), "issueAhead": _ISSUED_STEPS}
    steps = control.open_run(server.url, spec)
    paths = [f"{steps}/{step}/batch?rank=0" for step in range(_ISSUED_STEPS)]
    for path in (paths[0], paths[-1]):
        control.fetch(server.url + path)
    return paths
