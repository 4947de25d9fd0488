"""Held-out losses of a model as it stands."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from mixwell.client import Client
from mixwell.losses import GroupLosses
from mixwell.torch.batches import TorchBatch, batch_to_torch
from mixwell.torch.losses import loss_by_group


def held_out_losses(
    client: Client, model: nn.Module, token_losses: Callable[[TorchBatch], Tensor], device: object
) -> GroupLosses:
    """Over the run's held-out rows, a group at a time, with the model in its evaluation mode.

    Args:
        client: of the run.
        model: whose mode is set, and set back.
        token_losses: [rows, T] nats of a batch.
        device: of the model.
    """
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            by_group = []
            for group in client.describe()["groups"]:
                batch = batch_to_torch(client.validation(group["name"]), device)
                by_group.append(loss_by_group(token_losses(batch), batch).losses())
    finally:
        model.train(was_training)
    first, *others = by_group
    return sum(others, first)
