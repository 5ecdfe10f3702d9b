"""The mini-batch of the lesson `centers`: samples of one class, the center they pull, α and rule.

Letters: `x` samples (n, D) · `c` center (D,) · `w` weight of one pull · `s` share of the way.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from centerviz.language import N_
from centerviz.learning.formulas import pull_weight
from centerviz.lessons.inputs import Field, choice, slider, table
from centerviz.lessons.rules import RULES, share_of_way
from centerviz.problem import Problem

DECIMALS = 4
SLOW = 8  # samples that can be followed one by one

ALPHA = Field("alpha", "slider", "0.5", N_("Center step α; for ema 1 − retention"), 0.05, 3.0, 0.05)
RULE = Field("rule", "choice", "minibatch", N_("Rule for the centers"), choices=RULES)
INPUTS = (
    Field("x", "matrix", "2, 3; 4, 1; 6, 2", N_("Samples x of one class")),
    Field("c", "vector", "0, 0", N_("Center c before the batch")),
    ALPHA,
    RULE,
)


@dataclass(frozen=True)
class Batch:
    """The samples of one class, which are the whole mini-batch, and the center they pull."""

    x: Float[np.ndarray, "n D"]
    c: Float[np.ndarray, " D"]
    alpha: float
    rule: str
    labels: tuple[int, ...] = (1,)

    @property
    def n(self) -> int:
        """Samples of the class, and m, as there are no others."""
        return len(self.x)

    @property
    def weight(self) -> float:
        """w of the chosen rule."""
        return pull_weight(self.rule, self.alpha, self.n, self.n)

    @property
    def share(self) -> float:
        """s of the chosen rule."""
        return share_of_way(self.n, self.weight)


def read(typed: dict[str, str]) -> Batch:
    """One to eight samples, a center with as many numbers, a step and a rule.

    >>> read({"x": "1, 2", "c": "0, 0", "alpha": "0.5", "rule": "ema"}).share
    0.5
    """
    x, c = table(typed["x"], "x"), table(typed["c"], "c")
    for name, rows, most in (("x", x, SLOW), ("c", c, 1)):
        if len(rows) > most:
            raise Problem(
                "{name} has {n} rows; this lesson works with at most {most}.",
                name=name,
                n=len(rows),
                most=most,
            )
    if c.shape[1] != x.shape[1]:
        raise Problem(
            "The center c has {given} numbers, the samples x have {wanted}. Give it as many.",
            given=c.shape[1],
            wanted=x.shape[1],
        )
    return Batch(x, c[0], slider(typed, ALPHA), choice(typed, RULE))
