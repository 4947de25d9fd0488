"""PyTorch's DataLoader over the same gather, `batch_size=None`: one gather a batch, one worker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch.utils.data import DataLoader, IterableDataset

from ..setting import PREFETCH
from ..source import Job, Source
from .numpy_gather import Gather


class _Batches(IterableDataset[torch.Tensor]):  # type: ignore[misc, unused-ignore]
    def __init__(self, job: Job) -> None:
        self._job = job

    def __iter__(self) -> Iterator[torch.Tensor]:
        for batch in Gather(self._job.paths(), self._job.shape, self._job.seed):
            yield torch.from_numpy(batch)


@contextmanager
def source(job: Job) -> Iterator[Source]:
    loader = DataLoader(_Batches(job), batch_size=None, num_workers=1, prefetch_factor=PREFETCH)
    yield Source(iter(loader))
