"""Center loss, forward and backward, beside the two ways it is usually written.

The common torch module takes all squared distances by ‖x‖² + ‖c‖² − 2x·c, a class mask and a clamp;
the shorter one gathers, x − c[y]. Both let the centers learn by autograd, which writes a C×D
gradient. Ours gathers, and then moves the rows of the batch by the paper's rule: nothing of the
size of the centers is written. A step draws new classes, as a training does. One thread, and all
for the largest matrices, which gain by it. Memory is all that one step allocates, freed or not, by
torch's own count.
"""

from functools import partial

import torch

from benchmarks.rows import in_turn, tell
from centerviz.learning.centers import move_centers
from centerviz.learning.losses import center_loss

BATCH = 256
SIZES = ((1_000, 128), (10_000, 512), (100_000, 512))
STEPS = 20  # of ours for one of the usual way: a step alone is too short for the clock
THREADS = torch.get_num_threads()
MANY = 100_000  # classes from which on several threads gain anything


def ours(x, y, c):
    """½‖x − c_y‖², mean over the batch; the centers then move."""
    loss = center_loss(x, y, c).mean()
    loss.backward()
    move_centers("minibatch", c, x.detach(), y, 0.5)
    return loss


def matrix(x, y, c):
    """The same loss from all m×C distances, halved to our convention."""
    m, classes = len(x), len(c)
    squares = x.square().sum(1, keepdim=True) + c.square().sum(1)
    distances = squares - 2 * (x @ c.T)
    mask = y[:, None] == torch.arange(classes)
    kept = (distances * mask.float()).clamp(min=1e-12, max=1e12)
    loss = 0.5 * kept.sum() / m
    loss.backward()
    return loss


def gather(x, y, c):
    """The same loss by x − c[y], with centers that autograd moves."""
    loss = 0.5 * (x - c[y]).square().sum(1).mean()
    loss.backward()
    return loss


def steps(step, x, batches, c, many: int) -> None:
    """`many` steps, each with the next classes."""
    torch.set_num_threads(THREADS if step is matrix and len(c) >= MANY else 1)
    for _ in range(many):
        x.grad = c.grad = None
        step(x, next(batches), c)


def batches(classes: int):
    """Labels of one batch after the other."""
    generator = torch.Generator().manual_seed(1)
    while True:
        yield torch.randint(classes, (BATCH,), generator=generator)


def allocated(step, x, y, c) -> float:
    """MB that one step allocates in all."""
    x.grad = c.grad = None
    kinds = [torch.profiler.ProfilerActivity.CPU]
    with torch.profiler.profile(activities=kinds, profile_memory=True) as profile:
        step(x, y, c)
    return sum(max(event.self_cpu_memory_usage, 0) for event in profile.events()) / 1e6


def row(classes: int, dim: int, usual) -> dict:
    """Both ways at one size, in turn."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(BATCH, dim, generator=generator).requires_grad_()
    kept = torch.randn(classes, dim, generator=generator)
    moved, learned = kept.clone(), kept.clone().requires_grad_()
    y = next(batches(classes))
    mine, theirs = (float(step(x, y, c)) for step, c in ((ours, kept), (usual, learned)))
    drawn = batches(classes)
    ours_s, usual_s, ratio = in_turn(
        partial(steps, ours, x, drawn, moved, STEPS), partial(steps, usual, x, drawn, learned, 1)
    )
    ours_mb, usual_mb = (allocated(s, x, y, c) for s, c in ((ours, moved), (usual, learned)))
    ratio, less = ratio * STEPS, usual_mb / ours_mb
    judged = classes >= MANY and usual is matrix
    return {
        "what": f"center loss, forward and backward, {classes:,} × {dim}, batch {BATCH}",
        "against": "m×C distance matrix" if usual is matrix else "c[y], centers a parameter",
        "ours": f"{1e3 * ours_s / STEPS:.2f} ms, {ours_mb:.1f} MB",
        "usual": f"{1e3 * usual_s:.1f} ms, {usual_mb:.1f} MB",
        "ratio": f"{ratio:,.0f}×, memory 1/{less:,.0f}",
        "target": "1,000×, memory ≤ 1/100" if judged else "–",
        "met": bool(ratio >= 1_000 and less >= 100) if judged else None,
        "agreement": f"loss within {abs(mine - theirs) / abs(mine):.0e}",
    }


def main() -> None:
    """Three sizes beside both usual ways."""
    tell([row(*size, usual) for size in SIZES for usual in (matrix, gather)])


if __name__ == "__main__":
    main()
