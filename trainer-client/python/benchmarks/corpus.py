"""The tokens: random letters, a token each, indexed by `./mixwell index`. Made once and kept."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .setting import GROUPS, LAUNCHER, Size

_VERSION = 2  # of the manifest that is read here
_LETTERS = bytes(b"abcdefghijklmnopqrstuvwxyz      "[i % 32] for i in range(256))
_MIN_DOCUMENT, _MAX_DOCUMENT = 256, 3840


def index(size: Size) -> Path:
    """A shard a group, in group order; the byte tokenizer ends each document with its own token."""
    folder = size.folder / "index"
    if (folder / "manifest.json").exists():
        if shards(folder, size.group_tokens):
            return folder
        print(f"{folder} does not hold what is measured, so it is made again", file=sys.stderr)
    text = size.folder / "text"
    text.mkdir(parents=True, exist_ok=True)
    for place, group in enumerate(GROUPS):
        _write(text / f"{group}.jsonl", group, place, size.group_tokens)
    command = [str(LAUNCHER), "index", str(text), "--out", str(folder), "--force"]
    subprocess.run([*command, "--shard-tokens", str(size.group_tokens)], check=True)
    shutil.rmtree(text)
    if not shards(folder, size.group_tokens):
        raise RuntimeError(f"`mixwell index` writes another index than is read here: {folder}")
    return folder


def shards(folder: Path, group_tokens: int) -> list[Path]:
    """The files of tokens by group: little-endian uint16 without a header. None where the index
    is of another version of Mixwell, or of another size."""
    manifest = json.loads((folder / "manifest.json").read_text())
    if manifest["version"] != _VERSION or manifest["type"] != "UINT16":
        return []
    sources = [shard["file"] for shard in manifest["shards"]]
    lengths = [source["lengthBytes"] for source in sources]
    if lengths != [2 * group_tokens] * len(GROUPS) or any(s.get("compression") for s in sources):
        return []
    return [folder / source["location"] for source in sources]


def warm(files: list[Path]) -> None:
    """Reads all of it, so that it lies in the page cache."""
    for file in files:
        with file.open("rb") as tokens:
            while tokens.read(1 << 24):
                pass


def _write(file: Path, group: str, seed: int, group_tokens: int) -> None:
    draws = random.Random(seed)
    letters = draws.randbytes(group_tokens).translate(_LETTERS).decode("ascii")
    with file.open("w") as lines:
        at = 0
        for number, length in enumerate(_lengths(draws, group_tokens)):
            text = letters[at : at + length - 1]
            at += length
            lines.write(f'{{"id": "{group}-{number}", "tag": "{group}", "text": "{text}"}}\n')


def _lengths(draws: random.Random, group_tokens: int) -> Iterator[int]:
    """Tokens of each document, its end included; they add up to the group's."""
    left = group_tokens
    while left > 2 * _MAX_DOCUMENT:
        length = draws.randrange(_MIN_DOCUMENT, _MAX_DOCUMENT)
        left -= length
        yield length
    yield left
