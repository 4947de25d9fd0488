"""The story of a run."""

from __future__ import annotations

from fake import Peer
from loop import train
from mixwell import (
    Client,
)
from serving import spec


def test_events_tell_the_run_from_its_beginning(client: Client) -> None:
    client.create(spec())
    train(client.batches(stop_step=3))
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


def test_a_broken_stream_is_taken_up_where_it_broke() -> None:
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    )

    def event(number: int, name: str) -> bytes:
        text = b'id: %d\nevent: %s\ndata: {"n":\ndata: %d}\n\n' % (number, name.encode(), number)
        return b"%x\r\n%s\r\n" % (len(text), text)

    comments = b"4\r\n: x\n\r\n"
    first = (head + event(1, "step-closed")[:-9] + b"", b"")
    second = (head + comments + event(1, "step-closed") + event(2, "step-closed") + b"ff\r\nid: 3",)
    third = (head + event(3, "run-finished") + b"0\r\n\r\n",)
    peer = Peer(first, second, third)
    told = list(Client(peer.url, "run").events(after=0))
    assert [(e.id, e.data["n"]) for e in told] == [(1, 1), (2, 2), (3, 3)]
    resumed = [r.split(b"Last-Event-ID: ")[1].split(b"\r\n")[0] for r in peer.requests]
    assert resumed == [b"0", b"0", b"2"]
