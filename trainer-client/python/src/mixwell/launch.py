"""What launched this process: its rank, and a name for the launch that all its ranks share.

Each launcher is a row of `mixwell.launchers`, the innermost first: torchrun under srun is torchrun.
What the variables leave open is an error that says how to mend it, for a wrong rank trains in
silence on a part of the rows. An allocation's variables (`SLURM_NTASKS` in a batch script) are no
launch.

Every launch opens an attempt of its own, and a relaunch after a crash is a new launch. So a name
has to be equal on all ranks and new each time: the restart count belongs to it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import NamedTuple

from mixwell.launchers import (
    LAUNCHERS,
    MEND,
    Ambiguous,
    Environment,
    Launcher,
    allocated,
    bounded,
    number,
    ray_train,
)

__all__ = [
    "ANEW",
    "LAUNCH_VARIABLE",
    "Ambiguous",
    "Environment",
    "Place",
    "launch_id",
    "place",
    "rank_and_world",
]

LAUNCH_VARIABLE = "MIXWELL_LAUNCH_ID"
"""A launch's name, from whoever launches; it goes before the launcher's."""

ANEW = (
    "If this is a new launch (in an old step of SLURM, say), it needs a name of its own: pass "
    "launch_id=mixwell.torch.launch_id(), or another that is new each time and the same on all "
    f"ranks, or set {LAUNCH_VARIABLE} to one where all ranks are launched."
)
"""What to do where the launcher's name is that of a launch before."""


class Place(NamedTuple):
    """A data-parallel rank among so many."""

    rank: int
    world: int


def rank_and_world(environment: Environment | None = None) -> Place:
    """This process's rank and their number, by its launcher; without one (0, 1).

    Raises:
        Ambiguous: where the variables leave it open; the sentence says what to do.
    """
    return _find(_clean(environment))[1]


def place(
    rank: int | None, world: int | None, found: Callable[[], Place] = rank_and_world
) -> Place:
    """Rank and world as given; what is not given is what is found, if the rest agrees with it.

    Raises:
        Ambiguous: for one without the other that does not agree with what is found.
        ValueError: if the rank is none of the world's.
    """
    if rank is None or world is None:
        there = found()
        if (rank is not None and rank != there.rank) or (
            world is not None and world != there.world
        ):
            given = f"world {world} without a rank" if rank is None else f"rank {rank} alone"
            raise Ambiguous(
                f"{given} is given, and this process is rank {there.rank} of {there.world} by its "
                "launcher: pass both rank= and world=, or neither"
            )
        rank, world = there
    if not 0 <= rank < world:
        raise ValueError(f"there is no rank {rank} among {world} ranks: they are counted from 0")
    return Place(rank, world)


def launch_id(environment: Environment | None = None) -> str | None:
    """The launch's name by `MIXWELL_LAUNCH_ID` or its launcher's variables.

    None where they do not tell launches apart, and for a single rank, which shares its name with
    nobody: a name that is drawn is new for certain. Where torch.distributed is up,
    `mixwell.torch.launch_id()` needs no launcher's help.
    """
    environment = _clean(environment)
    if LAUNCH_VARIABLE in environment:
        return bounded("named", environment[LAUNCH_VARIABLE])
    try:
        launcher, there = _find(environment)
    except Ambiguous:
        return None
    return launcher.launch(environment) if launcher is not None and there.world > 1 else None


def _clean(environment: Environment | None) -> Environment:
    if environment is None:
        environment = {**os.environ, **ray_train()}
    return {name: value for name, value in environment.items() if value.strip()}


def _find(environment: Environment) -> tuple[Launcher | None, Place]:
    """The innermost launcher that says both rank and world, if the others agree with it."""
    told = [(row, *row.told(environment)) for row in LAUNCHERS]
    spoke = [t for t in told if t[1] is not None or t[2] is not None]
    complete = [(row, _place(row, r, w)) for row, r, w in spoke if r is not None and w is not None]
    if not complete:
        return _find_among_parts(environment, spoke)
    inner, there = complete[0]
    for row, other in complete[1:]:
        if not _is_around(row, other, inner, there, environment):
            raise Ambiguous(
                f"{inner.name} says rank {there.rank} of {there.world} ({inner.rank}, "
                f"{inner.world}), and {row.name} says rank {other.rank} of {other.world} "
                f"({row.rank}, {row.world}): unset the variables of the one that did not start "
                f"this training, or {MEND}"
            )
    for row, rank, world in spoke:
        _refuse_part(row, rank, world, inner, there)
    return inner, there


def _refuse_part(
    row: Launcher, rank: str | None, world: str | None, inner: Launcher, there: Place
) -> None:
    """Raises where a row with one of its two contradicts the launcher that has both."""
    is_other_world = rank is None and world not in (None, "1", str(there.world))
    is_other_rank = world is None and not row.carries and rank not in (None, str(there.rank))
    if is_other_world or is_other_rank:
        has, value, lacks = _half(row, rank, world)
        raise Ambiguous(
            f"{has} is {value} without {lacks}, and {inner.name} says rank {there.rank} of "
            f"{there.world}: unset {has}, or {MEND}"
        )


def _half(row: Launcher, rank: str | None, world: str | None) -> tuple[str, str | None, str]:
    return (row.world, world, row.rank) if rank is None else (row.rank, rank, row.world)


def _find_among_parts(
    environment: Environment, spoke: list[tuple[Launcher, str | None, str | None]]
) -> tuple[Launcher | None, Place]:
    for row, rank, world in spoke:
        if world is not None and number(row.world, world) == 1:
            continue
        has, value, lacks = _half(row, rank, world)
        raise Ambiguous(
            f"{has} is {value} and {lacks} is not set ({row.name}): set it in what launches this "
            f"process, or {MEND}; a process that trains alone is rank=0, world=1"
        )
    tasks, why = allocated(environment)
    if tasks > 1:
        raise Ambiguous(
            f"{why}, and this one process was not started by srun: start the training with srun, "
            "torchrun or mpirun, or pass rank=0, world=1 to train on all rows in this process"
        )
    return None, Place(0, 1)


def _is_around(
    outer: Launcher, around: Place, inner: Launcher, there: Place, environment: Environment
) -> bool:
    """Whether the outer launcher started what the inner one then started the ranks with."""
    if around.world == 1:
        return True
    if inner.agents in environment:
        return 1 < number(inner.agents, environment[inner.agents]) <= around.world
    if around == there:
        return True
    if inner.spreads and outer.carries and around.world < there.world:
        return True
    each, rest = divmod(there.world, around.world)
    return rest == 0 and there.rank // each == around.rank


def _place(row: Launcher, rank: str, world: str) -> Place:
    found = Place(number(row.rank, rank), number(row.world, world))
    if not 0 <= found.rank < found.world:
        raise Ambiguous(
            f"{row.rank} is {found.rank} and {row.world} is {found.world} ({row.name}): ranks are "
            f"counted from 0, so there is none such. Mend what launches this process, or {MEND}"
        )
    return found
