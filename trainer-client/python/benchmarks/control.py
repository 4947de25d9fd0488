"""The few control requests of Mixwell that a measurement needs besides the client's."""

from __future__ import annotations

import json
import urllib.request
import uuid
from typing import Any

from .setting import GROUPS, LOOKAHEAD, WEIGHTS, Shape


def spec(shape: Shape, mixer: str, seed: int) -> dict[str, Any]:
    """All tokens are trained on: what the peers read, too."""
    weights = dict(zip(GROUPS, WEIGHTS, strict=True))
    parameters = {"weights": weights} if mixer == "static" else {}
    return {
        "seed": seed,
        "groups": [{"name": group, "query": f"tag:{group}"} for group in GROUPS],
        "batchRows": shape.rows,
        "rowTokens": shape.row_tokens,
        "lookahead": LOOKAHEAD,
        "validationRows": 0,
        "validationShare": 0.0,
        "mixer": {"name": mixer, "parameters": parameters},
    }


def run_name() -> str:
    return f"bench-{uuid.uuid4().hex[:12]}"


def open_run(url: str, run: dict[str, Any]) -> str:
    """Creates a run and its first attempt; the path of its steps."""
    path = f"/v1/runs/{run_name()}"
    send(url + path, "PUT", run)
    opening = {"fromStep": 0, "world": 1, "launchId": uuid.uuid4().hex}
    attempt = send(f"{url}{path}/attempts", "POST", opening)["attempt"]
    return f"{path}/attempts/{attempt}/steps"


def finish(url: str, steps: str) -> None:
    """Finishes the run of these steps."""
    run = steps.partition("/attempts/")[0]
    send(f"{url}{run}?who=bench&why=measured", "DELETE")


def send(url: str, method: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    request = urllib.request.Request(url, method=method)
    request.add_header("Content-Type", "application/json")
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(request, data, timeout=60) as answer:
        parsed: dict[str, Any] = json.loads(answer.read() or b"{}")
        return parsed


def fetch(url: str) -> bytes:
    request = urllib.request.Request(url, headers={"Accept": "application/octet-stream"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        body: bytes = answer.read()
        return body
