"""A run's batches for PyTorch's DataLoader."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping

import torch
import torch.distributed as dist
from torch.utils.data import IterableDataset, get_worker_info

from mixwell import launch
from mixwell.client import Client
from mixwell.outage import Patience
from mixwell.stream import BatchStream, Sums
from mixwell.torch.batches import TorchBatch, batch_to_torch


def launch_id() -> str:
    """A new name for this launch, drawn by rank 0 and told to all. A collective call."""
    if not (dist.is_available() and dist.is_initialized()):
        return str(uuid.uuid4())
    drawn = [str(uuid.uuid4())]
    dist.broadcast_object_list(drawn, src=0)
    return drawn[0]


class MixwellDataset(IterableDataset):  # type: ignore[misc]
    """One rank's batches of a run, for a DataLoader with `batch_size=None`.

    Leave the loader at num_workers=0: batches are pulled ahead by a thread. One worker process
    works, too; more would serve the same batches again, and are refused. Resumes from the step
    alone: `load_state_dict` before the first batch.

    Args:
        url, run, prefetch, patience: as of `Client` and `Client.batches`.
        start_step, parent, stop_step: likewise.
        rank, world: by default torch.distributed's, if it is up, else the launcher's.
        launch_id: by default the launcher's, else drawn; with torch.distributed up a collective.
        pin_memory: whether batches come in page-locked memory; by default where CUDA is. In a
            worker process never: give pin_memory=True to the loader there.
        evaluate: as of `Client.batches`; without worker processes only.
    """

    def __init__(
        self,
        url: str,
        run: str,
        *,
        start_step: int = 0,
        rank: int | None = None,
        world: int | None = None,
        prefetch: int = 4,
        parent: int | None = None,
        launch_id: str | None = None,
        stop_step: int | None = None,
        patience: Patience | None = None,
        pin_memory: bool | None = None,
        evaluate: Callable[[int], Sums] | None = None,
    ) -> None:
        is_up = dist.is_available() and dist.is_initialized()
        found = (dist.get_rank(), dist.get_world_size()) if is_up else launch.rank_and_world()
        self.rank = found[0] if rank is None else rank
        self.world = found[1] if world is None else world
        self.client = Client(url, run, patience=patience)
        drawn = _drawn_launch_id if is_up else self.client.new_launch_id
        self._launch_id = launch_id or drawn(self.world)
        self._start_step = start_step
        self._parent = parent
        self._prefetch = prefetch
        self.stop_step = stop_step
        self._pin_memory = torch.cuda.is_available() if pin_memory is None else pin_memory
        self._evaluate = evaluate
        self._stream: BatchStream | None = None
        self._reported = -1

    @property
    def stream(self) -> BatchStream:
        """This process's stream of the attempt; opened when first asked for."""
        if self._stream is None:
            self._stream = self.client.batches(
                self._start_step,
                self.rank,
                self.world,
                self._prefetch,
                self._parent,
                self._launch_id,
                stop_step=self.stop_step,
                evaluate=self._evaluate,
            )
        return self._stream

    @property
    def is_open(self) -> bool:
        """Whether the attempt is open."""
        return self._stream is not None

    def evaluate_with(self, evaluate: Callable[[int], Sums]) -> None:
        """As the argument of that name, unless it was given; before the first batch."""
        self._evaluate = self._evaluate or evaluate

    def __iter__(self) -> Iterator[TorchBatch]:
        worker = get_worker_info()
        if worker is not None:
            if worker.num_workers > 1:
                raise ValueError(
                    f"num_workers is {worker.num_workers}: each would pull the same batches; use 0 "
                    "(a thread pulls ahead) or 1"
                )
            self._stream = None  # the parent's threads and connections stay with it
            self._evaluate = None
        pin = self._pin_memory and worker is None
        for batch in self.stream:
            yield batch_to_torch(batch, pin_memory=pin)

    def report(self, batch: TorchBatch, sums: Sums, kind: str = "train") -> None:
        """As `BatchStream.report`, in the training process."""
        self._reported = max(self._reported, batch.step)
        self.stream.report(batch.served, sums, kind)

    def report_validation(self, step: int, sums: Sums) -> None:
        """As `BatchStream.report_validation`, in the training process."""
        self.stream.report_validation(step, sums)

    def state_dict(self, step: int | None = None) -> dict[str, int]:
        """What a checkpoint keeps, once all feedback is recorded.

        Args:
            step: how many are trained; by default what the last report tells, else as far as this
                process has iterated.
        """
        state = self.stream.state_dict()
        if step is not None or self._reported >= 0:
            state["step"] = self._reported + 1 if step is None else step
        return state

    def load_state_dict(self, state: Mapping[str, int]) -> None:
        """Goes on from a checkpoint; before the first batch."""
        if self._stream is not None:
            raise RuntimeError("the attempt is open: load the state before the first batch")
        self._start_step, self._parent = int(state["step"]), int(state["attempt"])


def _drawn_launch_id(_world: int) -> str:
    return launch_id()
