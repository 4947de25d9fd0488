"""The rows of a step by its provenance and the corpus: what the ranks together have to get."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mixwell import Client

_END_OF_DOCUMENT = 256  # of the byte tokenizer


class Corpus:
    """The documents that `serving.make_index` wrote, as tokens."""

    def __init__(self, index: Path) -> None:
        lines = (index.parent / "corpus.jsonl").read_text().splitlines()
        self._tokens = {
            d["id"]: [*d["text"].encode(), _END_OF_DOCUMENT] for d in map(json.loads, lines)
        }

    def rows(self, client: Client, step: int, attempt: int | None = None) -> list[list[int]]:
        """In batch order over all ranks."""
        return [
            [token for piece in row["pieces"] for token in self._piece(piece)]
            for row in client.provenance(step, attempt)["rows"]
        ]

    def assert_union(
        self, client: Client, ranks: list[dict[str, npt.NDArray[np.int64]]], steps: int
    ) -> None:
        """Each rank: tokens [rows, T+1] by step. Together they are the steps', each row once."""
        for rank in ranks:
            assert sorted(rank, key=int) == [str(step) for step in range(steps)]
        for step in range(steps):
            got = np.concatenate([rank[str(step)] for rank in ranks])
            np.testing.assert_array_equal(got, self.rows(client, step))

    def _piece(self, piece: dict[str, int | str]) -> list[int]:
        start = int(piece["documentOffsetTokens"])
        return self._tokens[str(piece["document"])][start : start + int(piece["lengthTokens"])]
