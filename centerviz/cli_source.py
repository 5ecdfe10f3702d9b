"""What SOURCE of `measure` and `project` holds: a run's embedding, or that of anybody's file."""

from centerviz.cli_arguments import chosen, needed
from centerviz.cli_output import say
from centerviz.cli_paths import named_file, named_path
from centerviz.language import _
from centerviz.problem import Problem

READING = ("labels", "label_column", "id_column", "array", "beside", "header", "delimiter")


def read_source(values, command: str, example: str):
    """The embedding. Raises Problem where it cannot be read, or in two ways."""
    source = needed(values.source, command, _("a run directory or a file"), example)
    path = named_path(source)
    if path.is_dir() and _is_run(path):
        from centerviz.runs.store import open_run

        if any(getattr(values, name) for name in READING):
            raise Problem("A run knows its labels; leave --labels, --label-column, --array out.")
        return open_run(path).embeddings()
    from centerviz.data.reading import DELIMITERS
    from centerviz.data.tables import read_embeddings

    if values.header is not None:
        chosen("--header", values.header, ("yes", "no"))
    if values.delimiter is not None:
        chosen("--delimiter", values.delimiter, tuple(DELIMITERS))
    return read_embeddings(
        path if path.is_dir() else named_file(source),
        path.name,
        labels=None if values.labels is None else named_file(values.labels),
        label_column=values.label_column,
        id_column=values.id_column,
        array=values.array,
        beside=tuple(filter(None, (values.beside or "").split(","))),
        header=None if values.header is None else values.header == "yes",
        delimiter=values.delimiter,
    )


def _is_run(path) -> bool:
    """Whether a folder is a run's, or empty: then `open_run` says what is wrong."""
    from centerviz.runs import status
    from centerviz.runs.store import CONFIG

    held = {one.name for one in path.iterdir()}
    return bool(held & {CONFIG, status.FILE}) or not held


def say_read(embeddings) -> None:
    """Which columns of a table were taken for what, what was left out, and what is odd."""
    from centerviz.data.oddities import oddities

    read = embeddings.reading
    if read is not None and read.features:
        names = (
            read.features
            if len(read.features) < 7
            else (*read.features[:5], "…", read.features[-1])
        )
        taken = {"names": ", ".join(names), "label": read.label or _("there are none")}
        say(_("Features: {names}; labels: {label}.", **taken))
    for sentence in oddities(embeddings).said():
        say(sentence)
