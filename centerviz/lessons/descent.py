"""The article's literal form followed downhill: two steps and two charts of the lesson `shortcut`.

Unit vectors move freely on their sphere against the gradient of ½(z·c)², once with the centers
held where they were, once with every center moved to the mean of its class after each step.

Letters: `z` unit samples (N, D) · `y` classes 0…C−1 (N,) · `c` centers (C, D).
"""

from dataclasses import replace
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from centerviz.learning.formulas import class_mean, inner_product, norm, unit_vector
from centerviz.lessons.centroid import centroids
from centerviz.lessons.inputs import Samples
from centerviz.lessons.lesson import Chart, Step, worked
from centerviz.lessons.writing import RESIDUE, Line

RATE = 0.5
STEPS = 40

Rows = Float[np.ndarray, "N D"]
Classes = Int[np.ndarray, " N"]


def literal_step(
    z: Float[Any, "N D"], c: Float[Any, "C D"], y: Int[Any, " N"], rate: float
) -> Float[Any, "N D"]:
    """Unit vectors after one step against the gradient (z·c)c of ½(z·c)², made unit again.

    >>> z, c = np.array([[0.6, 0.8]]), np.array([[1.0, 0.0]])
    >>> literal_step(z, c, np.array([0]), 1.0)
    array([[0., 1.]])
    """
    own = c[y]
    return unit_vector(z - rate * inner_product(z, own)[:, None] * own)


def paths(z: Rows, c: Float[np.ndarray, "C D"], y: Classes, held: bool) -> list[tuple[Rows, Any]]:
    """Samples and centers before the first step and after each one.

    >>> z, c = np.array([[0.6, 0.8]]), np.array([[1.0, 0.0]])
    >>> len(paths(z, c, np.array([0]), held=True)) - 1 == STEPS
    True
    """
    path = [(z, c)]
    for _step in range(STEPS):
        z = literal_step(z, c, y, RATE)
        if not held:
            c = np.stack([class_mean(z, y, j) for j in range(len(c))])
        path.append((z, c))
    return path


def mean_angles(z: Rows, c: Float[np.ndarray, "C D"], y: Classes) -> Float[np.ndarray, " C"]:
    """The mean angle of each class's samples to its center, in degrees, 0 to 180.

    >>> mean_angles(np.array([[0.0, 1.0]]), np.array([[2.0, 0.0]]), np.array([0]))
    array([90.])
    """
    cosines = np.clip(inner_product(z, unit_vector(c)[y]), -1, 1)
    angles = np.degrees(np.arccos(cosines))
    return np.array([angles[y == j].mean() for j in range(len(c))])


def angles_with_centers_held(
    z: Rows, c: Float[np.ndarray, "C D"], y: Classes
) -> Float[np.ndarray, " C"]:
    """The mean angles after the last step, the centers where they were."""
    return mean_angles(*paths(z, c, y, held=True)[-1], y)


def lengths_of_class_means(
    z: Rows, c: Float[np.ndarray, "C D"], y: Classes
) -> Float[np.ndarray, " C"]:
    """‖c_j‖ after the last step, each center the mean of its class all the way."""
    return norm(paths(z, c, y, held=False)[-1][1])


def steps(samples: Samples) -> dict[str, Step]:
    """Where each way down ends, by key; none where a center has no direction to begin with.

    A loop is no single line of NumPy, so the lines to copy hold the values.
    """
    start = _start(samples)
    if norm(start[1]).min() <= RESIDUE:
        return {}
    in_class = r"\tfrac{1}{n_j} \textstyle\sum_{i:\, y_i = j}"
    told = {"words": {"steps": str(STEPS)}, "given": True}
    angles, lengths = Line(2), Line(3)
    ends = (
        worked(
            "held",
            r"\bar\theta_j",
            rf"{in_class} \angle(z_i^{{({STEPS})}}, c_j), \quad "
            rf"z_i^{{(t+1)}} \propto z_i^{{(t)}} - {RATE:g}\, (z_i^{{(t)}} \cdot c_j)\, c_j",
            "",
            angles,
            (angles_with_centers_held, *start),
            "theta = np.array({})",
            **told,
        ),
        worked(
            "means",
            rf"\lVert c_j^{{({STEPS})}} \rVert",
            rf"\left\lVert {in_class} z_i^{{({STEPS})}} \right\rVert, \quad "
            rf"z_i^{{(t+1)}} \propto z_i^{{(t)}} - {RATE:g}\, (z_i^{{(t)}} \cdot c_j^{{(t)}})\, "
            r"c_j^{(t)}",
            "",
            lengths,
            (lengths_of_class_means, *start),
            "c_lengths = np.array({})",
            **told,
        ),
    )
    return {step.key: replace(step, line=step.line.format(step.value)) for step in ends}


def _start(samples: Samples) -> tuple[Rows, Float[np.ndarray, "C D"], Classes]:
    z = unit_vector(samples.x)
    return z, centroids(z, samples), samples.y


def chart(samples: Samples, key: str) -> Chart:
    """Mean angle or center length of every class over the steps."""
    z, c, y = _start(samples)
    path = paths(z, c, y, held=key == "held")
    if key == "held":
        rows, name, title = [mean_angles(*at, y) for at in path], "θ_{}", "θ / °"
    else:
        rows, name, title = [norm(at[1]) for at in path], "‖c_{}‖", "‖c‖"
    names = [name.format(f"{{{label}}}") for label in samples.labels]
    values = np.transpose(rows).tolist()
    return Chart(
        "lines",
        tuple(range(len(path))),
        {symbol: tuple(row) for symbol, row in zip(names, values, strict=True)},
        "t",
        title,
        groups={symbol: j for j, symbol in enumerate(names)},
    )
