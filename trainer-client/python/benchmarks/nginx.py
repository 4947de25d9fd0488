"""nginx with a configuration of its own: static files of a batch's size in a temporary folder."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .processes import Children, ProcessFailed
from .setting import FOLDER, SHAPES

_CONFIGURATION = """
{user}
worker_processes auto;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  tcp_nodelay on;
  keepalive_requests 100000000;
  open_file_cache max=16;
  default_type application/octet-stream;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/files;
  }}
}}
"""


@contextmanager
def running(program: str, children: Children) -> Iterator[str]:
    """Its address; the file `/8x2048` is as long as the tokens of such a batch."""
    folder = Path(tempfile.mkdtemp(prefix="mixwell-nginx-"))
    port = _free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    try:
        files = folder / "files"
        files.mkdir()
        for shape in SHAPES:
            (files / shape.name).write_bytes(os.urandom(shape.body_bytes))
        configuration = folder / "nginx.conf"
        configuration.write_text(_CONFIGURATION.format(folder=folder, port=port, user=user))
        command = [
            program,
            "-e",
            f"{folder}/error.log",
            "-p",
            str(folder),
            "-c",
            str(configuration),
        ]
        process = children.start([*command, "-g", "daemon off;"], FOLDER / "nginx.log")
        try:
            _wait(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            children.end(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise ProcessFailed(f"nginx does not listen; its reason stands in {FOLDER / 'nginx.log'}")
