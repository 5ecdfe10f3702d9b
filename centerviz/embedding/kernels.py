"""The O(N²) steps on a GPU: retrieval, k-NN, silhouette and the counting of pairs.

Each function takes one block of rows and gives what the NumPy code beside its caller gives for
that block: same float64 distances, same rule for ties, same bounded memory. torch is loaded here
once a GPU is known to be there, and nowhere else in this room. Only CUDA: Apple's GPUs have no
float64.

Letters: `others` (N, D+2) rows as `geometry.extended` makes them, on the device · `part` the rows
of a block, B of them · `d2` squared distances (B, N).
"""

import ctypes
from functools import cache

import numpy as np
from jaxtyping import Float, Integer

from centerviz.embedding.geometry import ROUNDING

NEVER = np.finfo(np.float64).max  # the squared distance of a sample to itself: never a neighbour
WORTH = 2_000  # rows from which the way to the GPU and back is made up for
DRIVERS = ("libcuda.so.1", "nvcuda.dll")


@cache
def gpu() -> str | None:
    """`cuda` where torch can use a GPU, else None. Without a driver torch is not even loaded."""
    for driver in DRIVERS:
        try:
            ctypes.CDLL(driver)
        except OSError:
            continue
        import torch

        return "cuda" if torch.cuda.is_available() else None
    return None


def device_for(rows: int) -> str | None:
    """Where the pairs of so many rows are worked on: `cuda`, or None for the cores."""
    return gpu() if rows >= WORTH else None


def sent(array: np.ndarray, device):
    """The array as a tensor on the device."""
    import torch

    return torch.from_numpy(np.ascontiguousarray(array)).to(device)


def distances(others, part: slice):
    """‖a−b‖² of the rows of a block to all rows, zero below the rounding error: (B, N)."""
    import torch

    a = others[part, :-2]
    norms = (a * a).sum(dim=1, keepdim=True)
    d2 = torch.hstack([-2 * a, norms, torch.ones_like(norms)]) @ others.T
    d2[d2 < ROUNDING * norms] = 0.0
    return d2


def marked(
    others, part: slice, first: Integer[np.ndarray, " B"], wanted: Integer[np.ndarray, " B"]
):
    """The distances of a block as int64; the last bit says that the sample is of another class.

    Rows are sorted by class: the own class of a row has the columns `first` to `first + wanted`.
    """
    import torch

    d2 = distances(others, part)
    rows = torch.arange(len(d2), device=d2.device)
    d2[rows, rows + part.start] = NEVER
    columns = torch.arange(d2.shape[1], device=d2.device)
    first, last = (sent(ends, d2.device)[:, None] for ends in (first, first + wanted))
    own = (columns >= first) & (columns <= last)
    return (d2.view(torch.int64) | 1) ^ own.to(torch.int64)


def smallest(bits, k: int) -> Float[np.ndarray, "B k"]:
    """The k smallest of each row, in order, as NumPy."""
    return bits.topk(k, dim=1, largest=False).values.cpu().numpy().view(np.float64)


def class_sums(others, part: slice, sizes: Integer[np.ndarray, " C"]) -> Float[np.ndarray, "B C"]:
    """Sums of the distances of each row to the samples of each class; rows are sorted by class."""
    import torch

    d = distances(others, part)
    rows = torch.arange(len(d), device=d.device)
    d[rows, rows + part.start] = 0.0
    lengths = sent(sizes, d.device)
    sums = torch.segment_reduce(d.sqrt_().T.contiguous(), "sum", lengths=lengths)
    return sums.T.cpu().numpy()


def bin_counts(
    x, part: slice, y, unit: bool, edges: tuple[float, float], shift: int
) -> tuple[int, Integer[np.ndarray, " K"], Integer[np.ndarray, " K"]]:
    """Pairs of a block with the rows behind it, counted by the first bits of the distance.

    `x`: unit rows (N, D) for `unit`, else `others`; `y` their labels on the device. Distances
    beyond the edges count as the edge. The number of the lowest bin; pairs of one class, and pairs
    of two, by bin from there.
    """
    import torch

    d2 = 2.0 - 2.0 * (x[part] @ x.T) if unit else distances(x, part)
    d2 = d2[:, part.start :]
    bins = d2.clip(*edges).view(torch.int64) >> shift
    low = int(bins.min())
    once = torch.ones_like(bins, dtype=torch.bool).triu_(1)
    same = y[part, None] == y[None, part.start :]
    genuine, impostor = (
        torch.bincount(bins[once & kind] - low, minlength=int(bins.max()) - low + 1)
        for kind in (same, ~same)
    )
    return low, genuine.cpu().numpy(), impostor.cpu().numpy()
