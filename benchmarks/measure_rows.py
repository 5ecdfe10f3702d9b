"""`measure` of 250,000, 500,000 and 1,000,000 × 128 from a file: linear time, bounded memory.

Each in a fresh process by the command line, from a .npy file with labels beside it. Part of the
time is the same at every N (imports, the pair numbers of 10,000 rows), so linear means: four times
the rows take at most four times as long.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.rows import tell

SIZES, DIM, CLASSES = (250_000, 500_000, 1_000_000), 128, 100
MOST_MB = 1_500


def write(folder: Path, n: int) -> tuple[Path, Path]:
    """Features and labels as files."""
    rng = np.random.default_rng(0)
    labels = rng.integers(CLASSES, size=n)
    means = rng.normal(size=(CLASSES, DIM)).astype(np.float32)
    file, beside = folder / f"{n}.npy", folder / f"{n}-labels.npy"
    x = np.lib.format.open_memmap(file, "w+", np.float32, (n, DIM))
    for at in range(0, n, 50_000):
        noise = rng.standard_normal((50_000, DIM), dtype=np.float32)
        x[at : at + 50_000] = means[labels[at : at + 50_000]] + noise
    x.flush()
    np.save(beside, labels)
    return file, beside


def measured(file: Path, labels: Path) -> tuple[float, float]:
    """Seconds and MB at most of `measure`."""
    command = [sys.executable, "-m", "centerviz", "measure", str(file), "--labels", str(labels)]
    began = time.perf_counter()
    with subprocess.Popen([*command, "--json"], stdout=subprocess.DEVNULL) as process:
        _, code, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(code)
    if process.returncode:
        raise SystemExit(f"measure {file.name} ended with {process.returncode}.")
    unit = 1e6 if sys.platform == "darwin" else 1e3  # of ru_maxrss
    return time.perf_counter() - began, used.ru_maxrss / unit


def main() -> None:
    """One row: the largest size, and how time grew towards it."""
    with tempfile.TemporaryDirectory() as folder:
        found = [measured(*write(Path(folder), n)) for n in SIZES]
    (first, _), (second, _), (third, most) = found
    growth = third / first
    tell(
        [
            {
                "what": f"measure {SIZES[-1]:,} × {DIM} from .npy",
                "against": "–",
                "ours": f"{third:.1f} s, {most:,.0f} MB",
                "usual": "–",
                "ratio": "–",
                "target": f"linear in N, < {MOST_MB:,} MB",
                "met": bool(growth <= 4 and most < MOST_MB),
                "agreement": f"{first:.1f}, {second:.1f}, {third:.1f} s for N/4, N/2, N: "
                f"4 times the rows, {growth:.1f} times the time",
            }
        ]
    )


if __name__ == "__main__":
    main()
