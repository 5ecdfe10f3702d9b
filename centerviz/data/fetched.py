"""Data sets from the network, by scikit-learn's fetchers, which keep them in a folder."""

import contextlib
import sys
import warnings
from collections.abc import Callable

import numpy as np

from centerviz.data.dataset import Dataset
from centerviz.data.splits import exact_splits, shared_splits
from centerviz.problem import Problem

FASHION_CLASSES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
    "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip
VAL_ROWS = 5000  # of the 60,000 training rows of mnist and fashion-mnist
OLIVETTI_TRAINED = 30  # of 40 persons; the others are only verified
RETRIES = "Retry downloading|A network error occurred"  # scikit-learn says before each
warnings.filterwarnings("ignore", RETRIES)  # once: other threads warn meanwhile
LFW_TRAINED_IMAGES, LFW_VERIFY_IMAGES = 20, 10  # images a person needs to be trained, verified


def fetched(name: str, fetch: Callable):
    """What `fetch()` returns, with one sentence when the network does not give it.

    >>> def unplugged():
    ...     raise OSError("no route")
    >>> fetched("lfw", unplugged)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    centerviz.problem.Problem: The data set lfw could not be downloaded (no route); ...
    """
    try:
        with contextlib.redirect_stdout(sys.stderr):  # scikit-learn prints what it downloads
            return fetch()
    except (OSError, ValueError, EOFError) as error:
        raise Problem(
            "The data set {name} could not be downloaded ({reason}); connect to the network, or "
            "take digits, mnist-6k or faces-1, which are always there.",
            name=name,
            reason=str(error).splitlines()[0][:120] if str(error) else type(error).__name__,
        ) from error


def mnist() -> Dataset:
    """MNIST: 55,000 train, 5,000 val, 10,000 test images of 28×28."""
    return _openml(
        "mnist",
        "mnist_784",
        tuple("0123456789"),
        "MNIST by Yann LeCun, Corinna Cortes and Christopher J. C. Burges, from OpenML",
        "CC BY-SA 3.0",
    )


def fashion_mnist() -> Dataset:
    """Fashion-MNIST: 55,000 train, 5,000 val, 10,000 test images of 28×28."""
    return _openml(
        "fashion-mnist",
        "Fashion-MNIST",
        FASHION_CLASSES,
        "Fashion-MNIST by Zalando SE, from OpenML",
        "MIT",
    )


def _openml(name: str, table: str, class_names: tuple[str, ...], source: str, licence: str):
    from sklearn.datasets import fetch_openml

    pixels, target = fetched(
        name,
        lambda: fetch_openml(table, version=1, as_frame=False, return_X_y=True, n_retries=1),
    )
    labels = target.astype(np.int64)
    ids = np.array([f"{name}-{row:05d}" for row in range(len(labels))])
    splits = np.full(len(labels), "test", dtype="<U6")  # the last 10,000 rows, as published
    splits[:60_000] = exact_splits(labels[:60_000], ids[:60_000], val=VAL_ROWS, test=0)
    images = pixels.astype(np.uint8).reshape(-1, 28, 28, 1)
    return Dataset(name, images, labels, class_names, splits, ids, source, licence)


def olivetti() -> Dataset:
    """Olivetti faces: 40 persons, 10 images each of 64×64; the last 10 persons only in verify."""
    from sklearn.datasets import fetch_olivetti_faces

    raw = fetched("olivetti", lambda: fetch_olivetti_faces(n_retries=1))
    names = tuple(f"person {person:02d}" for person in range(1, 41))
    return _persons(
        "olivetti",
        np.rint(raw.images * 255).astype(np.uint8)[..., None],
        raw.target.astype(np.int64),
        names,
        OLIVETTI_TRAINED,
        "The Olivetti (ORL) faces, AT&T Laboratories Cambridge",
        "for research, with acknowledgement",
    )


def lfw() -> Dataset:
    """Labeled Faces in the Wild, 64×64 colour: persons with 20 images and more are trained.

    Those with 10 to 19 images are only in verify.
    """
    from sklearn.datasets import fetch_lfw_people

    middle = slice(61, 189)  # 128 of 250 pixels, around the face
    raw = fetched(
        "lfw",
        lambda: fetch_lfw_people(
            min_faces_per_person=LFW_VERIFY_IMAGES,
            color=True,
            resize=0.5,
            slice_=(middle, middle),
            n_retries=1,
        ),
    )
    counts = np.bincount(raw.target)
    order = np.argsort(counts < LFW_TRAINED_IMAGES, kind="stable")  # trained persons first
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return _persons(
        "lfw",
        np.rint(raw.images * 255).astype(np.uint8),
        place[raw.target].astype(np.int64),
        tuple(str(raw.target_names[person]) for person in order),
        int((counts >= LFW_TRAINED_IMAGES).sum()),
        "Labeled Faces in the Wild, University of Massachusetts Amherst (2007)",
        "for research; the photographs belong to their owners",
    )


def _persons(name, images, labels, class_names, trained: int, source: str, licence: str) -> Dataset:
    """Persons below `trained` get train, val and test; the others are only in verify."""
    ids = np.array([f"{name}-{row:05d}" for row in range(len(labels))])
    splits = np.where(labels < trained, shared_splits(labels, ids), "verify").astype("<U6")
    return Dataset(name, images, labels, class_names, splits, ids, source, licence)
