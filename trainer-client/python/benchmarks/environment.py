"""The peers' virtual environment, .mixwell/bench/venv, at the versions of requirements.txt."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
import venv
from pathlib import Path

from .setting import FOLDER, HOME

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
CLIENT = HOME / "trainer-client" / "python"

# Wheels without CUDA; PyPI's have it and are twenty times as large.
_TORCH_INDEX = "https://download.pytorch.org/whl/cpu"


class Environment:
    """Installs what is missing and remembers why something could not be."""

    def __init__(self, folder: Path = FOLDER / "venv") -> None:
        self._folder = folder
        self.python = folder / "bin" / "python"
        if not self.python.exists():
            print(f"making the virtual environment {folder}", file=sys.stderr)
            venv.create(folder, with_pip=True, clear=True)

    def install(self, name: str) -> str:
        """Why the pinned package could not be installed, or nothing."""
        version = pinned()[name]
        marker = self._folder / f"{name}-{version}"
        if marker.exists():
            return ""
        extra = ["--extra-index-url", _TORCH_INDEX] if name == "torch" else []
        why = self._pip(*extra, "--constraint", str(REQUIREMENTS), name)
        if not why:
            marker.touch()
        return why

    def path(self) -> dict[str, str]:
        """So that a process of it finds these benchmarks, and the client of this checkout."""
        return {"PYTHONPATH": f"{CLIENT}{os.pathsep}{CLIENT / 'src'}"}

    def _pip(self, *arguments: str) -> str:
        print(f"installing {arguments[-1]}", file=sys.stderr)
        quiet = ["-q", "--retries", "1", "--disable-pip-version-check"]
        done = subprocess.run(
            [self.python, "-m", "pip", "install", *quiet, *arguments],
            capture_output=True,
            text=True,
        )
        if done.returncode == 0:
            return ""
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        return errors[-1] if errors else f"pip ended with {done.returncode}"


class Installed(Environment):
    """The interpreter that runs this, with what it has: nothing is installed."""

    def __init__(self) -> None:
        self.python = Path(sys.executable)

    def install(self, name: str) -> str:
        try:
            importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            return f"{name} is not installed in {sys.prefix}"
        return ""


def pinned() -> dict[str, str]:
    lines = REQUIREMENTS.read_text().splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))
