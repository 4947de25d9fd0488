"""The launchers that are known, a row each: where one writes rank, world and a launch's name."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

Environment = Mapping[str, str]
Told = tuple[str | None, str | None]
"""Rank and world, as far as a launcher says them."""

MEND = "pass rank= and world="
_MAX_CHARS = 200
_FIRST_STEP_WITHOUT_SRUN = 0xFFFF_FFF0  # SLURM's numbers of batch, extern and interactive steps
_PARENT, _START_TIME = 1, 19  # of /proc/N/stat; process numbers come again, with another time
_RAY_RANK, _RAY_WORLD = "ray.train's world rank", "ray.train's world size"


class Ambiguous(ValueError):
    """The variables do not say which rank of how many this process is."""


@dataclass(frozen=True, slots=True)
class Launcher:
    """A row: where a launcher writes rank, world and what tells its launches apart.

    Attributes:
        name: as its users call it.
        rank, world: variables.
        launch: the launch's name by other variables; None where they do not tell launches apart.
        speaks: whether its variables are a launch's.
        read: rank and world, where they are more than two variables.
        agents: the variable with the number of its own processes that started the ranks.
        spreads: whether it may start processes of its own, one a node, by one that carries.
        carries: whether others are started by it, for it has the nodes.
    """

    name: str
    rank: str
    world: str
    launch: Callable[[Environment], str | None] = lambda _: None
    speaks: Callable[[Environment], bool] = lambda _: True
    read: Callable[[Environment], Told] | None = None
    agents: str = ""
    spreads: bool = False
    carries: bool = False

    def told(self, environment: Environment) -> Told:
        if not self.speaks(environment):
            return None, None
        if self.read is not None:
            return self.read(environment)
        return environment.get(self.rank), environment.get(self.world)


def number(variable: str, text: str) -> int:
    try:
        return int(text)
    except ValueError as e:
        raise Ambiguous(
            f"{variable} is {text!r}, which is no whole number: mend what sets it, or {MEND}"
        ) from e


def _named(*variables: str, **defaults: str) -> Callable[[Environment], str | None]:
    """A launch's name by variables that must be there, and others that have a default."""

    def name(environment: Environment) -> str | None:
        if not all(v in environment for v in variables):
            return None
        values = [environment[v] for v in variables]
        values += [environment.get(v, default) for v, default in defaults.items()]
        kind = variables[0].partition("_")[0].lower()
        return bounded(kind, "-".join((kind, *values)))

    return name


def bounded(kind: str, name: str) -> str:
    """The name, or where the contract does not take it, what stands for it."""
    if len(name) <= _MAX_CHARS and name.isascii() and name.isprintable():
        return name
    return f"{kind}-" + hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()


def _is_torchrun(environment: Environment) -> bool:
    return "TORCHELASTIC_RUN_ID" in environment


def _torchrun(environment: Environment) -> str | None:
    """The run's id, the restart count, and the rendezvous' address, which changes with the world.

    Without `--rdzv-id` the id is `none` for everybody; then, on a single node, the agent process
    that started the ranks stands for the launch.
    """
    name = environment["TORCHELASTIC_RUN_ID"]
    if name == "none":
        if environment.get("GROUP_WORLD_SIZE") != "1":
            return None
        agent = _agent()
        name = f"{socket.gethostname()}-{agent}-{_of_process(agent, _START_TIME)}"
    parts = (
        "torchrun",
        name,
        "restart-" + environment.get("TORCHELASTIC_RESTART_COUNT", "0"),
        environment.get("WORLD_SIZE", "1"),
        environment.get("MASTER_ADDR", "") + ":" + environment.get("MASTER_PORT", ""),
    )
    return bounded("torchrun", "-".join(parts))


def _agent() -> str:
    """Of torchrun: the parent of the rank, also in a process that the rank has started."""
    rank = multiprocessing.parent_process()
    return str(os.getppid()) if rank is None else _of_process(str(rank.pid), _PARENT)


def _of_process(process: str, field: int) -> str:
    """A field of its state, counted behind its name, which is in brackets and can hold anything."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[field]
    except (OSError, IndexError):
        return ""


def _is_lightnings(environment: Environment) -> bool:
    return {"LOCAL_RANK", "NODE_RANK", "WORLD_SIZE"} <= environment.keys() and (
        "RANK" not in environment
    )


def _lightning(environment: Environment) -> Told:
    """Its processes know their place on the node; on the first node that is the rank."""
    first = environment["NODE_RANK"] == "0"
    return environment["LOCAL_RANK"] if first else None, environment["WORLD_SIZE"]


def _is_in_srun_step(environment: Environment) -> bool:
    """Whether srun started the step: batch scripts and interactive shells are steps, too."""
    step = environment.get("SLURM_STEP_ID", environment.get("SLURM_STEPID", ""))
    return step.isdecimal() and int(step) < _FIRST_STEP_WITHOUT_SRUN


def _srun(environment: Environment) -> Told:
    """The allocation's tasks, too, where they are one: a step of it cannot have more."""
    world = environment.get("SLURM_STEP_NUM_TASKS")
    if world is None and environment.get("SLURM_NTASKS") == "1":
        world = "1"
    return environment.get("SLURM_PROCID"), world


def allocated(environment: Environment) -> tuple[int, str]:
    """Tasks of SLURM's allocation, or its nodes if these are more; and the variable's sentence."""
    tasks, why = 1, ""
    for variable in ("SLURM_NTASKS", "SLURM_NPROCS", "SLURM_JOB_NUM_NODES", "SLURM_NNODES"):
        text = environment.get(variable, "")
        if text.isdecimal() and int(text) > tasks:
            tasks, why = int(text), f"{variable} is {text}"
    return tasks, why


def _is_mpich(environment: Environment) -> bool:
    return "I_MPI_MPIRUN" not in environment and "PALS_RANKID" not in environment


def _is_in_jobset(environment: Environment) -> bool:
    return "JOBSET_NAME" in environment or "JOB_INDEX" in environment


def _jobset(environment: Environment) -> Told:
    """A replicated job may have several Jobs, whose pods are each counted from 0."""
    pod, world = _indexed_job(environment)
    if "JOB_INDEX" not in environment or pod is None:
        return pod, world
    if "PROCESSES_IN_JOB" not in environment:
        return None, world
    jobs = number("JOB_INDEX", environment["JOB_INDEX"])
    each = number("PROCESSES_IN_JOB", environment["PROCESSES_IN_JOB"])
    return str(jobs * each + number("JOB_COMPLETION_INDEX", pod)), world


def _indexed_job(environment: Environment) -> Told:
    pod = environment.get("JOB_COMPLETION_INDEX")
    if pod is None or "RANK" in environment:  # WORLD_SIZE is then of those whose rank it is
        return pod, None
    return pod, environment.get("WORLD_SIZE")


def ray_train() -> dict[str, str]:
    """Of a worker of Ray Train, which knows its place by its context and not by variables."""
    train = sys.modules.get("ray.train")
    if train is None:
        return {}
    try:
        context = train.get_context()
        rank, world = context.get_world_rank(), context.get_world_size()
    except Exception:  # outside a worker, versions of Ray differ in what they raise
        return {}
    return {_RAY_RANK: str(rank), _RAY_WORLD: str(world)} if world and world > 1 else {}


LAUNCHERS = (
    Launcher("Ray Train", _RAY_RANK, _RAY_WORLD, spreads=True),
    Launcher(
        "torchrun",
        "RANK",
        "WORLD_SIZE",
        _torchrun,
        speaks=_is_torchrun,
        agents="GROUP_WORLD_SIZE",
    ),
    Launcher(
        "Lightning",
        "LOCAL_RANK on the first node",
        "WORLD_SIZE",
        speaks=_is_lightnings,
        read=_lightning,
    ),
    Launcher(
        "torch.distributed's variables",
        "RANK",
        "WORLD_SIZE",
        speaks=lambda e: not _is_torchrun(e) and not _is_lightnings(e),
    ),
    Launcher("Horovod", "HOROVOD_RANK", "HOROVOD_SIZE", spreads=True),
    Launcher(
        "Open MPI",
        "OMPI_COMM_WORLD_RANK",
        "OMPI_COMM_WORLD_SIZE",
        _named("OMPI_MCA_orte_precondition_transports"),
        spreads=True,
    ),
    Launcher("MVAPICH", "MV2_COMM_WORLD_RANK", "MV2_COMM_WORLD_SIZE", spreads=True),
    Launcher("jsrun", "JSM_NAMESPACE_RANK", "JSM_NAMESPACE_SIZE"),
    Launcher(
        "Cray PALS",
        "PALS_RANKID",
        "PMI_SIZE",
        _named("PALS_APID"),
        speaks=lambda e: "PALS_RANKID" in e,
        carries=True,
    ),
    Launcher(
        "Intel MPI", "PMI_RANK", "PMI_SIZE", speaks=lambda e: "I_MPI_MPIRUN" in e, spreads=True
    ),
    Launcher("MPICH", "PMI_RANK", "PMI_SIZE", speaks=_is_mpich, spreads=True),
    Launcher(
        "Flux",
        "FLUX_TASK_RANK",
        "FLUX_JOB_SIZE",
        _named("FLUX_JOB_ID"),
        spreads=True,
        carries=True,
    ),
    Launcher(
        "SLURM's srun",
        "SLURM_PROCID",
        "SLURM_STEP_NUM_TASKS",
        _named("SLURM_JOB_ID", "SLURM_STEP_ID", SLURM_RESTART_COUNT="0"),
        speaks=_is_in_srun_step,
        read=_srun,
        carries=True,
    ),
    Launcher(
        "JobSet",
        "JOB_INDEX x PROCESSES_IN_JOB + JOB_COMPLETION_INDEX",
        "WORLD_SIZE",
        _named("JOBSET_UID", "JOBSET_RESTART_ATTEMPT"),
        speaks=_is_in_jobset,
        read=_jobset,
        carries=True,
    ),
    Launcher(
        "a Kubernetes Indexed Job",
        "JOB_COMPLETION_INDEX",
        "WORLD_SIZE",
        speaks=lambda e: not _is_in_jobset(e),
        read=_indexed_job,
        carries=True,
    ),
)
"""From the inside out: of launchers that agree, the first is the one that started the ranks."""
