"""The example does what its page says: it trains, resumes, and runs on several ranks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from mixwell import Client
from serving import Server, spec
from torchrun import assert_no_gloo, noting_threads, run, threads, torchrun

torch = pytest.importorskip("torch", reason="torch is not installed: pip install mixwell[torch]")

_EXAMPLE = Path(__file__).parents[1] / "examples" / "train_gpt.py"
_SMALL = ("--layers=1", "--heads=2", "--width=32", "--steps=30", "--log-every=5")
_ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}


class _Run:
    """One run, and the trainer that is started on it, perhaps several times."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.name = "gpt-" + uuid.uuid4().hex
        self.client = Client(server.url, self.name)
        self.checkpoint = folder / f"{self.name}.pt"
        self._spec = folder / f"{self.name}.json"
        self._spec.write_text(json.dumps(spec(evaluateEvery=10)))
        self._url = server.url

    def options(self) -> tuple[str, ...]:
        paths = (f"--checkpoint={self.checkpoint}", f"--create={self._spec}")
        return (f"--url={self._url}", f"--run-name={self.name}", *paths, *_SMALL)

    def train(self, *options: str) -> str:
        return run((sys.executable, str(_EXAMPLE), *self.options(), *options), _ENVIRONMENT)

    def train_and_die(self, line: str, *options: str) -> None:
        """Ends the trainer without warning once it has said that."""
        with subprocess.Popen(
            [sys.executable, str(_EXAMPLE), *self.options(), *options],
            env=_ENVIRONMENT,
            stdout=subprocess.PIPE,
            text=True,
        ) as trainer:
            assert trainer.stdout is not None
            assert any(said.startswith(line) for said in trainer.stdout)
            trainer.kill()

    def curve(self) -> list[dict[str, dict[str, float]]]:
        """Losses by kind and group, step by step, as the server has them."""
        return [step["losses"] for step in self.client.history(0, 30)]


@pytest.fixture(scope="module")
def whole(server: Server, tmp_path_factory: pytest.TempPathFactory) -> _Run:
    """A run that nothing disturbed."""
    undisturbed = _Run(server, tmp_path_factory.mktemp("whole"))
    undisturbed.train()
    return undisturbed


def test_the_example_resumes_bit_for_bit(server: Server, whole: _Run, tmp_path: Path) -> None:
    again = _Run(server, tmp_path)
    again.train_and_die("step 20 ", "--checkpoint-every=15")
    assert torch.load(again.checkpoint)["stream"] == {"attempt": 0, "step": 15}
    said = again.train("--resume")
    assert said.startswith("step 20 ")
    assert [s["attempt"] for s in again.client.history(0, 30)] == [0] * 15 + [1] * 15
    assert again.curve() == whole.curve()
    models = [torch.load(r.checkpoint)["model"] for r in (again, whole)]
    assert all(torch.equal(models[0][name], models[1][name]) for name in models[1])


def test_the_example_learns_and_evaluates(whole: _Run) -> None:
    curve = whole.curve()
    assert len(curve) == 30
    assert [s for s, losses in enumerate(curve) if "validation" in losses] == [0, 10, 20]
    first, last = (curve[s]["train"] for s in (0, -1))
    assert all(last[group] < first[group] for group in last if group in first)


def test_two_ranks_of_the_example_train_as_one(server: Server, whole: _Run, tmp_path: Path) -> None:
    pair = _Run(server, tmp_path)
    environment = {**_ENVIRONMENT, **noting_threads(tmp_path)}
    torchrun(_EXAMPLE, *pair.options(), ranks=2, environment=environment)
    one, two = whole.curve(), pair.curve()
    assert len(two) == 30
    for step in range(5):  # the sums' order differs, and so, later, may a row
        assert two[step]["train"] == pytest.approx(one[step]["train"], rel=1e-4)
    assert two[-1]["train"] == pytest.approx(one[-1]["train"], rel=0.05)
    assert torch.load(pair.checkpoint)["stream"] == {"attempt": 0, "step": 30}
    assert_no_gloo(threads(tmp_path, 2))
