"""Where the time of the example's step goes: medians over its steps, on a run that exists
and that no trainer is on (its steps are taken over).

    python time_step.py --run-name gpt [--layers ...]
"""

from __future__ import annotations

import statistics
import time

import torch
from train_gpt import GPT, options, train

import mixwell
from mixwell.torch import batch_to_torch, loss_by_group

_WARM_UP = 5


def main() -> None:
    args = options()
    client = mixwell.Client(args.url, args.run_name)
    run = client.describe()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    vocabulary, length = run["tokenizer"]["vocabularySize"], run["spec"]["rowTokens"]
    model = GPT(vocabulary, length, args.layers, args.heads, args.width).to(device)
    optimizer = torch.optim.AdamW(model.parameters())
    laps: dict[str, list[float]] = {}
    last = time.perf_counter()

    def lap(name: str) -> None:
        nonlocal last
        if device.type == "cuda":
            torch.cuda.synchronize()
        now = time.perf_counter()
        laps.setdefault(name, []).append(now - last)
        last = now

    stream = client.batches(stop_step=args.steps, progress=False)
    for batch in stream:
        lap("next()")
        tensors = batch_to_torch(batch, device)
        lap("batch_to_torch")
        losses = train(model, optimizer, tensors)
        lap("training")
        sums = loss_by_group(losses, tensors)
        lap("loss_by_group")
        stream.report(batch, sums)
        lap("report")
    if len(laps.get("report", [])) <= _WARM_UP:
        raise SystemExit(
            f"time_step: {_WARM_UP} steps are not counted: give --steps more than that"
        )
    medians = {name: statistics.median(times[_WARM_UP:]) for name, times in laps.items()}
    whole = sum(medians.values())
    for name, seconds in medians.items():
        print(f"{name:15} {1e3 * seconds:9.3f} ms {seconds / whole:7.2%}")


if __name__ == "__main__":
    main()
