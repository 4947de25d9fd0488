"""What launched this process: its rank, and a name for the launch that all its ranks share.

Every launch opens an attempt of its own, and a relaunch after a crash is a new launch. So the name
has to be equal on all ranks and new each time: the restart count belongs to it.
"""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Mapping
from pathlib import Path

_MAX_CHARS = 200


def rank_and_world(environment: Mapping[str, str] = os.environ) -> tuple[int, int]:
    """This process's rank and their number, by torchrun's variables or SLURM's; else (0, 1)."""
    for rank, world in (("RANK", "WORLD_SIZE"), ("SLURM_PROCID", "SLURM_NTASKS")):
        if rank in environment and world in environment:
            return int(environment[rank]), int(environment[world])
    return 0, 1


def launch_id(environment: Mapping[str, str] = os.environ) -> str | None:
    """The launch's name by its launcher's variables; None where they do not tell launches apart.

    torchrun: the run's id, the restart count, and the rendezvous' address, which changes when the
    world does. Without `--rdzv-id` the id is `none` for everybody; then, on a single node, the
    agent process that started the ranks stands for the launch.

    SLURM: the job, the step, and how often the job was requeued.

    Where torch.distributed is up, `mixwell.torch.launch_id()` needs no launcher's help.
    """
    if "TORCHELASTIC_RUN_ID" in environment:
        return _torchrun(environment)
    if "SLURM_JOB_ID" in environment and "SLURM_PROCID" in environment:
        job, step = environment["SLURM_JOB_ID"], environment.get("SLURM_STEP_ID", "batch")
        return f"slurm-{job}.{step}-restart-{environment.get('SLURM_RESTART_COUNT', '0')}"
    return None


def _torchrun(environment: Mapping[str, str]) -> str | None:
    name = environment["TORCHELASTIC_RUN_ID"]
    if name == "none":
        if environment.get("GROUP_WORLD_SIZE") != "1":
            return None
        name = f"{socket.gethostname()}-{os.getppid()}-{_start_time(os.getppid())}"
    parts = (
        "torchrun",
        name,
        "restart-" + environment.get("TORCHELASTIC_RESTART_COUNT", "0"),
        environment.get("WORLD_SIZE", "1"),
        environment.get("MASTER_ADDR", "") + ":" + environment.get("MASTER_PORT", ""),
    )
    joined = "-".join(parts)
    if len(joined) <= _MAX_CHARS:
        return joined
    return "torchrun-" + hashlib.sha256(joined.encode()).hexdigest()


def _start_time(process: int) -> str:
    """Since process numbers come again."""
    try:
        # Field 22; the name before it, in brackets, can hold anything.
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
