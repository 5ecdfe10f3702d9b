"""An experiment of ten runs on digits, side by side as the cores allow, and one after another.

λ = 0 and 0.1, five seeds, 30 epochs: from the click until all are done, on warm workers. The two
clusters take turns; the one that waits takes no time.
"""

import os
import tempfile
import time
from pathlib import Path

from benchmarks.digits_pair import wait
from benchmarks.rows import PAIRS, in_turn, tell
from centerviz.learning.config import TrainConfig
from centerviz.learning.plan import Plan
from centerviz.runs import experiment, queue
from centerviz.runs.cluster import workers
from centerviz.runs.store import create_run

PLAN = Plan(TrainConfig(), pair=True, seeds=tuple(range(5)))
CORES = 2
TARGET = 1.7


def warm(root: Path, count: int) -> None:
    """A cluster of `count` workers for `root`, each of which has trained once."""
    os.environ["CENTERVIZ_WORKERS"] = str(count)
    runs = [create_run(TrainConfig(epochs=3), root) for _ in range(2 * count)]
    for run in runs:
        queue.submit(run)
    wait(runs, lambda all_: not any(one.active for one in all_))
    time.sleep(3.0)  # the last of the workers imports torch


def trained(root: Path) -> None:
    """The whole experiment."""
    runs = experiment.start(PLAN, root)
    for run in runs:
        queue.submit(run)
    wait(runs, lambda all_: not any(one.active for one in all_))


def main() -> None:
    """One row."""
    count = min(workers(), CORES)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        alone, beside = Path(folder, "alone"), Path(folder, "beside")
        warm(alone, 1)
        warm(beside, count)
        ours, usual, ratio = in_turn(lambda: trained(beside), lambda: trained(alone))
        for root in (alone, beside):
            queue._client(root).shutdown()
    runs = PLAN.configs()
    tell(
        [
            {
                "what": f"{len(runs)} runs on digits, 30 epochs, {count} at a time",
                "against": "one after another",
                "ours": f"{ours:.1f} s",
                "usual": f"{usual:.1f} s",
                "ratio": f"{ratio:.2f}×",
                "target": f"about half the time on {CORES} cores: ≥ {TARGET:g}×",
                "met": bool(ratio >= TARGET),
                "agreement": f"median of {PAIRS} turns",
            }
        ]
    )


if __name__ == "__main__":
    main()
