"""The floor: rows copied out of memory-mapped files by NumPy, in the trainer's own process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..setting import WEIGHTS, Shape
from ..source import Job, Source


class Gather:
    """Batches of random rows, whose groups are drawn by the weights. One gather a batch."""

    def __init__(self, files: list[Path], shape: Shape, seed: int) -> None:
        self._tokens = [np.memmap(file, np.uint16, "r") for file in files]
        self._shape = shape
        self._draws = np.random.default_rng(seed)

    def __iter__(self) -> Iterator[NDArray[np.uint16]]:
        rows, columns = self._shape.rows, self._shape.row_tokens + 1
        while True:
            batch = np.empty((rows, columns), np.uint16)
            groups = self._draws.choice(len(WEIGHTS), rows, p=WEIGHTS)
            places = self._draws.random(rows)
            for row in range(rows):
                tokens = self._tokens[groups[row]]
                start = int(places[row] * (len(tokens) - columns))
                batch[row] = tokens[start : start + columns]
            yield batch


@contextmanager
def source(job: Job) -> Iterator[Source]:
    yield Source(iter(Gather(job.paths(), job.shape, job.seed)))
