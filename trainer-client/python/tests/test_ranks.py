"""Ranks that others start: together they get each row of a step once, by its provenance."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from mixwell import Client
from provenance import Corpus
from serving import Server, spec
from torchrun import run, torchrun

pytest.importorskip("torch", reason="torch is not installed: pip install mixwell[torch]")

_SCRIPT = Path(__file__).parent / "ranks_train.py"
_STEPS = 6


@pytest.mark.parametrize("way", ["lightning", "transformers", "fork", "spawn", "forkserver"])
def test_two_ranks_get_each_row_of_a_step_once(
    server: Server, client: Client, index: Path, tmp_path: Path, way: str
) -> None:
    if way in ("lightning", "transformers"):
        pytest.importorskip(way, reason=f"{way} is not installed")
    client.create(spec("static" if way in ("fork", "spawn", "forkserver") else "odm"))
    arguments = (way, server.url, client.run, str(_STEPS), str(tmp_path))
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    if way == "lightning":
        run((sys.executable, str(_SCRIPT), *arguments), environment)
    else:
        torchrun(_SCRIPT, *arguments, ranks=2, environment=environment)
    ranks = [dict(np.load(tmp_path / f"rank{r}.npz")) for r in range(2)]
    Corpus(index).assert_union(client, ranks, _STEPS)
    assert client.describe()["newestAttempt"] == 0
