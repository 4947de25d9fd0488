"""One launch of a trainer on a run, as its training loop sees it."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from mixwell.batch import Batch
from mixwell.errors import EvaluationDue
from mixwell.losses import GroupLosses
from mixwell.outage import log
from mixwell.pipeline import Source
from mixwell.poster import Groups, Post, Poster
from mixwell.progress import Progress
from mixwell.puller import End, Evaluate, Puller
from mixwell.requests import Requests

Sums = Groups | Mapping[str, tuple[float, int]]
"""What `loss_by_group` gives, or {group: (loss sum in nats, tokens)}."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An attempt, and what of its run a stream needs to know.

    Attributes:
        source: of this rank's batches.
        from_step: the first step.
        world: data-parallel ranks.
        evaluate_first: whether validation losses are due at from_step.
        lookahead: L: feedback of step k decides step k+L.
        awaits: the kind of feedback that the run's mixer goes by; None for none.
        ranks_report: whether every rank posts its own losses; else rank 0 posts all ranks' sums.
        step_tokens: predicted tokens of a step, over all ranks.
    """

    source: Source
    from_step: int
    world: int
    evaluate_first: bool
    lookahead: int
    awaits: str | None
    ranks_report: bool
    step_tokens: int


class BatchStream:
    """Batches of an attempt in order, and the way back for what the trainer saw.

    Owned by the training thread. Batches come from one thread behind it, posts go through another;
    a server that restarts meanwhile is waited for. A `MixwellError` ends the launch.

    Attributes:
        evaluate_first: whether validation losses are due before the first step.
        attempt: its number, the fencing token.
    """

    def __init__(
        self,
        requests: Requests,
        opened: Opened,
        *,
        prefetch: int = 4,
        stop_step: int | None = None,
        evaluate: Callable[[int], Sums] | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.opened = opened
        self.evaluate_first = opened.evaluate_first
        self.attempt = opened.source.attempt
        self.next_step = opened.from_step
        path = f"/v1/runs/{opened.source.run}/attempts/{self.attempt}"
        self._poster = Poster(requests, path)
        self._puller: Puller | None = None
        self._end: End | None = None
        self._prefetch = prefetch
        self._stop_step = stop_step
        self._evaluate = evaluate
        self._progress = progress or Progress(opened.world)
        self._awaits = opened.awaits
        self._evaluation_due = opened.evaluate_first
        self._evaluated = -1  # the last step whose validation losses were reported
        self._refused = -1  # the step that waits for validation losses, as far as is known
        self._told_cap = False

    def __getstate__(self) -> None:
        raise TypeError(
            "a stream cannot be copied or sent to another process, for its threads stay here: send "
            "its client or dataset, which opens a stream where it is"
        )

    def __iter__(self) -> BatchStream:
        return self

    def __next__(self) -> Batch:
        began = time.perf_counter()
        self._poster.check()
        step = self.next_step
        if self._evaluation_due and self._evaluate is not None:
            self._evaluate_at(step)
        if self._refused == step and self._evaluated != step:
            raise EvaluationDue(step)
        batch = self._take(step)
        self.next_step = step + 1
        self._awaits = batch.awaits
        self._evaluation_due = batch.evaluate_after
        self._progress.saw(batch, time.perf_counter() - began)
        return batch

    def report(self, batch: Batch, sums: Sums, kind: str = "train") -> None:
        """Posts a step's losses, behind the loop's back.

        Where one rank posts for all (the default of a run), `sums` are those of all ranks
        (`mixwell.torch.reduce_losses`), and calls on other ranks than 0 do nothing. Sums that no
        mixer can use are posted as "nothing usable", with a warning.

        Args:
            batch: whose losses they are.
            sums: by group.
            kind: train, excess or difference.

        Raises:
            MixwellError: why an earlier post could not be delivered, `Fenced` among them.
        """
        groups = _groups(sums)
        if self.opened.ranks_report:
            self._poster.post(Post(batch.step, kind, batch.rank, groups))
        elif batch.rank == 0:
            world = self.opened.world
            share = self.opened.step_tokens // world if world > 1 else 0
            self._poster.post(Post(batch.step, kind, None, groups, share_tokens=share))

    def report_validation(self, step: int, sums: Sums) -> None:
        """Posts the held-out losses of the model after `step` steps; rank 0's count."""
        if step == self._evaluated:
            return
        self._evaluated = step
        self._evaluation_due = False
        if self.opened.source.rank == 0:
            self._poster.post(Post(step, "validation", None, _groups(sums)))

    def report_alignment(
        self, batch: Batch, groups: Mapping[str, Mapping[str, Any]], learning_rate: float
    ) -> None:
        """Posts inner products of the groups' gradients, as the contract has them; rank 0's count.

        Args:
            batch: whose gradients they are.
            groups: by name: {"gram": {target: product}, "norm": length} or {"score", "norm"}.
            learning_rate: of the step.
        """
        if batch.rank == 0:
            posted = _Alignment({name: {"alignment": dict(a)} for name, a in groups.items()})
            members = {"learningRate": learning_rate}
            self._poster.post(Post(batch.step, "alignment", None, posted, members))

    def flush(self, timeout: float | None = None) -> None:
        """Returns once all feedback so far is recorded, or came after its step was closed.

        To be called before a checkpoint is written; `state_dict` does.
        """
        self._poster.settle(timeout)

    def state_dict(self, *, flush: bool = True) -> dict[str, int]:
        """What a checkpoint keeps: the attempt, and the step of the next batch."""
        if flush:
            self.flush()
        return {"attempt": self.attempt, "step": self.next_step}

    def close(self) -> None:
        """Stops pulling. Posts under way still go out while the process lives."""
        if self._puller is not None:
            self._puller.close()
        self._progress.close()

    def __enter__(self) -> BatchStream:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self.flush()
        finally:
            self.close()

    def _take(self, step: int) -> Batch:
        if self._end is not None:
            raise StopIteration if self._end.failure is None else self._end.failure
        if self._puller is None:
            self._puller = Puller(self.opened.source, step, self._stop_step)
            weakref.finalize(self, self._puller.close)
        while True:
            arrival = self._puller.take(step, step + self._ahead(), self._poster.check)
            if isinstance(arrival, Batch):
                return arrival
            if isinstance(arrival, End):
                self._end = arrival
                return self._take(step)
            self._refuse(arrival)

    def _refuse(self, refused: Evaluate) -> None:
        """The step waits for validation losses: ours to give, or to be waited for."""
        if self._evaluated == refused.step or self.opened.source.rank != 0:
            return
        if self._evaluate is None:
            self._refused = refused.step
            raise EvaluationDue(refused.step)
        self._evaluate_at(refused.step)

    def _evaluate_at(self, step: int) -> None:
        self._evaluation_due = False
        if self._evaluate is not None and self.opened.source.rank == 0:
            self.report_validation(step, self._evaluate(step))

    def _ahead(self) -> int:
        """Steps to pull beyond the one in training: never one that waits for its own losses."""
        cap = self.opened.lookahead - 1
        if self._awaits is None or self._prefetch <= cap:
            return self._prefetch
        if not self._told_cap:
            self._told_cap = True
            log.warning(
                "mixwell: prefetch %d is cut to %d: the run's lookahead is %d, and its mixer "
                "awaits %s losses",
                self._prefetch,
                cap,
                cap + 1,
                self._awaits,
            )
        return cap


@dataclass(frozen=True, slots=True)
class _Alignment:
    groups: dict[str, dict[str, Any]]

    def begin(self) -> None:
        """They are here."""

    def feedback(self) -> dict[str, dict[str, Any]]:
        return self.groups


def _groups(sums: Sums) -> Groups:
    return GroupLosses.of(sums) if isinstance(sums, Mapping) else sums
