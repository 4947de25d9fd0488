"""HTTP/1.1 (RFC 9112) on a plain socket: as little as a pull needs, with a limit on everything.

No TLS, no redirects, no proxies: the server is a sidecar, or sits behind one. A body must say its
length, by Content-Length or by chunks: one that ends with the connection cannot be told from one
that was cut.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]

MAX_HEAD_BYTES = 32 << 10
MAX_BODY_BYTES = 1 << 30
CONNECT_TIMEOUT_SECONDS = 10.0
_PEEK_BYTES = 4 << 10  # of a body, at most, that come with its head and are copied once more
_MAX_CHUNK_LINE_BYTES = 256
_HTTP_PORT = 80
_QUICKACK: int | None = getattr(socket, "TCP_QUICKACK", None)
_END = b"\r\n\r\n"


class WireError(OSError):
    """The connection is of no use any more: it ended, or what came is malformed or too large."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens.

    Attributes:
        host: for TCP; empty with `path`.
        path: of a Unix domain socket; empty with `host`.
        prefix: put before every target.
    """

    host: str
    port: int
    path: str
    prefix: str

    @staticmethod
    def parse(url: str) -> Address:
        """Reads `http://host:port`, with a path put before every target, or `unix:/path`."""
        if url.startswith("unix:"):
            path = url[len("unix:") :]
            if not path.startswith("/"):
                raise ValueError(f"use unix:/absolute/path of the socket, not {url}")
            return Address("", 0, "/" + path.lstrip("/"), "")
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname or parts.query or parts.fragment:
            raise ValueError(
                f"use http://host:port or unix:/path, not {url} (TLS ends before the sidecar)"
            )
        if "%" in parts.hostname:
            raise ValueError(f"use an address without an interface behind %, not {url}")
        return Address(parts.hostname, parts.port or _HTTP_PORT, "", parts.path.rstrip("/"))

    @property
    def authority(self) -> str:
        if self.path:
            return "localhost"
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        return f"unix:{self.path}" if self.path else f"http://{self.authority}{self.prefix}"

    def connect(self) -> socket.socket:
        if self.path:
            unix = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                unix.settimeout(CONNECT_TIMEOUT_SECONDS)
                unix.connect(self.path)
            except OSError:
                unix.close()
                raise
            return unix
        tcp = socket.create_connection((self.host, self.port), CONNECT_TIMEOUT_SECONDS)
        tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return tcp

    def request(
        self, method: str, target: str, headers: dict[str, str], body: bytes | None = None
    ) -> bytes:
        """Head and body as one piece, so that they leave in one packet."""
        lines = [f"{method} {self.prefix}{target} HTTP/1.1", f"Host: {self.authority}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + (body or b"")


@dataclass(frozen=True, slots=True)
class Head:
    """A response's status, and its headers by lower-case name."""

    status: int
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    headers: dict[str, str]
    body: Bytes


class Wire:
    """One open connection. Owned by one thread at a time.

    After any `OSError` it must be closed: where the next response begins is then unknown.
    """

    def __init__(self, address: Address) -> None:
        self._socket = address.connect()
        self._buffer = bytearray(MAX_HEAD_BYTES + _PEEK_BYTES)
        self._view = memoryview(self._buffer)
        self._start = 0  # bytes from here
        self._end = 0  # to here have come and are not used
        self.reusable = True
        # A peer that waits for acknowledgements (Nagle) would hold back each pipelined answer for
        # the 40 ms by which Linux delays them. The kernel forgets this option: it is set each time.
        self._is_tcp = not address.path

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def timeout(self, seconds: float) -> None:
        """Lets each read fail that gets nothing for so long."""
        self._socket.settimeout(seconds)

    def read(self) -> Response:
        """The next response, whole. Interim ones (1xx) are passed over."""
        head = self.read_head()
        length = head.headers.get("content-length")
        if head.status in (204, 304):
            return Response(head.status, head.headers, np.empty(0, np.uint8))
        if "transfer-encoding" in head.headers:
            if length is not None:
                raise WireError("the response has both Content-Length and Transfer-Encoding")
            body = np.frombuffer(self._joined(), np.uint8)
            return Response(head.status, head.headers, body)
        if length is None:
            raise WireError("the response does not say its length")
        return Response(head.status, head.headers, self._body(_size(length, 10)))

    def read_head(self) -> Head:
        if _QUICKACK is not None and self._is_tcp:
            self._socket.setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)
        left = MAX_HEAD_BYTES  # of this head, with the interim ones before it
        while True:
            at = self._buffer.find(_END, self._start, self._end)
            while at < 0:
                if self._end - self._start >= left:
                    raise WireError(f"the response's head is above {MAX_HEAD_BYTES} bytes")
                searched = max(self._start, self._end - len(_END) + 1) - self._start
                self._fill()
                at = self._buffer.find(_END, self._start + searched, self._end)
            head = _head(bytes(self._view[self._start : at]))
            left -= at - self._start
            self._start = at + len(_END)
            if head.headers.get("connection", "").lower() == "close":
                self.reusable = False
            if head.status >= 200:
                return head

    def chunks(self) -> Iterator[bytes]:
        """The body of a response with `Transfer-Encoding: chunked`, as it comes."""
        while True:
            size = _size(self._line().split(b";")[0].strip().decode("latin-1"), 16)
            if size == 0:
                self._pass_trailers()
                return
            yield self._body(size).tobytes()
            if self._line():
                raise WireError("a chunk is longer than it says")

    def parts(self, head: Head) -> Iterator[bytes]:
        """A body as it comes, of whatever length."""
        if "transfer-encoding" in head.headers:
            return self.chunks()
        return iter([self._body(_size(head.headers.get("content-length", ""), 10)).tobytes()])

    def interrupt(self) -> None:
        """Lets a read in another thread fail."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._socket.close()

    def _joined(self) -> bytes:
        parts = []
        total = 0
        for part in self.chunks():
            total += len(part)
            if total > MAX_BODY_BYTES:
                raise WireError(f"the body is above {MAX_BODY_BYTES} bytes")
            parts.append(part)
        return b"".join(parts)

    def _pass_trailers(self) -> None:
        """Reads the lines behind the last chunk, which nobody needs."""
        left = MAX_HEAD_BYTES
        while line := self._line():
            left -= len(line)
            if left < 0:
                raise WireError(f"the response's trailers are above {MAX_HEAD_BYTES} bytes")

    def _line(self) -> bytes:
        while True:
            at = self._buffer.find(b"\r\n", self._start, self._end)
            if at >= 0:
                line = bytes(self._view[self._start : at])
                self._start = at + 2
                return line
            if self._end - self._start > _MAX_CHUNK_LINE_BYTES:
                raise WireError("a chunk's first line is too long")
            self._fill()

    def _body(self, size: int) -> Bytes:
        body = np.empty(size, np.uint8)
        view = body.data
        have = min(size, self._end - self._start)
        view[:have] = self._view[self._start : self._start + have]
        self._start += have
        receive = self._socket.recv_into
        while have < size:
            count = receive(view[have:])
            if count == 0:
                raise WireError(f"the body was cut: {have} of {size} bytes")
            have += count
        return body

    def _fill(self) -> None:
        """Receives some more behind what is there."""
        waiting = self._end - self._start
        if waiting == 0:
            self._start = self._end = 0
        elif self._end + _PEEK_BYTES > len(self._buffer):
            self._buffer[:waiting] = self._buffer[self._start : self._end]
            self._start, self._end = 0, waiting
        count = self._socket.recv_into(self._view[self._end : self._end + _PEEK_BYTES])
        if count == 0:
            raise WireError("the connection ended before its response")
        self._end += count


def _head(text: bytes) -> Head:
    lines = text.decode("latin-1").split("\r\n")
    status = lines[0]
    if not (status.startswith("HTTP/1.1 ") and status[9:12].isdecimal()):
        raise WireError(f"not an HTTP/1.1 status line: {status[:100]}")
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name:
            raise WireError(f"not a header: {line[:100]}")
        name, value = name.lower(), value.strip()
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return Head(int(status[9:12]), headers)


def _size(text: str, radix: int) -> int:
    digits = "0123456789abcdef"[:radix]
    if not text or len(text) > 12 or any(c not in digits for c in text.lower()):
        raise WireError(f"not a length: {text[:100]}")
    size = int(text, radix)
    if size > MAX_BODY_BYTES:
        raise WireError(f"a body of {size} bytes is above the limit of {MAX_BODY_BYTES}")
    return size
