"""A run's proportions as they change, on a terminal or in a pipe."""

from __future__ import annotations

import os
import queue
import shutil
import threading
import time
from collections.abc import Iterator
from typing import Any, TextIO

from mixwell.client import Client
from mixwell.errors import MixwellError
from mixwell.events import Event
from mixwell.picture import Look, Mixture, change, line, picture

_LOOK_SECONDS = 0.5  # steps are looked at, for there can be hundreds a second
_LEAST_SECONDS = 0.2
_STEPS = 60  # remembered for each group
_HOME, _CLEAR_LINE, _CLEAR_REST = "\x1b[H", "\x1b[K", "\x1b[J"
_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
_SHOWN = (
    "run-created",
    "attempt-opened",
    "mixer-installed",
    "override-set",
    "override-cleared",
    "rows-skipped",
    "operation-cancelled",
    "run-finished",
)
_MAX_WAITING = 10_000
_PAPER = os.terminal_size((100, 2_000))

_Arrival = Event | MixwellError | None
_Arrivals = queue.Queue["_Arrival"]


def tail(client: Client, out: TextIO, *, once: bool = False) -> None:
    """Shows a run until it is finished; once: as it stands.

    On a terminal a picture that is drawn again in place; elsewhere a line for each change.
    """
    is_terminal = out.isatty()
    watch = _Watch(client)
    if once:
        mixture = watch.look()
        out.write("\n".join(picture(mixture, _look(out, is_terminal))) + "\n")
    elif is_terminal:
        _draw(watch, out)
    else:
        for mixture, events in watch.changes():
            out.writelines(change(event) + "\n" for event in events)
            out.write(line(mixture) + "\n")
            out.flush()


def _draw(watch: _Watch, out: TextIO) -> None:
    rows: list[str] = []
    out.write(_ENTER)
    try:
        for mixture, _ in watch.changes():
            rows = picture(mixture, _look(out, True))
            out.write(_HOME + "".join(row + _CLEAR_LINE + "\n" for row in rows) + _CLEAR_REST)
            out.flush()
    finally:
        out.write(_LEAVE + "".join(row + "\n" for row in rows))  # what was last seen stays
        out.flush()


def _look(out: TextIO, is_terminal: bool) -> Look:
    size = shutil.get_terminal_size() if is_terminal else _PAPER
    blocks = (out.encoding or "").lower().replace("-", "") == "utf8"
    return Look(*size, colour=is_terminal and not os.environ.get("NO_COLOR"), blocks=blocks)


class _Watch:
    """The run's state, asked for now and then, and at once when something happens.

    Owned by one thread; events come from another, which ends with the process.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._shares: dict[str, list[float]] = {}
        self._next_step = -1
        self._attempt = -1
        self._last = ""

    def look(self) -> Mixture:
        """Now."""
        now = self._client.mixture()
        step, attempt = int(now["step"]), int(now["attempt"])
        if self._next_step < 0:
            self._last = _last_operation(self._client.mixer())
        if attempt != self._attempt:  # another launch, from an earlier step perhaps
            self._shares, self._next_step = {}, 0
        self._attempt = attempt
        for past in self._history(max(0, self._next_step, step + 1 - _STEPS), step + 1):
            for name, share in past["q"].items():
                self._shares.setdefault(name, []).append(share)
        for shares in self._shares.values():
            del shares[:-_STEPS]
        self._next_step = step + 1
        return Mixture(self._client.run, str(self._client.address), now, self._shares, self._last)

    def _history(self, start: int, end: int) -> list[dict[str, Any]]:
        return self._client.history(start, end) if end > start else []

    def changes(self) -> Iterator[tuple[Mixture, list[Event]]]:
        """The state, and what happened since the one before; whenever either is new."""
        arrivals: _Arrivals = queue.Queue(_MAX_WAITING)
        threading.Thread(target=self._listen, args=(arrivals,), daemon=True).start()
        shown: object = None
        events: list[Event] = []
        is_over = False
        while True:
            began = time.monotonic()
            mixture = self.look()
            if events or mixture.now != shown:
                yield mixture, events
            if is_over:
                return
            shown, events = mixture.now, []
            for arrival in _drain(arrivals):
                if isinstance(arrival, MixwellError):
                    raise arrival
                if arrival is None:
                    is_over = True
                else:
                    events.append(arrival)
                    self._last = change(arrival)
            time.sleep(max(0.0, _LEAST_SECONDS - (time.monotonic() - began)))

    def _listen(self, arrivals: _Arrivals) -> None:
        try:
            for event in self._client.events(-1, _SHOWN):
                arrivals.put(event)
            arrivals.put(None)
        except MixwellError as e:
            arrivals.put(e)


def _drain(arrivals: _Arrivals) -> Iterator[_Arrival]:
    """What has come; waits a little for the first."""
    try:
        yield arrivals.get(timeout=_LOOK_SECONDS)
        while True:
            yield arrivals.get_nowait()
    except queue.Empty:
        return


def _last_operation(mixer: dict[str, Any]) -> str:
    last = mixer["history"][-1]
    return change(Event(last["operation"], "mixer-installed", last))
