from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

from mixwell import launch
from mixwell.launchers import LAUNCHERS

_TORCHRUN = {
    "TORCHELASTIC_RUN_ID": "job7",
    "TORCHELASTIC_RESTART_COUNT": "0",
    "GROUP_WORLD_SIZE": "2",
    "WORLD_SIZE": "8",
    "RANK": "5",
    "MASTER_ADDR": "node1",
    "MASTER_PORT": "4242",
}
_JOB = {"SLURM_JOB_ID": "99", "SLURM_NTASKS": "8", "SLURM_JOB_NUM_NODES": "2"}
_STEP = {"SLURM_STEP_ID": "0", "SLURM_STEP_NUM_TASKS": "8", "SLURM_PROCID": "5"}
_SLURM = {**_JOB, **_STEP}
_PMI = {"PMI_RANK": "5", "PMI_SIZE": "8", "PMI_FD": "6", "MPI_LOCALRANKID": "1"}
_OPEN_MPI = {
    "OMPI_COMM_WORLD_RANK": "5",
    "OMPI_COMM_WORLD_SIZE": "8",
    "OMPI_MCA_orte_precondition_transports": "39495aba67834b86-26ed1a61c1b29766",
}
_POD = {"JOB_COMPLETION_INDEX": "5", "WORLD_SIZE": "8"}
_JOBSET = {
    "JOBSET_NAME": "train",
    "JOBSET_UID": "4f0c",
    "JOBSET_RESTART_ATTEMPT": "0",
    "JOB_INDEX": "1",
    "PROCESSES_IN_JOB": "4",
    "JOB_COMPLETION_INDEX": "1",
    "WORLD_SIZE": "8",
}

_FIVE_OF_EIGHT = {
    "torchrun": _TORCHRUN,
    "Lightning": {"NODE_RANK": "0", "LOCAL_RANK": "5", "WORLD_SIZE": "8"},
    "torch.distributed's variables": {"RANK": "5", "WORLD_SIZE": "8", "MASTER_ADDR": "node1"},
    "Horovod": {"HOROVOD_RANK": "5", "HOROVOD_SIZE": "8"},
    "Open MPI": _OPEN_MPI,
    "MVAPICH": {"MV2_COMM_WORLD_RANK": "5", "MV2_COMM_WORLD_SIZE": "8"},
    "jsrun": {"JSM_NAMESPACE_RANK": "5", "JSM_NAMESPACE_SIZE": "8"},
    "Cray PALS": {"PALS_RANKID": "5", "PALS_APID": "3bd7", "PMI_SIZE": "8", "PMI_RANK": "5"},
    "Intel MPI": {**_PMI, "I_MPI_MPIRUN": "mpirun"},
    "MPICH": _PMI,
    "Flux": {"FLUX_TASK_RANK": "5", "FLUX_JOB_SIZE": "8", "FLUX_JOB_ID": "f2ab"},
    "SLURM's srun": _SLURM,
    "JobSet": _JOBSET,
    "a Kubernetes Indexed Job": _POD,
}


def test_every_launcher_that_variables_tell_is_tested() -> None:
    assert [*_FIVE_OF_EIGHT] == [row.name for row in LAUNCHERS if row.name != "Ray Train"]


@pytest.mark.parametrize("name", _FIVE_OF_EIGHT)
def test_rank_and_world_are_the_launchers(name: str) -> None:
    assert launch.rank_and_world(_FIVE_OF_EIGHT[name]) == (5, 8)
    inner = next(row for row in LAUNCHERS if row.told(_FIVE_OF_EIGHT[name])[0] is not None)
    assert inner.name == name


@pytest.mark.parametrize(
    "alone",
    [
        {},
        {"WORLD_SIZE": "1"},
        {"SLURM_JOB_ID": "7", "SLURM_NTASKS": "1", "SLURM_PROCID": "0"},
        {"SLURM_JOB_ID": "7", "SLURM_NTASKS": "1", "SLURM_PROCID": "0", "SLURM_STEP_ID": "0"},
        {**_JOB, "SLURM_STEP_ID": "3", "SLURM_STEP_NUM_TASKS": "1", "SLURM_PROCID": "0"},
        {"RANK": "", "WORLD_SIZE": " "},
        {"JOB_COMPLETION_INDEX": "0", "WORLD_SIZE": "1"},
    ],
)
def test_one_process_is_rank_0_of_1_and_draws_its_name(alone: dict[str, str]) -> None:
    assert launch.rank_and_world(alone) == (0, 1)
    assert launch.launch_id(alone) is None


@pytest.mark.parametrize(
    ("outer", "inner", "name"),
    [
        (_SLURM | {"SLURM_STEP_NUM_TASKS": "2", "SLURM_PROCID": "0"}, _TORCHRUN, "torchrun-"),
        (_SLURM | {"SLURM_STEP_NUM_TASKS": "1", "SLURM_PROCID": "0"}, _TORCHRUN, "torchrun-"),
        ({**_JOB, "SLURM_PROCID": "0"}, _TORCHRUN, "torchrun-"),
        ({"JOB_COMPLETION_INDEX": "1"}, _TORCHRUN, "torchrun-"),
        ({**_JOBSET, "JOB_INDEX": "0"}, _TORCHRUN, "torchrun-"),
        (_OPEN_MPI, {"RANK": "5", "WORLD_SIZE": "8"}, ""),
        ({**_JOB, "SLURM_PROCID": "0"}, _OPEN_MPI, "ompi-"),
        (_SLURM | {"SLURM_STEP_NUM_TASKS": "3", "SLURM_PROCID": "2"}, _OPEN_MPI, "ompi-"),
        (_SLURM, _PMI, ""),
        (_SLURM, {"WORLD_SIZE": "8"}, "slurm-"),
        (_SLURM | {"SLURM_STEP_NUM_TASKS": "2"} | {"SLURM_PROCID": "1"}, _PMI, ""),
    ],
)
def test_of_launchers_in_each_other_the_inner_one_has_the_ranks(
    outer: dict[str, str], inner: dict[str, str], name: str
) -> None:
    both = {**outer, **inner}
    assert launch.rank_and_world(both) == (5, 8)
    assert (launch.launch_id(both) or "").startswith(name)


@pytest.mark.parametrize(
    ("ambiguous", "mend"),
    [
        # An allocation of several tasks, one process.
        ({**_JOB, "SLURM_PROCID": "0"}, "SLURM_NTASKS is 8.*start the training with srun"),
        ({**_JOB, **_STEP, "SLURM_STEP_ID": "4294967291"}, "SLURM_NTASKS is 8.*srun"),
        ({**_JOB, **_STEP, "SLURM_STEP_ID": "4294967290"}, "rank=0, world=1"),
        ({**_JOB, **_STEP, "SLURM_STEP_ID": "batch"}, "SLURM_NTASKS is 8"),
        ({"SLURM_JOB_ID": "7", "SLURM_NPROCS": "4"}, "SLURM_NPROCS is 4"),
        ({"SLURM_JOB_ID": "7", "SLURM_JOB_NUM_NODES": "4"}, "SLURM_JOB_NUM_NODES is 4"),
        # One of the two only.
        ({"WORLD_SIZE": "8"}, "WORLD_SIZE is 8 and RANK is not set.*pass rank= and world="),
        ({"RANK": "5"}, "RANK is 5 and WORLD_SIZE is not set"),
        ({"OMPI_COMM_WORLD_SIZE": "8"}, "OMPI_COMM_WORLD_RANK is not set"),
        ({"PALS_RANKID": "5"}, "PMI_SIZE is not set"),
        ({"JOB_COMPLETION_INDEX": "5"}, "WORLD_SIZE is not set .a Kubernetes Indexed Job"),
        ({**_JOBSET, "PROCESSES_IN_JOB": ""}, "WORLD_SIZE is 8 and RANK is not set"),
        ({"NODE_RANK": "1", "LOCAL_RANK": "0", "WORLD_SIZE": "8"}, "pass rank= and world="),
        ({**_SLURM, "SLURM_STEP_NUM_TASKS": ""}, "SLURM_STEP_NUM_TASKS is not set"),
        # No such rank.
        ({"RANK": "8", "WORLD_SIZE": "8"}, "RANK is 8 and WORLD_SIZE is 8"),
        ({**_PMI, "PMI_RANK": "9"}, "PMI_RANK is 9 and PMI_SIZE is 8"),
        ({**_JOBSET, "JOB_INDEX": "2"}, "JOB_INDEX x PROCESSES_IN_JOB .* is 9"),
        ({"RANK": "-1", "WORLD_SIZE": "2"}, "RANK is -1"),
        ({"RANK": "0", "WORLD_SIZE": "0"}, "WORLD_SIZE is 0"),
        ({"RANK": "one", "WORLD_SIZE": "2"}, "RANK is 'one', which is no whole number"),
        # Two that disagree.
        ({**_SLURM, "RANK": "0", "WORLD_SIZE": "1"}, "rank 0 of 1 .RANK.*SLURM's srun says rank 5"),
        ({**_SLURM, "RANK": "0", "WORLD_SIZE": "8"}, "unset the variables"),
        ({**_SLURM, **_TORCHRUN, "GROUP_WORLD_SIZE": "1"}, "torchrun says rank 5 of 8"),
        ({**_SLURM, **_OPEN_MPI, "OMPI_COMM_WORLD_SIZE": "6"}, "Open MPI says rank 5 of 6"),
        ({**_OPEN_MPI, **_PMI, "PMI_RANK": "4"}, "Open MPI says .* MPICH says rank 4 of 8"),
        ({**_SLURM, "WORLD_SIZE": "4"}, "WORLD_SIZE is 4 without RANK"),
        ({**_SLURM, "RANK": "4"}, "RANK is 4 without WORLD_SIZE"),
    ],
)
def test_what_is_ambiguous_is_an_error_that_mends_it(ambiguous: dict[str, str], mend: str) -> None:
    with pytest.raises(launch.Ambiguous, match=mend):
        launch.rank_and_world(ambiguous)
    assert launch.launch_id(ambiguous) is None


def test_one_of_rank_and_world_has_to_agree_with_the_launcher() -> None:
    def here() -> launch.Place:
        return launch.Place(1, 4)

    for rank, world in ((None, None), (1, None), (None, 4)):
        assert launch.place(rank, world, here) == (1, 4)
    assert launch.place(0, 2, here) == (0, 2)
    with pytest.raises(launch.Ambiguous, match=r"world 2 without a rank is given.*pass both"):
        launch.place(None, 2, here)
    with pytest.raises(launch.Ambiguous, match=r"rank 3 alone is given.*rank 1 of 4"):
        launch.place(3, None, here)
    for rank, world in ((2, 2), (-1, 2), (0, 0)):
        with pytest.raises(ValueError, match="there is no rank"):
            launch.place(rank, world, here)


def test_a_worker_of_ray_train_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RANK", "WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)
    context = types.SimpleNamespace(get_world_rank=lambda: 5, get_world_size=lambda: 8)
    ray = types.SimpleNamespace(get_context=lambda: context)
    monkeypatch.setitem(sys.modules, "ray.train", ray)
    assert launch.rank_and_world() == (5, 8)
    assert launch.launch_id() is None
    monkeypatch.setenv("RANK", "4")
    monkeypatch.setenv("WORLD_SIZE", "8")
    with pytest.raises(launch.Ambiguous, match="Ray Train says rank 5 of 8"):
        launch.rank_and_world()
    monkeypatch.setitem(sys.modules, "ray.train", types.SimpleNamespace())
    assert launch.rank_and_world() == (4, 8)


_NAMED = [
    _TORCHRUN,
    _SLURM,
    _OPEN_MPI,
    _JOBSET,
    _FIVE_OF_EIGHT["Cray PALS"],
    _FIVE_OF_EIGHT["Flux"],
    {**_PMI, "MIXWELL_LAUNCH_ID": "mine"},
]
_RANKS = {row.rank for row in LAUNCHERS} | {"JOB_COMPLETION_INDEX", "PMI_RANK"}


@pytest.mark.parametrize("launcher", _NAMED)
def test_all_ranks_of_a_launch_have_one_name(launcher: dict[str, str]) -> None:
    others = launcher | dict.fromkeys(_RANKS & launcher.keys(), "0")
    if launcher is _JOBSET:
        others["JOB_INDEX"] = "0"
    assert launch.rank_and_world(others) == (0, 8)
    assert launch.launch_id(launcher) == launch.launch_id(others) is not None


@pytest.mark.parametrize(
    ("launcher", "change"),
    [
        (_TORCHRUN, {"TORCHELASTIC_RESTART_COUNT": "1"}),
        (_TORCHRUN, {"WORLD_SIZE": "6"}),
        (_TORCHRUN, {"MASTER_PORT": "4243"}),
        (_TORCHRUN, {"TORCHELASTIC_RUN_ID": "job8"}),
        (_SLURM, {"SLURM_RESTART_COUNT": "1"}),
        (_SLURM, {"SLURM_STEP_ID": "1"}),
        (_SLURM, {"SLURM_JOB_ID": "100"}),
        (_SLURM, {"MIXWELL_LAUNCH_ID": "again"}),
        (_OPEN_MPI, {"OMPI_MCA_orte_precondition_transports": "1-2"}),
        (_JOBSET, {"JOBSET_RESTART_ATTEMPT": "1"}),
        (_JOBSET, {"JOBSET_UID": "9"}),
        (_FIVE_OF_EIGHT["Cray PALS"], {"PALS_APID": "4"}),
    ],
)
def test_every_launch_has_a_name_of_its_own(
    launcher: dict[str, str], change: dict[str, str]
) -> None:
    assert launch.launch_id(launcher) != launch.launch_id({**launcher, **change})


def test_what_does_not_tell_launches_apart_gives_no_name() -> None:
    unnamed = {**_TORCHRUN, "TORCHELASTIC_RUN_ID": "none"}
    assert launch.launch_id(unnamed) is None
    assert launch.launch_id({**unnamed, "GROUP_WORLD_SIZE": "1"}) is not None
    for name in ("MPICH", "Intel MPI", "a Kubernetes Indexed Job", "Lightning"):
        assert launch.launch_id(_FIVE_OF_EIGHT[name]) is None
    assert launch.launch_id({**_JOBSET, "JOBSET_UID": ""}) is None


def test_a_name_is_within_the_contracts_limit() -> None:
    long = {**_TORCHRUN, "TORCHELASTIC_RUN_ID": "x" * 500}
    assert len(launch.launch_id(long) or "") <= 200
    restarted = {**long, "TORCHELASTIC_RESTART_COUNT": "1"}
    assert launch.launch_id(long) != launch.launch_id(restarted)
    for name in ("é" * 300, "a\nb"):
        given = launch.launch_id({"MIXWELL_LAUNCH_ID": name}) or ""
        assert given.isascii()
        assert given.isprintable()


_MPIRUN = {
    "Open MPI": ("mpirun.openmpi", ["--allow-run-as-root", "--oversubscribe"]),
    "MPICH": ("mpiexec.hydra", []),
}


@pytest.mark.parametrize("name", _MPIRUN)
def test_ranks_under_a_real_mpirun(name: str) -> None:
    program, options = _MPIRUN[name]
    prints = (
        "import os; from mixwell import launch; r, w = launch.rank_and_world(); "
        "os.write(1, f'{r} {w} {launch.launch_id()}\\n'.encode())"
    )
    path = os.pathsep.join([str(Path(launch.__file__).parents[1]), *sys.path])
    command = [program, *options, "-n", "3", sys.executable, "-c", prints]
    try:
        ran = subprocess.run(
            command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True,
            timeout=60, check=True,
        )  # fmt: skip
    except FileNotFoundError:
        pytest.skip(f"{program} is not installed")
    ranks, worlds, names = zip(*(x.split() for x in ran.stdout.splitlines()), strict=True)
    assert sorted(ranks) == ["0", "1", "2"]
    assert set(worlds) == {"3"}
    assert len(set(names)) == 1
    assert (names[0] == "None") == (name == "MPICH")


def _launch_id_in_child(environment: dict[str, str], out: multiprocessing.SimpleQueue) -> None:
    out.put(launch.launch_id(environment))


@pytest.mark.parametrize("context", ["fork", "spawn", "forkserver"])
def test_a_ranks_worker_gives_the_launch_the_ranks_name(context: str) -> None:
    unnamed = {**_TORCHRUN, "TORCHELASTIC_RUN_ID": "none", "GROUP_WORLD_SIZE": "1"}
    processes = multiprocessing.get_context(context)
    out = processes.SimpleQueue()
    child = processes.Process(target=_launch_id_in_child, args=(unnamed, out))
    child.start()
    assert out.get() == launch.launch_id(unnamed)
    child.join()
