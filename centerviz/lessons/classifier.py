"""What the lessons on softmax, the joint loss and gradients read: samples, W, and one sample.

Eight samples in the plane, so that arrows show all there is; the last one lies nearer to another
class, so that its loss is worth a look.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from centerviz.language import N_
from centerviz.lessons.inputs import Field, Samples, read_samples, slider, table
from centerviz.lessons.lesson import Mark
from centerviz.lessons.objective import class_scores
from centerviz.lessons.sheets import typed as as_typed
from centerviz.lessons.writing import Line
from centerviz.problem import Problem

EIGHT = "1.2, 0.4; 1.8, -0.2; 1.5, 0.7; -0.9, 1.1; -0.3, 1.7; 0.2, -1.3; -0.5, -0.8; 0.9, -0.6"
PLANE = (
    Field("x", "table", EIGHT),
    Field("y", "labels", "1, 1, 1, 2, 2, 3, 3, 3"),
    Field("w", "matrix", "1, 0; 0, 1; 0, -1", N_("W, one row for each class in rising order")),
    Field("sample", "sample", "8", N_("Sample to look at")),
)
LAMBDA = Field("lam", "slider", "0.5", N_("Weight λ of center loss"), 0.0, 2.0, 0.05)
GAP = 25  # between scores of one sample; beyond, a share is nearer to 0 than what is written
SHEET_W = ("1, 0; 0, 1; 0, -1", "0, 1; 1, 0; -1, 0", "1, 0; -1, 0; 0, 1", "0, -1; 1, 0; 0, 1")


@dataclass(frozen=True)
class Scored:
    """Samples, the classifier's rows and the weight of center loss."""

    samples: Samples
    w: Float[np.ndarray, "C D"]
    lam: float

    @property
    def labels(self) -> tuple[int, ...]:
        """The classes as they were written, in the order of the rows of `w`."""
        return self.samples.labels

    @property
    def x(self) -> Float[np.ndarray, " D"]:
        """The sample to look at."""
        return self.samples.x[self.samples.sample]

    @property
    def e(self) -> Float[np.ndarray, " C"]:
        """1 at its class, 0 elsewhere."""
        return np.eye(len(self.w))[self.samples.own]

    @property
    def words(self) -> dict[str, str]:
        """The sample and its class, for the places in the texts."""
        return {
            "sample": str(self.samples.sample + 1),
            "class": str(self.labels[self.samples.own]),
        }


def read_scored(typed: dict[str, str]) -> Scored:
    """The inputs of `PLANE` and, where a lesson has it, λ.

    >>> read_scored({"x": "1, 0; 0, 1", "y": "1, 2", "w": "3, 4; 0, 1", "sample": "2"}).e
    array([0., 1.])
    """
    samples, w = read_samples(typed), table(typed["w"], "w")
    if len(w) != len(samples.labels):
        raise Problem(
            "Rows in w: {rows}; classes in y: {classes}. Give one row for each class, in rising "
            "order of the classes.",
            rows=len(w),
            classes=len(samples.labels),
        )
    if w.shape[1] != samples.x.shape[1]:
        raise Problem(
            "A row of w has {n} numbers, a row of x {dim}. Give both as many.",
            n=w.shape[1],
            dim=samples.x.shape[1],
        )
    gaps = np.ptp(class_scores(samples.x, w), axis=1)
    if gaps.max() > GAP:
        raise Problem(
            "The scores of row {row} lie {gap} apart; beyond {most} a share is too small to be "
            "written. Make the numbers of w or x smaller.",
            row=int(gaps.argmax()) + 1,
            gap=f"{gaps.max():.4g}",
            most=GAP,
        )
    return Scored(samples, w, slider(typed, LAMBDA) if "lam" in typed else 0.0)


def scored_sheet(rng: np.random.Generator) -> dict[str, str]:
    """Three classes of two samples in tenths, near their rows of a W of whole numbers, and λ.

    >>> scored_sheet(np.random.default_rng(0))["y"]
    '1, 1, 2, 2, 3, 3'
    """
    w = SHEET_W[rng.integers(len(SHEET_W))]
    middles = np.repeat(10 * table(w, "w"), 2, axis=0)
    x = (middles + 2 * rng.integers(-4, 5, size=middles.shape) + rng.choice([1, 3])) / 10
    return {
        "x": as_typed(x),
        "y": "1, 1, 2, 2, 3, 3",
        "w": w,
        "sample": str(rng.integers(1, 7)),
        "lam": f"{rng.integers(1, 20) / 10:g}",
    }


def sample_marks(read: Scored) -> tuple[Mark, ...]:
    """The samples; the one to look at has a name of its own."""
    own = read.samples.sample
    names = [f"class {read.labels[j]}" for j in read.samples.y]
    names[own] = f"sample {own + 1}"
    drawn = zip(names, read.samples.x, read.samples.y, strict=True)
    return tuple(Mark(name, "sample", x, None, int(j)) for name, x, j in drawn)


def row_marks(read: Scored) -> tuple[Mark, ...]:
    """The rows of W as arrows from the origin; a row of zeros has none."""
    origin = np.zeros(read.w.shape[1])
    named = zip(read.labels, read.w, strict=True)
    return tuple(Mark(f"w_{label}", "arrow", w, origin) for label, w in named if w.any())


def products(a: np.ndarray, b: np.ndarray, line: Line) -> str:
    """Σ a_d b_d with its numbers."""
    pairs = zip(a, b, strict=True)
    return " + ".join(rf"{line.factor(left)} \cdot {line.factor(right)}" for left, right in pairs)


def softmax_line(name: str) -> str:
    """The mean softmax cross-entropy as a line to copy: −ln p_y = ln Σ_k e^{(w_k − w_y)·x}."""
    rows = "zip(x, np.unique(y, return_inverse=True)[1])"
    return f"{name} = np.mean([np.log(np.exp((w - w[j]) @ v).sum()) for v, j in {rows}])"
