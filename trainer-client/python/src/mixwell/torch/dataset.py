"""A run's batches for PyTorch's DataLoader."""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch
import torch.distributed as dist
from torch.utils.data import IterableDataset, get_worker_info

from mixwell import launch
from mixwell.batch import Batch
from mixwell.client import Client
from mixwell.errors import EvaluationDue
from mixwell.launch import Place
from mixwell.outage import Patience
from mixwell.stream import BatchStream, Sums
from mixwell.torch.batches import TorchBatch, batch_to_torch
from mixwell.torch.worker import WorkersProgress

_NO_MODEL = (
    "step {} waits for held-out losses of the model, which a worker process does not have: use "
    "num_workers=0 (a thread pulls ahead) for this run's mixer"
)


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

    The attempt is opened when the first batch is asked for, and with it rank, world and launch are
    fixed. A copy for another process can be sent before that.

    Args:
        url, run, prefetch, patience: as of `Client` and `Client.batches`.
        start_step, parent, stop_step: likewise.
        rank, world: by default a framework's (`placed`) or torch.distributed's, if it is up, else
            the launcher's.
        launch_id: by default with torch.distributed up one that rank 0 draws, a collective with
            the first batch; else the launcher's, else drawn. A worker process takes part in no
            collective, so there the launcher has to give one.
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
        if rank is not None and world is not None:
            launch.place(rank, world)
        self.client = Client(url, run, patience=patience)
        self._given = (rank, world)
        self._framework: Place | None = None
        self._parents: Place | None = None  # torch.distributed's in the process that sent this copy
        self._place: Place | None = None  # once the attempt is open
        self._launch_id = launch_id
        self._start_step = start_step
        self._parent = parent
        self._prefetch = prefetch
        self.stop_step = stop_step
        self._pin_memory = torch.cuda.is_available() if pin_memory is None else pin_memory
        self._evaluate = evaluate
        self._stream: BatchStream | None = None
        self._is_iterated = False  # in this process
        self._was_sent = False
        self._reported = -1
        self._workers = WorkersProgress()

    def __getstate__(self) -> dict[str, Any]:
        if self._stream is not None and self._is_iterated:
            raise TypeError(
                "the dataset is being iterated in this process, so a copy would pull the same "
                "batches again: send it before the first batch"
            )
        self._was_sent = True
        state = {**self.__dict__, "_stream": None, "_was_sent": False}
        state["_parents"] = _distributed() or self._parents
        if self._evaluate is not None and not _is_sent_by_name(self._evaluate):
            state["_evaluate"] = _stayed_behind
        return state

    @property
    def rank(self) -> int:
        """Fixed with the first batch; before, as things stand."""
        return self._where().rank

    @property
    def world(self) -> int:
        """As `rank`."""
        return self._where().world

    @property
    def stream(self) -> BatchStream:
        """This process's stream of the attempt; opened when first asked for."""
        if self._stream is None:
            began = self._workers.attempt if get_worker_info() is None else None
            self._stream = self._open() if began is None else self._join(began)
        return self._stream

    @property
    def is_open(self) -> bool:
        """Whether the attempt is open, here or in a worker process."""
        return self._stream is not None or self._workers.attempt is not None

    def placed(self, rank: int, world: int) -> None:
        """What a framework says of this process, unless it was given; before the first batch."""
        self._framework = Place(rank, world)

    def evaluate_with(self, evaluate: Callable[[int], Sums]) -> None:
        """As the argument of that name, unless it was given; before the first batch."""
        if self._evaluate in (None, _stayed_behind):
            self._evaluate = evaluate

    def __iter__(self) -> Iterator[TorchBatch]:
        worker = get_worker_info()
        if worker is None:
            self._is_iterated = True
            for batch in self.stream:
                yield batch_to_torch(batch, pin_memory=self._pin_memory)
            return
        if worker.num_workers > 1:
            raise ValueError(
                f"num_workers is {worker.num_workers}: each would pull the same batches; use 0 "
                "(a thread pulls ahead) or 1"
            )
        for batch in self._in_worker():
            yield batch_to_torch(batch)

    def report(self, batch: TorchBatch, sums: Sums, kind: str = "train") -> None:
        """As `BatchStream.report`, in the training process."""
        attempt = batch.served.attempt
        if self._stream is None or (self._stream.attempt != attempt and not self._is_iterated):
            self._stream = self._join(attempt)
        self._reported = max(self._reported, batch.step)
        self._workers.reported(self._reported)
        self._stream.report(batch.served, sums, kind)

    def report_validation(self, step: int, sums: Sums) -> None:
        """As `BatchStream.report_validation`, in the training process."""
        self.stream.report_validation(step, sums)

    def state_dict(self, step: int | None = None) -> dict[str, int]:
        """What a checkpoint keeps, once all feedback is recorded.

        Args:
            step: how many are trained; by default what the last report tells, else as far as this
                process has iterated.

        Raises:
            RuntimeError: where another process iterates, nothing was reported and no step is given.
        """
        if not self.is_open:
            return self._state_before(step)
        if step is None and self._reported < 0 and not self._is_iterated:
            raise RuntimeError(
                "batches went through a worker process, and what it has pulled is not what is "
                "trained: report each batch, or say how many steps are trained, "
                "state_dict(step=n), or use num_workers=0 (a thread pulls ahead)"
            )
        state = self.stream.state_dict()
        if step is not None or self._reported >= 0:
            state["step"] = self._reported + 1 if step is None else step
        return state

    def load_state_dict(self, state: Mapping[str, int]) -> None:
        """Goes on from a checkpoint; before the first batch."""
        if self.is_open:
            raise RuntimeError("the attempt is open: load the state before the first batch")
        self._start_step, self._parent = int(state["step"]), int(state["attempt"])

    def _state_before(self, step: int | None) -> dict[str, int]:
        """Of an attempt that is not open: that of the checkpoint, as far as there is one."""
        if self._parent is not None and step in (None, self._start_step):
            return {"attempt": self._parent, "step": self._start_step}
        if self._was_sent or step not in (None, self._start_step) or self.world > 1:
            raise RuntimeError(
                "no batch was asked for in this process, so there is no attempt to keep: save "
                "where the dataset is iterated or its batches are reported"
            )
        return self.stream.state_dict()

    def _where(self) -> Place:
        return self._place or launch.place(*self._given, found=self._found)

    def _found(self) -> Place:
        told = self._framework or _distributed()
        if told is None and get_worker_info() is not None:
            told = self._parents
        if told is None:
            return launch.rank_and_world()
        if told.world == 1:
            started = launch.rank_and_world()
            if started.world > 1:
                raise launch.Ambiguous(
                    f"this process trains alone, as rank 0 of 1, and its launcher started "
                    f"{started.world}: let torch.distributed or the Trainer have them all "
                    "(devices, strategy), or pass rank= and world="
                )
        return told

    def _open(self) -> BatchStream:
        place = self._where()
        stream = self.client.batches(
            self._start_step,
            place.rank,
            place.world,
            self._prefetch,
            self._parent,
            self._launch_id or self._common_launch_id(),
            stop_step=self.stop_step,
            evaluate=self._evaluate,
        )
        self._place = place
        return stream

    def _common_launch_id(self) -> str | None:
        """Drawn by all ranks together; None for the launcher's, or one that is drawn alone."""
        return launch_id() if get_worker_info() is None and _distributed() is not None else None

    def _join(self, attempt: int, step: int | None = None) -> BatchStream:
        """The attempt that another process of this rank has opened."""
        self._place = self._where()
        begin = self._start_step if step is None else step
        return self.client.join(
            attempt, begin, self._place, self._prefetch, stop_step=self.stop_step
        )

    def _in_worker(self) -> Iterator[Batch]:
        self._workers.check_owner()
        self._evaluate = None
        self._parents_stream = self._stream  # its threads and connections stay with the parent
        began = self._workers.attempt
        if began is None:
            self._stream = self._open()
            if self._stream.evaluate_first:
                raise ValueError(_NO_MODEL.format(self._stream.next_step))
            self._workers.opened(self._stream.attempt)
        else:
            self._stream = self._join(began, self._workers.next_step())
        try:
            yield from self._stream
        except EvaluationDue as e:
            raise ValueError(_NO_MODEL.format(e.step)) from e
        self._workers.ended(self._stream.next_step)


def _distributed() -> Place | None:
    if not (dist.is_available() and dist.is_initialized()):
        return None
    return Place(dist.get_rank(), dist.get_world_size())


def _is_sent_by_name(function: Callable[[int], Sums]) -> bool:
    return inspect.isfunction(function) and function.__qualname__.isidentifier()


def _stayed_behind(step: int) -> Sums:
    raise RuntimeError(
        f"step {step} waits for held-out losses, and evaluate= did not come along with the "
        "dataset to this process: call evaluate_with() here, before the first batch"
    )
