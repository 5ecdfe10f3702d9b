"""The numbers of the article's worked examples (4.1 and 4.2), as they would be typed."""

import numpy as np

from centerviz.data.builtin import ARTICLE_VECTORS
from centerviz.language import N_
from centerviz.lessons.inputs import Field, Samples

VECTOR = "2, 3, 5"
TABLE = "; ".join(", ".join(f"{entry:g}" for entry in row) for row in ARTICLE_VECTORS)
LABELS = "1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3"

TWELVE = (
    Field("x", "table", TABLE),
    Field("y", "labels", LABELS),
)
SAMPLE = Field("sample", "sample", "1", N_("Sample to look at"))


def is_article(samples: Samples) -> bool:
    """Whether these are the article's twelve vectors in its three classes."""
    return (
        samples.x.shape == (12, 3)
        and bool((samples.x == np.array(ARTICLE_VECTORS)).all())
        and samples.y.tolist() == [0] * 4 + [1] * 4 + [2] * 4
    )
