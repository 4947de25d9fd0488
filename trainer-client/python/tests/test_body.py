from __future__ import annotations

import random

import numpy as np
import pytest

from mixwell import BadAnswer, Client, body
from mixwell.requests import SAFETENSORS
from serving import GROUPS, spec


def _bytes(client: Client) -> np.ndarray:
    client.create(spec())
    target = f"{client.path}/attempts/{client.batches().attempt}/steps/0/batch?rank=0"
    return client.requests.exchange("GET", target, headers={"Accept": SAFETENSORS}).body


def test_tensors_are_those_that_the_safetensors_package_reads(client: Client) -> None:
    safetensors = pytest.importorskip("safetensors.numpy", reason="safetensors is not installed")
    data = _bytes(client)
    expected = safetensors.load(data.tobytes())
    parsed = body.parse(data)
    assert set(expected) == {"tokens", "groups", "cu_seqlens"}
    for name, array in expected.items():
        ours = getattr(parsed, name)
        assert ours.dtype == array.dtype
        np.testing.assert_array_equal(ours, array)
        assert np.shares_memory(ours, data)
        assert not ours.flags.writeable
        assert ours.flags.aligned


def test_held_out_rows_are_rows_of_their_group(client: Client) -> None:
    client.create(spec())
    rows = client.validation("digits", 1, 2)
    assert rows.tokens.shape == (2, 33)
    assert rows.group_names == GROUPS
    assert rows.groups.tolist() == [1, 1]
    again = client.validation("digits")
    np.testing.assert_array_equal(again.tokens[1:3], rows.tokens)


@pytest.mark.parametrize("seed", range(200))
def test_a_damaged_body_is_refused_or_still_within_its_bytes(seed: int, sample: bytes) -> None:
    drawn = random.Random(seed)
    damaged = bytearray(sample)
    for _ in range(drawn.randint(1, 3)):
        damaged[drawn.randrange(300)] = drawn.randrange(256)
    cut = drawn.choice([len(damaged), drawn.randrange(len(damaged))])
    data = np.frombuffer(bytes(damaged[:cut]), np.uint8)
    try:
        parsed = body.parse(data)
    except BadAnswer:
        return
    for array in (parsed.tokens, parsed.groups, parsed.cu_seqlens):
        assert array.nbytes == 0 or np.shares_memory(array, data)


@pytest.fixture(scope="module")
def sample(server: object) -> bytes:
    client = Client(server.url, "bodies")  # type: ignore[attr-defined]
    return _bytes(client).tobytes()
