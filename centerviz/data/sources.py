"""load_dataset: from a name or a path to a Dataset. The one door through which samples come in."""

import functools
from collections.abc import Iterator
from pathlib import Path

from centerviz.data import builtin, faces, faces_2, fetched
from centerviz.data.dataset import Dataset
from centerviz.data.drawn import strengths
from centerviz.language import N_
from centerviz.problem import Problem

DATASETS: dict[str, str] = {
    "digits": N_("1,797 real handwritten digits of 8×8 pixels; trains in seconds."),
    "mnist-6k": N_("6,000 real handwritten digits of 28×28 pixels, 600 per class."),
    "faces-1": N_(
        "60 drawn faces with pose, light, expression, occlusion and noise, each with a strength; "
        "20 of them are seen only in verification."
    ),
    "faces-2": N_(
        "500 painted heads, 20,000 pictures of 64×64 pixels, with pose, light, expression, "
        "occlusion, noise and blur; 100 of them are seen only in verification. Drawn in about a "
        "minute, once."
    ),
    "article": N_("The article's twelve 3-D vectors in three classes."),
    "mnist": N_("The whole of MNIST, 70,000 digits; needs the network once."),
    "fashion-mnist": N_("Fashion-MNIST, 70,000 pieces of clothing; needs the network once."),
    "olivetti": N_("400 photographs of 40 persons; needs the network once."),
    "lfw": N_("Labeled Faces in the Wild, photographs of persons; needs the network once."),
}
_LOADERS = {
    "digits": builtin.digits,
    "mnist-6k": builtin.mnist_6k,
    "article": builtin.article,
    "mnist": fetched.mnist,
    "fashion-mnist": fetched.fashion_mnist,
    "olivetti": fetched.olivetti,
    "lfw": fetched.lfw,
}


def load_dataset(spec: str) -> Dataset:
    """The data set that `spec` names: one of DATASETS, or a path to images or to a vector table.

    Built-in sets are kept in memory and shared: do not write into their arrays. Raises Problem
    when there is no such set, or when its file, folder or download cannot be used.

    >>> load_dataset("article").inputs.shape
    (12, 3)
    >>> load_dataset("article:pose=1")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    centerviz.problem.Problem: The data set article takes no parameters, but pose=1 was given; ...
    """
    name, _, parameters = spec.partition(":")
    if name in DATASETS:
        return _named(name, parameters)
    path = _existing(spec)
    if path is None:
        raise Problem(
            "There is no data set, file or folder {spec}; give a path or one of: {names}.",
            spec=spec,
            names=", ".join(DATASETS),
        )
    return _from_path(path)


@functools.lru_cache(maxsize=4)
def _named(name: str, parameters: str) -> Dataset:
    _check_parameters(name, parameters)
    if name == "faces-1":
        return faces.faces(strengths(name, parameters, faces.FACE_NUISANCES))
    return faces_2.faces(parameters) if name == "faces-2" else _LOADERS[name]()


def _check_parameters(name: str, parameters: str) -> None:
    """Raise Problem for parameters that a named data set does not take."""
    if name == "faces-1":
        strengths(name, parameters, faces.FACE_NUISANCES)
    elif name == "faces-2":
        faces_2.read(parameters)
    elif parameters:
        raise Problem(
            "The data set {name} takes no parameters, but {given} was given; leave them out.",
            name=name,
            given=parameters,
        )


def check_spec(spec: str) -> None:
    """Raise the Problem that `load_dataset` would, without drawing or downloading anything.

    What a named data set cannot say before it is downloaded stays unsaid.
    """
    name, _, parameters = spec.partition(":")
    if name in DATASETS:
        _check_parameters(name, parameters)
    else:
        load_dataset(spec)


def drawing(spec: str) -> Iterator[tuple[int, int]]:
    """Draw what a data set needs and what is not there yet; yields parts done and to do.

    Afterwards `load_dataset` is quick. Raises Problem as it does for wrong parameters.
    """
    name, _, parameters = spec.partition(":")
    if name == "faces-2":
        yield from faces_2.drawing(parameters)


def _existing(spec: str) -> Path | None:
    """The path, if there is something; None also for names that no file can have."""
    try:
        path = Path(spec).expanduser()
        return path if spec and path.exists() else None
    except (OSError, ValueError, RuntimeError):
        return None


def _from_path(path: Path) -> Dataset:
    """Images of a folder or zip, or a table of vectors with labels."""
    from centerviz.data import images, tables

    if path.is_dir() or images.is_image_zip(path):
        return images.image_dataset(path)
    return tables.table_dataset(path)
