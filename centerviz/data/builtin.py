"""The data sets that are always there: digits, the article's twelve vectors, mnist-6k."""

import hashlib
import io
from pathlib import Path

import numpy as np

from centerviz.data.dataset import Dataset
from centerviz.data.splits import exact_splits
from centerviz.problem import Problem

MNIST_6K = Path(__file__).parents[2] / "sample_data" / "mnist-6k.npz"
MNIST_6K_SHA256 = "9fddcd770d6efc0e2d371cc97a39b3d74db4d2ceff0beaf01002bb1492ad9a4c"

ARTICLE_VECTORS = (  # article §4.2: three classes of four vectors, called normalised there
    (0.5, 0.6, 0.7), (0.4, 0.5, 0.8), (0.6, 0.7, 0.6), (0.5, 0.5, 0.8),
    (0.8, 0.2, 0.3), (0.7, 0.3, 0.4), (0.6, 0.4, 0.5), (0.7, 0.2, 0.6),
    (0.1, 0.9, 0.2), (0.2, 0.8, 0.3), (0.3, 0.7, 0.4), (0.1, 0.8, 0.5),
)  # fmt: skip


def digits() -> Dataset:
    """1,797 handwritten digits of 8×8 pixels: 1,200 train, 200 val, 397 test.

    The 17 grey levels of the source are stretched to 0…255.

    >>> digits().inputs.shape
    (1797, 8, 8, 1)
    """
    from sklearn.datasets import load_digits  # a second to import, needed only here

    raw = load_digits()
    labels = raw.target.astype(np.int64)
    ids = np.array([f"digits-{row:04d}" for row in range(len(labels))])
    return Dataset(
        name="digits",
        inputs=np.rint(raw.images * (255 / 16)).astype(np.uint8)[..., None],
        labels=labels,
        class_names=tuple("0123456789"),
        splits=exact_splits(labels, ids, val=200, test=397),
        ids=ids,
        source="Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI (1998), "
        "as shipped with scikit-learn",
        licence="CC BY 4.0",
    )


def article() -> Dataset:
    """The twelve 3-D vectors of the article's section 4.2, all in the split train.

    >>> article().inputs[:4].mean(axis=0).round(3)
    array([0.5  , 0.575, 0.725], dtype=float32)
    """
    return Dataset(
        name="article",
        inputs=np.array(ARTICLE_VECTORS, dtype=np.float32),
        labels=np.repeat(np.arange(3, dtype=np.int64), 4),
        class_names=("1", "2", "3"),
        splits=np.full(12, "train", dtype="<U6"),
        ids=np.array([f"article-{i}-{j}" for i in (1, 2, 3) for j in (1, 2, 3, 4)]),
        source="The article on center loss, section 4.2",
        licence="numbers, free to use",
    )


def mnist_6k(path: Path = MNIST_6K) -> Dataset:
    """600 handwritten digits per class, 28×28: 4,500 train, 500 val, 1,000 test.

    Raises Problem when the file is missing or is not the one that was shipped.
    """
    try:
        content = path.read_bytes()
    except OSError:
        raise Problem(
            "The file {file} is missing; restore it from the repository.", file=path.name
        ) from None
    if hashlib.sha256(content).hexdigest() != MNIST_6K_SHA256:
        raise Problem(
            "The file {file} is damaged or changed; restore it from the repository.",
            file=path.name,
        )
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return Dataset(
            name="mnist-6k",
            inputs=arrays["x"][..., None],
            labels=arrays["y"].astype(np.int64),
            class_names=tuple("0123456789"),
            splits=arrays["split"].astype("<U6"),
            ids=arrays["id"],
            source="A subset of MNIST by Yann LeCun, Corinna Cortes and Christopher J. C. Burges",
            licence="CC BY-SA 3.0",
        )
