"""For JAX: batches on devices, and losses by group under jit.

    def loss(params, batch):                      # params first: only they are differentiated
        losses = token_losses(params, batch.inputs, batch.labels)        # [rows, T], nats
        return losses.mean(), loss_table(losses, batch.groups, m)

    (value, table), gradients = jax.value_and_grad(loss, has_aux=True)(params, batch)
    stream.report(host_batch, JaxLosses(host_batch.group_names, table))

Tokens and groups are integers. Do not differentiate with respect to a batch: `allow_int=True` gives
its gradients the type float0, which no optimizer takes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

try:
    import jax
    import jax.numpy as jnp
except ImportError as e:
    raise ImportError('mixwell.jax needs JAX: pip install "mixwell[jax]"') from e

from mixwell.batch import Rows
from mixwell.losses import GroupLosses

__all__ = ["JaxBatch", "JaxLosses", "batch_to_jax", "loss_table"]


class JaxBatch(NamedTuple):
    """A batch on a device; a pytree.

    Attributes:
        tokens: [rows, T+1], uint16 or int32.
        groups: int32 [rows].
        loss_mask: uint8 [rows, T+1]: 1 where a token counts as a label; None where all do.
    """

    tokens: Any
    groups: Any
    loss_mask: Any = None

    @property
    def inputs(self) -> Any:
        """int32 [rows, T]; widened on the device, so that 2 bytes travel."""
        return self.tokens[:, :-1].astype(jnp.int32)

    @property
    def labels(self) -> Any:
        """int32 [rows, T]: each input's next token."""
        return self.tokens[:, 1:].astype(jnp.int32)

    @property
    def label_mask(self) -> Any:
        """[rows, T]: 1 where a label counts; None where all do."""
        return None if self.loss_mask is None else self.loss_mask[:, 1:]


def batch_to_jax(batch: Rows, placement: Any = None) -> JaxBatch:
    """A batch on a device, or laid out by a sharding.

    On a CPU JAX shares memory that begins at a multiple of 64 bytes, and copies other memory.
    cu_seqlens stays on the host: its length differs from batch to batch, and would compile anew.
    """
    arrays = (batch.tokens, batch.groups.astype(np.int32), batch.loss_mask)
    return JaxBatch(*jax.device_put(arrays, placement))


def loss_table(token_losses: Any, groups: Any, m: int, mask: Any = None) -> Any:
    """Loss sums, token counts and rows by group, float32 [3, m]. For jit; m is static.

    Rows are added up first, so that float32 keeps six digits; counts are exact to 2^24 tokens.

    Args:
        token_losses: nats, [rows, T].
        groups: int [rows].
        m: the number of groups.
        mask: [rows, T], zero where a label does not count: a batch's `label_mask`.
    """
    losses = jax.lax.stop_gradient(token_losses).astype(jnp.float32)
    if mask is None:
        counts = jnp.full(losses.shape[0], losses.shape[1], jnp.float32)
    else:
        losses = jnp.where(mask != 0, losses, 0.0)
        counts = (mask != 0).sum(axis=1).astype(jnp.float32)
    per_row = jnp.stack((losses.sum(axis=1), counts, jnp.ones_like(counts)), axis=1)
    return jax.ops.segment_sum(per_row, groups, num_segments=m).T


class JaxLosses:
    """A table of losses on its way to the host.

    Attributes:
        names: of the groups.
        table: as of `loss_table`, over all ranks (`jax.lax.psum`, or a global array).
    """

    def __init__(self, names: Sequence[str], table: Any) -> None:
        self.names = names
        self.table = table

    def begin(self) -> None:
        """Starts the copy without waiting for it."""
        self.table.copy_to_host_async()

    def losses(self) -> GroupLosses:
        """On the host; waits for the device."""
        sums, counts, rows = np.asarray(self.table, np.float64)
        return GroupLosses(self.names, sums, counts.astype(np.int64), rows.astype(np.int64))

    def feedback(self) -> Mapping[str, Mapping[str, Any]] | None:
        return self.losses().feedback()
