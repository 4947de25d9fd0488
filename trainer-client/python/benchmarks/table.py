"""The results for people, and as Markdown for the benchmarks' README: one layout for both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .contenders import names
from .results import Results
from .setting import SHAPES, STEP_MILLIS, Shape

_HEAD = [
    "",
    "Mtok/s",
    "(min..max)",
    "next() p50",
    "p99",
    "p99.9",
    "paced p50",
    "p99",
    "p99.9",
    "first batch",
    "RSS",
    "anonymous",
    "B/token",
]


def report(results: Results, machine: dict[str, Any], rounds: int) -> str:
    parts = [about(machine) + f", {rounds} rounds"]
    for shape in SHAPES:
        rows = [_row(results.summary(name, shape.name)) for name in names()]
        parts.append(layout([[shape.name, *_HEAD[1:]], *[row for row in rows if row]]))
    parts.append(
        "Mtok/s and next() in ms as fast as possible; paced: next() in ms behind "
        f"{STEP_MILLIS:g} ms of sleep for a step;\npercentiles over all rounds together. "
        "First batch in s, from opening the source, servers of its own\nincluded. "
        "RSS in MB of all its processes, mapped files included; anonymous without them."
    )
    parts += _starts(results)
    loads = [row for shape in SHAPES for row in _load_rows(results, shape)]
    if loads:
        head = ["requests/s, 8 connections", "median", "(min..max)", "of nginx", "(min..max)"]
        parts.append(layout([head, *loads]))
    parts += [f"not run: {name}: {why}" for name, why in results.not_run.items()]
    return "\n\n".join(parts)


def about(machine: dict[str, Any]) -> str:
    return (
        f"commit {machine['commit']}, {machine['date']}\n"
        f"{machine['cores']} cores of {machine['cpu']}, {machine['kernel']}, JDK {machine['jdk']}, "
        f"Python {machine['python']}, load average {machine['loadAverage']} before"
    )


def _row(summary: dict[str, Any] | None) -> list[str]:
    if summary is None:
        return []
    rate = {key: value / 1e6 for key, value in summary["tokensPerSecond"].items()}
    wire = summary["bytesPerToken"]["median"]
    return [
        summary["contender"],
        f"{rate['median']:.1f}",
        f"({rate['min']:.1f}..{rate['max']:.1f})",
        *[f"{value:.3f}" for value in summary["tightNextMillis"].values()],
        *[f"{value:.3f}" for value in summary["pacedNextMillis"].values()],
        f"{summary['firstBatchSeconds']['median']:.3f}",
        f"{summary['rssBytes']['median'] / 1e6:.0f}",
        f"{summary['anonymousBytes']['median'] / 1e6:.0f}",
        f"{wire:.3f}" if wire else "-",
    ]


def _starts(results: Results) -> list[str]:
    if not results.starts:
        return []
    ready = sorted(start["readySeconds"] for start in results.starts)
    first = sorted(start["firstBatchSeconds"] for start in results.starts)
    middle = len(ready) // 2
    return [
        f"Mixwell's server: ready {ready[middle]:.2f} s after its process began "
        f"({ready[0]:.2f}..{ready[-1]:.2f}); first batch of a new run in the client "
        f"{first[middle]:.2f} s after it ({first[0]:.2f}..{first[-1]:.2f})."
    ]


def _load_rows(results: Results, shape: Shape) -> list[list[str]]:
    rows = []
    for target in ("nginx", "application/octet-stream", "application/vnd.safetensors"):
        rate = results.load_summary(shape.name, target)
        ratio = results.ratio_summary(shape.name, target)
        if rate is None or ratio is None:
            continue
        rows.append(
            [
                f"{shape.body_bytes / 1024:.0f} KiB: {target}",
                f"{rate['median']:,.0f}",
                f"({rate['min']:,.0f}..{rate['max']:,.0f})",
                f"{ratio['median']:.2f}",
                f"({ratio['min']:.2f}..{ratio['max']:.2f})",
            ]
        )
    return rows


def parse(measured: dict[str, Any]) -> str:
    calls = {
        "parse": "parse",
        "batch": "Batch",
        "lossByGroup": "loss_by_group",
        "torchLossByGroup": "in torch",
    }
    head = ["µs of one call", "body"]
    for name in calls.values():
        head += [name, "(min..max)"]
    rows = [head]
    for shape, costs in measured.items():
        row = [shape, f"{costs['bodyBytes']:,} B"]
        for call in calls:
            cost = costs.get(call)
            row += _cost(cost) if cost else ["-", ""]
        rows.append(row)
    return layout(rows)


def _cost(micros: dict[str, float]) -> list[str]:
    return [f"{micros['median']:.1f}", f"({micros['min']:.1f}..{micros['max']:.1f})"]


def layout(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
        lines.append("  ".join([row[0].ljust(widths[0]), *cells[1:]]))
    return "\n".join(lines)
