"""What a batch costs in Python once its bytes are there; its argument is the server's address."""

from __future__ import annotations

import json
import statistics
import sys
import timeit
from collections.abc import Callable
from typing import Any

import numpy as np

import mixwell
from mixwell import body
from mixwell.wire import Address, Wire

from . import control
from .setting import SHAPES, Shape

_CALLS = 200
_REPEATS = 101


def main() -> None:
    url = sys.argv[1]
    print(json.dumps({shape.name: _measure(url, shape) for shape in SHAPES}))


def _measure(url: str, shape: Shape) -> dict[str, Any]:
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
        "parse": _micros(lambda: body.parse(response.body)),
        "batch": _micros(lambda: mixwell.Batch(response)),
        "lossByGroup": _micros(lambda: mixwell.loss_by_group(narrow, batch).feedback()),
        **_torch(narrow, batch),
    }


def _torch(losses: Any, batch: mixwell.Batch) -> dict[str, Any]:
    """The same in PyTorch on the CPU, if it is installed."""
    try:
        import torch

        from mixwell.torch import batch_to_torch, loss_by_group
    except ImportError:
        return {}
    tensor, tensors = torch.from_numpy(losses), batch_to_torch(batch)
    return {"torchLossByGroup": _micros(lambda: loss_by_group(tensor, tensors).feedback())}


def _micros(call: Callable[[], object]) -> dict[str, float]:
    """Of one call: median, least and most of many repetitions."""
    seconds = timeit.repeat(call, number=_CALLS, repeat=_REPEATS)
    micros = [one / _CALLS * 1e6 for one in seconds]
    return {"median": statistics.median(micros), "min": min(micros), "max": max(micros)}


if __name__ == "__main__":
    main()
