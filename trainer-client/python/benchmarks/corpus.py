"""The tokens: random letters, a token each, indexed by `./mixwell index`. Made once and kept."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .setting import FOLDER, GROUP_TOKENS, GROUPS, LAUNCHER

_LETTERS = bytes(b"abcdefghijklmnopqrstuvwxyz      "[i % 32] for i in range(256))
_MIN_DOCUMENT, _MAX_DOCUMENT = 256, 3840


def index() -> Path:
    """A shard a group, in group order; the byte tokenizer ends each document with its own token."""
    folder = FOLDER / "index"
    if (folder / "manifest.json").exists():
        return folder
    text = FOLDER / "text"
    text.mkdir(parents=True, exist_ok=True)
    for place, group in enumerate(GROUPS):
        _write(text / f"{group}.jsonl", group, place)
    command = [str(LAUNCHER), "index", str(text), "--out", str(folder), "--force"]
    subprocess.run([*command, "--shard-tokens", str(GROUP_TOKENS)], check=True)
    shutil.rmtree(text)
    return folder


def shards(folder: Path) -> list[Path]:
    """The files of tokens by group: 20 M little-endian uint16 each, without a header."""
    manifest = json.loads((folder / "manifest.json").read_text())
    files = [folder / shard["file"]["location"] for shard in manifest["shards"]]
    sizes = [file.stat().st_size for file in files]
    if manifest["type"] != "UINT16" or sizes != [2 * GROUP_TOKENS] * len(GROUPS):
        raise RuntimeError(f"{folder} does not hold what is measured: delete it, it is made again")
    return files


def warm(files: list[Path]) -> None:
    """Reads all of it, so that it lies in the page cache."""
    for file in files:
        with file.open("rb") as tokens:
            while tokens.read(1 << 24):
                pass


def _write(file: Path, group: str, seed: int) -> None:
    draws = random.Random(seed)
    letters = draws.randbytes(GROUP_TOKENS).translate(_LETTERS).decode("ascii")
    with file.open("w") as lines:
        at = 0
        for number, length in enumerate(_lengths(draws)):
            text = letters[at : at + length - 1]
            at += length
            lines.write(f'{{"id": "{group}-{number}", "tag": "{group}", "text": "{text}"}}\n')


def _lengths(draws: random.Random) -> Iterator[int]:
    """Tokens of each document, its end included; they add up to the group's."""
    left = GROUP_TOKENS
    while left > 2 * _MAX_DOCUMENT:
        length = draws.randrange(_MIN_DOCUMENT, _MAX_DOCUMENT)
        left -= length
        yield length
    yield left
