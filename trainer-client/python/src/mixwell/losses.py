"""Losses by group, as the server wants them: sums and counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mixwell.batch import Rows


@dataclass(frozen=True, slots=True)
class GroupLosses:
    """Loss sums in nats and token counts, by place of the group.

    Attributes:
        names: of the groups.
        sums: float64 [m].
        tokens: int64 [m].
        rows: int64 [m]: rows of each group, whose labels may all be masked; None where no label is.
    """

    names: Sequence[str]
    sums: npt.NDArray[np.float64]
    tokens: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64] | None = None

    def means(self) -> dict[str, float]:
        """Nats a token, of the groups that were seen."""
        seen = [g for g in range(len(self.names)) if self.tokens[g] > 0]
        return {self.names[g]: float(self.sums[g] / self.tokens[g]) for g in seen}

    def mean(self) -> float:
        """Nats a token over all groups; NaN if there is none."""
        count = int(self.tokens.sum())
        return float(self.sums.sum()) / count if count else float("nan")

    def is_finite(self) -> bool:
        return bool(np.isfinite(self.sums).all())

    def __add__(self, other: GroupLosses) -> GroupLosses:
        if list(self.names) != list(other.names):
            raise ValueError(f"groups {self.names} and {other.names} do not add")
        rows = self._served() + other._served()
        return GroupLosses(self.names, self.sums + other.sums, self.tokens + other.tokens, rows)

    def _served(self) -> npt.NDArray[np.int64]:
        """More than 0 where a group had rows."""
        return self.tokens if self.rows is None else self.rows

    def begin(self) -> None:
        """They are here."""

    def feedback(self) -> dict[str, dict[str, Any]] | None:
        """The `groups` of a post: those that had rows. None if a sum is no finite number.

        A group none of whose labels counts is posted with 0 tokens: the server takes one that is
        missing for a mistake.
        """
        if not self.is_finite():
            return None
        seen = np.flatnonzero(self._served() > 0).tolist()
        return {
            self.names[g]: {"lossSum": float(self.sums[g]), "tokens": int(self.tokens[g])}
            for g in seen
        }

    @staticmethod
    def of(sums: Mapping[str, tuple[float, int]]) -> GroupLosses:
        """From `{name: (loss sum, tokens)}`."""
        return GroupLosses(
            tuple(sums),
            np.array([s for s, _ in sums.values()], np.float64),
            np.array([n for _, n in sums.values()], np.int64),
        )


def loss_by_group(
    token_losses: npt.NDArray[Any], batch: Rows, mask: npt.NDArray[Any] | None = None
) -> GroupLosses:
    """Adds up token losses by their rows' groups, in float64.

    A loss that is no finite number makes its group's sum none. `report` then tells the server that
    the step has nothing usable, for the mixer must not learn from a part of a step.

    Args:
        token_losses: nats, [rows, T] or flattened.
        batch: whose losses they are.
        mask: where it is zero, a token does not count; as token_losses. The batch's own is used
            where none is given.
    """
    rows = batch.groups.shape[0]
    losses = np.asarray(token_losses).reshape(rows, -1)
    mask = batch.label_mask if mask is None else mask
    if mask is None:
        counts = np.full(rows, losses.shape[1], np.float64)
    else:
        keep = np.asarray(mask).reshape(losses.shape) != 0
        losses = np.where(keep, losses, 0.0)
        counts = keep.sum(axis=1, dtype=np.float64)
    m = len(batch.group_names)
    row_sums = losses.sum(axis=1, dtype=np.float64)
    sums = np.bincount(batch.groups, row_sums, minlength=m).astype(np.float64)
    tokens = np.bincount(batch.groups, counts, minlength=m).astype(np.int64)
    served = None if mask is None else np.bincount(batch.groups, minlength=m).astype(np.int64)
    return GroupLosses(batch.group_names, sums, tokens, served)
