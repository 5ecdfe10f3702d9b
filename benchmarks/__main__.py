"""Every benchmark, one after the other, and one table: `python -m benchmarks [FILE.json]`.

Ends with 1 where a script failed. A row that misses its target says so, and is no failure: what a
machine can do is measured here, not promised.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.rows import machine, tell

HERE = Path(__file__).parent
FRAME = {"__main__", "rows", "serving"}
LONG = {"faces_pair"}  # half an hour: asked for by name


def main() -> int:
    """Run the scripts in fresh processes; what they print goes to standard error."""
    began, rows, failed = time.monotonic(), [], []
    for name in sorted({path.stem for path in HERE.glob("*.py")} - FRAME - LONG):
        print(f"== {name}, after {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "rows.json")
            command = [sys.executable, "-m", f"benchmarks.{name}", str(file)]
            if subprocess.run(command, cwd=HERE.parent, stdout=sys.stderr).returncode:
                failed.append(name)
            else:
                rows += json.loads(file.read_text())
    print(f"{machine()}; {time.monotonic() - began:.0f} s\n")
    tell(rows)
    for name in failed:
        print(f"benchmarks/{name}.py failed", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
