"""PyTorch: what a checkpoint must hold, and what several ranks must share."""

from __future__ import annotations

import copy
import os
import uuid
import warnings
from pathlib import Path

import numpy as np
import pytest

from mixwell import Client
from mixwell import loss_by_group as numpy_loss_by_group
from serving import GROUPS, Server, spec

torch = pytest.importorskip("torch", reason="torch is not installed: pip install mixwell[torch]")

from torch.utils.data import DataLoader  # noqa: E402

from mixwell.torch import MixwellDataset, batch_to_torch, loss_by_group  # noqa: E402
from tiny import Tiny  # noqa: E402
from torchrun import assert_no_gloo, noting_threads, threads, torchrun  # noqa: E402

_HERE = Path(__file__).parent


def _curve(dataset: MixwellDataset, tiny: Tiny) -> list[float]:
    """Mean losses, step by step."""
    curve = []
    for batch in DataLoader(dataset, batch_size=None):
        sums = loss_by_group(tiny.step(batch), batch)
        dataset.report(batch, sums)
        curve.append(sums.losses().mean())
    dataset.stream.flush()
    return curve


def test_a_resumed_loss_curve_is_the_uninterrupted_one_bit_for_bit(
    server: Server, client: Client
) -> None:
    whole = "run-" + uuid.uuid4().hex
    for name in (whole, client.run):
        Client(server.url, name).create(spec())
    expected = _curve(MixwellDataset(server.url, whole, stop_step=20), Tiny())

    first = MixwellDataset(server.url, client.run)
    tiny = Tiny()
    curve = []
    for batch in DataLoader(first, batch_size=None):
        sums = loss_by_group(tiny.step(batch), batch)
        first.report(batch, sums)
        curve.append(sums.losses().mean())
        if batch.step == 8:
            checkpoint = copy.deepcopy((first.state_dict(), tiny.state()))
        if batch.step == 11:
            break
    resumed = MixwellDataset(server.url, client.run, stop_step=20)
    resumed.load_state_dict(checkpoint[0])
    tiny = Tiny()
    tiny.load(checkpoint[1])
    assert checkpoint[0] == {"attempt": 0, "step": 9}
    assert curve == expected[:12]
    assert _curve(resumed, tiny) == expected[9:]
    steps = client.history(0, 20)
    assert [s["attempt"] for s in steps] == [0] * 9 + [1] * 11
    assert [s["q"] for s in steps] == [s["q"] for s in Client(server.url, whole).history(0, 20)]


def test_two_ranks_train_on_the_rows_of_one(server: Server, client: Client, tmp_path: Path) -> None:
    runs = ["run-" + uuid.uuid4().hex for _ in range(2)]
    for name in runs:
        Client(server.url, name).create(spec())
    results = [_torchrun(server.url, name, n, tmp_path) for n, name in enumerate(runs, start=1)]
    (one,), two = results
    assert one["rows"].shape == (12, 8, 33)
    assert torch.equal(torch.cat([r["rows"] for r in two], dim=1), one["rows"])
    assert two[0]["losses"] == two[1]["losses"]
    np.testing.assert_allclose(two[0]["losses"], one["losses"], rtol=1e-5)
    assert one["losses"][-1] < one["losses"][0]


def _torchrun(url: str, run: str, ranks: int, out: Path) -> list[dict[str, object]]:
    folder = out / f"world{ranks}"
    folder.mkdir()
    environment = {**os.environ, **noting_threads(folder), "OMP_NUM_THREADS": "1"}
    arguments = (url, run, "12", str(folder))
    torchrun(_HERE / "ddp_train.py", *arguments, ranks=ranks, environment=environment)
    assert_no_gloo(threads(folder, ranks))
    return [torch.load(folder / f"rank{r}.pt") for r in range(ranks)]


def test_losses_by_group_are_those_of_numpy(client: Client) -> None:
    client.create(spec("static"))
    batch = next(client.batches())
    drawn = np.random.default_rng(5)
    losses = drawn.gamma(2.0, 2.0, (8, 32)).astype(np.float32)
    mask = drawn.random((8, 32)) < 0.7
    tensors = batch_to_torch(batch)
    for m in (None, mask):
        ours = loss_by_group(
            torch.from_numpy(losses), tensors, None if m is None else torch.from_numpy(m)
        ).losses()
        expected = numpy_loss_by_group(losses, batch, m)
        np.testing.assert_allclose(ours.sums, expected.sums, rtol=1e-12)
        np.testing.assert_array_equal(ours.tokens, expected.tokens)
        assert list(ours.means()) == [g for g in GROUPS if ours.means().get(g)]
    total = float(losses[mask].astype(np.float64).sum())
    assert float(ours.sums.sum()) == pytest.approx(total, rel=1e-12)
    bad = torch.from_numpy(np.where(mask, losses, np.nan))
    assert loss_by_group(bad, tensors).feedback() is None
    assert loss_by_group(bad, tensors, torch.from_numpy(mask)).feedback() is not None


def test_tensors_share_the_memory_of_the_batch(client: Client) -> None:
    client.create(spec("static"))
    batch = next(client.batches())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tensors = batch_to_torch(batch)
    assert tensors.tokens.data_ptr() == batch.tokens.ctypes.data
    assert tensors.tokens.dtype == torch.uint16
    assert not batch.tokens.flags.writeable
    np.testing.assert_array_equal(tensors.inputs.numpy(), batch.inputs)
    np.testing.assert_array_equal(tensors.labels.numpy(), batch.labels)
    np.testing.assert_array_equal(tensors.position_ids.numpy(), batch.position_ids)
    assert tensors.inputs.dtype == torch.int64


@pytest.mark.parametrize("workers", [0, 1])
def test_a_loader_gives_the_streams_batches(client: Client, workers: int) -> None:
    client.create(spec())
    dataset = MixwellDataset(client_url(client), client.run, stop_step=10)
    steps = []
    for batch in DataLoader(dataset, batch_size=None, num_workers=workers):
        steps.append(batch.step)
        dataset.report(batch, dict.fromkeys(GROUPS, (50.0, 20)))
    assert steps == list(range(10))
    assert dataset.state_dict() == {"attempt": 0, "step": 10}


def test_more_workers_are_refused(client: Client) -> None:
    client.create(spec())
    dataset = MixwellDataset(client_url(client), client.run, stop_step=10)
    with pytest.raises(ValueError, match="num_workers is 2"):
        next(iter(DataLoader(dataset, batch_size=None, num_workers=2)))


def client_url(client: Client) -> str:
    return str(client.address)
