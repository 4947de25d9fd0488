"""Batches as tensors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch import Tensor

from mixwell.batch import Batch, Rows


@dataclass(frozen=True)
class TorchBatch:
    """A batch as tensors.

    Attributes:
        batch: as it came.
        tokens: [rows, T+1], uint16 or int32: the batch's memory until it is moved or pinned, so it
            is not to be written to.
        groups: int32 [rows].
        cu_seqlens: int32 [n].
        loss_mask: uint8 [rows, T+1]: 1 where a token counts as a label; None where all do.
    """

    batch: Rows
    tokens: Tensor
    groups: Tensor
    cu_seqlens: Tensor
    loss_mask: Tensor | None = None

    @cached_property
    def _wide(self) -> Tensor:
        if self.tokens.dtype != torch.uint16:
            return self.tokens.to(torch.int64)
        # Not every device converts uint16; all convert int16.
        return self.tokens.view(torch.int16).to(torch.int64).bitwise_and_(0xFFFF)

    @property
    def inputs(self) -> Tensor:
        """int64 [rows, T]. Widened where the tokens are, so move them first: 2 bytes travel."""
        return self._wide[:, :-1]

    @property
    def labels(self) -> Tensor:
        """int64 [rows, T]: each input's next token."""
        return self._wide[:, 1:]

    @property
    def label_mask(self) -> Tensor | None:
        """uint8 [rows, T], a view: 1 where a label counts; None where all do."""
        return None if self.loss_mask is None else self.loss_mask[:, 1:]

    def mean(self, token_losses: Tensor) -> Tensor:
        """The mean of token losses [rows, T] over the labels that count."""
        if self.label_mask is None:
            return token_losses.mean()
        keep = self.label_mask.reshape(token_losses.shape) != 0
        return torch.where(keep, token_losses, 0.0).sum() / keep.sum().clamp(min=1)

    @property
    def group_names(self) -> Sequence[str]:
        return self.batch.group_names

    @property
    def step(self) -> int:
        return self.served.step

    @property
    def evaluate_after(self) -> bool:
        return self.served.evaluate_after

    @property
    def served(self) -> Batch:
        """As it came; held-out rows are of no step."""
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
            loss_mask=None if self.loss_mask is None else moved(self.loss_mask),
        )


def batch_to_torch(batch: Rows, device: Any = None, pin_memory: bool = False) -> TorchBatch:
    """Tensors on a batch's own memory; moved to a device where one is given."""
    tensors = TorchBatch(
        batch,
        _shared(batch.tokens),
        torch.from_numpy(batch.groups.astype(np.int32)),
        _shared(batch.cu_seqlens),
        None if batch.loss_mask is None else _shared(batch.loss_mask),
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
