"""Every word that the browser's side of a view shows."""

from centerviz.language import _


def words() -> dict[str, str]:
    """Every word that the browser's side shows. {epoch} and {epochs} are filled there."""
    return {
        "play": _("Play the epochs"),
        "pause": _("Pause"),
        "back": _("One epoch back"),
        "next": _("One epoch on"),
        "slider": _("Epoch"),
        "speed": _("Speed"),
        "bar": _("Play bar"),
        "epoch": _("epoch {epoch} of {epochs}"),
        "legend": _("Classes and marks shown"),
        "terms": _("Terms of the formula"),
        "point": _("Point at a symbol, a term or a vector: it stands out and tells its numbers."),
        "chip": _("Click hides or shows it; a double click leaves only this one."),
        "pick": _("Click shows only this one, then more of them."),
        "search": _("Search {n} classes"),
        "found": _("{n} of {all}"),
        "all": _("Show all"),
        "unknown": _("not known"),
        "predicted": _("predicted {label}"),
        "own": _("{value} from its own class mean"),
        "other": _("{value} from {label}, the nearest other"),
        "tools": _("Tools of the map"),
        "keys": _(
            "Keys: + and − come closer or go away, Shift and arrows move or turn, 0 shows "
            "everything, Enter selects what is in sight, Escape lets go."
        ),
        "loading": _("Drawing the map…"),
        "move": _("Drag to move or turn; + and − come closer or go away, 0 shows everything"),
        "lasso": _("Drag around samples to select them; also with Shift"),
        "box": _("Drag a box around samples to select them"),
        "closer": _("Closer"),
        "farther": _("Farther away"),
        "everything": _("Show everything"),
        "webgl": _(
            "So many points or classes are drawn by WebGL 2, which this browser lacks or has "
            "switched off. Use another browser, or a smaller split; the numbers beside it are "
            "right all the same."
        ),
        "failed": _(
            "The map could not be drawn in this browser. Reload the page; the numbers beside it "
            "are right all the same."
        ),
    }
