"""A server that dies under a training loop, and comes back."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from mixwell import Client, Patience, ServerUnavailable, loss_by_group
from serving import Server, spec


def test_a_training_loop_never_notices_that_its_server_was_killed(
    own_server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    curves = []
    for name in ("calm", "killed"):
        client = Client(own_server.url, name)
        client.create(spec(evaluateEvery=5))
        curve = []
        crash = None
        caplog.clear()
        with client.batches(stop_step=40) as stream:
            for batch in stream:
                losses = batch.inputs.astype(np.float64) / 50 + 0.01
                sums = loss_by_group(losses, batch)
                stream.report(batch, sums)
                curve.append((batch.step, sums.mean(), batch.tokens.tobytes()))
                if name == "killed" and batch.step == 11:
                    own_server.kill()
                    crash = threading.Thread(target=own_server.restart)
                    crash.start()
        if crash is not None:
            crash.join()
        curves.append(curve)
    assert curves[0] == curves[1]
    lines = [r.getMessage() for r in caplog.records]
    assert ["does not answer" in line for line in lines if "waited for" not in line] == [
        True,
        False,
    ]
    assert sum("answers again" in line for line in lines) == 1
    assert [s["losses"] for s in client.history(0, 40)] == [
        s["losses"] for s in Client(own_server.url, "calm").history(0, 40)
    ]


def test_a_server_that_stays_away_is_named(index: Path, tmp_path: Path) -> None:
    server = Server(index, tmp_path / "runs")
    try:
        client = Client(server.url, "away", patience=Patience(server=0.5))
        client.create(spec())
        stream = client.batches()
        batch = next(stream)
        server.kill()
        stream.report(batch, {"letters": (1.0, 1)})
        with pytest.raises(ServerUnavailable, match=client.address.authority):
            list(stream)
        with pytest.raises(ServerUnavailable):
            stream.flush()
    finally:
        server.close()
