"""For Lightning: a run's batches, and a callback that reports and evaluates.

    dataset = MixwellDataset(url, run, stop_step=1000)
    trainer = Trainer(max_steps=1000, callbacks=[MixwellCallback(dataset)])
    trainer.fit(module, LightningBatches(dataset), ckpt_path=path)

The module computes `token_losses(batch)`, [rows, T] nats of a `mixwell.torch.TorchBatch`, and
returns them with its loss:

    def training_step(self, batch, index):
        losses = self.token_losses(batch)
        return {"loss": losses.mean(), "token_losses": losses}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

try:
    from lightning.pytorch import Callback
except ImportError as e:
    raise ImportError(
        'mixwell.lightning needs PyTorch and lightning: pip install "mixwell[lightning]"'
    ) from e

from mixwell.losses import GroupLosses
from mixwell.torch import MixwellDataset, TorchBatch, loss_by_group, reduce_losses
from mixwell.torch.evaluation import held_out_losses

__all__ = ["LightningBatches", "MixwellCallback"]

_NO_END = 1 << 40


class LightningBatches:
    """A dataset's batches, one a step.

    Not a DataLoader: of one without a length Lightning fetches a batch before the last one is
    trained, which then waits for losses that do not exist yet.

    Args:
        dataset: one rank's; its stop_step is the length of Lightning's epoch.
    """

    def __init__(self, dataset: MixwellDataset) -> None:
        self.dataset = dataset

    def __iter__(self) -> Iterator[TorchBatch]:
        return iter(self.dataset)

    def __len__(self) -> int:
        return _NO_END if self.dataset.stop_step is None else self.dataset.stop_step

    def state_dict(self) -> dict[str, int]:
        """Nothing, for the callback keeps it; Lightning warns of loaders that have no state."""
        return {}

    def load_state_dict(self, state_dict: Mapping[str, int]) -> None:
        """As `state_dict`."""


class MixwellCallback(Callback):  # type: ignore[misc]
    """Reports losses by group after each step, and keeps the attempt in Lightning's checkpoints.

    When the server wants held-out losses, rank 0 computes them by the module's `token_losses`: not
    for models that are sharded over ranks. Takes a trainer with accumulate_grad_batches=1.

    Rank and world are the Trainer's data-parallel ones, whoever starts its processes.

    Args:
        dataset: that is trained on.
    """

    def __init__(self, dataset: MixwellDataset) -> None:
        self._dataset = dataset

    def setup(self, trainer: Any, pl_module: Any, stage: str) -> None:
        if trainer.accumulate_grad_batches != 1:
            raise ValueError(
                f"accumulate_grad_batches is {trainer.accumulate_grad_batches}: a step of the run "
                "is one batch, so use 1, and fewer batchRows in the run's configuration"
            )

        def evaluate(step: int) -> GroupLosses:
            client = self._dataset.client
            return held_out_losses(client, pl_module, pl_module.token_losses, pl_module.device)

        self._dataset.placed(*_data_parallel(trainer))
        self._dataset.evaluate_with(evaluate)

    def on_train_batch_end(
        self, trainer: Any, pl_module: Any, outputs: Any, batch: TorchBatch, batch_idx: int
    ) -> None:
        if not isinstance(outputs, Mapping) or "token_losses" not in outputs:
            raise ValueError(
                'training_step returns {"loss": loss, "token_losses": losses} for mixwell, losses '
                "being [rows, T] in nats"
            )
        losses = loss_by_group(outputs["token_losses"], batch)
        self._dataset.report(batch, reduce_losses(losses))

    def on_train_end(self, trainer: Any, pl_module: Any) -> None:
        if self._dataset.is_open:
            self._dataset.stream.flush()

    def state_dict(self) -> dict[str, int]:
        """Waits until all feedback is recorded."""
        return self._dataset.state_dict() if self._dataset.is_open else {}

    def load_state_dict(self, state_dict: Mapping[str, int]) -> None:
        if state_dict:
            self._dataset.load_state_dict(state_dict)


def _data_parallel(trainer: Any) -> tuple[int, int]:
    """Rank and world; of a strategy with model parallelism, those that get rows of their own."""
    sampler = getattr(trainer.strategy, "distributed_sampler_kwargs", None)
    if sampler is None:
        return trainer.global_rank, trainer.world_size
    return sampler["rank"], sampler["num_replicas"]
