"""What happens to a run, as it happens: server-sent events, taken up again where they broke."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mixwell.errors import BadAnswer, problem
from mixwell.outage import Outage, Patience
from mixwell.wire import Address, Wire, WireError

_SILENCE_SECONDS = 120.0  # the server comments more often than that
_MAX_EVENT_BYTES = 16 << 20
_AGAIN_SECONDS = 1.0  # at least, from one stream to the next
_LAST = "run-finished"


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of the run's timeline.

    Attributes:
        id: its number.
        type: such as `step-closed`.
        data: its facts, as the contract lists them by type.
    """

    id: int
    type: str
    data: dict[str, Any]


def events(address: Address, target: str, after: int | None, patience: Patience) -> Iterator[Event]:
    """Every event behind `after` exactly once, until the run is finished."""
    outage = Outage(str(address), patience.server)
    last = "" if after is None else str(after)
    while True:
        wire: Wire | None = None
        began = time.monotonic()
        try:
            wire = Wire(address)
            wire.timeout(_SILENCE_SECONDS)
            headers = {"Accept": "text/event-stream"}
            if last:
                headers["Last-Event-ID"] = last
            wire.send(address.request("GET", target, headers))
            head = wire.read_head()
            if head.status == 204:
                return
            if head.status != 200:
                body = b"".join(wire.parts(head))
                refusal = problem(head.status, head.headers, body)
                if not refusal.retryable:
                    raise refusal
                time.sleep(outage.failed(refusal))
                continue
            outage.over()
            for name, identifier, data in _frames(wire.parts(head)):
                last = identifier or last
                if name:
                    yield Event(_number(last), name, _object(data))
                    if name == _LAST:
                        return
            time.sleep(max(0.0, began + _AGAIN_SECONDS - time.monotonic()))
        except OSError as e:
            time.sleep(outage.failed(e, kept=True))
        finally:
            if wire is not None:
                wire.close()


def _frames(parts: Iterator[bytes]) -> Iterator[tuple[str, str, str]]:
    """(event, id, data) of each block of lines; an empty event where there is none."""
    name = identifier = ""
    data: list[str] = []
    for line in _lines(parts):
        field, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if not line:
            yield (name if data else "", identifier, "\n".join(data))
            name, identifier, data = "", "", []
        elif field == "event":
            name = value
        elif field == "id":
            identifier = value
        elif field == "data":
            data.append(value)


def _lines(parts: Iterator[bytes]) -> Iterator[str]:
    rest = b""
    for part in parts:
        *lines, rest = (rest + part).split(b"\n")
        if len(rest) > _MAX_EVENT_BYTES:
            raise WireError(f"an event is above {_MAX_EVENT_BYTES} bytes")
        for line in lines:
            yield line.rstrip(b"\r").decode("utf-8")


def _number(identifier: str) -> int:
    try:
        return int(identifier)
    except ValueError as e:
        raise BadAnswer(f"not an event's number: {identifier}") from e


def _object(data: str) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except ValueError as e:
        raise BadAnswer(f"not an event's data: {data[:200]}") from e
    if not isinstance(value, dict):
        raise BadAnswer(f"not an event's data: {data[:200]}")
    return value
