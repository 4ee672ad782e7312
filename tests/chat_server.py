"""A server of the tests' own that speaks the OpenAI chat protocol on the loopback, so that the real client is driven."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Reply:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    drips: str = ""
    """`body` or `head`: that part is sent a byte at a time, with a pause after each."""


RESET = Reply(0, b"")
"""The connection is cut before an answer."""


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def rung(self) -> str:
        return self.body.get("response_format", {}).get("type", "plain")

    @property
    def text(self) -> str:
        """All that was said to the model."""
        return "\n".join(message["content"] for message in self.body["messages"])


DRIP_S = 0.2

Script = Callable[[Request], Reply]


def chat(content: str | None, finish_reason: str = "stop", **message: Any) -> Reply:
    """A complete answer holding this text."""
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "test-model",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish_reason,
                "message": {"role": "assistant", "content": content, **message},
            }
        ],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }
    return Reply(200, json.dumps(body).encode(), {"Content-Type": "application/json"})


def error(status: int, message: str, **headers: str) -> Reply:
    body = json.dumps({"error": {"message": message, "type": "error"}}).encode()
    return Reply(status, body, {"Content-Type": "application/json", **headers})


class ChatServer:
    """Answers each request by `script`, and remembers it in `requests`; a GET (the list of models) by `listing`."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.gets: list[Request] = []
        self.hung_up = threading.Event()
        """The client closed the connection while it was being answered."""
        self.listing = error(404, "no list")
        self.script: Script = lambda request: error(500, "no script")
        server = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: Any) -> None:
                """Silence: the requests are kept instead."""

            def do_GET(self) -> None:
                server.gets.append(Request(self.path, dict(self.headers), {}))
                self._send(server.listing)

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                request = Request(self.path, dict(self.headers), json.loads(raw))
                server.requests.append(request)
                reply = server.script(request)
                if reply is RESET:
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.connection.close()
                    return
                self._send(reply)

            def _send(self, reply: Reply) -> None:
                try:
                    if reply.drips == "head":
                        self._drip(b"HTTP/1.1 200 OK\r\nX-Patience: " + b"a" * 1000)
                    self.send_response(reply.status)
                    for name, value in reply.headers.items():
                        self.send_header(name, value)
                    self.end_headers()
                    if reply.drips == "body":
                        self._drip(reply.body)
                    else:
                        self.wfile.write(reply.body)
                except (BrokenPipeError, ConnectionResetError):
                    server.hung_up.set()
                    self.close_connection = True  # the client has given up, as a test about timeouts wants

            def _drip(self, data: bytes) -> None:
                for byte in data:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(DRIP_S)

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
