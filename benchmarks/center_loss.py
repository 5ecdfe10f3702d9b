"""Center loss, forward and backward, beside the usual m×C distance matrix.

    python benchmarks/center_loss.py [FILE.json]

The usual way is the common torch module: all squared distances by ‖x‖² + ‖c‖² − 2x·c, a class
mask, a clamp, and centers that learn by autograd. Ours gathers the rows of the batch and moves
the centers by the paper's rule. Both in turn in one process, medians of the pairs. Memory is what
one step allocates beyond features and centers, by torch's own count of its largest tensors.
"""

import json
import statistics
import sys
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from centerviz.learning.centers import move_centers
from centerviz.learning.losses import center_loss

BATCH = 256
SIZES = ((10, 2), (1_000, 128), (10_000, 512), (100_000, 512))
PAIRS = 5


def ours(x, y, c):
    """½‖x − c_y‖², mean over the batch; the centers then move."""
    loss = center_loss(x, y, c).mean()
    loss.backward()
    move_centers("minibatch", c, x.detach(), y, 0.5)
    return loss


def usual(x, y, c):
    """The same loss from all m×C distances, halved to our convention."""
    m, classes = len(x), len(c)
    squares = x.square().sum(1, keepdim=True) + c.square().sum(1)
    distances = squares - 2 * (x @ c.T)
    mask = y[:, None] == torch.arange(classes)
    kept = (distances * mask.float()).clamp(min=1e-12, max=1e12)
    loss = 0.5 * kept.sum() / m
    loss.backward()
    return loss


def seconds(step, x, y, c) -> tuple[float, float]:
    """How long one step takes, and the loss it found."""
    x.grad = c.grad = None
    began = time.perf_counter()
    loss = step(x, y, c)
    return time.perf_counter() - began, float(loss.detach())


def allocated(step, x, y, c) -> float:
    """MB that one step allocates in all, freed or not."""
    x.grad = c.grad = None
    kinds = [torch.profiler.ProfilerActivity.CPU]
    with torch.profiler.profile(activities=kinds, profile_memory=True) as profile:
        step(x, y, c)
    return sum(max(event.self_cpu_memory_usage, 0) for event in profile.events()) / 1e6


def measured(classes: int, dim: int) -> dict:
    """Both ways at one size, in turn."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(BATCH, dim, generator=generator).requires_grad_()
    y = torch.randint(classes, (BATCH,), generator=generator)
    kept = torch.randn(classes, dim, generator=generator)
    moved, learned = kept.clone(), kept.clone().requires_grad_()
    (_, mine), (_, theirs) = seconds(ours, x, y, kept), seconds(usual, x, y, learned)  # warm
    pairs = [(seconds(ours, x, y, moved), seconds(usual, x, y, learned)) for _ in range(PAIRS)]
    return {
        "classes": classes,
        "dim": dim,
        "ours_ms": 1e3 * statistics.median(a[0] for a, _ in pairs),
        "usual_ms": 1e3 * statistics.median(b[0] for _, b in pairs),
        "ratio": statistics.median(b[0] / a[0] for a, b in pairs),
        "ours_mb": allocated(ours, x, y, moved),
        "usual_mb": allocated(usual, x, y, learned),
        "losses_differ_by": abs(mine - theirs) / abs(mine),
    }


def main() -> None:
    """Print a table; write it as JSON where a file is named."""
    rows = [measured(*size) for size in SIZES]
    print(
        f"center loss, batch {BATCH}, {torch.get_num_threads()} threads, medians of {PAIRS} pairs"
    )
    print(
        f"{'C × D':>15} {'ours':>10} {'usual':>10} {'ratio':>8} {'MB':>7} {'MB usual':>9}  loss Δ"
    )
    for row in rows:
        size = f"{row['classes']:,} × {row['dim']}"
        print(
            f"{size:>15} {row['ours_ms']:>7.2f} ms {row['usual_ms']:>7.2f} ms {row['ratio']:>7.1f}×"
            f" {row['ours_mb']:>7.1f} {row['usual_mb']:>9.1f}  {row['losses_differ_by']:.0e}"
        )
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
