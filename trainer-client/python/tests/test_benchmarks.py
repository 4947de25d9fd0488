"""The arithmetic behind the benchmarks' tables."""

from __future__ import annotations

import math
import random
import socket
from typing import Any

from benchmarks import corpus, flat, wire
from benchmarks.rates import rotated
from benchmarks.results import Results, percentiles
from benchmarks.setting import FULL, SHAPES, WEIGHTS


def test_a_percentile_is_a_value_that_was_seen() -> None:
    nanos = [1_000_000 * n for n in range(1, 1001)]
    random.Random(1).shuffle(nanos)
    assert percentiles(nanos) == {"p50": 501.0, "p99": 991.0, "p99.9": 1000.0}
    assert percentiles([7_000_000]) == {"p50": 7.0, "p99": 7.0, "p99.9": 7.0}
    assert all(math.isnan(value) for value in percentiles([]).values())


def test_percentiles_are_of_all_rounds_and_rates_are_medians_of_rounds() -> None:
    results = Results()
    for round_, rate in enumerate((10.0, 30.0, 20.0)):
        results.add("torch", "8x2048", round_, _answer(rate, [1_000_000] * (9 if round_ else 1)))
    summary = results.summary("torch", "8x2048")
    assert summary is not None
    assert summary["tokensPerSecond"] == {"median": 20.0, "min": 10.0, "max": 30.0}
    assert summary["tightNextMillis"]["p50"] == 1.0
    assert results.summary("numpy", "8x2048") is None


def _answer(rate: float, nanos: list[int]) -> dict[str, Any]:
    sizes = {"rssBytes": 1, "anonymousBytes": 1, "bytesPerToken": 2.0, "firstBatchSeconds": 0.1}
    return {"tokensPerSecond": rate, "tightNanos": nanos, "pacedNanos": [1], **sizes}


def test_a_ratio_compares_rates_of_the_same_round() -> None:
    results = Results()
    for nginx, mine in ((100.0, 50.0), (10.0, 9.0), (1000.0, 600.0)):
        results.loads.append({"shape": "8x2048", "nginx": nginx, "mine": mine})
    ratio = results.ratio_summary("8x2048", "mine")
    assert ratio == {"median": 0.6, "min": 0.5, "max": 0.9}


def test_documents_fill_a_group_exactly() -> None:
    lengths = list(corpus._lengths(random.Random(3), FULL.group_tokens))
    assert sum(lengths) == FULL.group_tokens
    assert min(lengths) >= 256
    assert math.isclose(sum(WEIGHTS), 1)
    assert [shape.body_bytes for shape in SHAPES] == [32_784, 65_552]


def test_every_contender_comes_first_in_some_round() -> None:
    assert [rotated("abc", by)[0] for by in range(4)] == ["a", "b", "c", "a"]
    assert sorted(rotated("abc", 2)) == ["a", "b", "c"]
    assert rotated([], 3) == []


def test_what_grows_after_the_warm_up_is_named() -> None:
    assert flat.growth(_samples(rss=1.0)) == []
    assert flat.growth(_samples(rss=1.04)) == []
    grew = flat.growth(_samples(rss=1.06, descriptors=17, heap=2 << 20))
    assert [line.split(" from")[0] for line in grew] == [
        "server: RSS",
        "server: descriptors",
        "server: liveHeap",
    ]


def _samples(rss: float, descriptors: int = 0, heap: int = 0) -> list[dict[str, Any]]:
    """The warm-up grows much and does not count; afterwards the server grows as is said."""
    samples = []
    for percent in range(1, 101):
        late = max(0, percent - 50) / 50
        held = {"rss": 100_000_000, "descriptors": 10, "threads": 20}
        server = {**held, "direct": 1 << 20}
        server["rss"] = int(held["rss"] * (1 + (rss - 1) * late)) if percent >= 5 else 1
        server["descriptors"] += int(descriptors * late)
        if percent in (5, 50, 100):
            server["liveHeap"] = (20 << 20) + int(heap * late)
        sample: dict[str, Any] = {"percent": percent, "server": server}
        if percent < 100:
            sample["client"] = held
        samples.append(sample)
    return samples


def test_bytes_received_count_what_came_over_tcp() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with socket.create_connection(listener.getsockname()) as client:
            server, _ = listener.accept()
            with server:
                before = wire.bytes_received()
                server.sendall(b"x" * 1234)
                received = 0
                while received < 1234:
                    received += len(client.recv(4096))
                assert wire.bytes_received() - before == 1234
