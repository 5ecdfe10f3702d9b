"""Three networks that turn samples into features, and the classifier on top of them.

LeNets++ follows the toy example of Wen et al., ECCV 2016, and its published Caffe file. Images
come as uint8 (m, H, W, K) and are scaled as (v − 127.5)/128; vectors as float32 (m, D₀),
standardised by the mean and spread of the training split, which travel with the weights.

Letters: K channels · H×W pixels · D features of the embedding · C classes.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from centerviz.problem import Problem

IMAGE_SIDES = (8, 64)


class Network(nn.Module):
    """Samples in, features (m, D) out, float32.

    `shape` is (H, W, K) for images or (D₀,) for vectors; it is saved with the weights.
    """

    def __init__(self, body: nn.Module, shape: tuple[int, ...]):
        super().__init__()
        self.body = body
        self.register_buffer("shape", torch.tensor(shape))
        self.register_buffer("mean", torch.tensor(127.5) if len(shape) == 3 else torch.zeros(shape))
        self.register_buffer(
            "spread", torch.tensor(128.0) if len(shape) == 3 else torch.ones(shape)
        )

    def forward(self, samples: Tensor) -> Tensor:
        """Features of a batch as the data set holds it."""
        scaled = (samples.float() - self.mean) / self.spread
        if samples.ndim == 4:
            scaled = scaled.permute(0, 3, 1, 2)  # (m, K, H, W), channels_last in memory
        return self.body(scaled).float()

    def standardise(self, vectors: Tensor) -> None:
        """Take mean and spread of each input feature; constant features are left in place."""
        self.mean.copy_(vectors.mean(0))
        spread = vectors.std(0, correction=0)
        self.spread.copy_(torch.where(spread > 0, spread, 1.0))


class Pool(nn.Module):
    """The largest of each 2×2 pixels; an odd last row or column is left out.

    PyTorch's pooling remembers where each maximum was, which only a gradient needs. A pass that
    only looks, on the CPU, compares four shifted images instead: the same numbers in less time.

    >>> with torch.no_grad():
    ...     Pool()(torch.tensor([[[[1.0, 4.0, 9.0], [3.0, 2.0, 9.0]]]])).tolist()
    [[[[4.0]]]]
    """

    def forward(self, images: Tensor) -> Tensor:
        """(m, K, H, W) to (m, K, H/2, W/2)."""
        if torch.is_grad_enabled() or images.device.type != "cpu":
            return F.max_pool2d(images, 2)
        height, width = (side // 2 * 2 for side in images.shape[2:])
        rows = torch.maximum(images[:, :, 0:height:2], images[:, :, 1:height:2])
        return torch.maximum(rows[..., 0:width:2], rows[..., 1:width:2])


def network(name: str, shape: tuple[int, ...], dim: int) -> Network:
    """The network called `name` (conv, lenets++ or mlp) for samples of `shape`.

    Raises Problem where the samples do not fit it.

    >>> with torch.random.fork_rng():
    ...     net = network("conv", (8, 8, 1), 2)
    >>> net(torch.zeros(3, 8, 8, 1, dtype=torch.uint8)).shape
    torch.Size([3, 2])
    """
    if name == "mlp":
        return Network(_mlp(math.prod(shape), dim), shape)
    if len(shape) != 3:
        raise Problem("{name} needs images; for vectors choose the model mlp or auto.", name=name)
    height, width, channels = shape
    smallest, largest = IMAGE_SIDES
    if not (smallest <= min(height, width) and max(height, width) <= largest):
        raise Problem(
            "{name} takes images of {smallest} to {largest} pixels a side, not {height}×{width}; "
            "resize them or choose the model mlp.",
            name=name,
            smallest=smallest,
            largest=largest,
            height=height,
            width=width,
        )
    body = _conv if name == "conv" else _lenets
    return Network(body(height, width, channels, dim), shape)


def _mlp(inputs: int, dim: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(inputs, 128),
        nn.PReLU(),
        nn.Linear(128, 128),
        nn.PReLU(),
        nn.Linear(128, dim),
    )


def _conv(height: int, width: int, channels: int, dim: int) -> nn.Sequential:
    """Two stages of 3×3 convolution and pooling, three from 20 pixels on; 64 units; D features."""
    layers: list[nn.Module] = []
    for wide in (16, 32, 64)[: 2 if min(height, width) < 20 else 3]:
        layers += [nn.Conv2d(channels, wide, 3, padding=1), Pool(), nn.PReLU()]
        channels, height, width = wide, height // 2, width // 2
    flat = channels * height * width
    head = [nn.Flatten(), nn.Linear(flat, 64), nn.PReLU(), nn.Linear(64, dim)]
    return nn.Sequential(*layers, *head)


def _lenets(height: int, width: int, channels: int, dim: int) -> nn.Sequential:
    """[conv 5×5]×2 and a pool, three times (32, 64, 128 wide), PReLU after each convolution and,
    as in the authors' file, on the D features; the third pool is 3 wide with stride 2."""
    layers: list[nn.Module] = []
    for wide, pool in ((32, 2), (64, 2), (128, 3)):
        for _ in range(2):
            layers += [nn.Conv2d(channels, wide, 5, padding=2), nn.PReLU()]
            channels = wide
        layers.append(Pool() if pool == 2 else nn.MaxPool2d(pool, 2, ceil_mode=True))
        height, width = _pooled(height, pool), _pooled(width, pool)
    flat = channels * height * width
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(flat, dim), nn.PReLU())


def _pooled(side: int, pool: int) -> int:
    return side // 2 if pool == 2 else math.ceil((side - 3) / 2) + 1


def classifier(classes: int, dim: int) -> Tensor:
    """Rows w (C, D) of a linear classifier without bias, which gives the circular picture.

    Drawn as torch's linear layers are, uniform within ±1/√D.
    """
    w = nn.Parameter(torch.empty(classes, dim))
    nn.init.kaiming_uniform_(w, a=math.sqrt(5))
    return w
