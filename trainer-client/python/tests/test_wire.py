"""Answers that a real server cannot be made to give, and the limits on what is taken."""

from __future__ import annotations

import random
import socket
from pathlib import Path

import pytest

from fake import Peer, answer
from mixwell import BadAnswer, Client, Patience, ServerUnavailable
from mixwell.wire import MAX_HEAD_BYTES, Address, Wire, WireError

_OK = "HTTP/1.1 200 OK\r\n"
_CHUNKED = f"{_OK}Transfer-Encoding: chunked\r\n\r\n".encode()


def _read(*pieces: bytes, count: int = 1) -> list[bytes]:
    peer = Peer(pieces)
    wire = Wire(Address.parse(peer.url))
    try:
        wire.timeout(10)
        wire.send(b"GET / HTTP/1.1\r\n\r\n")
        return [wire.read().body.tobytes() for _ in range(count)]
    finally:
        wire.close()
        peer.close()


@pytest.mark.parametrize("seed", range(20))
def test_answers_are_the_same_in_whatever_pieces_they_come(seed: int) -> None:
    drawn = random.Random(seed)
    bodies = [drawn.randbytes(drawn.choice([0, 1, 100, 5_000, 100_000])) for _ in range(4)]
    chunks = b"".join(b"%x;x=y\r\n%s\r\n" % (len(b), b) for b in bodies if b)
    stream = b"HTTP/1.1 100 Continue\r\n\r\n" + b"".join(answer(b, "X: y") for b in bodies)
    stream += _CHUNKED + chunks + b"0\r\nT: t\r\n\r\n"
    cuts = sorted(drawn.sample(range(len(stream)), 12))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert _read(*pieces, count=5) == [*bodies, b"".join(bodies)]


@pytest.mark.parametrize(
    ("stream", "reason"),
    [
        (b"", "ended"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", "ended"),
        (answer(b"12345")[:-1], "cut: 4 of 5"),
        (b"HTTP/1.0 200 OK\r\n\r\n", "status line"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "status line"),
        (f"{_OK}\r\n".encode(), "does not say its length"),
        (f"{_OK}Content-Length: -1\r\n\r\n".encode(), "not a length"),
        (f"{_OK}Content-Length: 1_0\r\n\r\n".encode(), "not a length"),
        (f"{_OK}Content-Length: 99999999999\r\n\r\n".encode(), "above the limit"),
        (f"{_OK}Content-Length: {'9' * 20}\r\n\r\n".encode(), "not a length"),
        (f"{_OK}no colon\r\n\r\n".encode(), "not a header"),
        (f"{_OK}A: {'a' * MAX_HEAD_BYTES}".encode(), "head is above"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * (MAX_HEAD_BYTES // 16), "head is above"),
        (answer(b"", "Transfer-Encoding: chunked"), "both"),
        (_CHUNKED + b"0\r\n" + b"T: t\r\n" * (MAX_HEAD_BYTES // 4 + 1), "trailers are above"),
        (_CHUNKED + b"fffffffff\r\n", "above the limit"),
        (_CHUNKED + b"0" * 300, "too long"),
        (_CHUNKED + b"1\r\nab\r\n", "longer than it says"),
    ],
    ids=lambda value: value if isinstance(value, str) else "answer",
)
def test_a_malformed_answer_is_refused_with_its_reason(stream: bytes, reason: str) -> None:
    with pytest.raises(WireError, match=reason):
        _read(stream)


def test_a_lost_or_cut_answer_is_asked_for_again() -> None:
    good = answer(b'{"mixer": "odm"}')
    peer = Peer((), (good[:-3],), (answer(b"busy", status="503 Busy"),), (good,))
    assert Client(peer.url, "run").mixture() == {"mixer": "odm"}
    assert len(set(peer.requests)) == 1
    assert len(peer.requests) == 4


def test_patience_ends() -> None:
    with pytest.raises(ServerUnavailable, match="has not answered for"):
        Client(Peer().url, "run", patience=Patience(server=0.1)).mixture()


@pytest.mark.parametrize("name", ["", ".hidden", "a/b", "a\n"])
def test_a_run_is_named_as_the_server_allows(name: str) -> None:
    with pytest.raises(ValueError, match="no leading dot"):
        Client("http://127.0.0.1:1", name)


def test_an_answer_that_is_no_json_is_named() -> None:
    with pytest.raises(BadAnswer, match="GET /v1/runs/run/mixture"):
        Client(Peer((answer(b"<html>"),)).url, "run").mixture()


@pytest.mark.parametrize(
    "url",
    [
        "https://a",
        "http://",
        "a:1",
        "unix:",
        "unix:relative",
        "http://a?b=c",
        "http://a:x",
        "http://[fe80::1%25lo]:1",
    ],
)
def test_an_address_that_cannot_be_spoken_to_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Address.parse(url)


def test_addresses_print_as_they_are_written() -> None:
    for url in ("http://127.0.0.1:8080", "http://[::1]:80/mixwell", "unix:/run/mixwell.sock"):
        assert str(Address.parse(url)) == url


def test_a_server_behind_a_unix_socket_is_spoken_to(tmp_path: Path) -> None:
    path = tmp_path / "mixwell.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        peer = Peer((answer(b'{"mixer": "odm"}'),), listener=listener)
        assert Client(f"unix:{path}", "run").mixture() == {"mixer": "odm"}
    assert b"Host: localhost\r\n" in peer.requests[0]
