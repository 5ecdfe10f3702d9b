"""What holds for every test: no network, no skipping, runs in a folder of their own, English.

Tests run anywhere that `make test` runs, so a test that skips is a test that failed; only tests
marked `gpu` are deselected where there is none.
"""

import os
import sys

import pytest
from hypothesis import HealthCheck, settings

from centerviz import language
from centerviz.embedding.kernels import gpu
from tests.loopback import stay_inside

settings.register_profile(
    "centerviz",
    deadline=None,  # nothing is judged by the clock
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    database=None,
)
settings.load_profile("centerviz")


stay_inside()


def pytest_collection_modifyitems(config, items):
    """Browser tests last (Playwright keeps an event loop running); no GPU, no `gpu` tests."""
    items.sort(key=lambda item: "tests/browser/" in item.nodeid)
    for_gpu = [item for item in items if item.get_closest_marker("gpu")]
    if for_gpu and gpu() is None:
        config.hook.pytest_deselected(items=for_gpu)
        items[:] = [item for item in items if not item.get_closest_marker("gpu")]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Turn a skip into a failure; an expected failure (xfail) stays one."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} skipped, and no test may: {report.longrepr}"
    return report


@pytest.fixture(scope="session", autouse=True)
def _runs_in_a_folder_of_their_own(tmp_path_factory):
    """Nothing of the tests lands in ./runs, nor in what a child process takes for it."""
    kept = os.environ.get("CENTERVIZ_RUNS")
    os.environ["CENTERVIZ_RUNS"] = str(tmp_path_factory.mktemp("runs"))
    yield
    if kept is None:
        del os.environ["CENTERVIZ_RUNS"]
    else:
        os.environ["CENTERVIZ_RUNS"] = kept


@pytest.fixture(autouse=True)
def _english():
    """A test that follows another language does not hand it to the next."""
    language.follow(lambda: language.DEFAULT)
    yield
    language.follow(lambda: language.DEFAULT)


@pytest.fixture(autouse=True)
def _nothing_cached():
    """Streamlit's caches live as long as the process: each test starts with empty ones."""
    yield
    streamlit = sys.modules.get("streamlit")
    if streamlit is not None:
        streamlit.cache_data.clear()
        streamlit.cache_resource.clear()
