"""What PyTorch's autograd gives for a formula, beside which the lessons set their own gradients."""

from collections.abc import Callable

import numpy as np
import torch
from jaxtyping import Float


def gradient(
    loss: Callable, x: Float[np.ndarray, " D"], *others: Float[np.ndarray, "..."]
) -> Float[np.ndarray, " D"]:
    """∂ loss(x, *others)/∂x in float64; `loss` uses operators common to NumPy and torch.

    >>> gradient(lambda x, c: ((x - c) ** 2).sum(), np.array([3.0, 4.0]), np.array([3.0, 1.0]))
    array([0., 6.])
    """
    at, *held = (torch.tensor(array, dtype=torch.float64) for array in (x, *others))
    (found,) = torch.autograd.grad(loss(at.requires_grad_(), *held), at)
    return found.numpy()
