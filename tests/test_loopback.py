"""The tests' own fence: it holds in this process and in those that the tested server starts."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent


def test_other_machines_cannot_be_reached():
    with pytest.raises(OSError, match="no network"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(OSError, match="no network"):
        socket.getaddrinfo("elsewhere.invalid", 80)


def test_this_machine_can_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_a_server_that_asks_for_elsewhere_is_written_down(tmp_path):
    program = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)"
    environment = {
        **os.environ,
        "PYTHONPATH": f"{TESTS / 'browser' / 'offline'}{os.pathsep}{TESTS.parent}",
        "OFFLINE_LOG": str(tmp_path / "tried"),
    }
    result = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True)
    assert b"no network" in result.stderr
    assert (tmp_path / "tried").read_text().startswith("192.0.2.1")
