"""What the READMEs show in Python, run as it stands there, on the corpus of the repository."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mixwell
from serving import LAUNCHER, Server

_HOME = LAUNCHER.parent
_ADDRESS = "http://127.0.0.1:8080"


def blocks(page: Path, heading: str) -> list[tuple[str, str]]:
    """Language and text of the bash and Python blocks between the heading and the next one."""
    found: list[tuple[str, str]] = []
    language, text, is_here = "", "", False
    for line in page.read_text().splitlines(keepends=True):
        if language and line.rstrip() == "```":
            if is_here and language in ("bash", "python"):
                found.append((language, text))
            language = ""
        elif language:
            text += line
        elif line.startswith("```"):
            language, text = line[3:].strip() or "text", ""
        elif line.startswith("#"):
            is_here = line.rstrip() == heading
    return found


class Walk:
    """A folder with the launcher, the corpus and a server over its index, as after a clone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "docs").symlink_to(_HOME / "docs")
        program = folder / "mixwell"
        program.write_text(f'#!/bin/sh\nexec "{LAUNCHER}" "$@"\n')
        program.chmod(0o755)
        self.run(*blocks(_HOME / "README.md", "### 1. Index text, and serve it")[0])
        self.server = Server(folder / "walk" / "index", folder / "walk" / "data")

    def run(self, language: str, text: str) -> str:
        """Runs one block, and gives what it printed."""
        if language == "python":
            text = text.replace(_ADDRESS, self.server.url)
        command = ["bash", "-euc"] if language == "bash" else [sys.executable, "-c"]
        done = subprocess.run(
            [*command, text], cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
        return done.stdout


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    made = Walk(tmp_path_factory.mktemp("walk"))
    yield made
    made.server.close()


def test_the_walk_ends_in_training_on_text_of_ones_own(walk: Walk) -> None:
    pytest.importorskip("torch")
    parts = blocks(_HOME / "README.md", "### 4. Train on text of your own")
    assert [language for language, _ in parts] == ["python", "bash", "python"]
    printed = [walk.run(*part) for part in parts][-1]
    losses = [float(loss) for loss in re.findall(r"step \d+: ([\d.]+) nats", printed)]
    assert losses[-1] < losses[0] - 1, printed
    rows = {name: int(n) for name, n in re.findall(r"^(\w+): .*, (\d+) rows", printed, re.M)}
    assert set(rows) == {"mine", "code", "docs", "dictionary", "prose"}, printed
    assert all(rows.values()), printed


def test_the_clients_page_begins_with_a_loop_that_runs(walk: Walk) -> None:
    _, loop = blocks(_HOME / "trainer-client" / "python" / "README.md", "# mixwell for Python")[0]
    saved: list[dict[str, int]] = []

    def train(inputs: np.ndarray, _labels: np.ndarray) -> np.ndarray:
        if saved:
            raise StopAsyncIteration
        return np.ones(inputs.shape)

    names: dict[str, Any] = {
        "checkpoint": None,
        "model": None,
        "train": train,
        "evaluate": lambda: {"code": (40.0, 20), "prose": (40.0, 20)},
        "save": lambda _model, state: saved.append(state),
    }
    with pytest.raises(StopAsyncIteration):
        exec(loop.replace(_ADDRESS, walk.server.url), names)  # the page's own words
    assert saved == [{"attempt": 0, "step": 1000}]
    names["stream"].close()
    assert mixwell.Client(walk.server.url, "pretrain").describe()["newestAttempt"] == 0
