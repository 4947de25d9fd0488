"""What torchrun starts: URL RUN STEPS OUT. Each rank writes its rows and the losses it saw."""

from __future__ import annotations

import sys

import torch
import torch.distributed as dist
import torch.distributed.nn  # before there is a group: examples/train_gpt.py says why
from torch.utils.data import DataLoader

from mixwell.torch import MixwellDataset, loss_by_group, reduce_losses
from tiny import Tiny


def main(url: str, run: str, steps: str, out: str) -> None:
    dist.init_process_group("gloo")
    train(url, run, int(steps), out)
    dist.barrier()
    dist.destroy_process_group()


def train(url: str, run: str, steps: int, out: str) -> None:
    tiny = Tiny()
    parallel = torch.nn.parallel.DistributedDataParallel(tiny.model)
    tiny.model = parallel
    dataset = MixwellDataset(url, run, stop_step=steps)
    rows, losses = [], []
    for batch in DataLoader(dataset, batch_size=None):
        sums = reduce_losses(loss_by_group(tiny.step(batch), batch))
        dataset.report(batch, sums)
        rows.append(batch.tokens.to(torch.int64))
        losses.append(sums.losses().mean())
    torch.save(
        {"rows": torch.stack(rows), "losses": losses, "state": dataset.state_dict()},
        f"{out}/rank{dist.get_rank()}.pt",
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
