"""Hugging Face's Trainer: reports, resumes, evaluates, and accumulates gradients."""

from __future__ import annotations

import copy
import uuid
from pathlib import Path

import pytest

from mixwell import Client
from serving import GROUPS, Server, spec

torch = pytest.importorskip("torch", reason="torch is not installed: pip install mixwell[torch]")
transformers = pytest.importorskip(
    "transformers", reason="transformers is not installed: pip install mixwell[transformers]"
)
pytest.importorskip("accelerate", reason="accelerate is not installed")

from mixwell.torch import MixwellDataset  # noqa: E402
from mixwell.transformers import MixwellTrainer  # noqa: E402

_STEPS = 12


def _model() -> object:
    torch.manual_seed(1)
    torch.set_num_threads(1)
    return transformers.GPT2LMHeadModel(
        transformers.GPT2Config(
            vocab_size=257, n_positions=32, n_embd=32, n_layer=1, n_head=2,
            resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0,
        )
    )  # fmt: skip


def _trainer(
    server: Server, run: str, folder: Path, *, position_ids: bool = False, **arguments: object
) -> MixwellTrainer:
    training = transformers.TrainingArguments(
        str(folder), max_steps=_STEPS, learning_rate=1e-2, save_steps=5, report_to=[],
        logging_strategy="no", disable_tqdm=True, use_cpu=True, **arguments,
    )  # fmt: skip
    dataset = MixwellDataset(server.url, run, stop_step=_STEPS)
    return MixwellTrainer(_model(), training, dataset, position_ids=position_ids)


def _losses(server: Server, run: str) -> list[dict[str, dict[str, float]]]:
    return [s["losses"] for s in Client(server.url, run).history(0, _STEPS)]


def _run(server: Server, mixer: str = "odm", **members: object) -> str:
    name = "run-" + uuid.uuid4().hex
    Client(server.url, name).create(spec(mixer, **members))
    return name


def test_the_trainer_resumes_bit_for_bit(server: Server, tmp_path: Path) -> None:
    whole, run = _run(server), _run(server)
    one = _trainer(server, whole, tmp_path / "whole")
    one.train()

    class Crash(transformers.TrainerCallback):
        def on_step_end(self, args: object, state: object, control: object, **_: object) -> None:
            if state.global_step == 8:
                raise KeyboardInterrupt

    stopped = _trainer(server, run, tmp_path / "run")
    stopped.add_callback(Crash())
    with pytest.raises(KeyboardInterrupt):
        stopped.train()
    resumed = _trainer(server, run, tmp_path / "run")
    resumed.train(resume_from_checkpoint=True)
    assert [s["attempt"] for s in Client(server.url, run).history(0, _STEPS)] == [0] * 5 + [1] * 7
    assert _losses(server, run) == _losses(server, whole)
    assert len(_losses(server, run)[-1]["train"]) == len(GROUPS)
    for a, b in zip(one.model.parameters(), resumed.model.parameters(), strict=True):
        assert torch.equal(a, b)


def test_accumulated_gradients_are_a_steps(server: Server, tmp_path: Path) -> None:
    runs = [_run(server), _run(server)]
    for n, run in enumerate(runs):
        _trainer(server, run, tmp_path / run, gradient_accumulation_steps=1 + 3 * n).train()
    once, four = (_losses(server, run) for run in runs)
    assert len(four) == _STEPS
    for a, b in zip(once[:5], four[:5], strict=True):
        assert b["train"] == pytest.approx(a["train"], rel=1e-4)
    assert four[-1]["train"]["letters"] < 0.9 * four[0]["train"]["letters"]


def test_held_out_losses_come_when_a_mixer_waits_for_them(server: Server, tmp_path: Path) -> None:
    run = _run(server, "aioli")
    trainer = _trainer(server, run, tmp_path, position_ids=True)
    trainer.train()
    evaluated = {
        s: x["validation"] for s, x in enumerate(_losses(server, run)) if "validation" in x
    }
    assert list(evaluated) == [0, 2, 4, 6, 10]
    assert sum(evaluated[10].values()) < sum(evaluated[0].values())
    assert trainer.model.training


def test_the_trainers_loss_is_the_models(server: Server, tmp_path: Path) -> None:
    """That nothing is shifted twice."""
    trainer = _trainer(server, _run(server, "static"), tmp_path)
    inputs = next(iter(trainer.get_train_dataloader()))
    tokens = torch.cat((inputs["input_ids"], inputs["labels"][:, -1:]), dim=1)
    with torch.no_grad():
        ours = trainer.compute_loss(trainer.model, copy.copy(inputs))
        wide = copy.deepcopy(trainer.model)
        wide.transformer.wpe = torch.nn.Embedding(33, 32)
        wide.transformer.wpe.weight.data[:32] = trainer.model.transformer.wpe.weight
        theirs = wide(input_ids=tokens, labels=tokens).loss
    assert float(ours) == pytest.approx(float(theirs), rel=1e-5)


def test_position_ids_keep_attention_within_documents(server: Server, tmp_path: Path) -> None:
    run = _run(server, "static")
    trainer = _trainer(server, run, tmp_path, position_ids=True)
    inputs, row = next(
        (inputs, row)
        for inputs in trainer.get_train_dataloader()
        for row in range(8)
        if (inputs["position_ids"][row, 1:] == 0).any()
    )
    positions = inputs["position_ids"]
    start = int((positions[row, 1:] == 0).nonzero()[0]) + 1
    other = inputs["input_ids"].clone()
    other[row, :start] = 0
    model = trainer.model.eval()
    with torch.no_grad():
        one, two = (
            model(input_ids=x, position_ids=positions, use_cache=False).logits[row, start:]
            for x in (inputs["input_ids"], other)
        )
    assert torch.equal(one, two)
