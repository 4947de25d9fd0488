"""The transport alone: one connection, requests sent ahead, bodies received into fresh arrays."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from .. import control
from ..setting import PREFETCH
from ..source import Job, Source


@contextmanager
def source(job: Job) -> Iterator[Source]:
    steps = control.open_run(job.url, control.spec(job.shape, job.mixer, job.seed))
    address = urlsplit(job.url)
    with socket.create_connection((address.hostname or "", address.port or 80)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield Source(_batches(connection, steps, job.shape.row_tokens + 1))
    control.finish(job.url, steps)


def _batches(connection: socket.socket, steps: str, columns: int) -> Iterator[NDArray[np.uint16]]:
    received = connection.makefile("rb")
    step = 0
    for _ in range(PREFETCH):
        connection.sendall(_request(steps, step))
        step += 1
    while True:
        length = _head(received)
        body = np.empty(length // 2, np.uint16)
        if received.readinto(body.data.cast("B")) != length:
            raise RuntimeError("the server closed the connection")
        connection.sendall(_request(steps, step))
        step += 1
        yield body.reshape(-1, columns)


def _request(steps: str, step: int) -> bytes:
    target = f"{steps}/{step}/batch?rank=0"
    head = "Host: mixwell\r\nAccept: application/octet-stream\r\n\r\n"
    return f"GET {target} HTTP/1.1\r\n{head}".encode()


def _head(received: BufferedReader) -> int:
    """Reads up to the body; its length."""
    status = received.readline()
    length = -1
    while (line := received.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    if status[9:12] != b"200" or length < 0:
        raise RuntimeError(f"the server answered {status!r}")
    return length
