"""What every test stands on: no network, and the clean form of each family."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from assistant.rules.clean import clean

# Before any module of ours looks: no policies of whoever runs the tests. A test that adds some names its own folder.
os.environ["ASSISTANT_POLICIES_DIR"] = str(Path(__file__).with_name("no-policies-of-their-own"))

LOCAL = ("127.0.0.1", "::1", "localhost")


def pytest_make_parametrize_id(config, val, argname):
    """Chinese case names as they are written."""
    return val if isinstance(val, str) else None


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Any connection that leaves this machine fails the test; a server of the test's own is allowed."""
    connect = socket.socket.connect

    def guarded(self, address):
        if isinstance(address, tuple) and address[0] not in LOCAL:
            raise AssertionError(f"a test tried to reach {address[0]}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def answers_of_its_own(monkeypatch, tmp_path):
    """What a model answered in one test is not known in another, nor on this machine."""
    monkeypatch.setenv("ASSISTANT_ANSWERS_FILE", str(tmp_path / "answers.sqlite"))


@pytest.fixture(params=["section", "indicator"])
def clean_form(request):
    """The form of each family on which no rule fires."""
    return clean(request.param)


@pytest.fixture
def chat_server(monkeypatch):
    """A model endpoint on the loopback; no proxy of the machine's stands in between."""
    from tests.chat_server import ChatServer

    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = ChatServer()
    yield server
    server.close()
