"""500 runs in one folder: how long the list of them takes, the first time and again.

The list is that of the page: name, state, settings, epochs, accuracy and Fisher of every run. What
rests is read once a server; each first look is made in a fresh process.
"""

import shutil
import statistics
import tempfile
from pathlib import Path

from benchmarks.rows import PAIRS, apart, seconds, tell
from centerviz.runs.store import SHIPPED

RUNS = 500
SMALL_FILES = ("config.json", "status.json", "epochs.jsonl", "provenance.json")
MODEL = SHIPPED / "digits-2d-with"
TARGET = 0.5


def fill(root: Path) -> None:
    """Put 500 finished runs of 30 epochs under `root`, as far as a list looks at them."""
    for number in range(RUNS):
        folder = root / f"digits-seed-{number}"
        folder.mkdir()
        for name in SMALL_FILES:
            shutil.copy(MODEL / name, folder / name)


def looks(root: str) -> tuple[float, float]:
    """Seconds of the first list and of the second one."""
    import logging

    logging.disable(logging.WARNING)  # Streamlit says that there is no server
    from centerviz.runs.store import list_runs
    from centerviz.web.run_list import entries

    def look() -> None:
        assert sum(entry.state == "done" for entry in entries(list_runs(Path(root)))) == RUNS

    return seconds(look), seconds(look)


def main() -> None:
    """One row."""
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder))
        found = [apart(looks, folder) for _ in range(PAIRS)]
    first, again = (statistics.median(look) for look in zip(*found, strict=True))
    tell(
        [
            {
                "what": f"a list of {RUNS} runs",
                "against": "–",
                "ours": f"{first:.2f} s the first time, {again:.2f} s again",
                "usual": "–",
                "ratio": "–",
                "target": f"< {TARGET:g} s",
                "met": bool(max(first, again) < TARGET),
                "agreement": "state, settings, accuracy and Fisher of each",
            }
        ]
    )


if __name__ == "__main__":
    main()
