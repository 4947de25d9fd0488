"""A dataset whose workers would share their progress with another rank's."""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install mixwell[torch]")

from torch.utils.data import DataLoader  # noqa: E402

from mixwell.torch import MixwellDataset  # noqa: E402


def _iterate(dataset: MixwellDataset, said: Connection) -> None:
    try:
        next(iter(DataLoader(dataset, batch_size=None, num_workers=1)))
    except RuntimeError as e:
        said.send(str(e))


def test_a_worker_of_a_dataset_that_another_process_made_is_refused() -> None:
    dataset = MixwellDataset("http://127.0.0.1:1", "run")
    heard, said = multiprocessing.Pipe(duplex=False)
    rank = multiprocessing.get_context("fork").Process(target=_iterate, args=(dataset, said))
    rank.start()
    rank.join()
    assert heard.poll()
    assert "make it in each rank's own process" in heard.recv()
