"""A run on a server."""

from __future__ import annotations

import itertools
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from mixwell import body, launch
from mixwell.batch import Rows
from mixwell.contract import RUN_NAME, RUN_NAME_RULE
from mixwell.errors import Conflict
from mixwell.events import Event, events
from mixwell.outage import Patience, log
from mixwell.pipeline import Source
from mixwell.progress import Progress
from mixwell.requests import SAFETENSORS, Requests
from mixwell.stream import BatchStream, Opened, Sums
from mixwell.wire import Address

_CREATE_SECONDS = 900.0
_HISTORY_PAGE = 1_000  # the most that the contract lets one request ask for

_opened_lock = threading.Lock()
_opened: Counter[str] = Counter()  # by launch and run: a launcher's process may open several


class Client:
    """One run's addresses. Thread-safe.

    Requests are tried again while the server is away, for as long as patience says. Failures are
    `MixwellError`s. What has no method here goes through `request`.

    Args:
        url: `http://host:port`, or `unix:/path` of the server's Unix domain socket.
        run: its name, whether it exists or not.
        patience: how long to try.
    """

    def __init__(self, url: str, run: str, *, patience: Patience | None = None) -> None:
        if not RUN_NAME.fullmatch(run):
            raise ValueError(f"a run cannot be named {run!r}: {RUN_NAME_RULE}")
        self.run = run
        self.patience = patience or Patience()
        self.path = f"/v1/runs/{run}"
        self.address = Address.parse(url)
        self.requests = Requests(self.address, self.patience)

    def request(self, method: str, path: str = "", payload: object = None) -> Any:
        """JSON to and from an address under the run's, such as `/overrides`."""
        return self.requests.json(method, self.path + path, payload)

    def create(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        """Creates the run; if it exists with the same configuration, nothing changes.

        Groups over a large catalog take the server a while.
        """
        return dict(self.requests.json("PUT", self.path, spec, _CREATE_SECONDS))

    def describe(self) -> dict[str, Any]:
        """Its configuration with all defaults, its groups and where it stands."""
        return dict(self.request("GET"))

    def finish(self, who: str, why: str) -> dict[str, Any]:
        """Finishes the run: nothing more is issued."""
        return dict(self.request("DELETE", "?" + urlencode({"who": who, "why": why})))

    def batches(
        self,
        start_step: int = 0,
        rank: int | None = None,
        world: int | None = None,
        prefetch: int = 4,
        parent: int | None = None,
        launch_id: str | None = None,
        *,
        state: Mapping[str, int] | None = None,
        stop_step: int | None = None,
        evaluate: Callable[[int], Sums] | None = None,
        progress: bool = True,
    ) -> BatchStream:
        """Opens an attempt, and streams one rank's batches of it.

        Args:
            start_step: 0, or the step of the checkpoint.
            rank: this process's place among the data-parallel ranks; by default its launcher's.
            world: their number; likewise.
            prefetch: batches pulled ahead of the one in training.
            parent: the attempt of the checkpoint.
            launch_id: the launch's name, the same on all ranks and new each time; by default
                the launcher's (`mixwell.launch`), else drawn, which takes a world of 1.
            state: what `BatchStream.state_dict` gave, in place of start_step and parent.
            stop_step: the first step that is not pulled; the stream ends there.
            evaluate: gives the held-out losses of the model as it stands, after so many steps. The
                stream calls it on rank 0, inside next(), whenever they are due. Without it, look at
                `evaluate_first` and `batch.evaluate_after`.
            progress: whether rank 0 says on a terminal how training goes, in a line.
        """
        if state is not None:
            start_step, parent = int(state["step"]), int(state["attempt"])
        rank, world = launch.place(rank, world)
        if prefetch < 0:
            raise ValueError(f"prefetch is {prefetch}: 0 or more batches are pulled ahead")
        opened = self.open(start_step, rank, world, parent, launch_id)
        return BatchStream(
            self.requests,
            opened,
            prefetch=prefetch,
            stop_step=stop_step,
            evaluate=evaluate,
            progress=Progress(world, shown=progress and rank == 0),
        )

    def open(
        self, start_step: int, rank: int, world: int, parent: int | None, launch_id: str | None
    ) -> Opened:
        """Opens an attempt, as `batches` does, and streams nothing."""
        payload = {
            "fromStep": start_step,
            "world": world,
            "launchId": launch_id or self.new_launch_id(world),
        }
        if parent is not None:
            payload["parent"] = parent
        try:
            answer = self.request("POST", "/attempts", payload)
        except Conflict as e:
            if e.type == "launch-conflict" and launch_id is None:
                raise e.advising(launch.ANEW) from e
            raise
        if answer["bypassed"]:
            operations = ", ".join(str(o["operation"]) for o in answer["bypassed"])
            log.warning("mixwell: operations of other attempts do not apply: %s", operations)
        place = launch.Place(rank, world)
        return self._opened(answer["attempt"], answer["fromStep"], place, answer["evaluateFirst"])

    def join(
        self,
        attempt: int,
        step: int,
        place: launch.Place,
        prefetch: int = 4,
        *,
        stop_step: int | None = None,
    ) -> BatchStream:
        """Streams an attempt that this rank has opened already, in another process: from `step`."""
        opened = self._opened(attempt, step, place, evaluate_first=False)
        shown = Progress(place.world, shown=place.rank == 0)
        return BatchStream(
            self.requests, opened, prefetch=prefetch, stop_step=stop_step, progress=shown
        )

    def _opened(self, attempt: int, step: int, place: launch.Place, evaluate_first: bool) -> Opened:
        spec = self.describe()["spec"]
        return Opened(
            Source(self.address, self.run, attempt, place.rank, self.patience),
            step,
            place.world,
            evaluate_first,
            spec["lookahead"],
            self.mixer()["mixer"].get("awaits"),
            spec.get("reporters") == "ranks",
            spec["batchRows"] * spec["rowTokens"],
        )

    def new_launch_id(self, world: int) -> str:
        """A name for a launch of so many ranks: the launcher's, or for one rank a drawn one."""
        name = launch.launch_id()
        if name is None:
            if world > 1:
                raise ValueError(
                    f"{world} ranks need one launch_id for all, new for each launch, and their "
                    "launcher gives none: pass mixwell.torch.launch_id() or a name of yours, or "
                    f"launch with {launch.LAUNCH_VARIABLE}=$(uuidgen) in the environment of all"
                )
            return str(uuid.uuid4())
        key = f"{name} {self.address} {self.run}"
        with _opened_lock:
            _opened[key] += 1
            count = _opened[key]
        return name if count == 1 else f"{name}-{count}"

    def validation(self, group: str, from_: int = 0, count: int | None = None) -> Rows:
        """Held-out rows of a group: the same every time."""
        query = f"?from={from_}" + ("" if count is None else f"&count={count}")
        target = f"{self.path}/validation/{quote(group, safe='')}{query}"
        answer = self.requests.exchange("GET", target, headers={"Accept": SAFETENSORS})
        return Rows(body.parse(answer.body))

    def plan(self, step: int, attempt: int | None = None) -> dict[str, Any]:
        """What a step holds, and who decided it."""
        return dict(self.request("GET", f"{self._step(step, attempt)}/plan"))

    def provenance(self, step: int, attempt: int | None = None) -> dict[str, Any]:
        """Which documents a step's rows come from, in batch order over all ranks."""
        return dict(self.request("GET", f"{self._step(step, attempt)}/provenance"))

    def _step(self, step: int, attempt: int | None) -> str:
        of = self.describe().get("newestAttempt", 0) if attempt is None else attempt
        return f"/attempts/{of}/steps/{step}"

    def mixture(self) -> dict[str, Any]:
        """Where the mixture stands."""
        return dict(self.request("GET", "/mixture"))

    def history(self, from_: int = 0, to: int | None = None) -> list[dict[str, Any]]:
        """Steps `from_` to `to` - 1 of the newest attempt's lineage, as far as they are issued."""
        steps: list[dict[str, Any]] = []
        for start in itertools.count(from_, _HISTORY_PAGE):
            end = start + _HISTORY_PAGE if to is None else min(to, start + _HISTORY_PAGE)
            if end <= start:
                break
            page = self.request("GET", f"/mixture/history?from={start}&to={end}")["steps"]
            steps += page
            if len(page) < _HISTORY_PAGE:
                break
        return steps

    def mixer(self) -> dict[str, Any]:
        """The mixer in force, its state, and what is to come."""
        return dict(self.request("GET", "/mixer"))

    def events(
        self, after: int | None = None, types: Sequence[str] | None = None
    ) -> Iterator[Event]:
        """What happens to the run, as it happens, until it is finished.

        Args:
            after: begin behind the event with this number, -1 for the first; by default with what
                comes next.
            types: to be told; by default all but `issued` and `feedback`.
        """
        query = "" if types is None else "?" + urlencode({"types": ",".join(types)})
        return events(self.address, f"{self.path}/events{query}", after, self.patience)

    def close(self) -> None:
        """Closes idle connections. The client can be used again."""
        self.requests.close()
