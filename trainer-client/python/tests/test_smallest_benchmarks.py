"""Every benchmark and every example runs in its smallest form, which measures nothing."""

from __future__ import annotations

import ast
import importlib.metadata
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from benchmarks import rates
from benchmarks.__main__ import COMMANDS
from benchmarks.contenders import OURS, PEERS
from benchmarks.setting import SHAPES

from mixwell import Client
from serving import LAUNCHER, Server, spec

_PACKAGE = Path(__file__).parents[1]
_BENCHMARKS = _PACKAGE / "benchmarks"
_EXAMPLES = sorted(path.name for path in (_PACKAGE / "examples").glob("*.py"))
_SECONDS = 150


def _smallest(command: str, folder: Path) -> dict[str, Any]:
    """What `mixwell bench COMMAND` gives."""
    answer = folder / f"{command}.json"
    _run("-m", "benchmarks", command, "--smallest", "--json", str(answer))
    measured: dict[str, Any] = json.loads(answer.read_text())
    return measured


def _run(*arguments: str) -> str:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
    ended = subprocess.run(
        [sys.executable, *arguments],
        cwd=_PACKAGE,
        env=environment,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def _has(package: str) -> bool:
    try:
        return bool(importlib.metadata.version(package))
    except importlib.metadata.PackageNotFoundError:
        return False


def test_serving_measures_every_contender_that_is_installed(tmp_path: Path) -> None:
    measured = _smallest("serving", tmp_path)
    contenders = {one.name: _has(one.package) for one in (*OURS, *PEERS)}
    can_run = {**contenders, rates.NGINX: not rates.missing()}
    not_run = measured["notRun"]
    assert set(not_run) == {name for name, can in can_run.items() if not can}, not_run
    ran = {(one["contender"], one["shape"]) for one in measured["summary"]}
    assert ran == {(n, s.name) for n, can in contenders.items() if can for s in SHAPES}
    assert [start["round"] for start in measured["starts"]] == [0]
    assert bool(measured["requestsPerSecond"]) == can_run[rates.NGINX]


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - {"serving"}))
def test_every_other_benchmark_runs(command: str, tmp_path: Path) -> None:
    measured = _smallest(command, tmp_path)
    assert all(measured.get(part, True) for part in ("samples", "shapes"))


@pytest.mark.parametrize("example", _EXAMPLES)
def test_every_example_runs(example: str, server: Server, client: Client, tmp_path: Path) -> None:
    client.create(spec())
    options = [f"--url={server.url}", f"--run-name={client.run}", "--steps=6", "--log-every=1"]
    model = ["--layers=1", "--heads=1", "--width=8", f"--checkpoint={tmp_path / 'model.pt'}"]
    said = _run(str(_PACKAGE / "examples" / example), *options, *model)
    assert said.strip()


@pytest.mark.parametrize(
    "command", [("bench", "client", "--pulls", "5"), ("bench", "mixers", "-l"), ("fuzz", "--list")]
)
def test_the_launcher_finds_the_classes_of_the_tests(command: tuple[str, ...]) -> None:
    ended = subprocess.run([LAUNCHER, *command], capture_output=True, text=True, timeout=_SECONDS)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip()


def test_every_module_of_the_benchmarks_is_part_of_one_that_runs() -> None:
    """What no command leads to, and no contender, is run by nobody, and breaks unseen."""
    modules = {path.stem: path for path in _BENCHMARKS.rglob("*.py") if path.stem != "__init__"}
    reached, waiting = set(), ["__main__", *(one.module for one in (*OURS, *PEERS))]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [other for other in _names(modules[name]) if other in modules]
    assert set(modules) - reached == set(), "neither a command of __main__.py nor a contender"


def _names(module: Path) -> set[str]:
    """The benchmarks' modules that it imports, or starts by their name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            found |= {(node.module or "").rpartition(".")[2], *(name.name for name in node.names)}
        elif isinstance(node, ast.Constant) and str(node.value).startswith("benchmarks."):
            found.add(str(node.value).rpartition(".")[2])
    return found
