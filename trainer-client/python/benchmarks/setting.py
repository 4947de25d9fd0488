"""What is measured: groups, weights, shapes of a batch, how long, and where things lie."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

WEIGHTS = (0.30, 0.20, 0.15, 0.12, 0.10, 0.08, 0.05)
GROUPS = tuple(f"g{i}" for i in range(len(WEIGHTS)))
PREFETCH = 4
LOOKAHEAD = 8
STEP_MILLIS = 5.0

HOME = Path(__file__).resolve().parents[3]
LAUNCHER = HOME / "mixwell"
FOLDER = HOME / ".mixwell" / "bench"


@dataclass(frozen=True)
class Shape:
    """A batch: [rows, row_tokens + 1] tokens, of which rows x row_tokens are trained on."""

    rows: int
    row_tokens: int

    @property
    def name(self) -> str:
        return f"{self.rows}x{self.row_tokens}"

    @property
    def tokens(self) -> int:
        return self.rows * self.row_tokens

    @property
    def body_bytes(self) -> int:
        """Of the tokens alone, two bytes each."""
        return self.rows * (self.row_tokens + 1) * 2


SHAPES = (Shape(8, 2048), Shape(8, 4096))


@dataclass(frozen=True)
class Times:
    """How long one contender runs in one round, in seconds; how long the server warms up before."""

    rounds: int
    warm_up: float
    tight: float
    paced: float
    load: float
    server_warm_up: float


@dataclass(frozen=True)
class Size:
    """How much is measured. A percentile or a rate of the smallest size says nothing.

    folder: of the tokens. calls: of what `parse` measures, in each of so many repeats.
    """

    folder: Path
    group_tokens: int
    times: Times
    pulls: int
    calls: int
    repeats: int


_ROUNDS = Times(rounds=7, warm_up=1.0, tight=2.0, paced=2.0, load=2.0, server_warm_up=4.0)
_QUICK_ROUNDS = Times(rounds=2, warm_up=0.5, tight=1.0, paced=0.5, load=1.0, server_warm_up=1.5)
_ONE_ROUND = Times(rounds=1, warm_up=0.0, tight=0.02, paced=0.02, load=1.0, server_warm_up=0.0)

FULL = Size(FOLDER, 20_000_000, _ROUNDS, pulls=1_000_000, calls=200, repeats=101)
QUICK = replace(FULL, times=_QUICK_ROUNDS)
SMALLEST = Size(FOLDER / "smallest", 100_000, _ONE_ROUND, pulls=20, calls=1, repeats=1)
