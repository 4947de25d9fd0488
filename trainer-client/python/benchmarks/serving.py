"""The serving comparison: in each round every contender runs once, in an order that rotates."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import corpus, machine, rates
from .contenders import OURS, PEERS, Contender
from .environment import Environment
from .processes import Children, ProcessFailed
from .rates import NGINX
from .results import Results
from .server import Server, serving
from .setting import FOLDER, SHAPES, Shape, Times
from .source import Job

_FIRST_WARM_UP_SECONDS = 3.0


@dataclass
class Comparison:
    """One run of the command. Owned by one thread."""

    times: Times
    chosen: set[str]
    children: Children
    results: Results

    def run(self) -> None:
        self._index = corpus.index()
        self._files = corpus.shards(self._index)
        self._scratch = FOLDER / "scratch"
        self._scratch.mkdir(exist_ok=True)
        self._environment = Environment()
        peers = [peer for peer in PEERS if self._can_run(peer)]
        ours = [one for one in OURS if self._can_run(one)]
        corpus.warm(self._files)
        turns: list[Callable[[int], None]] = [self._turn_of(peer) for peer in peers]
        if ours or NGINX in self.chosen:
            turns.append(lambda round_: self._ours(ours, round_))
        for round_ in range(self.times.rounds):
            for turn in rates.rotated(turns, round_):
                turn(round_)

    def _can_run(self, contender: Contender) -> bool:
        if contender.name not in self.chosen:
            return False
        why = self._environment.install(contender.package)
        if why:
            self.results.not_run[contender.name] = why
        return not why

    def _turn_of(self, peer: Contender) -> Callable[[int], None]:
        def turn(round_: int) -> None:
            for shape in SHAPES:
                self._measure(peer, shape, round_, None)

        return turn

    def _ours(self, ours: list[Contender], round_: int) -> None:
        """One server for all that need one: its first batch is timed cold, all else warm."""
        with serving(self._index, self.children) as server:
            first = True
            for shape in SHAPES:
                for contender in rates.rotated(ours, round_):
                    answer = self._measure(contender, shape, round_, server, first)
                    if answer is not None and first:
                        self._started(contender, server, answer)
                        first = False
            if NGINX in self.chosen:
                say(f"round {round_ + 1}/{self.times.rounds}: requests a second")
                self._rates(server, round_)

    def _rates(self, server: Server, round_: int) -> None:
        why = rates.missing()
        if why:
            self.results.not_run[NGINX] = why
            return
        compared = rates.compare(server, self.children, self.times.load, self._scratch, round_)
        self.results.loads.extend(compared)

    def _started(self, contender: Contender, server: Server, answer: dict[str, Any]) -> None:
        first_batch = server.ready_seconds + answer["firstBatchSeconds"]
        self.results.starts.append(
            {
                "contender": contender.name,
                "readySeconds": server.ready_seconds,
                "firstBatchSeconds": first_batch,
            }
        )

    def _measure(
        self,
        contender: Contender,
        shape: Shape,
        round_: int,
        server: Server | None,
        first: bool = False,
    ) -> dict[str, Any] | None:
        """A contender that fails is named and left out of the rounds that follow."""
        if contender.name in self.results.not_run:
            return None
        say(f"round {round_ + 1}/{self.times.rounds}: {contender.name} {shape.name}")
        warm_up = self.times.warm_up + (_FIRST_WARM_UP_SECONDS if first else 0)
        times = Times(
            self.times.rounds, warm_up, self.times.tight, self.times.paced, self.times.load
        )
        job = Job(
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
        load_average = machine.load()
        command = [str(self._environment.python), "-m", "benchmarks.worker", job.to_json()]
        try:
            answer = self.children.answer(command, FOLDER / "worker.log", self._environment.path())
        except ProcessFailed as e:
            self.results.not_run[contender.name] = str(e)
            return None
        self.results.add(
            contender.name, shape.name, round_, {**answer, "loadAverage": load_average}
        )
        return answer


def say(line: str) -> None:
    """Progress, on a line that the next one overwrites where that can be."""
    end = "\r\033[K" if sys.stderr.isatty() else "\n"
    print(line, end=end, file=sys.stderr, flush=True)
