"""Make the finished runs of sample_data/runs by the product's own command.

    python sample_data/make_runs.py

Three pairs, each with and without center loss under one seed. The λ of the faces is the one with
the smallest equal error rate on the val split; test and verify take no part in the choice.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
RUNS = HERE / "runs"
FACES = ["--dataset", "faces-1", "--dim", "32"]
EVERYWHERE = ["--device", "cpu", "--precision", "float32", "--threads", "1"]  # not what is here
FACE_WEIGHTS = ("0.01", "0.1", "1")
PAIRS = {
    "digits-2d": (["--preset", "wen2016"], "0.1"),
    "digits-16d": (["--preset", "article"], "5"),
}


def command(*words: str) -> dict:
    """The JSON that one command of the product prints."""
    line = [sys.executable, "-m", "centerviz", *words, "--json"]
    done = subprocess.run(line, cwd=HERE.parent, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def trained(words: list[str], weight: str, scratch: str) -> Path:
    """The directory of a run with the given λ."""
    words = [*words, "--center-weight", weight, *EVERYWHERE]
    run = command("train", *words, "--runs", scratch)
    print(f"{' '.join(words)}: accuracy {run['accuracy']}, {run['seconds']:.1f} s")
    return Path(run["dir"])


def equal_error_rate(run: Path) -> float:
    """On the val split, unit features."""
    return command("measure", str(run), "--split", "val")["unit"]["eer"]


def ship(run: Path, name: str) -> None:
    """Put a finished run under its own name."""
    shutil.rmtree(RUNS / name, ignore_errors=True)
    shutil.copytree(run, RUNS / name, ignore=shutil.ignore_patterns("lock"))


def main() -> None:
    """Train all of them in a scratch folder, then put them in place."""
    RUNS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for name, (words, weight) in PAIRS.items():
            ship(trained(words, "0", scratch), f"{name}-without")
            ship(trained(words, weight, scratch), f"{name}-with")
        tried = {weight: trained(FACES, weight, scratch) for weight in FACE_WEIGHTS}
        rates = {weight: equal_error_rate(run) for weight, run in tried.items()}
        best = min(rates, key=rates.get)
        print(f"equal error rates on val: {rates}; best λ: {best}")
        ship(trained(FACES, "0", scratch), "faces-without")
        ship(tried[best], "faces-with")


if __name__ == "__main__":
    main()
