"""The serving comparison: in each round every contender runs once, in an order that rotates."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from . import control, corpus, machine, rates
from .contenders import OURS, PEERS, Contender
from .environment import Environment
from .processes import Children, ProcessFailed
from .rates import NGINX
from .results import Results
from .server import Server, serving
from .setting import FOLDER, SHAPES, Shape, Size, Times
from .source import Job

Turn = Callable[[int], None]


@dataclass
class Comparison:
    """One run of the command. Owned by one thread.

    One Mixwell server lives through all rounds, as one does that trainers pull from, and is warm
    when the first begins. How long a server takes to start is measured with others.
    """

    size: Size
    environment: Environment
    chosen: set[str]
    children: Children
    results: Results

    def run(self) -> None:
        self._index = corpus.index(self.size)
        self._files = corpus.shards(self._index, self.size.group_tokens)
        self._scratch = self.size.folder / "scratch"
        self._scratch.mkdir(exist_ok=True)
        contenders = [one for one in (*PEERS, *OURS) if self._can_run(one)]
        corpus.warm(self._files)
        turns = [self._turn_of(contender) for contender in contenders]
        with contextlib.ExitStack() as stack:
            self._server: Server | None = None
            if NGINX in self.chosen or any(one.mixer for one in contenders):
                self._server = stack.enter_context(serving(self._index, self.children))
                self._warm_up(self._server, contenders)
                turns += [self._start]
            if self._server is not None and self._can_compare_rates():
                turns += [self._rates]
            for round_ in range(self.size.times.rounds):
                for turn in rates.rotated(turns, round_):
                    turn(round_)

    def _can_run(self, contender: Contender) -> bool:
        if contender.name not in self.chosen:
            return False
        why = self.environment.install(contender.package)
        if why:
            self.results.not_run[contender.name] = why
        return not why

    def _can_compare_rates(self) -> bool:
        if NGINX not in self.chosen:
            return False
        why = rates.missing()
        if why:
            self.results.not_run[NGINX] = why
        return not why

    def _turn_of(self, contender: Contender) -> Turn:
        def turn(round_: int) -> None:
            for shape in SHAPES:
                self._measure(contender, shape, round_)

        return turn

    def _warm_up(self, server: Server, contenders: list[Contender]) -> None:
        """What the rounds will do, unmeasured, until the server's code is compiled."""
        say("warming up the server")
        seconds = self.size.times.server_warm_up
        times = replace(self.size.times, warm_up=seconds, tight=0.1, paced=0.1)
        for contender in contenders:
            if contender.mixer:
                self._named(contender.name, self._job(contender, SHAPES[0], times, 0))
        if NGINX in self.chosen and not rates.missing():
            rates.warm_up(server, seconds, self._scratch)

    def _start(self, round_: int) -> None:
        """A server from the start of its process to the first batch of its first run."""
        self._say(round_, "start of a server")
        with serving(self._index, self.children) as server:
            began = time.perf_counter()
            steps = control.open_run(server.url, control.spec(SHAPES[0], "static", round_))
            control.fetch(f"{server.url}{steps}/0/batch?rank=0")
            first = server.ready_seconds + time.perf_counter() - began
        start = {"readySeconds": server.ready_seconds, "firstBatchSeconds": first}
        self.results.starts.append({"round": round_, **start})

    def _rates(self, round_: int) -> None:
        if self._server is None or NGINX in self.results.not_run:
            return
        self._say(round_, "requests a second")
        seconds = self.size.times.load
        try:
            compared = rates.compare(self._server, self.children, seconds, self._scratch, round_)
            self.results.loads.extend(compared)
        except ProcessFailed as e:
            self.results.not_run[NGINX] = str(e)

    def _measure(self, contender: Contender, shape: Shape, round_: int) -> None:
        """A contender that fails is named and left out of the rounds that follow."""
        if contender.name in self.results.not_run:
            return
        self._say(round_, f"{contender.name} {shape.name}")
        load_average = machine.load()
        answer = self._named(contender.name, self._job(contender, shape, self.size.times, round_))
        if answer is not None:
            answer["loadAverage"] = load_average
            self.results.add(contender.name, shape.name, round_, answer)

    def _job(self, contender: Contender, shape: Shape, times: Times, round_: int) -> Job:
        server = self._server if contender.mixer else None
        return Job(
            contender=contender.module,
            shape=shape,
            times=times,
            files=tuple(str(file) for file in self._files),
            scratch=str(self._scratch),
            seed=round_ + 1,
            url=server.url if server else "",
            mixer=contender.mixer,
            server=(server.pid,) if server else (),
        )

    def _named(self, name: str, job: Job) -> dict[str, Any] | None:
        """What its process measured; where that fails, why, among those not run."""
        command = [str(self.environment.python), "-m", "benchmarks.worker", job.to_json()]
        try:
            log = FOLDER / "worker.log"
            return self.children.answer(command, log, self.environment.path())
        except ProcessFailed as e:
            self.results.not_run[name] = str(e)
            return None

    def _say(self, round_: int, what: str) -> None:
        say(f"round {round_ + 1}/{self.size.times.rounds}: {what}")


def say(line: str) -> None:
    """Progress, on a line that the next one overwrites where that can be."""
    end = "\r\033[K" if sys.stderr.isatty() else "\n"
    print(line, end=end, file=sys.stderr, flush=True)
