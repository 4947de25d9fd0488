"""Steps that wait for feedback: no hang, and none without a reason."""

from __future__ import annotations

import threading

import pytest

from loop import VALIDATION, losses_of, train
from mixwell import (
    Client,
    EvaluationDue,
    Patience,
    Undecided,
)
from mixwell.pipeline import Source
from serving import GROUPS, spec


def test_prefetch_is_cut_where_feedback_decides(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.create(spec(lookahead=2))
    assert len(train(client.batches(prefetch=9, stop_step=12))) == 12
    lines = [r.getMessage() for r in caplog.records]
    assert lines == [
        "mixwell: prefetch 9 is cut to 1: the run's lookahead is 2, and its mixer awaits train "
        "losses"
    ]


@pytest.mark.parametrize(("prefetch", "lookahead"), [(0, 5), (1, 5), (9, 5), (4, 1), (2, 2)])
def test_no_more_is_asked_for_than_prefetch_and_lookahead_allow(
    client: Client, monkeypatch: pytest.MonkeyPatch, prefetch: int, lookahead: int
) -> None:
    asked: list[int] = []
    request = Source.request

    def recorded(source: Source, step: int) -> bytes:
        if source.run == client.run:
            asked.append(step)
        return request(source, step)

    monkeypatch.setattr(Source, "request", recorded)
    client.create(spec(lookahead=lookahead))
    stream = client.batches(prefetch=prefetch, stop_step=12)
    for batch in stream:
        assert max(asked) <= batch.step + min(prefetch, lookahead - 1)
        stream.report(batch, losses_of(batch))
        stream.flush()
    assert asked == list(range(12))


def test_lookahead_1_runs_in_step(client: Client) -> None:
    client.create(spec(lookahead=1))
    assert len(train(client.batches(stop_step=6))) == 6


def test_validation_that_holds_up_a_step_is_asked_for_in_the_loop(client: Client) -> None:
    client.create(spec("aioli"))
    with client.batches(stop_step=18) as stream:
        if stream.evaluate_first:
            stream.report_validation(0, VALIDATION)
        steps = [b.step for b in train(stream)]
    assert steps == list(range(18))


def test_evaluations_are_called_for_when_they_are_due(client: Client) -> None:
    client.create(spec("static", evaluateEvery=3))
    called = []

    def evaluate(step: int) -> dict[str, tuple[float, int]]:
        called.append(step)
        return VALIDATION

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
                stream.report(batch, losses_of(batch))
            break
        except EvaluationDue as due:
            with pytest.raises(EvaluationDue):
                next(stream)
            forgotten.append(due.step)
            stream.report_validation(due.step, VALIDATION)
    assert batch.step == 7
    assert forgotten
    stream.flush()


def test_a_wait_says_what_it_waits_for(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("mixwell.pipeline.WAIT_SECONDS", 1)
    monkeypatch.setattr("mixwell.puller._TELL_SECONDS", 0.0)
    monkeypatch.setattr("mixwell.puller._LOOK_SECONDS", 0.05)
    client.create(spec())
    impatient = Client(str(client.address), client.run, patience=Patience(undecided=2))
    with pytest.raises(Undecided) as refused:
        list(impatient.batches(stop_step=9))
    assert refused.value.facts["missing"] == {"kind": "train", "step": 0, "ranks": [0]}
    assert "no train losses of rank 0 have been posted for step 0" in caplog.text
    assert "step 5 has been waited for" in caplog.text


def test_a_stream_that_nobody_holds_stops_pulling(client: Client) -> None:
    client.create(spec("static"))
    before = set(threading.enumerate())
    next(client.batches())
    for thread in set(threading.enumerate()) - before:
        thread.join(30)
        assert not thread.is_alive(), thread.name


def test_a_closed_stream_ends(client: Client) -> None:
    client.create(spec())
    stream = client.batches()
    next(stream)
    threading.Timer(0.2, stream.close).start()
    assert [b.step for b in stream] == [1, 2, 3, 4]  # step 5 waits for losses
