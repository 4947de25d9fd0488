"""`python -m mixwell tail`: in a pipe, on a terminal, through a server's death."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios

import pytest

from loop import train
from mixwell import Client, Event
from mixwell.picture import Look, Mixture, change, fit, picture
from serving import GROUPS, Server, spec

_SECONDS = 60
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_PIN = {"pins": {"letters": 0.5}, "who": "ann", "why": "more\x1b[2J letters"}


def _tail(client: Client, *options: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "mixwell",
        "tail",
        client.run,
        f"--url={client.address}",
        *options,
    ]


def _wait_for(tail: subprocess.Popen[str], text: str) -> str:
    assert tail.stdout is not None
    for line in tail.stdout:
        if text in line:
            return line
    raise AssertionError(f"the tail ended without {text!r}")


def test_a_pipe_gets_a_line_for_each_change_also_after_a_restart(own_server: Server) -> None:
    client = Client(own_server.url, "piped")
    client.create(spec("static"))
    with subprocess.Popen(
        _tail(client), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as tail:
        _wait_for(tail, "step -1 attempt -1 mixer static")
        train(client.batches(stop_step=3))
        _wait_for(tail, "attempt 0 opened from step 0, world 1")
        _wait_for(tail, "letters=0.5000 digits=0.2500 words=0.2500")
        own_server.kill()
        own_server.restart()
        client.request("PUT", "/overrides", _PIN)
        told = _wait_for(tail, "override set from step")
        assert told.endswith("by ann: more [2J letters\n")
        client.finish("bob", "enough")
        _wait_for(tail, "run finished, by bob: enough")
        assert tail.wait(_SECONDS) == 0
        assert tail.stderr is not None
        assert "does not answer" in tail.stderr.read()


@pytest.mark.parametrize("colour", [True, False])
def test_a_terminal_gets_a_picture_that_fits(client: Client, colour: bool) -> None:
    client.create(spec())
    train(client.batches(stop_step=8))
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 20, 72, 0, 0))
    environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES", "NO_COLOR")}
    environment |= {"PYTHONUTF8": "1"} if colour else {"PYTHONUTF8": "1", "NO_COLOR": "1"}
    with subprocess.Popen(_tail(client), stdin=slave, stdout=slave, env=environment) as tail:
        os.close(slave)
        first = os.read(master, 1 << 16)
        client.finish("ann", "enough")
        seen = (first + _rest(master)).decode()
        assert tail.wait(_SECONDS) == 0
    os.close(master)
    assert ("\x1b[36m" in seen) == colour
    assert "\x1b[?1049h" in seen
    lines = _ESCAPES.sub("", seen.rpartition("\x1b[?1049l")[2]).splitlines()
    assert all(len(line) <= 72 for line in lines)
    assert sorted(line.split()[0] for line in lines[2:5]) == sorted(GROUPS)
    assert all("█" in line and "%" in line and "rows" in line for line in lines[2:5])
    assert lines[-1].endswith("run finished, by ann: enough")


def _rest(master: int) -> bytes:
    parts = b""
    while True:
        try:
            part = os.read(master, 1 << 16)
        except OSError:  # the other end is closed
            return parts
        if not part:
            return parts
        parts += part


def test_once_tells_where_the_run_stands(client: Client) -> None:
    client.create(spec())
    command = _tail(client, "--once")
    said = subprocess.run(command, capture_output=True, check=True, text=True, timeout=_SECONDS)
    lines = said.stdout.splitlines()
    assert lines[0].startswith(f"{client.run}  step -1  mixer odm  not started")
    assert lines[2] == "nothing is served yet"
    assert "\x1b" not in said.stdout
    assert "by run: created with the run" in lines[-1]


def test_a_run_that_is_not_there_is_an_error(client: Client) -> None:
    said = subprocess.run(_tail(client), capture_output=True, text=True, timeout=_SECONDS)
    assert (said.returncode, said.stdout) == (1, "")
    assert "There is no run" in said.stderr


@pytest.mark.parametrize("columns", [40, 61, 80, 200])
@pytest.mark.parametrize("blocks", [True, False])
def test_no_line_is_wider_than_the_terminal(columns: int, blocks: bool) -> None:
    groups = [
        {"group": f"a-group-{g}" * (1 + g % 3), "q": g / 105, "rows": 7**g} for g in range(15)
    ]
    now = {"step": 1234, "attempt": 3, "mixer": "odm", "groups": groups}
    shares = {str(g["group"]): [0.1, 0.3, 0.2] * 40 for g in groups}
    mixture = Mixture("a-run", "http://127.0.0.1:8080", now, shares, "ann: 多くの文字 " * 20)
    lines = picture(mixture, Look(columns, 12, blocks=blocks))
    assert len(lines) <= 12
    assert all(fit(line, columns) == line for line in lines)
    assert blocks or all(line.isascii() for line in lines[:-1])


def test_words_do_not_steer_the_terminal() -> None:
    facts = {"at": "2026-01-02T03:04:05.678Z", "who": "a\x1b[2J", "why": "b\r\nc"}
    assert change(Event(1, "run-finished", facts)) == (
        "2026-01-02T03:04:05Z  run finished, by a [2J: b  c"
    )


def test_help_has_examples() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "mixwell", "--help"], capture_output=True, check=True, text=True
    )
    assert "python -m mixwell tail pretrain --once" in said.stdout
