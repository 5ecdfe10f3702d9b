"""An embedding network in an ONNX file, run by ONNX Runtime on the samples of a data set.

What it takes is read from the file: images (m, K, H, W) or (m, H, W, K), or vectors (m, D₀); any
of the numbers may be open. What pixels mean is in no file, so `pixels` says it.

Letters: m batch · H×W pixels · K channels · D₀ features of a vector · D of the embedding.
"""

from dataclasses import dataclass

import numpy as np
import onnxruntime as ort

from centerviz.data.dataset import Dataset
from centerviz.learning.evaluation import fitted
from centerviz.problem import Problem

BATCH = 64  # where the file leaves it open
MOST_FEATURES = 8192
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))  # mean and spread of each channel
KINDS = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(uint8)": np.uint8,
}


@dataclass(frozen=True)
class Entrance:
    """The one input of a network; None stands for a number that is open."""

    name: str
    batch: int | None
    shape: tuple[int | None, ...]  # (H, W, K), or (D₀,)
    channels_first: bool
    kind: type

    @property
    def words(self) -> str:
        """Its shape as people write it, as in `m×112×112×3`."""
        sides = ("H", "W", "K") if len(self.shape) == 3 else ("D₀",)
        given = (str(n or letter) for n, letter in zip(self.shape, sides, strict=True))
        return "×".join([str(self.batch or "m"), *given])


def session(content: bytes) -> ort.InferenceSession:
    """The network, on the CPU with one thread. Raises Problem for what is no such file."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        return ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its errors share no class of their own
        raise Problem(
            "ONNX Runtime cannot load the network: {reason}", reason=_first_line(error)
        ) from None


def entrance(net: ort.InferenceSession) -> Entrance:
    """What the network takes. Raises Problem where that is no batch of images or vectors."""
    inputs = net.get_inputs()
    if len(inputs) != 1:
        raise Problem(
            "The network has {n} inputs ({names}); one that takes images or vectors is needed.",
            n=len(inputs),
            names=", ".join(one.name for one in inputs)[:200],
        )
    given = inputs[0]
    if given.type not in KINDS:
        raise Problem(
            "The network takes {kind}; numbers of 16, 32 or 64 bits or uint8 are needed.",
            kind=given.type,
        )
    batch, *sides = [n if isinstance(n, int) and n > 0 else None for n in given.shape]
    if len(sides) == 1:
        return Entrance(given.name, batch, tuple(sides), False, KINDS[given.type])
    if len(sides) == 3 and sides[0] in (1, 3, None) and not (sides[0] is None and sides[2]):
        shape = (sides[1], sides[2], sides[0])
        return Entrance(given.name, batch, shape, True, KINDS[given.type])
    if len(sides) == 3 and sides[2] in (1, 3):
        return Entrance(given.name, batch, tuple(sides), False, KINDS[given.type])
    raise Problem(
        "The network takes {shape}; images with 1 or 3 channels (batch×channels×height×width, or "
        "channels last) or vectors (batch×features) are needed.",
        shape="×".join(map(str, given.shape)) or "–",
    )


def embed(content: bytes, dataset: Dataset, pixels: str) -> tuple[np.ndarray, str]:
    """The features x (N, D) float32 of every sample, and the shape of what the network takes.

    Images are brought to its size and channels; `pixels` says what they are scaled to: centred
    (v − 127.5)/128, unit v/255, imagenet as unit less the ImageNet mean over its spread, raw v.
    Raises Problem where samples and network do not fit, or it fails.
    """
    net = session(content)
    door = entrance(net)
    shape = _shape_for(door, dataset)
    size = door.batch or BATCH
    parts, total = [], len(dataset.labels)
    for start in range(0, total, size):
        rows = np.arange(start, min(start + size, total))
        taken = _prepared(dataset, rows, shape, door, pixels)
        filled = np.resize(taken, (size, *taken.shape[1:])) if door.batch else taken
        parts.append(_run(net, door, filled)[: len(rows)])
    x = np.concatenate(parts) if parts else np.zeros((0, 1), np.float32)
    if not np.isfinite(x).all():
        raise Problem("The network gives features that are not finite; try other pixel values.")
    return x, door.words


def _shape_for(door: Entrance, dataset: Dataset) -> tuple[int, ...]:
    """The shape of a sample that is handed over: what is open is as the data set has it."""
    given = dataset.inputs.shape[1:]
    flat = len(door.shape) == 1 and dataset.is_image
    own = (int(np.prod(given)),) if flat else given
    fits = len(door.shape) == len(own)
    if fits and len(own) == 1:
        fits = door.shape[0] in (None, own[0])
    if not fits:
        raise Problem(
            "The network takes {wanted}, and {name} has samples of {given}; choose other data.",
            wanted=door.words,
            name=dataset.name,
            given="×".join(map(str, given)),
        )
    return tuple(n or side for n, side in zip(door.shape, own, strict=True))


def _prepared(
    dataset: Dataset, rows: np.ndarray, shape: tuple[int, ...], door: Entrance, pixels: str
) -> np.ndarray:
    """Samples as the network wants them."""
    if not dataset.is_image:
        return dataset.inputs[rows].astype(door.kind)
    image = len(shape) == 3
    samples = fitted(dataset, rows, shape).numpy() if image else dataset.inputs[rows]
    if door.kind is np.uint8 or pixels == "raw":
        v = samples.astype(np.float32)
    elif pixels == "centred":
        v = (samples.astype(np.float32) - 127.5) / 128
    else:
        v = samples.astype(np.float32) / 255
        if pixels == "imagenet":
            mean, spread = (np.array(part, np.float32) for part in IMAGENET)
            v = (v - mean) / spread if v.shape[-1] == 3 else (v - mean.mean()) / spread.mean()
    if not image:
        v = v.reshape(len(v), -1)
    elif door.channels_first:
        v = v.transpose(0, 3, 1, 2)
    return np.ascontiguousarray(v, dtype=door.kind)


def _run(net: ort.InferenceSession, door: Entrance, samples: np.ndarray) -> np.ndarray:
    """One batch; the first output that gives each sample a row of numbers is the embedding."""
    try:
        found = net.run(None, {door.name: samples})
    except Exception as error:  # its errors share no class of their own
        raise Problem(
            "The network fails on samples of {shape}: {reason}",
            shape="×".join(map(str, samples.shape[1:])),
            reason=_first_line(error),
        ) from None
    for values in found:
        shape = np.shape(values)
        row = len(shape) >= 2 and (len(shape) == 2 or set(shape[2:]) == {1})  # (m, D, 1, 1) too
        if row and shape[0] == len(samples) and 1 <= shape[1] <= MOST_FEATURES:
            return values.reshape(shape[:2]).astype(np.float32)
    raise Problem(
        "The network gives {shapes}, and no row of up to {most} features for each sample; cut it "
        "off at its embedding.",
        shapes=", ".join("×".join(map(str, np.shape(values))) for values in found)[:200],
        most=MOST_FEATURES,
    )


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["?"])[0][:300]
