"""Whether a server and its Python client hold more the longer they run: a sample for each percent.

Full collections would hide what the heap occupies, so the live heap is counted three times only.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from . import corpus, footprint, table
from .environment import Environment
from .processes import Children
from .server import serving
from .setting import FOLDER, Size

SAMPLES = 100
LEAST_PULLS = 20  # so that there is a sample at 5, 50 and 100 %
JUDGED_PULLS = 10_000
_WARM = 5
_HEAP_AT = (_WARM, SAMPLES // 2, SAMPLES)
_MAX_RSS_GROWTH = 0.05
_MAX_GROWTH_BYTES = 1 << 20
_MAX_CHANGE = 16


def samples(size: Size, environment: Environment, children: Children) -> list[dict[str, Any]]:
    """What server and client hold after each percent of the pulls."""
    why = environment.install("numpy")
    if why:
        raise RuntimeError(why)
    tracked = {"JAVA_TOOL_OPTIONS": footprint.TRACKING}
    with serving(corpus.index(size), children, tracked) as server:
        arguments = [server.url, str(size.pulls), str(SAMPLES)]
        command = [str(environment.python), "-m", "benchmarks.flat_puller", *arguments]
        client = children.start(command, FOLDER / "worker.log", environment.path())
        assert client.stdout is not None
        taken: list[dict[str, Any]] = []
        began = time.perf_counter()
        for line in client.stdout:
            sample = _sample(int(line), server.pid, client.pid)
            taken.append({**sample, "pulls": size.pulls * int(line) // SAMPLES})
            _say(taken[-1], time.perf_counter() - began)
        if client.wait() != 0:
            raise RuntimeError(f"the client failed: {FOLDER / 'worker.log'} says why")
        return taken


def _sample(percent: int, server: int, client: int) -> dict[str, Any]:
    sample: dict[str, Any] = {"percent": percent}
    sample["server"] = {**footprint.of(server), "direct": footprint.direct_bytes(server)}
    if percent < SAMPLES:
        sample["client"] = footprint.of(client)
    if percent in _HEAP_AT:
        sample["server"]["liveHeap"] = footprint.live_heap_bytes(server)
    return sample


def growth(taken: list[dict[str, Any]]) -> list[str]:
    """What grew, a line each; none if all stayed as it was after the warm-up.

    taken: of JUDGED_PULLS or more; with fewer, a server that is not warm yet grows.
    """
    after = [sample for sample in taken if sample["percent"] >= _WARM]
    grew = []
    for who in ("server", "client"):
        held = [sample[who] for sample in after if who in sample]
        rss = [one["rss"] for one in held]
        if max(rss) > rss[0] * (1 + _MAX_RSS_GROWTH):
            grew.append(f"{who}: RSS from {rss[0]:,} to {max(rss):,} bytes")
        for what in ("descriptors", "threads"):
            if held[-1][what] > held[0][what] + _MAX_CHANGE:
                grew.append(f"{who}: {what} from {held[0][what]} to {held[-1][what]}")
    middle = [sample["server"] for sample in after if sample["percent"] >= SAMPLES // 2]
    for what in ("direct", "liveHeap"):
        bytes_ = [one[what] for one in middle if what in one]
        if bytes_[-1] > bytes_[0] + _MAX_GROWTH_BYTES:
            grew.append(f"server: {what} from {bytes_[0]:,} to {bytes_[-1]:,} bytes since half-way")
    return grew


def report(taken: list[dict[str, Any]]) -> str:
    head = ["pulls", "server RSS", "anonymous", "live heap", "direct", "fds", "threads"]
    rows = [[*head, "client RSS", "fds", "threads"]]
    for sample in taken:
        if sample["percent"] % 10 == 0 or sample["percent"] in _HEAP_AT:
            rows.append(_row(sample))
    return table.layout(rows)


def _row(sample: dict[str, Any]) -> list[str]:
    server, client = sample["server"], sample.get("client")
    heap = f"{server['liveHeap'] / 1e6:.1f} MB" if "liveHeap" in server else ""
    cells = [f"{sample['pulls']:,}", f"{server['rss'] / 1e6:.1f} MB"]
    cells += [f"{server['anonymous'] / 1e6:.1f} MB", heap]
    cells += [
        f"{server['direct'] / 1e6:.2f} MB",
        str(server["descriptors"]),
        str(server["threads"]),
    ]
    if client is None:
        return [*cells, "", "", ""]
    return [
        *cells,
        f"{client['rss'] / 1e6:.1f} MB",
        str(client["descriptors"]),
        str(client["threads"]),
    ]


def _say(sample: dict[str, Any], seconds: float) -> None:
    if sys.stderr.isatty() or sample["percent"] % 10 == 0:
        end = "\r" if sys.stderr.isatty() else os.linesep
        line = f"{sample['pulls']:,} pulls, {sample['pulls'] / seconds:,.0f}/s"
        print(line, end=end, file=sys.stderr, flush=True)
