"""Lightning: reports, resumes from its own checkpoint, evaluates when a mixer waits."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from mixwell import Client
from serving import Server, spec

torch = pytest.importorskip("torch", reason="torch is not installed: pip install mixwell[torch]")
pl = pytest.importorskip(
    "lightning.pytorch", reason="lightning is not installed: pip install mixwell[lightning]"
)

from mixwell.lightning import LightningBatches, MixwellCallback  # noqa: E402
from mixwell.torch import MixwellDataset, TorchBatch  # noqa: E402
from tiny import Tiny  # noqa: E402

_STEPS = 12


class _Module(pl.LightningModule):
    def __init__(self, dies_at: int = -1) -> None:
        super().__init__()
        self.tiny = Tiny()
        self.model = self.tiny.model
        self.dies_at = dies_at
        self.evaluated: set[int] = set()

    def token_losses(self, batch: TorchBatch) -> torch.Tensor:
        if not self.training:
            self.evaluated.add(self.trainer.global_step)
        return self.tiny.losses(batch).view(batch.labels.shape)

    def training_step(self, batch: TorchBatch, index: int) -> dict[str, torch.Tensor]:
        if batch.step == self.dies_at:
            raise RuntimeError("a crash")
        losses = self.token_losses(batch)
        return {"loss": losses.mean(), "token_losses": losses}

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.AdamW(self.parameters(), 1e-2)


def _fit(
    server: Server, run: str, folder: Path, dies_at: int = -1, resumed: Path | None = None
) -> _Module:
    dataset = MixwellDataset(server.url, run, stop_step=_STEPS)
    saving = pl.callbacks.ModelCheckpoint(folder, "{step}", every_n_train_steps=5, save_top_k=-1)
    trainer = pl.Trainer(
        max_steps=_STEPS, accelerator="cpu", logger=False, enable_progress_bar=False,
        enable_model_summary=False, callbacks=[MixwellCallback(dataset), saving],
    )  # fmt: skip
    module = _Module(dies_at)
    trainer.fit(module, LightningBatches(dataset), ckpt_path=resumed)
    return module


def _run(server: Server, mixer: str = "odm") -> Client:
    client = Client(server.url, "run-" + uuid.uuid4().hex)
    client.create(spec(mixer))
    return client


def _losses(client: Client) -> list[dict[str, dict[str, float]]]:
    return [s["losses"] for s in client.history(0, _STEPS)]


def test_lightning_resumes_bit_for_bit(server: Server, tmp_path: Path) -> None:
    whole, run = _run(server), _run(server)
    one = _fit(server, whole.run, tmp_path / "whole")
    with pytest.raises(RuntimeError, match="a crash"):
        _fit(server, run.run, tmp_path / "run", dies_at=8)
    (checkpoint,) = (tmp_path / "run").glob("*.ckpt")
    two = _fit(server, run.run, tmp_path / "run", resumed=checkpoint)
    assert [s["attempt"] for s in run.history(0, _STEPS)] == [0] * 5 + [1] * 7
    assert len(_losses(run)[-1]["train"]) > 1
    assert _losses(run) == _losses(whole)
    for a, b in zip(one.parameters(), two.parameters(), strict=True):
        assert torch.equal(a, b)


def test_lightning_evaluates_when_a_mixer_waits(server: Server, tmp_path: Path) -> None:
    client = _run(server, "aioli")
    module = _fit(server, client.run, tmp_path)
    losses = _losses(client)
    assert [s for s, x in enumerate(losses) if "validation" in x] == [0, 2, 4, 6, 10]
    assert module.evaluated == {0, 2, 4, 6, 10}
    assert all("train" in x for x in losses)
    assert sum(losses[10]["validation"].values()) < sum(losses[0]["validation"].values())
    assert module.training


def test_accumulation_is_refused(server: Server) -> None:
    dataset = MixwellDataset(server.url, _run(server).run, stop_step=_STEPS)
    trainer = pl.Trainer(
        max_steps=2, accelerator="cpu", logger=False, accumulate_grad_batches=2,
        enable_checkpointing=False, callbacks=[MixwellCallback(dataset)],
    )  # fmt: skip
    with pytest.raises(ValueError, match="accumulate_grad_batches is 2"):
        trainer.fit(_Module(), LightningBatches(dataset))
