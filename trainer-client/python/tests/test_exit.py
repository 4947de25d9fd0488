"""A trainer whose script ends right behind its last report."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from fake import Peer, answer
from mixwell import Client
from serving import Server, spec

_STEPS = 3
_SLOW = textwrap.dedent(
    """
    import sys, time
    import mixwell
    from mixwell.losses import GroupLosses

    class Late:
        'Losses that arrive from their device when the script has long ended.'

        def __init__(self, groups):
            self.groups = groups

        def begin(self):
            pass

        def feedback(self):
            time.sleep(0.5)
            return GroupLosses.of({name: (1.0, 1) for name in self.groups}).feedback()

    def train():
        stream = mixwell.Client(sys.argv[1], sys.argv[2]).batches(stop_step=3, progress=False)
        for batch in stream:
            stream.report(batch, Late(batch.group_names))
    """
)
_HERE = _SLOW + "train()"
_IN_A_CHILD = _SLOW + textwrap.dedent(
    """
    import multiprocessing
    child = multiprocessing.get_context("fork").Process(target=train)
    child.start()
    child.join()
    """
)
_UNHEARD = textwrap.dedent(
    """
    import sys
    import mixwell.poster
    from mixwell.losses import GroupLosses
    from mixwell.outage import Patience
    from mixwell.requests import Requests
    from mixwell.wire import Address

    mixwell.poster._EXIT_SECONDS = 0.5
    requests = Requests(Address.parse(sys.argv[1]), Patience())
    poster = mixwell.poster.Poster(requests, "/v1/runs/r/attempts/1")
    poster.post(mixwell.poster.Post(0, "train", None, GroupLosses.of({"web": (1.0, 1)})))
    """
)


def _run(script: str, *arguments: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stderr


@pytest.mark.parametrize("script", [_HERE, _IN_A_CHILD], ids=["script", "child"])
def test_a_process_that_ends_behind_its_last_report_loses_no_losses(
    script: str, server: Server, client: Client
) -> None:
    client.create(spec("odm"))
    assert _run(script, server.url, client.run) == ""
    recorded = client.events(after=-1, types=["feedback"])
    assert [next(recorded).data["step"] for _ in range(_STEPS)] == list(range(_STEPS))


def test_losses_that_the_server_did_not_take_by_the_end_are_said(tmp_path: Path) -> None:
    silent = Peer()  # closes every connection
    said = _run(_UNHEARD, silent.url)
    silent.close()
    assert "Python ends, and 1 posts of losses are not recorded" in said


def test_losses_that_were_refused_are_said_at_the_end() -> None:
    refusal = answer(
        b'{"type":"/problems/fenced","title":"Fenced","status":409,"detail":"a newer attempt"}',
        "Content-Type: application/problem+json",
        status="409 Conflict",
    )
    fencing = Peer([refusal])
    said = _run(_UNHEARD, fencing.url)
    fencing.close()
    assert "the last losses are not recorded: " in said
    assert "a newer attempt" in said
