"""Trains on several ranks in one of several ways: WAY URL RUN STEPS OUT; a rank leaves its rows."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable

import numpy as np
import torch
import torch.distributed as dist
import torch.distributed.nn  # before there is a group: examples/train_gpt.py says why

from mixwell.torch import MixwellDataset, TorchBatch
from serving import GROUPS

warnings.filterwarnings("ignore")
Rows = dict[str, np.ndarray]


def lightning(dataset: MixwellDataset, steps: int, rows: Rows) -> None:
    """`python train.py`: Lightning starts the second process, after the dataset was made."""
    from lightning.pytorch import LightningModule, Trainer

    from mixwell.lightning import LightningBatches, MixwellCallback
    from tiny import Tiny

    class Module(LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.tiny = Tiny()
            self.model = self.tiny.model

        def training_step(self, batch: TorchBatch, index: int) -> dict[str, torch.Tensor]:
            rows[str(batch.step)] = batch.tokens.to(torch.int64).numpy()
            losses = self.tiny.losses(batch).view(batch.labels.shape)
            return {"loss": losses.mean(), "token_losses": losses}

        def configure_optimizers(self) -> torch.optim.Optimizer:
            return torch.optim.SGD(self.parameters(), 0.1)

    trainer = Trainer(
        accelerator="cpu", devices=2, strategy="ddp", max_steps=steps, logger=False,
        enable_progress_bar=False, enable_model_summary=False, enable_checkpointing=False,
        callbacks=[MixwellCallback(dataset)],
    )  # fmt: skip
    trainer.fit(Module(), LightningBatches(dataset))
    assert trainer.global_step == steps


def transformers(dataset: MixwellDataset, steps: int, rows: Rows) -> None:
    """torchrun and Hugging Face's Trainer, which makes the process group behind the dataset."""
    from transformers import GPT2Config, GPT2LMHeadModel, TrainingArguments

    from mixwell.transformers import MixwellTrainer

    class Trainer(MixwellTrainer):
        def compute_loss(
            self, model: object, inputs: dict, *rest: object, **named: object
        ) -> object:
            served = inputs["mixwell_rows"]
            rows[str(served.step)] = served.tokens.to(torch.int64).numpy()
            return super().compute_loss(model, inputs, *rest, **named)

    model = GPT2LMHeadModel(
        GPT2Config(vocab_size=257, n_positions=32, n_embd=8, n_layer=1, n_head=2)
    )
    arguments = TrainingArguments(
        os.environ["OUT"], max_steps=steps, save_strategy="no", report_to=[], disable_tqdm=True,
        logging_strategy="no", use_cpu=True,
    )  # fmt: skip
    Trainer(model, arguments, dataset).train()


def _through_a_worker(context: str) -> Callable[[MixwellDataset, int, Rows], None]:
    def train(dataset: MixwellDataset, steps: int, rows: Rows) -> None:
        from torch.utils.data import DataLoader

        loader = DataLoader(
            dataset, batch_size=None, num_workers=1, multiprocessing_context=context
        )
        for batch in loader:
            rows[str(batch.step)] = batch.tokens.to(torch.int64).numpy()
            dataset.report(batch, dict.fromkeys(GROUPS, (50.0, 20)))
        assert dataset.state_dict() == {"attempt": 0, "step": steps}

    return train


WAYS = {
    "lightning": lightning,
    "transformers": transformers,
    **{way: _through_a_worker(way) for way in ("fork", "spawn", "forkserver")},
}

if __name__ == "__main__":
    way, url, run, steps, out = sys.argv[1:]
    os.environ["OUT"] = out
    dataset = MixwellDataset(url, run, stop_step=int(steps))
    rows: Rows = {}
    WAYS[way](dataset, int(steps), rows)
    np.savez(f"{out}/rank{dataset.rank}.npz", **rows)
    if dist.is_initialized():
        dist.barrier()
        dist.destroy_process_group()
