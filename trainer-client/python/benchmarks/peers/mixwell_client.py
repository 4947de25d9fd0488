"""Mixwell through its Python client; where the mixer awaits losses, they are posted every step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

import mixwell

from .. import control
from ..setting import PREFETCH
from ..source import Job, Source


@contextmanager
def source(job: Job) -> Iterator[Source]:
    client = mixwell.Client(job.url, control.run_name())
    client.create(control.spec(job.shape, job.mixer, job.seed))
    with client.batches(prefetch=PREFETCH) as stream:
        yield Trainer(job, stream).source()
    client.finish("bench", "it is measured")


class Trainer:
    """Pulls, and reports made-up losses of every token."""

    def __init__(self, job: Job, stream: mixwell.BatchStream) -> None:
        shape = (job.shape.rows, job.shape.row_tokens)
        self._losses = np.random.default_rng(job.seed).uniform(2, 4, shape).astype(np.float32)
        self._stream = stream
        self._batch: mixwell.Batch | None = None

    def source(self) -> Source:
        return Source(self._tokens(), self._report)

    def _tokens(self) -> Iterator[Any]:
        for batch in self._stream:
            self._batch = batch
            yield batch.tokens

    def _report(self) -> None:
        if self._batch is not None and self._batch.awaits is not None:
            self._stream.report(self._batch, mixwell.loss_by_group(self._losses, self._batch))
