from __future__ import annotations

import pytest

from mixwell import launch

_TORCHRUN = {
    "TORCHELASTIC_RUN_ID": "job7",
    "TORCHELASTIC_RESTART_COUNT": "0",
    "GROUP_WORLD_SIZE": "2",
    "WORLD_SIZE": "4",
    "RANK": "3",
    "MASTER_ADDR": "node1",
    "MASTER_PORT": "4242",
}
_SLURM = {"SLURM_JOB_ID": "99", "SLURM_STEP_ID": "0", "SLURM_PROCID": "5", "SLURM_NTASKS": "8"}


def test_rank_and_world_are_the_launchers() -> None:
    assert launch.rank_and_world({}) == (0, 1)
    assert launch.rank_and_world(_TORCHRUN) == (3, 4)
    assert launch.rank_and_world(_SLURM) == (5, 8)


@pytest.mark.parametrize("launcher", [_TORCHRUN, _SLURM])
def test_all_ranks_of_a_launch_have_one_name(launcher: dict[str, str]) -> None:
    others = {**launcher, "RANK": "0", "SLURM_PROCID": "0"}
    assert launch.launch_id(launcher) == launch.launch_id(others) is not None


@pytest.mark.parametrize(
    ("launcher", "change"),
    [
        (_TORCHRUN, {"TORCHELASTIC_RESTART_COUNT": "1"}),
        (_TORCHRUN, {"WORLD_SIZE": "2"}),
        (_TORCHRUN, {"MASTER_PORT": "4243"}),
        (_TORCHRUN, {"TORCHELASTIC_RUN_ID": "job8"}),
        (_SLURM, {"SLURM_RESTART_COUNT": "1"}),
        (_SLURM, {"SLURM_STEP_ID": "1"}),
        (_SLURM, {"SLURM_JOB_ID": "100"}),
    ],
)
def test_every_launch_has_a_name_of_its_own(
    launcher: dict[str, str], change: dict[str, str]
) -> None:
    assert launch.launch_id(launcher) != launch.launch_id({**launcher, **change})


def test_without_a_rendezvous_id_only_one_node_has_a_name() -> None:
    unnamed = {**_TORCHRUN, "TORCHELASTIC_RUN_ID": "none"}
    assert launch.launch_id(unnamed) is None
    assert launch.launch_id({**unnamed, "GROUP_WORLD_SIZE": "1"}) is not None
    assert launch.launch_id({}) is None


def test_a_name_is_within_the_contracts_limit() -> None:
    long = {**_TORCHRUN, "TORCHELASTIC_RUN_ID": "x" * 500}
    assert len(launch.launch_id(long) or "") <= 200
    restarted = {**long, "TORCHELASTIC_RESTART_COUNT": "1"}
    assert launch.launch_id(long) != launch.launch_id(restarted)
