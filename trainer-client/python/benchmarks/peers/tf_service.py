"""tf.data service: a dispatcher and a worker, processes of their own, mix; batches come by gRPC."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tensorflow as tf

from ..setting import PREFETCH, WEIGHTS
from ..source import Job, Source

_SHUFFLED_ROWS = 256


@contextmanager
def source(job: Job) -> Iterator[Source]:
    command = [sys.executable, "-m", "benchmarks.peers.tf_server"]
    dispatcher, address = _start([*command, "dispatcher"])
    try:
        worker, _ = _start([*command, "worker", address])
        try:
            service = tf.data.experimental.service.distribute(
                tf.data.experimental.service.ShardingPolicy.OFF,
                f"grpc://{address}",
                compression=None,
            )
            batches = _mixed(job).apply(service).prefetch(PREFETCH)
            yield Source(batches.as_numpy_iterator())
        finally:
            _end(worker)
    finally:
        _end(dispatcher)


def _mixed(job: Job) -> Any:
    """Rows shuffled within a window, as is usual, drawn by the weights, decoded by batches."""
    record = (job.shape.row_tokens + 1) * 2
    groups = [
        _rows(file, record).shuffle(_SHUFFLED_ROWS, job.seed).repeat() for file in job.paths()
    ]
    rows = tf.data.Dataset.sample_from_datasets(groups, list(WEIGHTS), seed=job.seed)
    return rows.batch(job.shape.rows, drop_remainder=True).map(_decode).prefetch(PREFETCH)


def _rows(file: Path, record: int) -> Any:
    rest = file.stat().st_size % record
    return tf.data.FixedLengthRecordDataset(str(file), record, footer_bytes=rest)


def _decode(records: Any) -> Any:
    return tf.io.decode_raw(records, tf.uint16)


def _start(command: list[str]) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
