"""How long a client goes on trying, and what it says meanwhile."""

from __future__ import annotations

import logging
import random
import threading
import time
from dataclasses import dataclass

from mixwell.errors import MixwellError, ServerUnavailable

log = logging.getLogger("mixwell")

_FIRST_DELAY_SECONDS = 0.02
_LAST_DELAY_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds.

    Attributes:
        server: from the first lost connection, until the client gives up.
        undecided: how long one step may wait for feedback.
    """

    server: float = 600.0
    undecided: float = 3600.0


def delay(failures: int) -> float:
    """Seconds before the next try: doubling, and drawn from the upper half of that.

    So ranks that failed together do not come back together.
    """
    longest: float = min(_FIRST_DELAY_SECONDS * 2.0 ** min(failures - 1, 30), _LAST_DELAY_SECONDS)
    return longest * random.uniform(0.5, 1.0)


_silent_lock = threading.Lock()
_silent: set[str] = set()  # servers that a line has been written about


class Outage:
    """One server's silence, as one thread meets it.

    A line is written when it begins, and one when it ends, however many threads meet it.
    """

    def __init__(self, server: str, patience_seconds: float) -> None:
        self._server = server
        self._patience = patience_seconds
        self._failures = 0
        self._since = 0.0

    def failed(self, failure: Exception, *, kept: bool = False) -> float:
        """Seconds to wait before the next try.

        Args:
            failure: what happened.
            kept: whether it happened to a connection that had answered before. The server may have
                closed it for being idle, so the first such failure costs no wait and no line.

        Raises:
            ServerUnavailable: when patience is over.
        """
        self._failures += 1
        if self._failures == 1:
            self._since = time.monotonic()
            if kept:
                return 0.0
        silent = time.monotonic() - self._since
        if silent >= self._patience:
            raise ServerUnavailable(
                f"{self._server} has not answered for {silent:.0f} s: {failure}"
            ) from failure
        if self._tell(begins=True):
            log.warning(
                "mixwell: %s does not answer (%s); trying again for up to %.0f s",
                self._server,
                failure,
                self._patience,
            )
        asked = failure.retry_after if isinstance(failure, MixwellError) else 0.0
        return max(delay(self._failures), min(asked, _LAST_DELAY_SECONDS))

    def over(self) -> None:
        """The server has answered."""
        if not self._failures:
            return
        if self._tell(begins=False):
            log.warning(
                "mixwell: %s answers again, after %.1f s",
                self._server,
                time.monotonic() - self._since,
            )
        self._failures = 0

    def _tell(self, *, begins: bool) -> bool:
        with _silent_lock:
            if (self._server in _silent) == begins:
                return False
            (_silent.add if begins else _silent.discard)(self._server)
            return True
