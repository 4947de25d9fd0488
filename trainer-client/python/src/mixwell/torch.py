"""For PyTorch: batches as tensors, losses by group on the device, sums over ranks, a dataset.

dataset = MixwellDataset(url, run)
for batch in DataLoader(dataset, batch_size=None):
    batch = batch.to(device)
    losses = F.cross_entropy(model(batch.inputs).flatten(0, 1), batch.labels.flatten(),
                             reduction="none")
    dataset.report(batch, reduce_losses(loss_by_group(losses, batch)))
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor
from torch.utils.data import IterableDataset, get_worker_info

from mixwell import launch
from mixwell.batch import Batch, Rows
from mixwell.client import Client
from mixwell.losses import GroupLosses
from mixwell.outage import Patience
from mixwell.stream import BatchStream, Sums

_MAX_TABLE = 1 << 22  # groups x rows that are added up as a product


@dataclass(frozen=True)
class TorchBatch:
    """A batch as tensors.

    Attributes:
        batch: as it came.
        tokens: [rows, T+1], uint16 or int32: the batch's memory until it is moved or pinned, so it
            is not to be written to.
        groups: int32 [rows].
        cu_seqlens: int32 [n].
    """

    batch: Rows
    tokens: Tensor
    groups: Tensor
    cu_seqlens: Tensor

    @cached_property
    def _wide(self) -> Tensor:
        return self.tokens.to(torch.int64)

    @property
    def inputs(self) -> Tensor:
        """int64 [rows, T]. Widened where the tokens are, so move them first: 2 bytes travel."""
        return self._wide[:, :-1]

    @property
    def labels(self) -> Tensor:
        """int64 [rows, T]: each input's next token."""
        return self._wide[:, 1:]

    @property
    def group_names(self) -> Sequence[str]:
        return self.batch.group_names

    @property
    def step(self) -> int:
        return self._served.step

    @property
    def evaluate_after(self) -> bool:
        return self._served.evaluate_after

    @property
    def _served(self) -> Batch:
        if not isinstance(self.batch, Batch):
            raise TypeError("held-out rows are of no step")
        return self.batch

    @property
    def position_ids(self) -> Tensor:
        """int32 [rows, T], from 0 at each document's start."""
        return torch.from_numpy(self.batch.position_ids).to(self.tokens.device)

    def to(self, device: Any, non_blocking: bool = True) -> TorchBatch:
        """Moved; at once with the trainer's work, if it is pinned."""
        return self._each(lambda t: t.to(device, non_blocking=non_blocking))

    def pin_memory(self) -> TorchBatch:
        """Copied to page-locked memory. A DataLoader with pin_memory=True calls it."""
        return self._each(lambda t: t.pin_memory())

    def _each(self, moved: Callable[[Tensor], Tensor]) -> TorchBatch:
        return replace(
            self,
            tokens=moved(self.tokens),
            groups=moved(self.groups),
            cu_seqlens=moved(self.cu_seqlens),
        )


def batch_to_torch(batch: Rows, device: Any = None, pin_memory: bool = False) -> TorchBatch:
    """Tensors on a batch's own memory; moved to a device where one is given."""
    tensors = TorchBatch(
        batch,
        _shared(batch.tokens),
        torch.from_numpy(batch.groups.astype(np.int32)),
        _shared(batch.cu_seqlens),
    )
    if pin_memory:
        tensors = tensors.pin_memory()
    return tensors if device is None else tensors.to(device)


def _shared(array: Any) -> Tensor:
    return torch.from_numpy(np.asarray(_Writable(array)))


class _Writable:
    """An array's memory, said to be writable: PyTorch has no read-only tensors, and warns."""

    def __init__(self, array: Any) -> None:
        self.array = array  # keeps the memory
        place = array.__array_interface__
        self.__array_interface__ = {**place, "data": (place["data"][0], False)}


class TorchLosses:
    """Loss sums and token counts by group, on the device until they are posted.

    Attributes:
        names: of the groups.
        table: [2, m]: sums in nats, and counts. float64 (float32 where a device has none).
    """

    def __init__(self, names: Sequence[str], table: Tensor) -> None:
        self.names = names
        self.table = table
        self._host: Tensor | None = None
        self._copied: Any = None

    def begin(self) -> None:
        """Starts the copy to the host, on the training thread and without waiting for it."""
        if self._host is not None or not self.table.is_cuda:
            return
        self._host = torch.empty(self.table.shape, dtype=self.table.dtype, pin_memory=True)
        self._host.copy_(self.table, non_blocking=True)
        self._copied = torch.cuda.Event()
        self._copied.record()

    def losses(self) -> GroupLosses:
        """On the host; waits for the device."""
        self.begin()
        if self._copied is not None:
            self._copied.synchronize()
        table = (self.table.cpu() if self._host is None else self._host).double().numpy()
        return GroupLosses(self.names, table[0].copy(), table[1].astype(np.int64))

    def feedback(self) -> Mapping[str, Mapping[str, Any]] | None:
        return self.losses().feedback()


def loss_by_group(
    token_losses: Tensor, batch: TorchBatch, mask: Tensor | None = None
) -> TorchLosses:
    """Adds up token losses by their rows' groups, in float64, on the device.

    The same losses give the same sums, bit for bit: rows are added by a product with their groups'
    indicator, not by atomic additions. A loss that is no finite number makes the step's sums none;
    the stream then posts "nothing usable".

    Args:
        token_losses: nats, [rows, T] or flattened; detached here.
        batch: whose losses they are, on the same device.
        mask: where it is zero, a token does not count; as token_losses.
    """
    rows, m = batch.groups.shape[0], len(batch.group_names)
    losses = token_losses.detach().reshape(rows, -1)
    dtype = torch.float32 if losses.device.type == "mps" else torch.float64
    if mask is None:
        row_counts = torch.full((rows,), losses.shape[1], dtype=dtype, device=losses.device)
    else:
        keep = mask.reshape(losses.shape) != 0
        losses = torch.where(keep, losses, 0.0)
        row_counts = keep.sum(dim=1, dtype=dtype)
    per_row = torch.stack((losses.sum(dim=1, dtype=dtype), row_counts))
    groups = batch.groups.to(losses.device, torch.int64)
    if losses.device.type == "cpu" or rows * m > _MAX_TABLE:
        table = torch.zeros((2, m), dtype=dtype, device=losses.device)
        return TorchLosses(batch.group_names, table.index_add_(1, groups, per_row))
    indicator = groups[:, None] == torch.arange(m, device=losses.device)[None, :]
    return TorchLosses(batch.group_names, per_row @ indicator.to(dtype))


def reduce_losses(losses: TorchLosses, group: Any = None) -> TorchLosses:
    """The sums over all ranks, on every rank; without torch.distributed the same sums."""
    if not (dist.is_available() and dist.is_initialized()):
        return losses
    table = losses.table.clone()
    dist.all_reduce(table, group=group)
    return TorchLosses(losses.names, table)


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
        self._stop_step = stop_step
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
                stop_step=self._stop_step,
                evaluate=self._evaluate,
            )
        return self._stream

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
        self.stream.report(batch._served, sums, kind)

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
