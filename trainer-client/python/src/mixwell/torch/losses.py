"""Losses by group, added up where they are, and over ranks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor

from mixwell.losses import GroupLosses
from mixwell.torch.batches import TorchBatch

_MAX_TABLE = 1 << 22  # groups x rows that are added up as a product


class TorchLosses:
    """Loss sums and token counts by group, on the device until they are posted.

    Attributes:
        names: of the groups.
        table: [3, m]: sums in nats, counts, and rows. float64 (float32 where a device has none).
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
        tokens, rows = table[1:].astype(np.int64)
        return GroupLosses(self.names, table[0].copy(), tokens, rows)

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
        mask: where it is zero, a token does not count; as token_losses. The batch's own is used
            where none is given.
    """
    rows, m = batch.groups.shape[0], len(batch.group_names)
    losses = token_losses.detach().reshape(rows, -1)
    dtype = torch.float32 if losses.device.type == "mps" else torch.float64
    mask = batch.label_mask if mask is None else mask
    if mask is None:
        row_counts = torch.full((rows,), losses.shape[1], dtype=dtype, device=losses.device)
    else:
        keep = mask.reshape(losses.shape) != 0
        losses = torch.where(keep, losses, 0.0)
        row_counts = keep.sum(dim=1, dtype=dtype)
    ones = torch.ones_like(row_counts)
    per_row = torch.stack((losses.sum(dim=1, dtype=dtype), row_counts, ones))
    groups = batch.groups.to(losses.device, torch.int64)
    if losses.device.type == "cpu" or rows * m > _MAX_TABLE:
        table = torch.zeros((3, m), dtype=dtype, device=losses.device)
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
