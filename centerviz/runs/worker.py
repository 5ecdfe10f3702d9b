"""What a worker of the cluster does when it starts: give way to the app, and warm up.

Dask loads this module in each worker (`distributed.worker.preload`).
"""

import os
import threading

from centerviz.data.sources import load_dataset
from centerviz.learning.config import TrainConfig


def dask_setup(worker) -> None:
    """Give way to the app and import torch ahead, so that the first run starts at once."""
    if hasattr(os, "nice"):
        os.nice(10)
    threading.Thread(target=_warm, daemon=True).start()


def _warm() -> None:
    import centerviz.learning.ahead
    import centerviz.runs.work  # noqa: F401

    load_dataset(TrainConfig().dataset)
