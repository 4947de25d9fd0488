"""A line that says how training goes, on a terminal only."""

from __future__ import annotations

import sys
import time
from typing import TextIO

import numpy as np
import numpy.typing as npt

from mixwell.batch import Batch

_EVERY_SECONDS = 0.5
_MAX_GROUPS = 6
_MEMORY = 0.98  # weight of what came before, batch by batch


class Progress:
    """Step, tokens a second, share of the time spent waiting for batches, shares of the groups.

    Owned by the training thread. Costs nothing where standard error is no terminal.
    """

    def __init__(self, world: int, out: TextIO | None = None, *, shown: bool = True) -> None:
        self._out = sys.stderr if out is None else out
        self._world = world
        self._shown = shown and self._out.isatty()
        self._since = time.monotonic()
        self._tokens = 0
        self._waited = 0.0
        self._shares: npt.NDArray[np.float64] | None = None
        self._width = 0

    def saw(self, batch: Batch, waited_seconds: float) -> None:
        """Counts a batch, and now and then writes the line."""
        if not self._shown:
            return
        rows, width = batch.tokens.shape
        self._tokens += rows * (width - 1) * self._world
        self._waited += waited_seconds
        counts = np.bincount(batch.groups, minlength=len(batch.group_names)) / rows
        old = self._shares
        self._shares = counts if old is None else _MEMORY * old + (1 - _MEMORY) * counts
        now = time.monotonic()
        if now - self._since >= _EVERY_SECONDS:
            self._write(self._line(batch, self._shares, now - self._since))
            self._since, self._tokens, self._waited = now, 0, 0.0

    def close(self) -> None:
        """Ends the line."""
        if self._shown and self._width:
            self._out.write("\n")
            self._out.flush()
        self._shown = False

    def _line(self, batch: Batch, shares: npt.NDArray[np.float64], seconds: float) -> str:
        first = np.argsort(-shares, kind="stable")[:_MAX_GROUPS]
        mixture = "  ".join(f"{batch.group_names[g]} {shares[g]:.0%}" for g in first)
        more = " ..." if len(shares) > _MAX_GROUPS else ""
        return (
            f"step {batch.step:,}  {self._tokens / seconds:,.0f} tokens/s  "
            f"waiting {self._waited / seconds:.0%}  {mixture}{more}"
        )

    def _write(self, line: str) -> None:
        self._out.write("\r" + line.ljust(self._width))
        self._out.flush()
        self._width = len(line)
