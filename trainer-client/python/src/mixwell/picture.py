"""A run's state as text: for a terminal, or a line for a log."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mixwell.events import Event

_BLOCKS = " ▏▎▍▌▋▊▉█"
_LEVELS = "▁▂▃▄▅▆▇█"
_PLAIN_BLOCKS, _PLAIN_LEVELS = " #", "_.-=*#"
_LEAST_RANGE = 0.02  # of shares, over the height of a curve: less is noise
_MOST_CURVE = 60
_MOST_NAME = 24
_FIXED = 4  # lines that are no groups
_BOLD, _DIM, _BAR, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Look:
    """What can be shown.

    Attributes:
        columns, lines: of the terminal.
        colour: whether to use any.
        blocks: whether block characters can be written; else ASCII.
    """

    columns: int
    lines: int
    colour: bool = False
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class Mixture:
    """A run's state.

    Attributes:
        run, url: which run.
        now: the contract's Mixture.
        shares: by group, what was sampled (q), step by step, up to now.
        last: what happened last, as `change` says it; empty if nothing did.
    """

    run: str
    url: str
    now: Mapping[str, Any]
    shares: Mapping[str, Sequence[float]]
    last: str


def picture(mixture: Mixture, look: Look) -> list[str]:
    """Lines that fit."""
    now = mixture.now
    groups = sorted(now["groups"], key=lambda g: -g["q"])
    room = max(1, look.lines - _FIXED)
    shown = groups if len(groups) <= room else groups[: max(1, room - 1)]
    parts = (mixture.run, f"step {now['step']:,}", f"mixer {now['mixer']}", _attempt(now))
    top = fit("  ".join(parts) + f"  {mixture.url}", look.columns)
    bars = _bars(shown, mixture.shares, look) if shown else ["nothing is served yet"]
    rows = [_styled(_BOLD, top, look), "", *bars]
    if len(shown) < len(groups):
        rows.append(fit(f"and {len(groups) - len(shown)} more with smaller shares", look.columns))
    if mixture.last:
        rows += ["", _styled(_DIM, fit(mixture.last, look.columns), look)]
    return rows


def line(mixture: Mixture) -> str:
    """For a log."""
    now = mixture.now
    shares = "".join(f" {g['group']}={g['q']:.4f}" for g in now["groups"])
    return f"step {now['step']} attempt {now['attempt']} mixer {now['mixer']}{shares}"


def change(event: Event) -> str:
    """What happened, by whom and why."""
    facts = event.data
    match event.type:
        case "attempt-opened":
            what = f"attempt {facts['attempt']} opened from step {facts['fromStep']}"
            what += f", world {facts['world']}"
        case "mixer-installed":
            what = f"mixer {facts['value']['mixer']['name']} from step {facts['effectiveStep']}"
        case "operation-cancelled":
            what = f"operation {facts['operation']} taken back"
        case _:
            what = event.type.replace("-", " ")
            if "effectiveStep" in facts:
                what += f" from step {facts['effectiveStep']}"
    by = f", by {facts['who']}: {facts['why']}" if "who" in facts else ""
    return _printable(f"{facts.get('at', '')[:19]}Z  {what}{by}")


def fit(text: str, columns: int) -> str:
    """The part that fits."""
    used = 0
    for n, c in enumerate(text):
        used += _columns(c)
        if used > columns:
            return text[:n]
    return text


def _columns(c: str) -> int:
    if unicodedata.combining(c):
        return 0
    return 2 if unicodedata.east_asian_width(c) in "WF" else 1


def _printable(text: str) -> str:
    """Somebody's words must not steer the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def _attempt(now: Mapping[str, Any]) -> str:
    return f"attempt {now['attempt']}" if now["attempt"] >= 0 else "not started"


def _bars(
    groups: Sequence[Mapping[str, Any]], shares: Mapping[str, Sequence[float]], look: Look
) -> list[str]:
    """name, bar, share, curve, rows; the less important left out where columns are few."""
    name_columns = min(_MOST_NAME, max(len(g["group"]) for g in groups))
    counts = [f"{g['rows']:,} rows" for g in groups]
    count_columns = max(map(len, counts))
    rest = look.columns - name_columns - 11  # with the share and the gaps
    if rest < 2 * count_columns:
        count_columns = 0
    rest -= count_columns + 2 if count_columns else 0
    curve_columns = min(_MOST_CURVE, max(0, rest // 2 - 2))
    bar_columns = max(0, rest - curve_columns - 2)
    largest = max(g["q"] for g in groups) or 1.0
    rows = []
    for group, count in zip(groups, counts, strict=True):
        name = fit(group["group"], name_columns)
        bar = _bar(group["q"] / largest, bar_columns, look).ljust(bar_columns)
        curve = (
            _curve(shares.get(group["group"], ())[-curve_columns:], look) if curve_columns else ""
        )
        row = f"{name:{name_columns}}  {_styled(_BAR, bar, look)} {group['q']:6.1%}"
        row += f"  {curve:>{curve_columns}}" if curve_columns else ""
        rows.append(row + (f"  {count:>{count_columns}}" if count_columns else ""))
    return rows


def _bar(part: float, columns: int, look: Look) -> str:
    blocks = _BLOCKS if look.blocks else _PLAIN_BLOCKS
    each = len(blocks) - 1
    eighths = round(part * columns * each)
    return (blocks[-1] * (eighths // each) + blocks[eighths % each]).strip()


def _curve(shares: Sequence[float], look: Look) -> str:
    """Each share's height between the smallest and the largest."""
    if not shares:
        return ""
    levels = _LEVELS if look.blocks else _PLAIN_LEVELS
    low, high = min(shares), max(shares)
    wider = max(0.0, _LEAST_RANGE - (high - low)) / 2
    low, high = low - wider, high + wider
    top = len(levels) - 1
    return "".join(levels[round((s - low) / (high - low) * top)] for s in shares)


def _styled(style: str, text: str, look: Look) -> str:
    return f"{style}{text}{_PLAIN}" if look.colour and text else text
