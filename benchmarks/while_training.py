"""A page while runs train: another map on Explore, beside the same with nobody training.

By the clock, over the websocket, one session: medians of choices without training, with one run in
training, and with as many as train at once. Figures are cached by then; trainers are niced.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import websockets

from benchmarks.digits_pair import wait
from benchmarks.rows import PAIRS, tell
from benchmarks.serving import served
from benchmarks.sessions import Session
from centerviz.learning.config import TrainConfig
from centerviz.runs import queue
from centerviz.runs.cluster import workers
from centerviz.runs.store import Run, create_run

CHOICES = 12
ENDLESS = TrainConfig(dataset="mnist-6k", epochs=1000)
TARGET = 2.0


async def answers(port: int) -> list[float]:
    """Seconds of each choice in a session of its own."""
    url = f"ws://127.0.0.1:{port}/_stcore/stream"
    async with websockets.connect(url, subprotocols=["streamlit"], max_size=None) as socket:
        session = Session(socket)
        await session.run()
        for turn in range(CHOICES):
            await session.run((turn + 1) % 2)
    if not all(whole for _seconds, whole in session.answers):
        raise SystemExit("A choice was not answered whole.")
    return [seconds for seconds, _whole in session.answers[1:]]


def median(port: int) -> float:
    """Seconds that a choice takes now."""
    return statistics.median(asyncio.run(answers(port)))


def training(count: int) -> list[Run]:
    """So many runs that train from now on."""
    runs = [create_run(ENDLESS) for _ in range(count)]
    for run in runs:
        queue.submit(run)
    wait(runs, lambda all_: all(one.epoch for one in all_))
    return runs


def turn(port: int, counts: Sequence[int]) -> list[float]:
    """Seconds of a choice while so many runs train, for each of `counts`."""
    found = []
    for count in counts:
        runs = training(count)
        found.append(median(port))
        if queue.stop_all(runs, 60.0):
            raise SystemExit("A run did not stop.")
        time.sleep(1.0)  # what stopped gives its memory back
    return found


def row(name: str, idle: list[float], busy: list[float]) -> dict:
    """What is told of one way to be busy."""
    ratio = statistics.median(b / a for a, b in zip(idle, busy, strict=True))
    return {
        "what": f"another map on Explore while {name}",
        "against": "nobody trains",
        "ours": f"{1000 * statistics.median(busy):.0f} ms",
        "usual": f"{1000 * statistics.median(idle):.0f} ms",
        "ratio": f"{ratio:.2f}× its time",
        "target": f"≤ {TARGET:g}×",
        "met": bool(ratio <= TARGET),
        "agreement": "–",
    }


def main() -> None:
    """A row for one run, and one for as many as train at once."""
    most = max(workers(), 2)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ["CENTERVIZ_RUNS"] = folder
        with served("app.py", folder) as port:
            turn(port, (most,))  # starts the cluster, fills the caches
            found = [turn(port, (0, 1, most)) for _ in range(PAIRS)]
        queue._client(Path(folder)).shutdown()
    idle, one, all_ = map(list, zip(*found, strict=True))
    tell([row("a run trains", idle, one), row(f"{most} runs train", idle, all_)])


if __name__ == "__main__":
    main()
