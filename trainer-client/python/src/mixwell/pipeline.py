"""One connection on which an attempt's next steps are asked for before the answers are read."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

from mixwell.batch import Batch
from mixwell.errors import BadAnswer, Undecided, problem
from mixwell.outage import Outage, Patience
from mixwell.requests import SAFETENSORS
from mixwell.wire import Address, Response, Wire, WireError

WAIT_SECONDS = 10
"""How long the server holds a pull. Short, since the trainer may be the one who is waited for, and
learns it only afterwards."""

_GRACE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Source:
    """Where one rank's batches of an attempt are. Can be sent to another process."""

    address: Address
    run: str
    attempt: int
    rank: int
    patience: Patience

    def request(self, step: int) -> bytes:
        target = (
            f"/v1/runs/{self.run}/attempts/{self.attempt}/steps/{step}/batch"
            f"?rank={self.rank}&wait=PT{WAIT_SECONDS}S"
        )
        return self.address.request("GET", target, {"Accept": SAFETENSORS})


class Pipeline:
    """Pulls in order, pipelined (RFC 9112, section 9.3.2).

    Whatever goes wrong, the connection is dropped, and the pull begins again at the step that is
    to be read next. Owned by one thread; another may `close` it.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._wire: Wire | None = None
        self._asked: deque[int] = deque()  # steps whose answers have not been read
        self._outage = Outage(str(source.address), source.patience.server)
        self._closed = threading.Event()

    def pull(self, step: int, ahead: int) -> Batch:
        """A step's batch, with requests for the `ahead` steps behind it sent, too.

        Raises:
            MixwellError: the server's refusal, `Undecided` among them.
            ServerUnavailable: when the server did not answer within patience.
            InterruptedError: if it is closed.
        """
        while True:
            kept = self._wire is not None
            try:
                response = self._read(step, ahead)
            except OSError as e:
                self._drop()
                self.pause(0)
                self.pause(self._outage.failed(e, kept=kept))
                continue
            if response.status == 200:
                self._outage.over()
                return self._checked(response, step)
            self._drop()
            refusal = problem(response.status, response.headers, response.body.tobytes())
            if isinstance(refusal, Undecided) or not refusal.retryable:
                self._outage.over()
                raise refusal
            self.pause(self._outage.failed(refusal))

    def pause(self, seconds: float) -> None:
        """Waits.

        Raises:
            InterruptedError: if it is closed.
        """
        if self._closed.wait(seconds):
            raise InterruptedError("the stream is closed")

    def close(self) -> None:
        """Ends a pull in another thread, and every one after it."""
        self._closed.set()
        wire = self._wire
        if wire is not None:
            wire.interrupt()

    def _read(self, step: int, ahead: int) -> Response:
        wire = self._wire
        if wire is None:
            self.pause(0)
            wire = self._wire = Wire(self._source.address)
            wire.timeout(WAIT_SECONDS + _GRACE_SECONDS)
        first = self._asked[-1] + 1 if self._asked else step
        if first <= step + ahead:
            steps = range(first, step + ahead + 1)
            wire.send(b"".join([self._source.request(s) for s in steps]))
            self._asked.extend(steps)
        response = wire.read()
        if self._asked.popleft() != step:
            raise WireError("answers and requests are out of step")
        if not wire.reusable:
            self._drop()
        return response

    def _checked(self, response: Response, step: int) -> Batch:
        batch = Batch(response)
        asked = (self._source.attempt, step, self._source.rank)
        got = (batch.attempt, batch.step, batch.rank)
        if asked != got:
            raise BadAnswer(f"asked for (attempt, step, rank) {asked} and got {got}")
        return batch

    def _drop(self) -> None:
        """Closes the connection; what was asked for on it is forgotten."""
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()
        self._asked.clear()
