"""The first thing a newcomer trains: digits in 2-D, 30 epochs, with and without center loss.

As the Train page does it: a warm cluster, both runs submitted at once. How long until the first
epoch of either is written (the page looks every half second) and until both are done.
"""

import os
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.rows import PAIRS, tell
from centerviz.learning.config import TrainConfig
from centerviz.learning.plan import Plan
from centerviz.runs import experiment, queue
from centerviz.runs.store import Run

FIRST, ALL = 1.0, 30.0  # seconds


def wait(runs: list[Run], reached) -> float:
    """The moment at which `reached` holds for all statuses."""
    while not reached([run.status for run in runs]):
        time.sleep(0.01)
    failed = [run.id for run in runs if run.status.state in ("failed", "interrupted")]
    if failed:
        raise SystemExit(f"{failed} did not train.")
    return time.perf_counter()


def trained(epochs: int) -> dict:
    """Seconds from the click to the first epoch and to the end of a pair."""
    began = time.perf_counter()
    runs = experiment.start(Plan(TrainConfig(epochs=epochs)))
    for run in runs:
        queue.submit(run)
    first = wait(runs, lambda all_: any(one.epoch for one in all_)) - began
    last = wait(runs, lambda all_: not any(one.active for one in all_)) - began
    accuracy = [float(run.epochs()["accuracy_test"].iloc[-1]) for run in runs]
    return {"first": first, "last": last, "accuracy": accuracy}


def main() -> None:
    """One row."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ["CENTERVIZ_RUNS"] = folder
        trained(1)  # starts the cluster and warms its workers
        found = [trained(30) for _ in range(PAIRS)]
        queue._client(Path(folder)).shutdown()
    first = statistics.median(run["first"] for run in found)
    last = statistics.median(run["last"] for run in found)
    without, with_ = found[-1]["accuracy"]
    tell(
        [
            {
                "what": "digits, 2-D, 30 epochs, pair with and without center loss",
                "against": "–",
                "ours": f"first epoch {first:.2f} s after the click, both done after {last:.1f} s",
                "usual": "–",
                "ratio": "–",
                "target": f"first ≤ {FIRST:g} s on a warm worker, done in seconds",
                "met": bool(first <= FIRST and last <= ALL),
                "agreement": f"accuracy {without:.3f} without, {with_:.3f} with",
            }
        ]
    )


if __name__ == "__main__":
    main()
