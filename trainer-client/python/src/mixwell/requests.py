"""Single requests: sent, tried again while the server is away, answered with JSON or bytes."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Mapping
from typing import Any

from mixwell.errors import BadAnswer, MixwellError, Undecided, problem
from mixwell.outage import Outage, Patience
from mixwell.wire import Address, Response, Wire

JSON = "application/json"
SAFETENSORS = "application/vnd.safetensors"
_TIMEOUT_SECONDS = 60.0
_MAX_IDLE = 4


class Requests:
    """A server's requests and answers. Thread-safe; another process begins with no connections,
    whether it is forked or was sent a copy.

    Every request of the contract is idempotent or conditional, so a lost answer is asked for again.
    """

    def __init__(self, address: Address, patience: Patience) -> None:
        self.address = address
        self.patience = patience
        self._lock = threading.Lock()  # guards the next two
        self._idle: list[Wire] = []
        self._process = os.getpid()

    def __getstate__(self) -> tuple[Address, Patience]:
        return self.address, self.patience

    def __setstate__(self, state: tuple[Address, Patience]) -> None:
        Requests.__init__(self, *state)

    def json(
        self, method: str, target: str, body: object = None, timeout: float = _TIMEOUT_SECONDS
    ) -> Any:
        """Sends JSON, or nothing, and reads JSON."""
        answer = self.exchange(method, target, body, timeout=timeout)
        try:
            return json.loads(answer.body.tobytes())
        except ValueError as e:
            raise BadAnswer(f"{method} {target} was not answered with JSON: {e}") from e

    def exchange(
        self,
        method: str,
        target: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = _TIMEOUT_SECONDS,
    ) -> Response:
        """A successful answer.

        Args:
            method, target, body, headers: of the request; a body is sent as JSON.
            timeout: seconds without a byte after which an answer is given up, and asked for again.

        Raises:
            MixwellError: for any other, or none within patience.
        """
        all_headers = {"Accept": JSON, **(headers or {})}
        payload = None
        if body is not None:
            payload = json.dumps(body, allow_nan=False, separators=(",", ":")).encode()
            all_headers["Content-Type"] = JSON
        data = self.address.request(method, target, all_headers, payload)
        outage = Outage(str(self.address), self.patience.server)
        while True:
            kept = self._take()
            try:
                answer = self._once(kept, data, timeout)
                if answer.status < 300:
                    outage.over()
                    return answer
                refusal = problem(answer.status, answer.headers, answer.body.tobytes())
                if not _is_retried(refusal):
                    raise refusal
                pause = outage.failed(refusal)
            except OSError as e:
                pause = outage.failed(e, kept=kept is not None)
            time.sleep(pause)

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for wire in idle:
            wire.close()

    def _once(self, kept: Wire | None, data: bytes, timeout: float) -> Response:
        wire = kept or Wire(self.address)
        try:
            wire.timeout(timeout)
            wire.send(data)
            answer = wire.read()
        except BaseException:
            wire.close()
            self.close()  # the peer has probably gone with all of them
            raise
        self._give_back(wire)
        return answer

    def _take(self) -> Wire | None:
        with self._lock:
            if self._process != os.getpid():  # a fork must not share its parent's connections
                self._idle = []
                self._process = os.getpid()
            return self._idle.pop() if self._idle else None

    def _give_back(self, wire: Wire) -> None:
        with self._lock:
            if wire.reusable and len(self._idle) < _MAX_IDLE:
                self._idle.append(wire)
                return
        wire.close()


def _is_retried(refusal: MixwellError) -> bool:
    # An undecided step may wait for what this very trainer has to post: the caller knows.
    return refusal.retryable and not isinstance(refusal, Undecided)
