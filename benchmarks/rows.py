"""What every benchmark tells, and how two ways are measured beside each other.

One script per row of the table: `python -m benchmarks.NAME [FILE.json]` prints its rows and writes
them where a file is named; `python -m benchmarks` runs all of them and prints one table.

A row is a dict of these keys, all of them words ready to print but `met`:
    what       what was done, with its size: "center loss, 100,000 × 512, batch 256"
    against    the usual way: "m×C distance matrix"
    ours       what we took: "1.2 ms, 2 MB"; and
    usual      what the usual way took; "–" where there is none
    ratio      usual / ours: "840×, memory 1/410"; "–" where there is none
    target     what was asked for: "1,000×, memory ≤ 1/100"; "–" for a row told for comparison only
    met        True, False, or None without a target
    agreement  how far the results differ: "loss within 1e-7"

A script has `main()`, which ends in `tell(rows)`. Ours and the usual way run in turn; a ratio is
the median over at least 5 such pairs: what else the machine does then hits both.
"""

import json
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

KEYS = ("what", "against", "ours", "usual", "ratio", "target", "met", "agreement")
PAIRS = 5


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes, by the clock on the wall."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def in_turn(
    ours: Callable[[], object], usual: Callable[[], object], pairs: int = PAIRS
) -> tuple[float, float, float]:
    """Median seconds of ours and of the usual way, and the median of usual / ours, pair by pair."""
    taken = [(seconds(ours), seconds(usual)) for _ in range(pairs)]
    ours_s, usual_s = (statistics.median(way) for way in zip(*taken, strict=True))
    return ours_s, usual_s, statistics.median(b / a for a, b in taken)


def apart(work: Callable, *given):
    """What `work(*given)` returns, computed in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as process:
        return process.apply(work, given)


def peak_mb(work: Callable[[], object]) -> float:
    """MB that the process grows by at most while `work` runs: call it in a fresh process.

    By the kernel's own count of pages in memory. NaN where there is no /proc (not Linux).
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")

    def pages(name: str) -> float:
        line = next(line for line in status.read_text().splitlines() if line.startswith(name))
        return int(line.split()[1]) / 1000

    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here
    before = pages("VmRSS")
    work()
    return pages("VmHWM") - before


def tell(rows: list[dict]) -> None:
    """Print the rows as a table; write them as JSON where the command line names a file."""
    print(table(rows))
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")


def table(rows: list[dict]) -> str:
    """The rows as a Markdown table."""
    met = {True: "yes", False: "**no**", None: "–"}
    lines = [[*KEYS], ["---"] * len(KEYS)]
    lines += [[met[row[key]] if key == "met" else row[key] for key in KEYS] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine() -> str:
    """The processor, its cores and how busy they are."""
    info = Path("/proc/cpuinfo")
    names = info.read_text().splitlines() if info.exists() else []
    name = next((n.partition(": ")[2] for n in names if n.startswith("model name")), "processor")
    return f"{name}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
