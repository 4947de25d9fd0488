"""What a contender is asked for, and what it gives."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .setting import Shape, Times


@dataclass(frozen=True)
class Job:
    """One run of one contender.

    server: process ids whose memory counts besides the contender's own.
    """

    contender: str
    shape: Shape
    times: Times
    files: tuple[str, ...]
    scratch: str
    seed: int
    url: str = ""
    mixer: str = ""
    server: tuple[int, ...] = ()

    def paths(self) -> list[Path]:
        return [Path(file) for file in self.files]

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> Job:
        fields = json.loads(text)
        fields["shape"] = Shape(**fields["shape"])
        fields["times"] = Times(**fields["times"])
        for name in ("files", "server"):
            fields[name] = tuple(fields[name])
        return Job(**fields)


@dataclass(frozen=True)
class Source:
    """Batches without end, each an array of [rows, row_tokens + 1] uint16.

    trained: called once a step behind each batch, as a trainer posts its losses.
    """

    batches: Iterator[Any]
    trained: Callable[[], None] = field(default=lambda: None)
