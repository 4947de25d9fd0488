"""A language model small enough for a test, and its training step. Needs torch."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from mixwell.torch import TorchBatch

_VOCABULARY = 257


class Tiny:
    """Each token guesses the next by itself."""

    def __init__(self) -> None:
        torch.manual_seed(1)
        torch.set_num_threads(1)
        self.model = nn.Sequential(nn.Embedding(_VOCABULARY, 16), nn.Linear(16, _VOCABULARY))
        self.optimizer = torch.optim.AdamW(self.model.parameters(), 1e-2)

    def losses(self, batch: TorchBatch) -> Tensor:
        """[rows * T], nats."""
        logits = self.model(batch.inputs)
        return functional.cross_entropy(
            logits.flatten(0, 1), batch.labels.flatten(), reduction="none"
        )

    def step(self, batch: TorchBatch) -> Tensor:
        losses = self.losses(batch)
        self.optimizer.zero_grad()
        losses.mean().backward()
        self.optimizer.step()
        return losses

    def state(self) -> dict[str, object]:
        return {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict()}

    def load(self, state: dict[str, object]) -> None:
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
