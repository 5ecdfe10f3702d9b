"""A Streamlit server for the benchmarks that need one, and a headless browser to look at it."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 90
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    # WebGL in software, where there is no GPU.
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
]


@contextlib.contextmanager
def served(script: str, runs: str = "") -> Iterator[int]:
    """The port on which `script` is served from a fresh process, with runs of its own if not
    in the folder `runs`."""
    with socket.socket() as probe, tempfile.TemporaryDirectory() as own:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        options = {
            "server.port": port,
            "server.address": "127.0.0.1",
            "server.headless": "true",
            "server.fileWatcherType": "none",
            "browser.gatherUsageStats": "false",
        }
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", script]
            + [f"--{name}={value}" for name, value in options.items()],
            cwd=ROOT,
            env={**os.environ, "CENTERVIZ_RUNS": runs or own, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(server, port)
            yield port
        finally:
            server.terminate()
            server.wait(15)


def _wait(server: subprocess.Popen, port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise SystemExit("The server did not start.")
