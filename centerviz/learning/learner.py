"""What is being trained: network, classifier, centers and optimiser, and their way to files.

Letters: `w` classifier rows (C, D) or None · `c` centers (C, D) · C classes · D features.
"""

import contextlib
import os
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from centerviz.data.dataset import Dataset
from centerviz.learning.config import PAIR_BASES, TrainConfig
from centerviz.learning.models import Network, classifier, network
from centerviz.problem import Problem

SMALL_SIDE = 16  # images below this many pixels a side gain nothing from bf16


@dataclass
class Learner:
    """Everything that a step changes."""

    config: TrainConfig
    net: Network
    w: Tensor | None
    c: Tensor
    optimizer: torch.optim.Optimizer
    center_norm_start: float = 0.0  # max ‖c‖ before the first step

    @property
    def parameters(self) -> dict[str, Tensor]:
        """What the optimiser moves, by the name it is saved under."""
        named = {f"model.{name}": p for name, p in self.net.named_parameters()}
        return named if self.w is None else {**named, "head.weight": self.w}


def resolved(config: TrainConfig, dataset: Dataset) -> TrainConfig:
    """The config with every `auto` replaced by what it means for this data set and machine.

    Raises Problem where the data set cannot be learned or the device is not there.
    """
    _check_learnable(config, dataset)
    model = config.model
    if model == "auto":
        model = "conv" if dataset.is_image else "mlp"
    device = _device(config.device)
    small = not dataset.is_image or min(dataset.inputs.shape[1:3]) < SMALL_SIDE
    precision = config.precision
    if precision == "auto":
        precision = "bf16" if not small and _has_bf16(device) else "float32"
    threads = config.threads
    if threads == "auto":
        threads = min(os.cpu_count() or 1, 8) if model == "lenets++" and device == "cpu" else 1
    filled = {"model": model, "device": device, "precision": precision, "threads": threads}
    return config.model_copy(update=filled)


def _check_learnable(config: TrainConfig, dataset: Dataset) -> None:
    present = np.unique(dataset.labels[dataset.rows("train")])
    if len(present) < 2:
        raise Problem(
            "{name} has {n} class in its training split; at least 2 are needed to learn.",
            name=dataset.name,
            n=len(present),
        )
    if config.base in PAIR_BASES and config.batch_size < 2 * config.samples_per_class:
        raise Problem("Pairs need two classes in a batch: raise batch-size.")


def _device(wanted: str) -> str:
    if wanted == "auto":
        if torch.cuda.is_available():
            return "cuda"
        return "mps" if torch.backends.mps.is_available() else "cpu"
    kind, _, number = wanted.partition(":")
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if kind == "cuda" and int(number or 0) >= count:
        raise Problem(
            "The device {device} was asked for, but this machine has {n} CUDA devices; "
            "set device to auto or cpu.",
            device=wanted,
            n=count,
        )
    if kind == "mps" and not torch.backends.mps.is_available():
        raise Problem("The device mps is not available here; set device to auto or cpu.")
    return wanted


def cuda_devices(wanted: str) -> list[int]:
    """The numbers of the CUDA devices on which a run may train that asks for `wanted`; [] for none.

    >>> cuda_devices("cpu")
    []
    """
    kind, _, number = wanted.partition(":")
    if kind not in ("auto", "cuda") or not torch.cuda.is_available():
        return []
    there = range(torch.cuda.device_count())
    return [place for place in there if number in ("", str(place))]


def use_cuda_device(number: int) -> None:
    """Let `cuda` without a number mean this one, in this thread."""
    torch.cuda.set_device(number)


def _has_bf16(device: str) -> bool:
    if device == "cpu":
        return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())
    return device.startswith("cuda") and torch.cuda.is_bf16_supported(including_emulation=False)


def autocast(config: TrainConfig) -> contextlib.AbstractContextManager:
    """bf16 for what the network computes, where the config has it."""
    if config.precision != "bf16":
        return contextlib.nullcontext()
    return torch.autocast(config.device.partition(":")[0], torch.bfloat16)


def learner(config: TrainConfig, dataset: Dataset, state: dict | None = None) -> Learner:
    """A fresh learner by the config's seed, or one that goes on from a saved `state`.

    `config` is resolved. The caller fills the centers of a fresh one.
    """
    shape, classes = dataset.inputs.shape[1:], dataset.classes
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        net = network(config.model, shape, config.dim)
        has_head = config.base not in (*PAIR_BASES, "none")
        w = classifier(classes, config.dim) if has_head else None
    if not dataset.is_image:
        net.standardise(torch.from_numpy(dataset.inputs[dataset.rows("train")]))
    layout = torch.channels_last if dataset.is_image else torch.contiguous_format
    net.to(config.device, memory_format=layout)
    if w is not None:
        w = torch.nn.Parameter(w.detach().to(config.device))
    c = torch.zeros(classes, config.dim, device=config.device)
    made = Learner(config, net, w, c, _optimizer(config, net, w))
    if state is not None:
        _restore(made, state)
    return made


def _optimizer(config: TrainConfig, net: Network, w: Tensor | None) -> torch.optim.Optimizer:
    parameters = [*net.parameters(), *([] if w is None else [w])]
    rate, decay = config.learning_rate, config.weight_decay
    if config.optimizer == "adam":
        betas = (config.momentum, 0.999)
        return torch.optim.Adam(parameters, rate, betas, weight_decay=decay)
    return torch.optim.SGD(parameters, rate, config.momentum, weight_decay=decay)


def state_of(learner: Learner) -> dict[str, np.ndarray]:
    """Every tensor that a resume needs, copied: model., head., centers. and optimizer. names."""
    tensors = {f"model.{name}": t for name, t in learner.net.state_dict().items()}
    if learner.w is not None:
        tensors["head.weight"] = learner.w
    tensors["centers.kept"] = learner.c
    tensors["centers.norm_start"] = torch.tensor(learner.center_norm_start, dtype=torch.float64)
    for name, parameter in learner.parameters.items():
        for key, value in learner.optimizer.state.get(parameter, {}).items():
            if value is not None:
                tensors[f"optimizer.{name}.{key}"] = torch.as_tensor(value)
    return {name: _array(t) for name, t in tensors.items()}


def _array(tensor: Tensor) -> np.ndarray:
    return np.array(tensor.detach().cpu().contiguous().numpy(), order="C")


def _restore(learner: Learner, state: dict[str, np.ndarray]) -> None:
    load_network(learner.net, state)
    with torch.no_grad():
        if learner.w is not None:
            learner.w.copy_(torch.from_numpy(state["head.weight"]))
        learner.c.copy_(torch.from_numpy(state["centers.kept"]))
    learner.center_norm_start = float(state["centers.norm_start"])
    for name, parameter in learner.parameters.items():
        prefix = f"optimizer.{name}."
        saved = {k.removeprefix(prefix): v for k, v in state.items() if k.startswith(prefix)}
        if saved:
            learner.optimizer.state[parameter] = {
                key: torch.tensor(value, device="cpu" if key == "step" else parameter.device)
                for key, value in saved.items()
            }


def adopt(learner: Learner, start: dict[str, np.ndarray]) -> None:
    """Begin with the network of another run, and its classifier where the classes are as many.

    Everything else is fresh: optimiser, schedule, centers. Raises Problem where the network does
    not fit.
    """
    for name, tensor in learner.net.state_dict().items():
        theirs = start.get(f"model.{name}")
        if theirs is None or theirs.shape != tuple(tensor.shape):
            raise Problem(
                "The weights to go on from do not fit: {layer} has the shape {theirs} there and "
                "{ours} here. Keep the network, D and the kind of data of that run.",
                layer=name,
                theirs="–" if theirs is None else "×".join(map(str, theirs.shape)),
                ours="×".join(map(str, tensor.shape)),
            )
    load_network(learner.net, start)
    head = start.get("head.weight")
    if learner.w is not None and head is not None and head.shape == tuple(learner.w.shape):
        with torch.no_grad():
            learner.w.copy_(torch.from_numpy(head))


def load_network(net: Network, state: dict[str, np.ndarray]) -> None:
    """Fill the network from a saved state; raises Problem where they do not fit."""
    weights = {
        name.removeprefix("model."): torch.from_numpy(np.array(value))
        for name, value in state.items()
        if name.startswith("model.")
    }
    try:
        net.load_state_dict(weights)
    except RuntimeError as error:
        detail = str(error).splitlines()[-1].strip()
        raise Problem(
            "The saved weights do not fit this network: {detail}", detail=detail
        ) from None
