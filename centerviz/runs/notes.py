"""What people say about a run, its name and a note, and what lies in its directory."""

import contextlib

from centerviz.problem import Problem
from centerviz.runs import lock
from centerviz.runs.files import read_json, write_json
from centerviz.runs.store import LOCK, PROVENANCE, SHIPPED, Run

LONGEST_NAME, LONGEST_NOTE = 80, 2000


def name_of(run: Run, about: dict | None = None) -> str:
    """What people call it; its id where nobody gave it a name. `about`: its provenance, if read."""
    return _text(run, about, "title")[:LONGEST_NAME] or run.id


def note_of(run: Run, about: dict | None = None) -> str:
    """What somebody wrote about it, or nothing."""
    return _text(run, about, "note")[:LONGEST_NOTE]


def _text(run: Run, about: dict | None, key: str) -> str:
    found = (run.provenance() if about is None else about).get(key)
    return found if isinstance(found, str) else ""


def annotate(run: Run, name: str, note: str) -> None:
    """Give a run a name and a note; its id, and so every link to it, stays. Empty takes them away.

    Raises Problem while it is being trained, for runs that come with CenterViz, and where the
    texts are too long or what is known of the run cannot be read.
    """
    if run.path.parent == SHIPPED:
        raise Problem("{run} comes with CenterViz and stays.", run=run.id)
    name, note = " ".join(name.split()), note.strip()
    for text, most in ((name, LONGEST_NAME), (note, LONGEST_NOTE)):
        if len(text) > most:
            raise Problem(
                "A text of {n} characters is too long; shorten it to {most}.",
                n=len(text),
                most=most,
            )
    try:
        with lock.hold(run.path / LOCK):
            file = run.path / PROVENANCE
            known = read_json(file) if file.exists() else {}  # what cannot be read is not replaced
            write_json(file, {**known, "title": name, "note": note})
    except lock.Busy:
        raise Problem("{run} is being trained; name it when it is done.", run=run.id) from None
    except OSError as error:
        raise Problem(
            "{run} cannot be written: {reason}.", run=run.id, reason=error.strerror
        ) from None


def contents(run: Run) -> dict[str, int]:
    """The files of a run with their sizes in bytes; a folder counts as one, with all it holds."""
    sizes: dict[str, int] = {}
    for path in sorted(run.path.rglob("*")):
        parts = path.relative_to(run.path).parts
        if not parts[0].startswith(".") and parts[0] != LOCK and path.is_file():
            name = parts[0] if len(parts) == 1 else f"{parts[0]}/"
            with contextlib.suppress(FileNotFoundError):  # replaced in the meantime
                sizes[name] = sizes.get(name, 0) + path.lstat().st_size
    return sizes
