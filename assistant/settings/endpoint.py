"""The HTTP client that model and embedding endpoints are reached by: bounded in time and size, and it follows nobody elsewhere.

A read timeout starts anew with every byte, so a server that drips its answer would hold a form for
hours. Here each request, from connecting to the last byte, has one deadline; when it has passed the
connection is closed and the caller sees a timeout. And a redirect is an answer, not an order: with a
form in the body it would send that form to a host nobody configured. An answer is counted as it is
unpacked: a few megabytes unpack to thousands, and nobody need end an answer at all.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable
from typing import Any

import httpcore2
import httpx2


class _Deadline(threading.local):
    """When the request of this thread has to be over, by the monotonic clock."""

    at = float("inf")

    def left(self, timeout: float | None) -> float:
        """Seconds that may still pass, at most `timeout`; 0 where the time is over."""
        left = max(0.0, self.at - time.monotonic())
        return left if timeout is None else min(timeout, left)


TOO_LARGE = "too_large"
"""Extension of the response that stands for one with more than the bytes allowed."""


def client(timeout_s: float, most_bytes: int) -> httpx2.Client:
    """A client whose every request is over within `timeout_s` and `most_bytes`, unpacked. Proxies of the environment are used.

    An answer with more is cut off, and one of status 413 with the extension `TOO_LARGE` comes in its place.
    """
    deadline = _Deadline()

    def begin(request: httpx2.Request) -> None:
        deadline.at = time.monotonic() + timeout_s

    made = httpx2.Client(timeout=timeout_s, follow_redirects=False, event_hooks={"request": [begin]})
    # httpx has no argument for how its transports reach the network, so theirs is wrapped where it lies.
    for transport in (made._transport, *made._mounts.values()):
        if isinstance(transport, httpx2.HTTPTransport):
            transport._pool._network_backend = _Network(transport._pool._network_backend, deadline)
    made._transport = _Bounded(made._transport, most_bytes)
    made._mounts = {
        pattern: _Bounded(transport, most_bytes) if transport else None for pattern, transport in made._mounts.items()
    }
    return made


class _Bounded(httpx2.BaseTransport):
    """Reads each response whole, up to a number of bytes."""

    def __init__(self, transport: httpx2.BaseTransport, most_bytes: int):
        self._transport = transport
        self._most_bytes = most_bytes

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = self._transport.handle_request(request)
        response.request = request
        body = bytearray()
        try:
            for piece in response.iter_bytes():
                body += piece
                if len(body) > self._most_bytes:
                    # No exception: the client would ask again, as after a connection that broke.
                    return httpx2.Response(413, extensions={TOO_LARGE: self._most_bytes})
        finally:
            response.close()
        packed = ("content-encoding", "content-length", "transfer-encoding")
        headers = [(name, value) for name, value in response.headers.multi_items() if name not in packed]
        return httpx2.Response(response.status_code, headers=headers, content=bytes(body))

    def close(self) -> None:
        self._transport.close()


class _Network(httpcore2.NetworkBackend):
    def __init__(self, network: httpcore2.NetworkBackend, deadline: _Deadline):
        self._network = network
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        left = _some(self._deadline.left(timeout), httpcore2.ConnectTimeout)
        return _Stream(self._network.connect_tcp(host, port, left, local_address, socket_options), self._deadline)

    def sleep(self, seconds: float) -> None:
        self._network.sleep(seconds)


class _Stream(httpcore2.NetworkStream):
    def __init__(self, stream: httpcore2.NetworkStream, deadline: _Deadline):
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _some(self._deadline.left(timeout), httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _some(self._deadline.left(timeout), httpcore2.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        left = _some(self._deadline.left(timeout), httpcore2.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _some(left: float, over: type[Exception]) -> float:
    """The time that is left; where there is none, it is over."""
    if left <= 0:
        raise over
    return left
