"""Make mnist-6k.npz from the whole of MNIST: `python sample_data/make_mnist_6k.py MNIST.npz`.

600 images per digit: 450 train and 50 val from MNIST's training set, 100 test from its test set.
MNIST.npz holds x_train, y_train, x_test, y_test. Same input, same choice of images.
"""

import hashlib
import sys
from pathlib import Path

import numpy as np

SEED = 0
PER_CLASS = {"train": 450, "val": 50, "test": 100}
TARGET = Path(__file__).parent / "mnist-6k.npz"


def chosen(y: np.ndarray, counts: dict[str, int], rng: np.random.Generator):
    """Yield (split, rows): for each split `counts[split]` rows of each digit, no row twice."""
    taken = [rng.permutation(np.flatnonzero(y == digit)) for digit in range(10)]
    start = 0
    for split, count in counts.items():
        yield split, np.sort(np.concatenate([rows[start : start + count] for rows in taken]))
        start += count


def main(source: Path) -> None:
    """Write the subset beside this script and print its checksum."""
    rng = np.random.default_rng(SEED)
    parts = []
    with np.load(source, allow_pickle=False) as mnist:
        for part, splits in (("train", ("train", "val")), ("test", ("test",))):
            x, y = mnist[f"x_{part}"], mnist[f"y_{part}"]
            for split, rows in chosen(y, {name: PER_CLASS[name] for name in splits}, rng):
                ids = [f"mnist-{part}-{row:05d}" for row in rows]
                parts.append((x[rows], y[rows], np.full(len(rows), split), np.array(ids)))
    x, y, split, ids = (np.concatenate(column) for column in zip(*parts, strict=True))
    np.savez_compressed(TARGET, x=x, y=y, split=split, id=ids)
    digest = hashlib.sha256(TARGET.read_bytes()).hexdigest()
    print(f"{TARGET.name}: {len(x)} images, {TARGET.stat().st_size} bytes, SHA-256 {digest}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python sample_data/make_mnist_6k.py MNIST.npz")
    main(Path(sys.argv[1]))
