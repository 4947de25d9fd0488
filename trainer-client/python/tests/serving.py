"""The real server, in a process of its own, over a small index made here."""

from __future__ import annotations

import json
import random
import subprocess
import time
from pathlib import Path

LAUNCHER = Path(__file__).resolve().parents[3] / "mixwell"
GROUPS = ("letters", "digits", "words")
_READY = "mixwell: serving "
_START_SECONDS = 300  # the launcher may have to build the server first


def make_index(directory: Path) -> Path:
    """Documents of three kinds, indexed by the launcher."""
    drawn = random.Random(2)
    pieces = {
        "letters": "abcdefghijklmnopqrstuvwxyz ",
        "digits": "0123456789 ",
        "words": "the cat sat on the mat, ",
    }
    corpus = directory / "corpus.jsonl"
    with corpus.open("w") as out:
        for i in range(600):
            kind = GROUPS[i % len(GROUPS)]
            text = pieces[kind] * drawn.randint(2, 12)
            out.write(json.dumps({"id": f"d{i}", "text": text, "kind": kind}) + "\n")
    index = directory / "index"
    subprocess.run(
        [LAUNCHER, "index", corpus, "--out", index, "--tokenizer", "byte"],
        check=True,
        capture_output=True,
        timeout=_START_SECONDS,
    )
    return index


def spec(mixer: str = "odm", **members: object) -> dict[str, object]:
    """A run over the three kinds."""
    parameters = {
        "static": {"weights": {"letters": 2, "digits": 1, "words": 1}},
        "aioli": {"roundSteps": 10, "sweeps": 1, "segmentSteps": 2},
    }
    return {
        "seed": 3,
        "batchRows": 8,
        "rowTokens": 32,
        "lookahead": 5,
        "groups": [{"name": g, "query": f"kind:{g}"} for g in GROUPS],
        "mixer": {"name": mixer, "parameters": parameters.get(mixer, {})},
        "validationRows": 4,
        "validationShare": 0.2,
        **members,
    }


class Server:
    """`mixwell serve` on a free port; started again, it takes the same one."""

    def __init__(self, index: Path, data: Path) -> None:
        self._index = index
        self._data = data
        self._log = data.with_suffix(".log")
        self._port = 0
        self._start()

    def _start(self) -> None:
        options = ["--index", self._index, "--data", self._data, "--port", str(self._port)]
        with self._log.open("w") as out:
            self._process = subprocess.Popen(
                [LAUNCHER, "serve", *options], stdout=out, stderr=subprocess.STDOUT
            )
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end:
            for line in self._log.read_text().splitlines():
                if line.startswith(_READY):
                    self.url = line[len(_READY) :].split(" ")[0]
                    self._port = int(self.url.rpartition(":")[2])
                    return
            if self._process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError(f"the server did not start:\n{self._log.read_text()[-2000:]}")

    def kill(self) -> None:
        """Ends it without warning, as a crash would."""
        self._process.kill()
        self._process.wait()

    def restart(self) -> None:
        """After `kill`."""
        self._start()

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(30)
