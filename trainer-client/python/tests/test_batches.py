"""What is served: the same bytes, whoever asks and however often."""

from __future__ import annotations

import uuid

import numpy as np
import pytest

from loop import assert_same, losses_of, train
from mixwell import (
    Client,
)
from mixwell import client as client_module
from serving import GROUPS, Server, spec


def test_two_launches_of_equal_runs_see_the_same_bytes(server: Server, client: Client) -> None:
    twin = Client(server.url, "run-" + uuid.uuid4().hex)
    client.create(spec())
    twin.create(spec())
    first = train(client.batches(stop_step=12))
    second = train(twin.batches(stop_step=12, prefetch=0))
    assert_same(first, second)
    q = [tuple(step["q"].values()) for step in client.history(0, 12)]
    assert len(set(q)) > 1, "the mixture never moved"
    assert q == [tuple(step["q"].values()) for step in twin.history(0, 12)]


def test_the_same_address_has_the_same_tag_and_bytes(client: Client) -> None:
    client.create(spec("static"))
    name = str(uuid.uuid4())
    first = list(client.batches(launch_id=name, stop_step=6))
    again = list(client.batches(launch_id=name, stop_step=6))
    assert_same(first, again)
    assert [b.etag for b in first] == [b.etag for b in again]
    assert len({b.etag for b in first}) == 6
    assert all(b.awaits is None for b in first)


def test_a_resumed_launch_goes_on_as_if_nothing_had_happened(
    server: Server, client: Client
) -> None:
    whole = Client(server.url, "run-" + uuid.uuid4().hex)
    whole.create(spec())
    client.create(spec())
    expected = train(whole.batches(stop_step=12))
    stream = client.batches()
    for batch in stream:
        stream.report(batch, losses_of(batch))
        if batch.step == 5:
            state = stream.state_dict()
        if batch.step == 8:
            break
    assert state == {"attempt": 0, "step": 6}
    resumed = client.batches(state=state, stop_step=12)
    assert resumed.attempt == 1
    assert_same(train(resumed), expected[6:])


def test_what_a_batch_says_of_itself(client: Client) -> None:
    client.create(spec())
    with client.batches(world=2, rank=1, launch_id="two", stop_step=1) as stream:
        batch = next(stream)
    assert (batch.step, batch.rank, batch.attempt, batch.mixer) == (0, 1, 0, "odm")
    assert batch.awaits == "train"
    assert batch.group_names == GROUPS
    assert batch.tokens.shape == (4, 33)
    assert batch.tokens.dtype == np.uint16
    np.testing.assert_array_equal(batch.inputs[:, 1:], batch.labels[:, :-1])
    assert np.shares_memory(batch.inputs, batch.tokens)
    starts = set(batch.cu_seqlens.tolist())
    at = batch.position_ids.ravel()
    for i in range(4 * 32):
        assert at[i] == (0 if i in starts else at[i - 1] + 1)


def test_ranks_share_what_one_rank_would_get(server: Server, client: Client) -> None:
    client.create(spec("static"))
    whole = next(client.batches(stop_step=1))
    shares = [
        next(client.batches(rank=r, world=4, launch_id="four", stop_step=1)) for r in range(4)
    ]
    np.testing.assert_array_equal(np.concatenate([s.tokens for s in shares]), whole.tokens)


def test_several_ranks_without_a_launch_are_refused(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module.launch, "launch_id", lambda: None)
    with pytest.raises(ValueError, match="launch_id"):
        client.batches(rank=0, world=2)
