"""For PyTorch: batches as tensors, losses by group on the device, sums over ranks, a dataset.

dataset = MixwellDataset(url, run)
for batch in DataLoader(dataset, batch_size=None):
    batch = batch.to(device)
    losses = F.cross_entropy(model(batch.inputs).flatten(0, 1), batch.labels.flatten(),
                             reduction="none")
    dataset.report(batch, reduce_losses(loss_by_group(losses, batch)))
"""

from mixwell.torch.batches import TorchBatch, batch_to_torch
from mixwell.torch.dataset import MixwellDataset, launch_id
from mixwell.torch.losses import TorchLosses, loss_by_group, reduce_losses

__all__ = [
    "MixwellDataset",
    "TorchBatch",
    "TorchLosses",
    "batch_to_torch",
    "launch_id",
    "loss_by_group",
    "reduce_losses",
]
