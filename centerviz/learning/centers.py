"""The rules that move the centers. Centers are a float32 buffer; no gradient flows into them.

Each rule adds to the center of every sample's class a step against its pull,
c_y ← c_y − weight · pull, and touches only the rows of the batch's classes.

Letters: `f` features that center loss sees (m, D) · `y` labels (m,) · `c` centers (C, D) ·
`α` center step · `n` samples of the class in the batch.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from centerviz.learning.formulas import pull_weight
from centerviz.learning.losses import center_loss


@torch.no_grad()
def move_centers(
    rule: str,
    c: Float[Tensor, "C D"],
    f: Float[Tensor, "m D"],
    y: Int[Tensor, " m"],
    alpha: float,
    form: str = "squared",
) -> None:
    """Move `c` in place after one mini-batch; classes absent from it stay untouched.

    minibatch (Wen et al., Eq. 4): each sample pulls with α/(1+n), so the center goes
    α·n/(1+n) of the way to the batch mean; no overshoot for α ≤ 1.
    gradient (as Zhou's code): α/m, the centers' own SGD on the batch mean of the loss; λ and the
    reduction never reach it.
    ema (as facenet): α = 1 − retention for every sample, duplicates add up; it diverges once
    n·α > 2.
    fixed, epoch-mean: nothing moves within an epoch.

    >>> batch, y = torch.tensor([[2.0], [4.0], [6.0]]), torch.zeros(3, dtype=torch.long)
    >>> for rule in ("minibatch", "gradient", "ema"):
    ...     c = torch.zeros(1, 1)
    ...     move_centers(rule, c, batch, y, 0.5)
    ...     print(rule, c.item())
    minibatch 1.5
    gradient 2.0
    ema 6.0
    """
    if rule in ("fixed", "epoch-mean"):
        return
    n = None
    if rule == "minibatch":
        counts = torch.zeros(len(c), device=c.device).index_add_(0, y, torch.ones_like(f[:, 0]))
        n = counts.index_select(0, y)[:, None]
    weight = pull_weight(rule, alpha, n, len(f))
    pull = _gradient(c, f, y, form) if rule == "gradient" else c.index_select(0, y) - f
    c.index_add_(0, y, -weight * pull)


def _gradient(c: Tensor, f: Tensor, y: Tensor, form: str) -> Tensor:
    """∂(center loss of the sample)/∂(its center), (m, D); c − f for the squared form."""
    if form == "squared":
        return c.index_select(0, y) - f
    own = c.index_select(0, y).requires_grad_()
    with torch.enable_grad():
        each = center_loss(f, torch.arange(len(f), device=f.device), own, form)
        return torch.autograd.grad(each.sum(), own)[0]
