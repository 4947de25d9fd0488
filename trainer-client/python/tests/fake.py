"""A peer that answers as told, for what a real server cannot be made to send."""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence


class Peer:
    """Gives each connection the next answer, in the pieces it is in, once a request has come.

    Then it closes the connection; behind the last answer, connections are closed at once.
    """

    def __init__(self, *answers: Sequence[bytes], listener: socket.socket | None = None) -> None:
        self._answers = list(answers)
        self._listener = listener or socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.requests: list[bytes] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                if connection.family != socket.AF_UNIX:
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if not self._answers:
                    continue
                self.requests.append(connection.recv(1 << 16))
                for piece in self._answers.pop(0):
                    connection.sendall(piece)

    def close(self) -> None:
        self._listener.close()


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body
