"""The recipe for JAX, as its page has it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mixwell import Batch, Client, loss_by_group
from serving import spec

jax = pytest.importorskip("jax", reason="jax is not installed: pip install mixwell[jax]")

import jax.numpy as jnp  # noqa: E402

from mixwell.jax import JaxBatch, JaxLosses, batch_to_jax, loss_table  # noqa: E402

_VOCABULARY, _WIDTH, _GROUPS = 257, 16, 3


def _loss(params: dict[str, Any], batch: JaxBatch) -> tuple[Any, Any]:
    logits = params["embedding"][batch.inputs] @ params["head"]
    scores = jax.nn.log_softmax(logits)
    losses = -jnp.take_along_axis(scores, batch.labels[..., None], axis=-1)[..., 0]
    return losses.mean(), loss_table(losses, batch.groups, _GROUPS)


@jax.jit
def _step(params: dict[str, Any], batch: JaxBatch) -> tuple[dict[str, Any], Any]:
    (_, table), gradients = jax.value_and_grad(_loss, has_aux=True)(params, batch)
    return jax.tree.map(lambda p, g: p - 5.0 * g, params, gradients), table


def _params() -> dict[str, Any]:
    one, two = jax.random.split(jax.random.key(1))
    return {
        "embedding": jax.random.normal(one, (_VOCABULARY, _WIDTH)),
        "head": 0.1 * jax.random.normal(two, (_WIDTH, _VOCABULARY)),
    }


def test_a_loop_of_jax_trains_and_reports(client: Client) -> None:
    client.create(spec())
    params = _params()
    stream = client.batches(stop_step=20)
    for batch in stream:
        params, table = _step(params, batch_to_jax(batch))
        stream.report(batch, JaxLosses(batch.group_names, table))
    stream.flush()
    losses = [s["losses"]["train"] for s in client.history(0, 20)]
    assert all(losses[-1][g] < losses[0][g] for g in losses[-1] if g in losses[0])
    assert _step._cache_size() == 1


def test_losses_by_group_are_those_of_numpy(client: Client) -> None:
    client.create(spec("static"))
    batch = next(client.batches())
    losses = np.random.default_rng(5).gamma(2.0, 2.0, (8, 32)).astype(np.float32)
    table = jax.jit(loss_table, static_argnums=2)(losses, batch_to_jax(batch).groups, _GROUPS)
    ours, expected = JaxLosses(batch.group_names, table).losses(), loss_by_group(losses, batch)
    np.testing.assert_allclose(ours.sums, expected.sums, rtol=1e-6)
    np.testing.assert_array_equal(ours.tokens, expected.tokens)


def test_a_batch_arrives_as_it_is(client: Client) -> None:
    client.create(spec("static"))
    batch: Batch = next(client.batches())
    arrived = batch_to_jax(batch)
    assert arrived.tokens.dtype == jnp.uint16
    np.testing.assert_array_equal(arrived.inputs, batch.inputs)
    np.testing.assert_array_equal(arrived.labels, batch.labels)
    assert jax.tree.leaves(jax.eval_shape(lambda b: b.inputs, arrived))[0].dtype == jnp.int32
