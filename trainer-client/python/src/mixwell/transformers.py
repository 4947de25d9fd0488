"""For Hugging Face's Trainer: a Trainer on a run's batches, which reports and evaluates.

    trainer = MixwellTrainer(model, TrainingArguments(out, max_steps=1000), dataset)
    trainer.train(resume_from_checkpoint=has_checkpoint)

with `dataset` a `mixwell.torch.MixwellDataset`. A step of the Trainer is a step of the run: its
rows come from the run's configuration, so `per_device_train_batch_size` says nothing here, and
`gradient_accumulation_steps` n cuts a rank's rows of a step into n forward passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

try:
    import torch
    from torch import Tensor, nn
    from torch.nn import functional
    from transformers import Trainer, TrainerCallback
    from transformers.trainer_callback import ExportableState
except ImportError as e:
    raise ImportError(
        'mixwell.transformers needs PyTorch and transformers: pip install "mixwell[transformers]"'
    ) from e

from mixwell.losses import GroupLosses
from mixwell.torch import MixwellDataset, TorchBatch, TorchLosses, loss_by_group, reduce_losses
from mixwell.torch.evaluation import held_out_losses

__all__ = ["MixwellCallback", "MixwellTrainer", "TrainerBatches"]

_IGNORED = -100  # of labels that do not count, in transformers and PyTorch
_ROWS = "mixwell_rows"  # of the forward pass; no model sees it


class TrainerBatches:
    """A dataset's steps as the dictionaries that a Trainer passes to a model.

    Keys: input_ids and labels, int64 [rows, T], a label being its input's next token (so nothing
    is left to shift); position_ids, if asked for; and the rows as `TorchBatch`.

    Args:
        dataset: one rank's.
        passes: into how many equal parts a step is cut.
        position_ids: whether positions start anew at each document; a model of transformers then
            keeps attention within documents, if its attention supports packed rows.
    """

    def __init__(self, dataset: MixwellDataset, passes: int = 1, position_ids: bool = False):
        self.dataset = dataset
        self.passes = passes
        self.position_ids = position_ids

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for batch in self.dataset:
            rows = batch.tokens.shape[0]
            if rows % self.passes:
                raise ValueError(
                    f"gradient_accumulation_steps {self.passes} does not divide a rank's {rows} "
                    "rows of a step"
                )
            for start in range(0, rows, rows // self.passes):
                yield self._part(batch, slice(start, start + rows // self.passes))

    def _part(self, batch: TorchBatch, rows: slice) -> dict[str, Any]:
        part = replace(batch, tokens=batch.tokens[rows], groups=batch.groups[rows])
        labels = part.labels
        if part.label_mask is not None:
            labels = labels.masked_fill(part.label_mask == 0, _IGNORED)
        inputs = {"input_ids": part.inputs, "labels": labels, _ROWS: part}
        if self.position_ids:
            inputs["position_ids"] = batch.position_ids[rows].long()
        return inputs


class MixwellCallback(TrainerCallback, ExportableState):  # type: ignore[misc]
    """Reports losses by group after each step, and keeps the attempt in the Trainer's checkpoints.

    Args:
        dataset: that is trained on.
    """

    def __init__(self, dataset: MixwellDataset) -> None:
        self._dataset = dataset
        self._batch: TorchBatch | None = None
        self._losses: TorchLosses | None = None

    def saw(self, token_losses: Tensor, part: TorchBatch) -> None:
        """Adds a forward pass to the step's losses."""
        losses = loss_by_group(token_losses, part)
        if self._losses is not None:
            losses = TorchLosses(losses.names, losses.table + self._losses.table)
        self._batch, self._losses = part, losses

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        if state.global_step == 0:
            return
        saved = state.stateful_callbacks.get("MixwellCallback")
        if not saved:
            raise ValueError("the Trainer's checkpoint was not written with a MixwellCallback")
        self._dataset.load_state_dict(saved["attributes"])

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        if self._batch is not None and self._losses is not None:
            self._dataset.report(self._batch, reduce_losses(self._losses))
        self._batch = self._losses = None

    def on_train_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        self._dataset.stream.flush()

    def state(self) -> dict[str, Any]:
        """Asked for when the Trainer writes a checkpoint; waits until all feedback is recorded."""
        started = self._batch is not None or self._dataset.is_open
        return {"args": {}, "attributes": self._dataset.state_dict() if started else {}}


class MixwellTrainer(Trainer):  # type: ignore[misc]
    """A Trainer whose training data is a run.

    Its loss is the mean over a step's tokens, weighed by group where the run's mixer weighs. When
    the server wants held-out losses, rank 0 computes them, with the model as it is in its process:
    not for models that are sharded over ranks.

    Args:
        model, args: as of Trainer. `max_steps` says how far; a resumed Trainer never skips data.
        train_dataset: one rank's batches.
        position_ids: as of `TrainerBatches`.
        others: as of Trainer.
    """

    def __init__(
        self,
        model: nn.Module,
        args: Any,
        train_dataset: MixwellDataset,
        *,
        position_ids: bool = False,
        callbacks: list[Any] | None = None,
        **others: Any,
    ) -> None:
        args.ignore_data_skip = True  # the stream begins where the checkpoint ends
        self._callback = MixwellCallback(train_dataset)
        self._batches = TrainerBatches(
            train_dataset, args.gradient_accumulation_steps, position_ids
        )
        super().__init__(
            model,
            args,
            train_dataset=train_dataset,
            callbacks=[*(callbacks or ()), self._callback],
            **others,
        )
        self.model_accepts_loss_kwargs = False  # so that the Trainer divides by the passes
        train_dataset.evaluate_with(self._evaluate_held_out)

    def get_train_dataloader(self) -> Any:
        return self._batches

    def compute_loss(
        self, model: nn.Module, inputs: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        part = inputs.pop(_ROWS, None)
        if part is None:  # an evaluation of the user's
            return super().compute_loss(model, inputs, *args, **kwargs)
        part = part.to(inputs["labels"].device)
        labels = inputs.pop("labels")
        outputs = model(**inputs, use_cache=False)
        losses = _token_losses(outputs.logits, labels)
        self._callback.saw(losses, part)
        loss = part.mean(losses)
        if part.served.loss_weights is not None:
            weights = torch.tensor(part.served.loss_weights, device=loss.device)[part.groups]
            loss = (_row_means(losses, part) * weights).sum() / weights.sum()
        return (loss, outputs) if kwargs.get("return_outputs") else loss

    def _evaluate_held_out(self, step: int) -> GroupLosses:
        def token_losses(batch: TorchBatch) -> Tensor:
            inputs: dict[str, Any] = {"input_ids": batch.inputs}
            if self._batches.position_ids:
                inputs["position_ids"] = batch.position_ids.long()
            return _token_losses(self.model(**inputs, use_cache=False).logits, batch.labels)

        return held_out_losses(
            self._batches.dataset.client, self.model, token_losses, self.args.device
        )


def _row_means(losses: Tensor, part: TorchBatch) -> Tensor:
    if part.label_mask is None:
        return losses.mean(dim=1)
    return losses.sum(dim=1) / (part.label_mask != 0).sum(dim=1).clamp(min=1)  # others are 0


def _token_losses(logits: Tensor, labels: Tensor) -> Tensor:
    losses = functional.cross_entropy(
        logits.float().flatten(0, 1), labels.flatten(), reduction="none", ignore_index=_IGNORED
    )
    return losses.view(labels.shape)
