"""Colours of every figure, whoever draws it.

The class colours are Petroff's ten (arXiv 2107.02270) and ten more, chosen so that the smallest
CAM02-UCS distance stays large with every kind of colour vision. They mean classes, nothing else.
"""

# fmt: off
CLASS_COLOURS = (
    "#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6",
    "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd",
    "#c3d2b4", "#963c5a", "#e1d278", "#b4b4ff", "#784bff",
    "#4b6996", "#78b4c3", "#4b692d", "#9687a5", "#4ba53c",
)
# fmt: on
INK = {False: "#1f2421", True: "#ecebe7"}  # text, by `dark`
FAINT = {False: "#d6d9d4", True: "#44423f"}  # grid and borders
ACCENT = {False: "#0f6674", True: "#6cc3d0"}
# Two runs in one figure: never class colours. Ours is the accent, the pinned baseline is grey.
BASELINE = {False: "#6b706c", True: "#a9aaa4"}


def colour(label: int) -> str:
    """The colour of a class; it repeats after twenty, where the symbol goes on.

    >>> colour(0), colour(20) == colour(0)
    ('#3f90da', True)
    """
    return CLASS_COLOURS[label % len(CLASS_COLOURS)]
