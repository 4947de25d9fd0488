"""What is posted, and what the server refuses."""

from __future__ import annotations

import logging
import uuid

import numpy as np
import pytest

from loop import losses_of, train
from mixwell import (
    Client,
    Conflict,
    DataExhausted,
    Fenced,
    InvalidFeedback,
    InvalidRequest,
    MixwellError,
    NotFound,
    RunFinished,
    loss_by_group,
)
from serving import Server, spec


def test_a_newer_launch_fences_this_one(client: Client) -> None:
    client.create(spec())
    stream = client.batches()
    batch = next(stream)
    client.batches()
    with pytest.raises(Fenced):
        train(stream)
    with pytest.raises(Fenced):
        next(stream)
    fenced = client.batches(launch_id="old")
    batch = next(fenced)
    client.batches()
    fenced.report(batch, losses_of(batch))
    with pytest.raises(Fenced) as refused:
        fenced.flush()
    assert refused.value.type == "fenced"
    assert refused.value.status == 409
    assert not refused.value.retryable
    assert refused.value.facts == {"attempt": fenced.attempt}


@pytest.mark.parametrize("loss", [float("nan"), float("inf"), -1e300])
def test_losses_that_no_mixer_can_use_do_not_stop_the_run(
    client: Client, caplog: pytest.LogCaptureFixture, loss: float
) -> None:
    client.create(spec())
    with client.batches(stop_step=8) as stream:
        for batch in stream:
            bad = np.full((8, 32), loss)
            stream.report(batch, loss_by_group(bad, batch) if batch.step == 2 else losses_of(batch))
    lines = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert len(lines) == 1
    assert "nothing usable" in lines[0]
    assert "step 2" in lines[0]
    assert client.history(2, 3)[0]["losses"] == {}


def test_a_post_that_fails_ends_the_wait_for_what_it_would_decide(client: Client) -> None:
    client.create(spec(lookahead=1))
    stream = client.batches()
    batch = next(stream)
    stream.report(batch, losses_of(batch), kind="nonsense")
    with pytest.raises(MixwellError, match="nonsense"):
        next(stream)


def test_refusals_are_typed(server: Server, client: Client) -> None:
    with pytest.raises(NotFound) as missing:
        client.mixture()
    assert missing.value.type == "run-not-found"
    client.create(spec())
    client.create(spec())
    with pytest.raises(Conflict):
        client.create(spec(lookahead=6))
    with pytest.raises(InvalidRequest, match="world"):
        client.batches(rank=0, world=3, launch_id="three")
    stream = client.batches()
    next(stream)
    stream.report_validation(0, {"nobody": (1.0, 1)})
    stream.flush()  # an InvalidFeedback, posted again as nothing usable
    with pytest.raises(InvalidFeedback):
        client.request(
            "POST",
            f"/attempts/{stream.attempt}/steps/0/feedback",
            {"kind": "train", "groups": {"nobody": {"lossSum": 1, "tokens": 1}}},
        )
    client.finish("a test", "it is over")
    with pytest.raises(RunFinished):
        next(client.batches())
    stop = Client(server.url, "run-" + uuid.uuid4().hex)
    stop.create(spec("static", batchRows=512, exhausted={"policy": "stop"}))
    with pytest.raises(DataExhausted):
        list(stop.batches(stop_step=100))


def test_a_share_reported_for_all_ranks_is_warned_of(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.create(spec())
    stream = client.batches(rank=0, world=2, launch_id="share", stop_step=3)
    train(stream)
    assert [r.getMessage() for r in caplog.records if "reduce_losses" in r.getMessage()]
