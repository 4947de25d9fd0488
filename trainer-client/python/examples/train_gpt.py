"""Trains a small GPT on batches of a Mixwell server: plain PyTorch, CPU or CUDA, DDP.

    python train_gpt.py --create demo-run.json
    torchrun --nproc-per-node=2 train_gpt.py --create demo-run.json --run-name pair
    python train_gpt.py --resume

What is Mixwell's: the client, its stream of batches, the losses by group that go back, the held-out
losses when they are due, and two numbers in the checkpoint.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import time
from pathlib import Path

import torch
import torch.distributed as dist

# Of this module, functions have the process group at the time of its import as an argument's
# default. Were it imported later, as the first DDP model does, the group would outlive its end, and
# gloo's threads with it: one that lets go of a tensor while Python ends aborts (PyTorch 2.13).
import torch.distributed.nn
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from torch.nn.parallel import DistributedDataParallel

import mixwell
from mixwell.torch import TorchBatch, batch_to_torch, loss_by_group, reduce_losses


class Help(argparse.RawDescriptionHelpFormatter, argparse.ArgumentDefaultsHelpFormatter):
    """The text as it stands, and the defaults."""


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=Help)
    add = parser.add_argument
    add("--url", default="http://127.0.0.1:8080", help="the server")
    add("--run-name", default="gpt", help="of the run")
    add("--create", type=Path, metavar="FILE", help="create the run by this JSON, if it is new")
    add("--mixer", help="with --create: a mixer's name or JSON, in place of the file's")
    add("--steps", type=int, default=400, help="train up to this step")
    add("--layers", type=int, default=4, help="blocks of the model")
    add("--heads", type=int, default=4, help="of attention")
    add("--width", type=int, default=128, help="of the residual stream")
    add("--learning-rate", type=float, default=1e-3, help="at its peak")
    add("--checkpoint", type=Path, default=Path("gpt.pt"), help="file")
    add("--checkpoint-every", type=int, default=100, help="steps between checkpoints")
    add("--resume", action="store_true", help="go on from the checkpoint, if there is one")
    add("--log-every", type=int, default=20, help="steps between lines")
    return parser.parse_args()


class Block(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.before_attention, self.before_mlp = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        up, down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.mlp = nn.Sequential(up, nn.GELU(), down)

    def forward(self, x: Tensor) -> Tensor:
        rows, length, width = x.shape
        qkv = self.qkv(self.before_attention(x)).view(rows, length, 3, self.heads, -1)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(y.transpose(1, 2).reshape(rows, length, width))
        return x + self.mlp(self.before_mlp(x))


class GPT(nn.Module):
    def __init__(self, vocabulary: int, length: int, layers: int, heads: int, width: int) -> None:
        super().__init__()
        self.tokens, self.positions = nn.Embedding(vocabulary, width), nn.Embedding(length, width)
        self.blocks = nn.Sequential(*(Block(width, heads) for _ in range(layers)))
        self.norm = nn.LayerNorm(width)
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.normal_(p, std=0.02)

    def forward(self, inputs: Tensor) -> Tensor:
        places = torch.arange(inputs.shape[1], device=inputs.device)
        x = self.blocks(self.tokens(inputs) + self.positions(places))
        return F.linear(self.norm(x), self.tokens.weight)


def token_losses(model: nn.Module, batch: TorchBatch) -> Tensor:
    """[rows, T], nats."""
    device = batch.tokens.device.type
    with torch.autocast(device, torch.bfloat16, enabled=device == "cuda"):
        logits = model(batch.inputs)
    labels = batch.labels
    losses = F.cross_entropy(logits.float().flatten(0, 1), labels.flatten(), reduction="none")
    return losses.view(labels.shape)


def train(model: nn.Module, optimizer: torch.optim.Optimizer, batch: TorchBatch) -> Tensor:
    """One step. [rows, T], nats."""
    losses = token_losses(model, batch)
    loss = losses.mean()
    if batch.served.loss_weights is not None:  # by groups; some mixers weigh losses
        weights = torch.tensor(batch.served.loss_weights, device=losses.device)[batch.groups]
        loss = (losses.mean(dim=1) * weights).sum() / weights.sum()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
    return losses


@torch.no_grad()
def held_out_losses(model: nn.Module, held_out: list[TorchBatch]) -> mixwell.GroupLosses:
    model.eval()
    first, *others = (loss_by_group(token_losses(model, b), b).losses() for b in held_out)
    model.train()
    return sum(others, first)


def learning_rate(step: int, peak: float, steps: int) -> float:
    """Up over 20 steps, then down along a cosine to a tenth."""
    down = 0.55 + 0.45 * math.cos(math.pi * min(1.0, step / steps))
    return peak * min(1.0, (step + 1) / 20) * down


def main(args: argparse.Namespace) -> None:
    rank, world = mixwell.launch.rank_and_world()
    device = torch.device("cpu")
    if torch.cuda.is_available():
        device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        torch.cuda.set_device(device)
    if world > 1:
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    fit(args, rank, world, device)
    if world > 1:
        dist.barrier()  # rank 0 has written its checkpoint: the others may leave
        dist.destroy_process_group()  # its threads end here, for fit's model is gone, which held it


def fit(args: argparse.Namespace, rank: int, world: int, device: torch.device) -> None:
    client = mixwell.Client(args.url, args.run_name)
    if args.create and rank == 0:
        spec = json.loads(args.create.read_text())
        if args.mixer:
            is_json = args.mixer.startswith("{")
            spec["mixer"] = json.loads(args.mixer) if is_json else {"name": args.mixer}
        client.create(spec)
    if world > 1:
        dist.barrier()  # the run exists
    run = client.describe()

    torch.manual_seed(1)
    vocabulary, length = run["tokenizer"]["vocabularySize"], run["spec"]["rowTokens"]
    model = GPT(vocabulary, length, args.layers, args.heads, args.width).to(device)
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=0.1, betas=(0.9, 0.95))
    state = None
    if args.resume and args.checkpoint.exists():
        checkpoint = torch.load(args.checkpoint, map_location=device)
        model.load_state_dict(checkpoint["model"])
        optimizer.load_state_dict(checkpoint["optimizer"])
        state = checkpoint["stream"]
    trained = DistributedDataParallel(model) if world > 1 else model

    def evaluate(step: int) -> mixwell.GroupLosses:
        """Called by the stream, on rank 0, when the server wants it."""
        held_out = [client.validation(group["name"]) for group in run["groups"]]
        losses = held_out_losses(model, [batch_to_torch(rows, device) for rows in held_out])
        means = "  ".join(f"{name} {mean:.3f}" for name, mean in losses.means().items())
        print(f"step {step}  held-out loss {losses.mean():.4f}  {means}", flush=True)
        return losses

    def save() -> None:
        part = args.checkpoint.with_suffix(".part")
        kept = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
        torch.save({**kept, "stream": stream.state_dict()}, part)
        part.replace(args.checkpoint)

    stream = client.batches(
        state=state, rank=rank, world=world, stop_step=args.steps, evaluate=evaluate, progress=False
    )
    since, tokens = time.perf_counter(), 0
    for batch in stream:
        tensors = batch_to_torch(batch, device, pin_memory=device.type == "cuda")
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(batch.step, args.learning_rate, args.steps)
        losses = train(trained, optimizer, tensors)
        by_group = reduce_losses(loss_by_group(losses, tensors))
        stream.report(batch, by_group)
        tokens += batch.labels.size * world
        done = batch.step + 1
        if rank == 0 and (done % args.log_every == 0 or done == args.steps):
            mixture = "  ".join(f"{g['group']} {g['q']:.0%}" for g in client.mixture()["groups"])
            rate = tokens / (time.perf_counter() - since)
            mean = by_group.losses().mean()
            print(f"step {done}  loss {mean:.4f}  {rate:,.0f} tokens/s  {mixture}", flush=True)
            since, tokens = time.perf_counter(), 0
        if rank == 0 and (done % args.checkpoint_every == 0 or done == args.steps):
            save()
    stream.flush()


if __name__ == "__main__":
    main(options())
