"""Measures one contender in a process of its own; its argument is the job, its output one JSON."""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from array import array
from typing import Any

import numpy as np

from . import wire
from .processes import total_memory_bytes
from .setting import STEP_MILLIS
from .source import Job, Source


def main() -> None:
    job = Job.from_json(sys.argv[1])
    peer = importlib.import_module(f".peers.{job.contender}", __package__)
    if hasattr(peer, "prepare"):
        peer.prepare(job)  # what is done once for a corpus
    opened = time.perf_counter()
    with peer.source(job) as source:
        _check(next(source.batches), job)
        first_batch = time.perf_counter() - opened
        source.trained()
        _pull(source, job.times.warm_up, 0)
        received = wire.bytes_received()
        tight = _pull(source, job.times.tight, 0)
        received = wire.bytes_received() - received
        paced = _pull(source, job.times.paced, STEP_MILLIS / 1000)
        memory = total_memory_bytes([os.getpid(), *job.server])
    tokens = tight["batches"] * job.shape.tokens
    answer = {
        "firstBatchSeconds": first_batch,
        "tokensPerSecond": tokens / tight["seconds"],
        "bytesPerToken": received / tokens,
        "rssBytes": memory["rss"],
        "anonymousBytes": memory["anonymous"],
        "tightNanos": tight["nanos"],
        "pacedNanos": paced["nanos"],
    }
    print(json.dumps(answer), flush=True)


def _check(batch: Any, job: Job) -> None:
    """Every contender gives the same kind of batch."""
    shape = (job.shape.rows, job.shape.row_tokens + 1)
    if tuple(batch.shape) != shape or batch.dtype.itemsize != 2:
        raise RuntimeError(
            f"{job.contender} gave {batch.dtype} {tuple(batch.shape)}, not uint16 {shape}"
        )
    if int(np.asarray(batch).max()) > 256:
        raise RuntimeError(f"{job.contender} gave a token that is not in the corpus")


def _pull(source: Source, seconds: float, pace: float) -> dict[str, Any]:
    """Pulls for a while and times each next(); after each, the consumer sleeps `pace` seconds."""
    nanos = array("q")
    began = time.perf_counter_ns()
    end = began + int(seconds * 1e9)
    now = began
    while now < end:
        asked = time.perf_counter_ns()
        batch = next(source.batches)
        nanos.append(time.perf_counter_ns() - asked)
        batch[-1, -1]  # a consumer looks at what it gets
        if pace:
            time.sleep(pace)
        source.trained()
        now = time.perf_counter_ns()
    return {"batches": len(nanos), "seconds": (now - began) / 1e9, "nanos": nanos.tolist()}


if __name__ == "__main__":
    main()
