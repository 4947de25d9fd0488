"""Launches in one step of SLURM, as its variables tell them (there is no SLURM here)."""

from __future__ import annotations

import pytest

from mixwell import Client, Conflict, launch
from mixwell import client as client_module
from serving import GROUPS, spec


def _srun(monkeypatch: pytest.MonkeyPatch, tasks: int, rank: int = 0) -> None:
    """This process is a new one, of an old step."""
    for name, value in {
        "SLURM_JOB_ID": "78",
        "SLURM_STEP_ID": "0",
        "SLURM_NTASKS": str(tasks),
        "SLURM_STEP_NUM_TASKS": str(tasks),
        "SLURM_PROCID": str(rank),
    }.items():
        monkeypatch.setenv(name, value)
    client_module._opened.clear()


def _train(client: Client, sum_of_losses: float, **arguments: object) -> dict[str, int]:
    with client.batches(**arguments) as stream:
        for batch in stream:
            stream.report(batch, dict.fromkeys(GROUPS, (sum_of_losses, 64)))
        return stream.state_dict()


def test_launches_in_one_step_of_one_task_are_attempts_of_their_own(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.create(spec())
    _srun(monkeypatch, 1)
    first = _train(client, 480.0, stop_step=3)
    assert first == {"attempt": 0, "step": 3}
    _srun(monkeypatch, 1)
    assert _train(client, 480.0, state=first, stop_step=6) == {"attempt": 1, "step": 6}
    _srun(monkeypatch, 1)
    assert _train(client, 128.0, stop_step=3) == {"attempt": 2, "step": 3}


def test_with_several_tasks_an_old_name_is_an_error_that_says_what_to_pass(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.create(spec())
    _srun(monkeypatch, 2)
    first = _train(client, 480.0, stop_step=3)
    _srun(monkeypatch, 2)
    with pytest.raises(Conflict, match=r"new launch.*launch_id=mixwell.torch.launch_id\(\)"):
        client.batches(state=first)
    _srun(monkeypatch, 2)
    with pytest.raises(Conflict, match=r"new launch.*MIXWELL_LAUNCH_ID"):
        _train(client, 128.0, stop_step=3)
    _srun(monkeypatch, 2)
    monkeypatch.setenv("MIXWELL_LAUNCH_ID", "second")
    assert _train(client, 480.0, state=first, stop_step=6)["attempt"] == 1
    _srun(monkeypatch, 2)
    assert _train(client, 128.0, launch_id="third", stop_step=3)["attempt"] == 2


def test_a_batch_script_without_srun_trains_on_nothing_in_silence(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.create(spec("static"))
    _srun(monkeypatch, 8)
    assert next(client.batches(stop_step=1)).tokens.shape[0] == 1
    monkeypatch.delenv("SLURM_STEP_ID")
    with pytest.raises(launch.Ambiguous, match="SLURM_NTASKS is 8"):
        client.batches()
    assert next(client.batches(rank=0, world=1, stop_step=1)).tokens.shape[0] == 8
