from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from mixwell import Client
from serving import Server, make_index


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
