"""One rank's share of a step."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from mixwell import body
from mixwell.errors import BadAnswer
from mixwell.wire import Response

Tokens = npt.NDArray[Any]
"""[rows, n] of uint16 or int32, by the tokenizer's vocabulary."""


class Rows:
    """Rows of tokens as they came: views, read-only. Row r has T inputs and their T labels.

    Attributes:
        tokens: [rows, T+1], uint16 or int32.
        groups: uint16 [rows]: each row's place in `group_names`.
        group_names: the run's groups, in its order.
        cu_seqlens: int32 [n]: document boundaries over the flattened inputs [rows*T], from 0 to
            rows*T, each row's start among them.
        loss_mask: uint8 [rows, T+1]: 1 where a token counts as a label, 0 for padding and for what
            its shard's mask leaves out. None where every token counts.
    """

    __slots__ = (
        "_position_ids",
        "cu_seqlens",
        "group_names",
        "groups",
        "loss_mask",
        "metadata",
        "tokens",
    )

    def __init__(self, data: body.Body) -> None:
        self.metadata = data.metadata
        self.tokens: Tokens = data.tokens
        self.groups = data.groups
        self.cu_seqlens = data.cu_seqlens
        self.loss_mask = data.loss_mask
        self._position_ids: npt.NDArray[np.int32] | None = None
        try:
            self.group_names = _names(data.metadata["groups"])
        except (KeyError, ValueError) as e:
            raise BadAnswer(f"the batch does not name its groups: {e!r}") from e
        if self.groups.size and int(self.groups.max()) >= len(self.group_names):
            raise BadAnswer(f"a row has no group among {self.group_names}")

    @property
    def inputs(self) -> Tokens:
        """[rows, T], a view."""
        return self.tokens[:, :-1]

    @property
    def labels(self) -> Tokens:
        """[rows, T], a view: each input's next token."""
        return self.tokens[:, 1:]

    @property
    def label_mask(self) -> npt.NDArray[np.uint8] | None:
        """[rows, T], a view: 1 where a label counts; None where all do."""
        return None if self.loss_mask is None else self.loss_mask[:, 1:]

    @property
    def position_ids(self) -> npt.NDArray[np.int32]:
        """int32 [rows, T]: from 0 at each document's start. Computed when first asked for."""
        if self._position_ids is None:
            rows, width = self.tokens.shape
            starts = self.cu_seqlens[:-1]
            flat = np.arange(rows * (width - 1), dtype=np.int32)
            flat -= np.repeat(starts, np.diff(self.cu_seqlens))
            self._position_ids = flat.reshape(rows, width - 1)
        return self._position_ids


class Batch(Rows):
    """One rank's share of a step.

    Attributes:
        attempt: that the stream opened.
        step: 0-based.
        rank: whose share it is.
        mixer: id of the mixer that sampled the step.
        awaits: the kind of feedback which that mixer goes by; None for none.
        loss_weights: by place of the group; None where losses are not weighed.
        evaluate_after: whether validation losses are due once this step is trained.
        etag: the server's digest of these bytes.
    """

    __slots__ = (
        "attempt",
        "awaits",
        "etag",
        "evaluate_after",
        "loss_weights",
        "mixer",
        "rank",
        "step",
    )

    def __init__(self, response: Response) -> None:
        super().__init__(body.parse(response.body))
        facts = self.metadata
        try:
            self.attempt = int(facts["attempt"])
            self.step = int(facts["step"])
            self.rank = int(facts["rank"])
            self.mixer = facts["mixer"]
            weights = facts.get("lossWeights")
            self.loss_weights = None if weights is None else np.array(json.loads(weights), float)
        except (KeyError, ValueError) as e:
            raise BadAnswer(f"the batch lacks a fact about itself: {e!r}") from e
        self.awaits = facts.get("awaits")
        self.etag = response.headers.get("etag", "").strip('"')
        self.evaluate_after = response.headers.get("mixwell-evaluate-after") == "true"

    def __repr__(self) -> str:
        return f"Batch(step={self.step}, rank={self.rank}, tokens={self.tokens.shape})"


@lru_cache(maxsize=8)
def _names(text: str) -> tuple[str, ...]:
    names = json.loads(text)
    if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
        raise ValueError(f"not a list of names: {text[:200]}")
    return tuple(names)
