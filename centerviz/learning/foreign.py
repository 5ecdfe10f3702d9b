"""Weights that somebody else saved, fitted into one of our networks layer by layer.

A file is safetensors or what torch.save made of a state dict; the latter is read by torch's
restricted reader, which makes tensors and nothing else.

Letters: H×W pixels · K channels · D features of the embedding · C classes.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.numpy import load

from centerviz.learning.models import network
from centerviz.problem import Problem

NETWORKS = ("conv", "lenets++", "mlp")
NESTED = ("state_dict", "model_state_dict", "model")  # under which a state dict is often kept
PREFIXES = ("module.", "model.", "net.")
OURS = ("shape", "mean", "spread")  # of `Network`, beside its layers
LARGEST = 2**30  # bytes of all tensors
MOST_TENSORS = 2000


@dataclass(frozen=True)
class Layer:
    """One tensor of our network and the one in its place in the file; None where there is none."""

    ours: str | None
    shape: tuple[int, ...] | None
    theirs: str | None
    their_shape: tuple[int, ...] | None

    @property
    def fits(self) -> bool:
        """True where both are there and of one shape."""
        return self.shape is not None and self.shape == self.their_shape


@dataclass(frozen=True)
class Fit:
    """How well a file fits one of our networks."""

    model: str
    dim: int
    shape: tuple[int, ...]
    layers: tuple[Layer, ...]
    head: str | None  # the tensor (C, D) after the last layer, if it has no bias

    @property
    def misfits(self) -> int:
        """Layers that do not fit; 0: the network can be filled."""
        return sum(not layer.fits for layer in self.layers)


def read_state(content: bytes, name: str) -> dict[str, np.ndarray]:
    """The tensors of a file by name, in its order; Problem where there are none to read."""
    if content[8:9] == b"{":
        try:
            return load(content)
        except (SafetensorError, ValueError, KeyError):
            raise Problem("{file} is missing or damaged.", file=name) from None
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
                raise Problem("{file} unpacks to more than 1 GB; give a smaller one.", file=name)
    try:
        found = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except Exception:  # its reader raises errors of any kind on what it refuses
        raise Problem(
            "{file} holds something else than tensors, or is damaged; save the state dict alone: "
            "torch.save(model.state_dict(), path), or use safetensors.",
            file=name,
        ) from None
    for key in NESTED:
        if isinstance(found, Mapping) and isinstance(found.get(key), Mapping):
            found = found[key]
    if not isinstance(found, Mapping):
        found = {}
    tensors = {str(key): value for key, value in found.items() if torch.is_tensor(value)}
    if not 1 <= len(tensors) <= MOST_TENSORS:
        raise Problem("{file} holds no state dict: a name and a tensor for each layer.", file=name)
    return {key: _array(tensor) for key, tensor in tensors.items()}


def _array(tensor: torch.Tensor) -> np.ndarray:
    whole = tensor.detach().to_dense() if tensor.is_sparse else tensor.detach()
    return (whole.float() if whole.is_floating_point() else whole).contiguous().numpy()


def best_fit(state: Mapping[str, np.ndarray], shape: tuple[int, ...], classes: int) -> Fit:
    """The network of ours, for samples of `shape`, that the fewest layers of a file do not fit."""
    kept = state.get("model.shape", state.get("shape"))
    if kept is not None and kept.ndim == 1 and len(kept) in (1, 3):
        shape = tuple(int(side) for side in kept)
    weights = _layers(state)
    dims = {len(value) for value in weights.values() if value.ndim == 2 and 1 <= len(value) <= 4096}
    fits = []
    for model in NETWORKS:
        for dim in sorted(dims):
            try:
                fits.append(_fit(model, shape, dim, weights))
            except Problem:
                break  # samples of this shape are not for this network
    if not fits:
        raise Problem("The file holds no weights of a linear layer, so it is no network of ours.")
    return min(fits, key=lambda fit: (fit.misfits, fit.head is None, fit.dim == classes))


def _layers(state: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The tensors of the network and its classifier: no centers, optimiser or buffers of ours."""
    return {
        name: value
        for name, value in state.items()
        if not name.startswith(("centers.", "optimizer."))
        and name.rpartition(".")[2] not in (*OURS, "num_batches_tracked")
    }


def _fit(model: str, shape: tuple[int, ...], dim: int, weights: Mapping[str, np.ndarray]) -> Fit:
    """Ours beside theirs: by name where all names are the same, else by shape, in order."""
    with torch.device("meta"):
        empty = network(model, shape, dim).state_dict()
    ours = {name: tuple(value.shape) for name, value in empty.items() if name not in OURS}
    named = {_bare(name): name for name in weights}
    if set(ours) <= set(named):
        place = {name: named[name] for name in ours}
    else:
        place = _by_shape(ours, weights)
    rest = [name for name in weights if name not in place.values()]
    head = next((n for n in rest if weights[n].ndim == 2 and weights[n].shape[1] == dim), None)
    classes = (len(weights[head]),) if head else ()
    bias = next((n for n in rest if head and weights[n].shape == classes), None)
    left = [name for name in rest if name not in (head, bias)]
    for name in ours:
        if place.get(name) is None and left:
            place[name] = left.pop(0)  # shown beside it: perhaps it was meant to be there
    layers = [_layer(name, ours[name], place.get(name), weights) for name in ours]
    layers += [_layer(None, None, name, weights) for name in left]
    return Fit(model, dim, shape, tuple(layers), None if bias else head)


def _by_shape(ours: dict[str, tuple], weights: Mapping[str, np.ndarray]) -> dict[str, str]:
    """For each of our layers the first of theirs with its shape that is not taken yet."""
    free, place = sorted(weights, key=_natural), {}
    for name, shape in ours.items():
        found = next((theirs for theirs in free if weights[theirs].shape == shape), None)
        if found is not None:
            place[name] = found
            free.remove(found)
    return place


def _natural(name: str) -> list[tuple[int, str]]:
    """Names in the order of their numbers, weights before biases: safetensors keeps no order.

    >>> sorted(["10.bias", "2.bias", "2.weight"], key=_natural)
    ['2.weight', '2.bias', '10.bias']
    """
    parts = re.findall(r"\d+|\D+", name.replace("weight", " "))
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


def _layer(ours: str | None, shape, theirs: str | None, weights) -> Layer:
    return Layer(ours, shape, theirs, None if theirs is None else tuple(weights[theirs].shape))


def _bare(name: str) -> str:
    """A name without what wrappers put before it."""
    for prefix in PREFIXES:
        name = name.removeprefix(prefix)
    return name


def filled(
    fit: Fit, state: Mapping[str, np.ndarray], inputs: np.ndarray, classes: int
) -> dict[str, np.ndarray]:
    """The state of our network with their weights, as `evaluation.embed` takes it.

    Where the file has no fitting mean and spread of the input, images are scaled as ours, and
    vectors by the mean and spread of `inputs` (n, D₀). A classifier of another number of classes is
    left out.
    """
    ours = {
        f"model.{layer.ours}": np.asarray(state[layer.theirs], np.float32) for layer in fit.layers
    }
    image = len(fit.shape) == 3
    mean, spread = (127.5, 128.0) if image else (inputs.mean(0), inputs.std(0))
    usual = {"mean": mean, "spread": np.where(np.asarray(spread) > 0, spread, 1.0)}
    for name, value in usual.items():
        kept = state.get(f"model.{name}", state.get(name))
        fits = kept is not None and np.shape(kept) == np.shape(value)
        ours[f"model.{name}"] = np.asarray(kept if fits else value, np.float32)
    ours["model.shape"] = np.array(fit.shape, dtype=np.int64)
    if fit.head is not None and len(state[fit.head]) == classes:
        ours["head.weight"] = np.asarray(state[fit.head], np.float32)
    return ours
