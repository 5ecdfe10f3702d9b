"""Does center loss help to verify faces of persons never seen? Ten runs on faces-2 say so.

The same network with and without center loss, five seeds each, trained by the product's own
command; pairs of pictures of the 100 persons of the split verify are then called same or different
by the cosine of their features. λ is the one of three with the smallest equal error rate on the
split val, by a seed that takes no further part. Takes about half an hour of one core, so that
`python -m benchmarks` leaves it out: `python -m benchmarks.faces_pair [FILE.json]`.

The intervals cover the randomness of training only: not other persons, nor other pictures.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.rows import tell
from centerviz.embedding.over_seeds import OverSeeds, over_seeds
from centerviz.embedding.verification import Roc, verification
from centerviz.runs.store import Run

SETTINGS = "--dataset faces-2 --dim 64 --epochs 8 --device cpu --precision float32 --threads 1"
WEIGHTS = ("0.001", "0.01", "0.1")
SEEDS, CHOOSING = "0:5", "5"
FAR = 1e-2
NUMBERS = {
    "AUC": lambda curve: curve.auc,
    "EER": lambda curve: curve.eer,
    f"TAR at FAR {FAR:g}": lambda curve: curve.tar_at_far(FAR),
}


def trained(folder: str, *words: str) -> list[Run]:
    """The finished runs of one command, in the order of its plan."""
    line = [sys.executable, "-m", "centerviz", "train", *SETTINGS.split(), *words]
    done = subprocess.run([*line, "--runs", folder, "--json"], check=True, stdout=subprocess.PIPE)
    return [Run(Path(run["dir"])) for run in json.loads(done.stdout)["runs"]]


def curve(run: Run, split: str) -> Roc:
    """All pairs of a split, by the cosine of their features."""
    e = run.embeddings()
    rows = e.splits == split
    return verification(e.x[rows], e.labels[rows], unit=True)


def chosen(folder: str) -> str:
    """The weight with the smallest equal error rate on val."""
    sweep = f"center_weight={','.join(WEIGHTS)}"
    runs = trained(folder, "--sweep", sweep, "--seeds", CHOOSING)
    rates = {f"{run.config.center_weight:g}": curve(run, "val").eer for run in runs}
    print(f"equal error rates on val: {rates}", file=sys.stderr)
    return min(rates, key=rates.get)


def said(found: OverSeeds, sign: str = "") -> str:
    """A mean over seeds and its 95 % t interval."""
    return f"{found.mean:{sign}.4f} ± {found.half:.4f}"


def rows(weight: str, runs: list[Run]) -> list[dict]:
    """A row for each number: with, without, and the difference seed by seed."""
    curves = {(r.config.center_weight, r.config.seed): curve(r, "verify") for r in runs}
    seeds = sorted({seed for _, seed in curves})
    found = []
    for name, number in NUMBERS.items():
        with_ = [number(curves[float(weight), seed]) for seed in seeds]
        without = [number(curves[0.0, seed]) for seed in seeds]
        paired = over_seeds(a - b for a, b in zip(with_, without, strict=True))
        found.append(
            {
                "what": f"faces-2, 100 unseen persons, {name}",
                "against": "softmax alone",
                "ours": f"{said(over_seeds(with_))} (λ = {weight})",
                "usual": said(over_seeds(without)),
                "ratio": f"difference {said(paired, '+')}",
                "target": "–",
                "met": None,
                "agreement": f"mean ± 95 % t interval over {paired.n} seeds; differences paired",
            }
        )
    return found


def main() -> None:
    """Choose λ, train the pairs, tell what came out."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        weight = chosen(folder)
        tell(rows(weight, trained(folder, "--pair", "--center-weight", weight, "--seeds", SEEDS)))


if __name__ == "__main__":
    main()
