"""The same work without a browser: `python -m centerviz COMMAND`.

Exit 0 done, 1 a run failed or was not taken, 2 bad input (one sentence on standard error, nothing
written), 130 interrupted.
"""

import os
import sys
from pathlib import Path

from centerviz import cli_runs, language
from centerviz.cli_arguments import chosen, needed, number, parsed
from centerviz.cli_map import check_flags, check_target, fitted_rows, say_map, started_map
from centerviz.cli_output import BAD_INPUT, DONE, INTERRUPTED, document, measures, say
from centerviz.cli_paths import named_file, named_path, runs_folder
from centerviz.cli_source import read_source, say_read
from centerviz.language import _, worded
from centerviz.problem import Problem

PORT = 8501


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        values = parsed(sys.argv[1:] if argv is None else argv)
        return _COMMANDS[values.command](values)
    except Problem as problem:
        say(worded(problem))
        return BAD_INPUT
    except KeyboardInterrupt:
        say(_("Interrupted."))
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except SystemExit as end:
        return end.code or DONE


def measure(values) -> int:
    """Judge an embedding."""
    embeddings = read_source(values, "measure", "runs/NAME")
    from centerviz.embedding.measure import measure as judged
    from centerviz.embedding.metrics import METRICS

    found = judged(embeddings, values.split)
    say_read(embeddings)
    if embeddings.labels is None:
        say(
            _(
                "{source} has no labels, so what needs them is not measured; name them with "
                "--label-column NAME or --labels FILE.",
                source=embeddings.source,
            )
        )
    if values.json:
        about = {key: metric.document() for key, metric in METRICS.items()}
        document({**found, "metrics": about})
    else:
        measures(found)
    return DONE


def project(values) -> int:
    """Draw a map and write it as a table."""
    method = needed(values.method, "project", "--method", "SOURCE --method pca --out map.parquet")
    chosen("--method", method, ("pca", "tsne", "raw"))
    dims = int(chosen("--dims", values.dims, ("2", "3")))
    seed = number("--seed", values.seed, 0, 2**31 - 1)
    check_flags(values, method)
    perplexity = number("--perplexity", values.perplexity or "30", 1, 10_000, whole=False)
    out = named_path(
        needed(values.out, "project", "--out", "SOURCE --method pca --out map.parquet")
    )
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise Problem("{out} cannot be written: name a file in a folder that exists.", out=out)
    for given in filter(None, (values.source, values.labels, values.start)):
        check_target(out, named_path(given))
    embeddings = read_source(values, "project", "runs/NAME --method pca --out map.parquet")
    from centerviz.embedding.projection import project as projected
    from centerviz.runs.export import write_map

    rows = fitted_rows(values.fit_split, embeddings)
    start = (
        None if values.start is None else started_map(named_file(values.start), embeddings, dims)
    )
    found = projected(embeddings.x, method, dims, seed, perplexity, rows, start)
    write_map(out, embeddings, found.points)
    say_read(embeddings)
    say_map(found, embeddings, method)
    return DONE


def lesson(values) -> int:
    """Work a lesson, or make worksheets of it."""
    from centerviz import lessons
    from centerviz.cli_lesson import document_of
    from centerviz.runs.files import write_bytes

    if values.list:
        print("\n".join(lessons.names()))
        return DONE
    chosen("--lang", values.lang, language.LANGUAGES)
    language.follow(lambda: values.lang)
    text = document_of(values)
    if values.out is None:
        print(text, end="" if text.endswith("\n") else "\n")
        return DONE
    out = named_path(values.out)
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise Problem("{out} cannot be written: name a file in a folder that exists.", out=out)
    try:
        write_bytes(out, text.encode())
    except OSError as error:
        raise Problem(
            "{file} cannot be written: {reason}.", file=out, reason=error.strerror
        ) from None
    return DONE


def serve(values) -> int:
    """Start the app."""
    import socket

    root = runs_folder(values.runs)
    port = number("--port", values.port or str(PORT), 1, 65_535)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Problem(
                "The port {port} is taken; choose another with --port.", port=port
            ) from None
    app = Path(__file__).parents[1] / "app.py"
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(port)]
    os.environ["CENTERVIZ_RUNS"] = str(root)
    os.chdir(app.parent)
    if os.name == "nt":
        import subprocess

        return subprocess.call(command)
    os.execv(sys.executable, command)  # the server takes this process's place, and its signals


_COMMANDS = {
    "train": cli_runs.train,
    "resume": cli_runs.resume,
    "stop": cli_runs.stop,
    "runs": cli_runs.runs,
    "export": cli_runs.export,
    "measure": measure,
    "project": project,
    "lesson": lesson,
    "serve": serve,
}
