"""Pulls many batches through the Python client: `URL PULLS SAMPLES`; says how far it has come."""

from __future__ import annotations

import sys

import mixwell

from . import control
from .setting import PREFETCH, Shape

_SHAPE = Shape(8, 128)


def main() -> None:
    url, pulls, samples = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    client = mixwell.Client(url, control.run_name())
    client.create(control.spec(_SHAPE, "static", 1))
    with client.batches(prefetch=PREFETCH, stop_step=pulls) as stream:
        said = 0
        for batch in stream:
            done = (batch.step + 1) * samples // pulls
            if done > said:
                said = done
                print(done, flush=True)


if __name__ == "__main__":
    main()
