"""What a DataLoader's worker process and its parent know of each other's progress."""

from __future__ import annotations

import multiprocessing
import os

import torch

_ATTEMPT, _REPORTED, _END, _OWNER = range(4)


class WorkersProgress:
    """Numbers in memory that a worker process shares with its parent; -1 for none.

    By fork, spawn and forkserver, if the copy goes through torch.multiprocessing, as a DataLoader's
    does; a copy that goes another way shares nothing. Each number has one writer.
    """

    def __init__(self) -> None:
        self._shared = torch.full((4,), -1, dtype=torch.int64).share_memory_()
        self._shared[_OWNER] = os.getpid()

    def check_owner(self) -> None:
        """By the worker, before anything else.

        Raises:
            RuntimeError: if the memory is of another process than the worker's parent, with whose
                other children it is shared: other ranks, say.
        """
        parent = multiprocessing.parent_process()
        if parent is None or parent.pid != int(self._shared[_OWNER]):
            raise RuntimeError(
                "the dataset was made in another process than the one whose DataLoader has this "
                "worker, so ranks would share its progress: make it in each rank's own process, or "
                "use num_workers=0"
            )

    @property
    def attempt(self) -> int | None:
        """That a worker has opened."""
        attempt = int(self._shared[_ATTEMPT])
        return None if attempt < 0 else attempt

    def opened(self, attempt: int) -> None:
        """By the worker."""
        self._shared[_ATTEMPT] = attempt

    def reported(self, step: int) -> None:
        """By the parent."""
        self._shared[_REPORTED] = step

    def ended(self, step: int) -> None:
        """By the worker, when it has no batch for `step`."""
        self._shared[_END] = step

    def next_step(self) -> int:
        """Where another iteration begins: behind what was trained, not what was pulled.

        Raises:
            RuntimeError: if nobody knows.
        """
        end, reported = int(self._shared[_END]), int(self._shared[_REPORTED])
        if end < 0 and reported < 0:
            raise RuntimeError(
                "a worker process has iterated before, no batch was reported, and so nobody knows "
                "where to go on: report each batch, or iterate once, or use num_workers=0"
            )
        return max(end, reported + 1)
