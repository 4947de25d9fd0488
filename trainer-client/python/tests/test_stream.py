"""The training loop's view, against the real server."""

from __future__ import annotations

import logging
import threading
import uuid

import numpy as np
import pytest

from mixwell import (
    Batch,
    BatchStream,
    Client,
    Conflict,
    DataExhausted,
    EvaluationDue,
    Fenced,
    GroupLosses,
    InvalidFeedback,
    InvalidRequest,
    NotFound,
    Patience,
    RunFinished,
    Undecided,
    loss_by_group,
)
from mixwell import client as client_module
from serving import GROUPS, Server, spec

_VALIDATION = dict.fromkeys(GROUPS, (40.0, 20))


def _losses(batch: Batch) -> GroupLosses:
    """By the batch alone, so that every launch sees the same."""
    return loss_by_group(batch.inputs.astype(np.float64) / 50 + 0.01, batch)


def _train(stream: BatchStream) -> list[Batch]:
    seen = []
    for batch in stream:
        seen.append(batch)
        stream.report(batch, _losses(batch))
        if batch.evaluate_after:
            stream.report_validation(batch.step + 1, _VALIDATION)
    stream.flush()
    return seen


def _same(a: list[Batch], b: list[Batch]) -> None:
    assert [x.step for x in a] == [x.step for x in b]
    for x, y in zip(a, b, strict=True):
        np.testing.assert_array_equal(x.tokens, y.tokens)
        np.testing.assert_array_equal(x.groups, y.groups)
        np.testing.assert_array_equal(x.cu_seqlens, y.cu_seqlens)


def test_two_launches_of_equal_runs_see_the_same_bytes(server: Server, client: Client) -> None:
    twin = Client(server.url, "run-" + uuid.uuid4().hex)
    client.create(spec())
    twin.create(spec())
    first = _train(client.batches(stop_step=12))
    second = _train(twin.batches(stop_step=12, prefetch=0))
    _same(first, second)
    q = [tuple(step["q"].values()) for step in client.history(0, 12)]
    assert len(set(q)) > 1, "the mixture never moved"
    assert q == [tuple(step["q"].values()) for step in twin.history(0, 12)]


def test_the_same_address_has_the_same_tag_and_bytes(client: Client) -> None:
    client.create(spec("static"))
    name = str(uuid.uuid4())
    first = list(client.batches(launch_id=name, stop_step=6))
    again = list(client.batches(launch_id=name, stop_step=6))
    _same(first, again)
    assert [b.etag for b in first] == [b.etag for b in again]
    assert len({b.etag for b in first}) == 6
    assert all(b.awaits is None for b in first)


def test_a_resumed_launch_goes_on_as_if_nothing_had_happened(
    server: Server, client: Client
) -> None:
    whole = Client(server.url, "run-" + uuid.uuid4().hex)
    whole.create(spec())
    client.create(spec())
    expected = _train(whole.batches(stop_step=12))
    stream = client.batches()
    for batch in stream:
        stream.report(batch, _losses(batch))
        if batch.step == 5:
            state = stream.state_dict()
        if batch.step == 8:
            break
    assert state == {"attempt": 0, "step": 6}
    resumed = client.batches(state=state, stop_step=12)
    assert resumed.attempt == 1
    _same(_train(resumed), expected[6:])


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
        client.batches(world=2)


def test_prefetch_is_cut_where_feedback_decides(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.create(spec(lookahead=2))
    assert len(_train(client.batches(prefetch=9, stop_step=12))) == 12
    lines = [r.getMessage() for r in caplog.records]
    assert lines == [
        "mixwell: prefetch 9 is cut to 1: the run's lookahead is 2, and its mixer awaits train "
        "losses"
    ]


def test_lookahead_1_runs_in_step(client: Client) -> None:
    client.create(spec(lookahead=1))
    assert len(_train(client.batches(stop_step=6))) == 6


def test_a_newer_launch_fences_this_one(client: Client) -> None:
    client.create(spec())
    stream = client.batches()
    batch = next(stream)
    client.batches()
    with pytest.raises(Fenced):
        _train(stream)
    with pytest.raises(Fenced):
        next(stream)
    fenced = client.batches(launch_id="old")
    batch = next(fenced)
    client.batches()
    fenced.report(batch, _losses(batch))
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
            stream.report(batch, loss_by_group(bad, batch) if batch.step == 2 else _losses(batch))
    lines = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert len(lines) == 1
    assert "nothing usable" in lines[0]
    assert "step 2" in lines[0]
    assert client.history(2, 3)[0]["losses"] == {}


def test_refusals_are_typed(server: Server, client: Client) -> None:
    with pytest.raises(NotFound) as missing:
        client.mixture()
    assert missing.value.type == "run-not-found"
    client.create(spec())
    client.create(spec())
    with pytest.raises(Conflict):
        client.create(spec(lookahead=6))
    with pytest.raises(InvalidRequest, match="world"):
        client.batches(world=3, launch_id="three")
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


def test_validation_that_holds_up_a_step_is_asked_for_in_the_loop(client: Client) -> None:
    client.create(spec("aioli"))
    with client.batches(stop_step=18) as stream:
        if stream.evaluate_first:
            stream.report_validation(0, _VALIDATION)
        steps = [b.step for b in _train(stream)]
    assert steps == list(range(18))


def test_evaluations_are_called_for_when_they_are_due(client: Client) -> None:
    client.create(spec("static", evaluateEvery=3))
    called = []

    def evaluate(step: int) -> dict[str, tuple[float, int]]:
        called.append(step)
        return _VALIDATION

    with client.batches(stop_step=10, evaluate=evaluate) as stream:
        assert [b.step for b in stream] == list(range(10))
    assert called == [0, 3, 6, 9]
    assert client.history(3, 4)[0]["losses"]["validation"] == dict.fromkeys(GROUPS, 2.0)


def test_an_evaluation_forgotten_is_named_and_made_up_for(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mixwell.pipeline.WAIT_SECONDS", 1)
    client.create(spec("aioli"))
    stream = client.batches(stop_step=8)
    forgotten = []
    while True:
        try:
            for batch in stream:
                stream.report(batch, _losses(batch))
            break
        except EvaluationDue as due:
            with pytest.raises(EvaluationDue):
                next(stream)
            forgotten.append(due.step)
            stream.report_validation(due.step, _VALIDATION)
    assert batch.step == 7
    assert forgotten
    stream.flush()


def test_a_wait_says_what_it_waits_for(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("mixwell.pipeline.WAIT_SECONDS", 1)
    monkeypatch.setattr("mixwell.puller._TELL_SECONDS", 0.0)
    client.create(spec())
    impatient = Client(str(client.address), client.run, patience=Patience(undecided=2))
    with pytest.raises(Undecided) as refused:
        list(impatient.batches(stop_step=9))
    assert refused.value.facts["missing"] == {"kind": "train", "step": 0, "ranks": [0]}
    assert "no train losses of rank 0 have been posted for step 0" in caplog.text
    assert "step 5 has been waited for" in caplog.text


def test_a_share_reported_for_all_ranks_is_warned_of(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.create(spec())
    stream = client.batches(world=2, launch_id="share", stop_step=3)
    _train(stream)
    assert [r.getMessage() for r in caplog.records if "reduce_losses" in r.getMessage()]


def test_a_closed_stream_ends(client: Client) -> None:
    client.create(spec())
    stream = client.batches()
    next(stream)
    threading.Timer(0.2, stream.close).start()
    assert [b.step for b in stream] == [1, 2, 3, 4]  # step 5 waits for losses


def test_events_tell_the_run_from_its_beginning(client: Client) -> None:
    client.create(spec())
    _train(client.batches(stop_step=3))
    client.finish("a test", "it is over")
    told = list(client.events(after=-1))
    assert [e.type for e in told] == [
        "run-created",
        "attempt-opened",
        *["step-closed"] * 3,
        "run-finished",
    ]
    assert [e.id for e in told] == sorted(e.id for e in told)
    assert told[-1].data["why"] == "it is over"
    assert list(client.events(after=told[-2].id)) == told[-1:]
    assert list(client.events(after=told[-1].id)) == []
    assert {e.type for e in client.events(after=-1, types=["issued", "run-finished"])} == {
        "issued",
        "run-finished",
    }
