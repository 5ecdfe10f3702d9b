"""One server for all browser tests, and a browser that reaches nothing but it.

After every test: no request to anywhere else was tried, no JavaScript error, no exception box.
Screenshots of failures lie in test-results/.
"""

import os
import re
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import expect

from scripts.browser import found
from tests.browser.waiting import wait_for_run

ROOT = Path(__file__).resolve().parents[2]
OFFLINE = Path(__file__).parent / "offline"  # keeps the server and its workers on the loopback
START_SECONDS = 90
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    # WebGL in software, without a GPU.
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-gpu-compositing",  # in software it costs more than the page itself
    # Loopback goes direct; everything else goes to a port where nobody listens.
    "--proxy-server=http://127.0.0.1:9",
]
SERVER_OPTIONS = [
    "--server.headless=true",
    "--server.address=127.0.0.1",
    "--server.fileWatcherType=none",
    "--browser.gatherUsageStats=false",
]
FAILED = pytest.StashKey[bool]()
REFUSED = "Content Security Policy"  # how the console says that our own headers refused a request

expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def is_foreign(url: str) -> bool:
    """True for an address that is not this machine's.

    >>> is_foreign("https://cdn.plot.ly/plotly.js"), is_foreign("ws://127.0.0.1:8501/stream")
    (True, False)
    >>> is_foreign("data:image/png;base64,AA=="), is_foreign("blob:http://127.0.0.1:8501/1-2")
    (False, False)
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https", "ws", "wss"):
        return False
    return parts.hostname not in ("127.0.0.1", "localhost", "::1")


class Watch:
    """What a browser context tried to reach elsewhere, and its JavaScript errors."""

    def __init__(self, context):
        self.foreign: list[str] = []
        self.errors: list[str] = []
        self.events = {
            "request": lambda request: self._reached(request.url),
            "page": self._watch_page,
            "weberror": lambda error: self.errors.append(str(error.error)),
            "console": self._said,
        }
        for event, heard in self.events.items():
            context.on(event, heard)

    def end(self, context):
        """Listen no more."""
        for event, heard in self.events.items():
            context.remove_listener(event, heard)

    def _watch_page(self, page):
        page.on("websocket", lambda websocket: self._reached(websocket.url))

    def _reached(self, url: str):
        if is_foreign(url):
            self.foreign.append(url)

    def _said(self, message):
        if message.type == "error" and REFUSED in message.text:
            self.foreign.append(message.text)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The browser that `make test` found; without one Playwright says how to install its own."""
    path = {"executable_path": found()} if found() else {}
    return {**browser_type_launch_args, **path, "headless": True, "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "viewport": {"width": 1280, "height": 800},
        "locale": "en-US",
        "timezone_id": "UTC",
        "reduced_motion": "reduce",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _healthy(process, port: int) -> bool:
    """True as soon as the server answers, False if it ended or took too long."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)  # whatever proxy is set
        try:
            connection.request("GET", "/_stcore/health")
            return connection.getresponse().status == 200
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    return False


def _end_all_with(runs: str) -> None:
    """End every process that works in this runs folder: the training cluster outlives the app."""
    ours = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get("CENTERVIZ_RUNS") == runs:
                process.terminate()
                ours.append(process)
        except psutil.Error:
            continue
    for process in psutil.wait_procs(ours, timeout=10)[1]:
        process.kill()


@pytest.fixture(scope="session")
def runs_root(tmp_path_factory) -> Path:
    """The runs folder of the server under test."""
    return tmp_path_factory.mktemp("browser-runs")


@pytest.fixture(scope="session")
def app_url(tmp_path_factory, runs_root):
    """The address of a running app. In the end: it asked for no network, its log is clean."""
    folder = tmp_path_factory.mktemp("server")
    log_path, tried = folder / "server.log", folder / "tried"
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    with log_path.open("w") as log:
        process = subprocess.Popen(
            command + SERVER_OPTIONS,
            cwd=ROOT,
            env={
                **os.environ,
                "CENTERVIZ_RUNS": str(runs_root),
                "PYTHONPATH": f"{OFFLINE}{os.pathsep}{ROOT}",
                "OFFLINE_LOG": str(tried),
            },
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        if not _healthy(process, port):
            pytest.fail(f"The app did not start:\n{log_path.read_text()}")
        yield url
    finally:
        process.terminate()
        process.wait(15)
        _end_all_with(str(runs_root))
    assert not tried.exists(), f"The server asked for {tried.read_text()}"
    said = log_path.read_text()
    assert not re.search(r"^Traceback", said, flags=re.MULTILINE), said


@pytest.fixture(scope="session")
def everybody(browser, browser_context_args):
    """One browser profile for all tests: what it has loaded once stays in its cache."""
    context = browser.new_context(**browser_context_args)
    yield context
    context.close()


@pytest.fixture
def context(request, everybody, new_context, output_path):
    """The profile of all, with nothing remembered; its own for a test that asks for another."""
    if request.node.get_closest_marker("browser_context_args"):
        yield new_context()
        return
    yield everybody
    for number, page in enumerate(everybody.pages, 1):
        if request.node.stash.get(FAILED, False):
            page.screenshot(path=f"{output_path}/failed-{number}.png")
        page.evaluate("() => location.origin === 'null' || localStorage.clear()")
        page.close()
    everybody.clear_cookies()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Remember a failure until the pages of the test are closed."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture
def watch(context) -> Watch:
    watch = Watch(context)
    yield watch
    watch.end(context)


@pytest.fixture
def app(watch, page, app_url):
    """`app(path)` opens a page of the app and returns it when its script has ended."""

    def opened(path: str = "/"):
        page.goto(f"{app_url}{path}")
        wait_for_run(page)
        return page

    yield opened
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert watch.foreign == []
    assert watch.errors == []
