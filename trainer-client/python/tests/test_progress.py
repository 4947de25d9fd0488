from __future__ import annotations

import io

import pytest

from mixwell import Client
from mixwell.progress import Progress
from serving import GROUPS, spec


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_line_tells_step_rate_and_mixture_on_a_terminal(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mixwell.progress._EVERY_SECONDS", 0.0)
    client.create(spec("static"))
    terminal, pipe = _Terminal(), io.StringIO()
    for out in (terminal, pipe):
        progress = Progress(1, out)
        for batch in client.batches(stop_step=3):
            progress.saw(batch, 0.0)
        progress.close()
    lines = terminal.getvalue().split("\r")[1:]
    assert [line.split("  ")[0] for line in lines] == ["step 0", "step 1", "step 2"]
    assert "tokens/s" in lines[2]
    assert "waiting 0%" in lines[2]
    assert all(f"{g} " in lines[2] for g in GROUPS)
    assert pipe.getvalue() == ""
