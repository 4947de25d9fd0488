"""Hugging Face `interleave_datasets` over mapped Arrow files of [row_tokens + 1] rows, as NumPy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from datasets import Dataset, disable_caching, interleave_datasets

from ..setting import WEIGHTS
from ..source import Job, Source

_ROWS_A_RECORD_BATCH = 64


def prepare(job: Job) -> None:
    """Each group as an Arrow file with one column, lists of a fixed size; made once and kept."""
    for file in job.paths():
        arrow = _arrow(file, job)
        if not arrow.exists():
            _write(arrow, np.memmap(file, np.uint16, "r"), job.shape.row_tokens + 1)


@contextmanager
def source(job: Job) -> Iterator[Source]:
    disable_caching()  # or the second run of a seed would find the shuffle of the first
    groups = [Dataset.from_file(str(_arrow(file, job))) for file in job.paths()]
    mixed = interleave_datasets(
        [group.shuffle(seed=job.seed) for group in groups],
        probabilities=list(WEIGHTS),
        seed=job.seed,
        stopping_strategy="all_exhausted",
    )
    yield Source(_batches(mixed.with_format("numpy", dtype=np.uint16), job.shape.rows))


def _batches(mixed: Any, rows: int) -> Iterator[Any]:
    while True:
        for batch in mixed.iter(batch_size=rows, drop_last_batch=True):
            yield batch["tokens"]


def _arrow(file: Path, job: Job) -> Path:
    return Path(job.scratch) / f"{file.stem}-{job.shape.row_tokens + 1}.arrow"


def _write(arrow: Path, tokens: Any, columns: int) -> None:
    kind = pa.list_(pa.uint16(), columns)
    unfinished = arrow.with_suffix(".part")
    rows = len(tokens) // columns
    with (
        pa.OSFile(str(unfinished), "wb") as sink,
        pa.ipc.new_stream(sink, pa.schema([("tokens", kind)])) as writer,
    ):
        for first in range(0, rows, _ROWS_A_RECORD_BATCH):
            last = min(rows, first + _ROWS_A_RECORD_BATCH)
            flat = pa.array(tokens[first * columns : last * columns])
            lists = pa.FixedSizeListArray.from_arrays(flat, columns)
            writer.write_batch(pa.record_batch([lists], names=["tokens"]))
    unfinished.rename(arrow)
