"""Batches for language-model training, mixed by a Mixwell server that learns from the losses.

    client = mixwell.Client("http://127.0.0.1:8080", "pretrain")
    stream = client.batches()
    for batch in stream:
        losses = train(batch.inputs, batch.labels)              # [rows, T], nats
        stream.report(batch, mixwell.loss_by_group(losses, batch))

From below: `wire` moves bytes, `requests` tries again, `client` knows the addresses; `puller` and
`poster` are the two halves of a `stream`. Needs numpy only; `mixwell.torch`, `.transformers`,
`.lightning` and `.jax` are for those who have more. `python -m mixwell` watches runs.
"""

from mixwell import launch
from mixwell.batch import Batch, Rows
from mixwell.client import Client
from mixwell.errors import (
    BadAnswer,
    Conflict,
    DataExhausted,
    EvaluationDue,
    Fenced,
    InvalidFeedback,
    InvalidRequest,
    MixwellError,
    NotFound,
    RunFinished,
    ServerUnavailable,
    ShardDamaged,
    StepClosed,
    Undecided,
)
from mixwell.events import Event
from mixwell.losses import GroupLosses, loss_by_group
from mixwell.outage import Patience
from mixwell.stream import BatchStream

__all__ = [
    "BadAnswer",
    "Batch",
    "BatchStream",
    "Client",
    "Conflict",
    "DataExhausted",
    "EvaluationDue",
    "Event",
    "Fenced",
    "GroupLosses",
    "InvalidFeedback",
    "InvalidRequest",
    "MixwellError",
    "NotFound",
    "Patience",
    "Rows",
    "RunFinished",
    "ServerUnavailable",
    "ShardDamaged",
    "StepClosed",
    "Undecided",
    "launch",
    "loss_by_group",
]
