"""Said on the way: the pictures of a data set are drawn before it is used for the first time."""

from centerviz.cli_output import say
from centerviz.data.sources import drawing
from centerviz.language import _


def draw(spec: str) -> None:
    """Draw what `spec` needs and has not yet, with a sentence where that takes its time."""
    for done, _parts in drawing(spec):
        if done == 1:
            say(_("The pictures of {name} are drawn once; this takes about a minute.", name=spec))
