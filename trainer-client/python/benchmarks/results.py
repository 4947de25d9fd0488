"""Samples and what they come to."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

QUANTILES = {"p50": 0.50, "p99": 0.99, "p99.9": 0.999}


@dataclass
class Results:
    """All rounds. Each time of next() is kept: a percentile is one of all rounds together."""

    runs: list[dict[str, Any]] = field(default_factory=list)
    loads: list[dict[str, Any]] = field(default_factory=list)
    starts: list[dict[str, Any]] = field(default_factory=list)
    not_run: dict[str, str] = field(default_factory=dict)
    _nanos: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)

    def add(self, contender: str, shape: str, round_: int, answer: dict[str, Any]) -> None:
        run = {"round": round_, "contender": contender, "shape": shape}
        for phase in ("tight", "paced"):
            nanos = answer.pop(f"{phase}Nanos")
            self._nanos.setdefault((contender, shape, phase), []).extend(nanos)
            run[f"{phase}NextMillis"] = percentiles(nanos)
            run[f"{phase}Batches"] = len(nanos)
        self.runs.append({**run, **answer})

    def summary(self, contender: str, shape: str) -> dict[str, Any] | None:
        """Medians and spreads over the rounds; None for a contender that never ran."""
        mine = [r for r in self.runs if r["contender"] == contender and r["shape"] == shape]
        if not mine:
            return None
        keys = (
            "tokensPerSecond",
            "firstBatchSeconds",
            "rssBytes",
            "anonymousBytes",
            "bytesPerToken",
        )
        summary: dict[str, Any] = {"contender": contender, "shape": shape, "rounds": len(mine)}
        for key in keys:
            summary[key] = spread([run[key] for run in mine])
        for phase in ("tight", "paced"):
            pooled = self._nanos[(contender, shape, phase)]
            summary[f"{phase}NextMillis"] = percentiles(pooled)
            by_round = [run[f"{phase}NextMillis"] for run in mine]
            summary[f"{phase}NextMillisByRound"] = {
                name: spread([one[name] for one in by_round]) for name in QUANTILES
            }
        return summary

    def load_summary(self, shape: str, target: str) -> dict[str, float] | None:
        rates = [load[target] for load in self.loads if load["shape"] == shape and target in load]
        return spread(rates) if rates else None

    def ratio_summary(self, shape: str, target: str) -> dict[str, float] | None:
        """Of nginx's rate, round by round."""
        both = [load for load in self.loads if load["shape"] == shape]
        ratios = [
            load[target] / load["nginx"] for load in both if target in load and "nginx" in load
        ]
        return spread(ratios) if ratios else None


def percentiles(nanos: Sequence[int]) -> dict[str, float]:
    """In milliseconds; the smallest value that is not below the share of all."""
    ordered = sorted(nanos)
    if not ordered:
        return {name: float("nan") for name in QUANTILES}
    last = len(ordered) - 1
    return {
        name: ordered[min(last, int(len(ordered) * share))] / 1e6
        for name, share in QUANTILES.items()
    }


def spread(values: Sequence[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}
