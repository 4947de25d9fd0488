from __future__ import annotations

import signal
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from mixwell import Client
from serving import Server, make_index

_TEST_SECONDS = 180


@pytest.fixture(autouse=True)
def no_test_hangs() -> Iterator[None]:
    def give_up(_signal: int, _frame: object) -> None:
        raise TimeoutError(f"the test has run for {_TEST_SECONDS} s")

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(_TEST_SECONDS)
    yield
    signal.alarm(0)


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_index(tmp_path_factory.mktemp("index"))


@pytest.fixture(scope="session")
def server(index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for all tests that leave it alone."""
    running = Server(index, tmp_path_factory.mktemp("data") / "runs")
    yield running
    running.close()


@pytest.fixture
def own_server(index: Path, tmp_path: Path) -> Iterator[Server]:
    """One to be killed."""
    running = Server(index, tmp_path / "runs")
    yield running
    running.close()


@pytest.fixture
def client(server: Server) -> Client:
    """Of a run that nobody else has."""
    return Client(server.url, "run-" + uuid.uuid4().hex)
