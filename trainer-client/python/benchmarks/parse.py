"""What a batch costs in Python once its bytes are there: `URL CALLS REPEATS`."""

from __future__ import annotations

import json
import statistics
import sys
import timeit
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import mixwell
from mixwell import body
from mixwell.wire import Address, Wire

from . import control
from .setting import SHAPES, Shape


def main() -> None:
    url, stopwatch = sys.argv[1], Stopwatch(int(sys.argv[2]), int(sys.argv[3]))
    print(json.dumps({shape.name: _measure(url, shape, stopwatch) for shape in SHAPES}))


@dataclass(frozen=True)
class Stopwatch:
    """Of one call: median, least and most of many repetitions."""

    calls: int
    repeats: int

    def micros(self, call: Callable[[], object]) -> dict[str, float]:
        seconds = timeit.repeat(call, number=self.calls, repeat=self.repeats)
        micros = [one / self.calls * 1e6 for one in seconds]
        return {"median": statistics.median(micros), "min": min(micros), "max": max(micros)}


def _measure(url: str, shape: Shape, stopwatch: Stopwatch) -> dict[str, Any]:
    steps = control.open_run(url, control.spec(shape, "static", 1))
    address = Address.parse(url)
    wire = Wire(address)
    accept = {"Accept": "application/vnd.safetensors"}
    wire.send(address.request("GET", f"{steps}/0/batch?rank=0", accept))
    response = wire.read()
    batch = mixwell.Batch(response)
    losses = np.random.default_rng(1).uniform(2, 4, (shape.rows, shape.row_tokens))
    narrow = losses.astype(np.float32)
    return {
        "bodyBytes": int(response.body.size),
        "parse": stopwatch.micros(lambda: body.parse(response.body)),
        "batch": stopwatch.micros(lambda: mixwell.Batch(response)),
        "lossByGroup": stopwatch.micros(lambda: mixwell.loss_by_group(narrow, batch).feedback()),
        **_torch(narrow, batch, stopwatch),
    }


def _torch(losses: Any, batch: mixwell.Batch, stopwatch: Stopwatch) -> dict[str, Any]:
    """The same in PyTorch on the CPU, if it is installed."""
    try:
        import torch

        from mixwell.torch import batch_to_torch, loss_by_group
    except ImportError:
        return {}
    tensor, tensors = torch.from_numpy(losses), batch_to_torch(batch)
    micros = stopwatch.micros(lambda: loss_by_group(tensor, tensors).feedback())
    return {"torchLossByGroup": micros}


if __name__ == "__main__":
    main()
