"""Labels that do not count: padding behind packed documents."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from mixwell import Batch, Client, loss_by_group
from serving import spec


@pytest.fixture
def batch(client: Client) -> Batch:
    """The first with padding."""
    client.create(spec("static", packing="best-fit"))
    served = islice(client.batches(), 50)
    return next(b for b in served if b.loss_mask is not None and not b.loss_mask.all())


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


def test_a_group_without_a_label_is_posted_all_the_same(batch: Batch) -> None:
    unlabelled = batch.groups[0]
    losses = np.ones(batch.labels.shape)
    mask = np.ones(batch.labels.shape)
    mask[batch.groups == unlabelled] = 0
    name = batch.group_names[unlabelled]
    found = loss_by_group(losses, batch, mask)
    posted = found.feedback()
    assert posted is not None
    assert posted[name] == {"lossSum": 0.0, "tokens": 0}
    assert name not in found.means()
    assert sorted(posted) == sorted({batch.group_names[g] for g in batch.groups})
    both = (found + loss_by_group(losses, batch)).feedback()
    assert both is not None
    assert batch.label_mask is not None
    assert both[name]["tokens"] == batch.label_mask[batch.groups == unlabelled].sum()


def test_the_server_takes_a_group_without_a_label(client: Client) -> None:
    client.create(spec(packing="best-fit"))
    stream = client.batches()
    batch = next(stream)
    mask = np.zeros(batch.labels.shape)
    mask[batch.groups != batch.groups[0]] = 1
    stream.report(batch, loss_by_group(np.ones(batch.labels.shape), batch, mask))
    stream.flush()
    losses = client.history(0, 1)[0]["losses"]["train"]
    assert set(losses) == {batch.group_names[g] for g in batch.groups if g != batch.groups[0]}


def test_a_tensor_batch_leaves_them_out_too(batch: Batch) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    from mixwell.torch import batch_to_torch
    from mixwell.torch import loss_by_group as by_group

    tensors = batch_to_torch(batch)
    assert tensors.label_mask is not None
    losses = torch.where(tensors.label_mask != 0, 2.0, float("nan"))
    found = by_group(losses, tensors).losses()
    assert found.sums.sum() == 2.0 * found.tokens.sum()
    assert tensors.mean(losses) == 2.0
    nothing = by_group(losses, tensors, torch.zeros_like(losses)).feedback()
    assert nothing is not None
    assert set(nothing) == {batch.group_names[g] for g in batch.groups}


def test_a_run_that_cuts_its_rows_has_no_mask(client: Client) -> None:
    client.create(spec())
    served = next(iter(client.batches()))
    assert served.loss_mask is None
    assert served.label_mask is None
