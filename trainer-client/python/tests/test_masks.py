"""Labels that do not count: padding behind packed documents."""

from __future__ import annotations

import numpy as np
import pytest

from mixwell import Batch, Client, loss_by_group
from serving import spec


@pytest.fixture
def batch(client: Client) -> Batch:
    client.create(spec(packing="best-fit"))
    return next(iter(client.batches()))


def test_padding_is_no_label(batch: Batch) -> None:
    assert batch.loss_mask is not None
    assert batch.loss_mask.shape == batch.tokens.shape
    assert batch.label_mask is not None
    assert batch.label_mask.shape == batch.labels.shape
    kept = batch.loss_mask.sum(axis=1)
    assert (kept < batch.tokens.shape[1]).any(), "no row is padded"
    for row, count in enumerate(kept):  # padding stands at a row's end, in a segment of its own
        assert batch.loss_mask[row, :count].all()
        assert not batch.loss_mask[row, count:].any()
        if count < batch.inputs.shape[1]:
            assert batch.position_ids[row, count] == 0


def test_losses_of_labels_that_do_not_count_are_left_out(batch: Batch) -> None:
    assert batch.label_mask is not None
    losses = np.where(batch.label_mask != 0, 1.0, 1e9)
    found = loss_by_group(losses, batch)
    assert found.sums.sum() == found.tokens.sum() == batch.label_mask.sum()


def test_a_tensor_batch_leaves_them_out_too(batch: Batch) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    from mixwell.torch import batch_to_torch  # noqa: PLC0415
    from mixwell.torch import loss_by_group as by_group  # noqa: PLC0415

    tensors = batch_to_torch(batch)
    assert tensors.label_mask is not None
    losses = torch.where(tensors.label_mask != 0, 2.0, float("nan"))
    found = by_group(losses, tensors).losses()
    assert found.sums.sum() == 2.0 * found.tokens.sum()
    assert tensors.mean(losses) == 2.0


def test_a_run_that_cuts_its_rows_has_no_mask(client: Client) -> None:
    client.create(spec())
    served = next(iter(client.batches()))
    assert served.loss_mask is None
    assert served.label_mask is None
