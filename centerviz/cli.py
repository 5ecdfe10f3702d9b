"""The same work without a browser: `python -m centerviz COMMAND`.

Exit 0 done, 1 the run failed, 2 bad input (one sentence on standard error, nothing written),
130 interrupted.
"""

import contextlib
import os
import signal
import sys
from pathlib import Path

from centerviz import language
from centerviz.cli_arguments import PROGRAM, chosen, needed, number, parsed, settings
from centerviz.cli_map import check_flags, check_target, fitted_rows, say_map, started_map
from centerviz.cli_output import document, measures, progress_bar, say, shown, table
from centerviz.language import _, ngettext, worded
from centerviz.problem import Problem

DONE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
PORT = 8501
NOTHING = {"raw": None, "unit": None}  # measured


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


def _root(given: str | None) -> Path:
    """The folder of the runs. Raises Problem where it can be none."""
    from centerviz.runs.store import runs_root

    root = Path(given).expanduser().absolute() if given else runs_root()
    if root.exists() and not root.is_dir():
        raise Problem("{path} is a file; --runs needs a folder.", path=given or root)
    return root


def train(values) -> int:
    """A new run, from flags and preset, trained here."""
    from centerviz.learning.config import checked
    from centerviz.learning.presets import PRESETS
    from centerviz.runs.store import create_run

    start = {}
    if values.preset is not None:
        start = PRESETS[chosen("--preset", values.preset, tuple(PRESETS))].config.model_dump()
    config = checked(start | settings(values))
    root = _root(values.runs)
    from centerviz.runs.work import prepared

    prepared(config)
    run = create_run(config, root, name=_name(values.preset, settings(values)))
    return _work(run, values.json)


def _name(preset: str | None, given: dict[str, str]) -> str | None:
    """A preset with what was changed in it; None leaves the name to the settings."""
    if preset is None:
        return None
    return " ".join([preset, *(f"{name} {value}" for name, value in given.items())])


def resume(values) -> int:
    """Take up a run; one that is done stays as it is and is told again."""
    run = _opened(needed(values.run, "resume", _("a run"), "NAME"), _root(values.runs))
    if run.problem:
        raise run.problem
    if run.status.state != "done":
        from centerviz.runs.store import STOP
        from centerviz.runs.work import prepared

        prepared(run.config)
        (run.path / STOP).unlink(missing_ok=True)
    return _work(run, values.json)


def _opened(which: str, root: Path):
    """A run by its name under the root, or by its directory."""
    from centerviz.runs.store import SAFE_ID, open_run

    if SAFE_ID.fullmatch(which) and (root / which).is_dir():
        return open_run(which, root)
    path = _path(which)
    return open_run(path) if path.is_dir() else open_run(which, root)


def _work(run, as_json: bool) -> int:
    """Train to the end, with a bar on a terminal, and print what came out."""
    from centerviz.runs.work import UNEXPECTED, work

    say(_("{run}: {caption}", run=run.id, caption=_caption(run.config)))
    try:
        with _interruptible():
            status = work(run, progress_bar(run.config.epochs))
    except Problem:
        raise
    except Exception as error:  # written down by `work`, where it could
        status = run.status
        if status.state != "failed":
            say(_(UNEXPECTED, error=f"{type(error).__name__}: {error}"))
            return FAILED
    except KeyboardInterrupt:
        say(_("Interrupted; to go on: {program} resume {run}", program=PROGRAM, run=run.path))
        return INTERRUPTED
    if status.state == "stopped":
        say(_("Stopped; to go on: {program} resume {run}", program=PROGRAM, run=run.path))
        return INTERRUPTED
    if status.state == "failed":
        say(status.message)
    result = _result(run)
    if as_json:
        document(result)
    elif status.state == "done":
        _print_result(result)
    return DONE if status.state == "done" else FAILED


@contextlib.contextmanager
def _interruptible():
    """Ctrl-C and a polite kill end the training in good order, in a shell's background too."""
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, signal.default_int_handler) for number in signals]
    try:
        yield
    finally:
        for name, handler in zip(signals, before, strict=True):
            signal.signal(name, handler)


def _result(run) -> dict:
    """What `train --json` says; null where there is nothing yet."""
    from centerviz.embedding.measure import measure

    return _entry(run, measure(run.embeddings()) if run.status.state == "done" else NOTHING)


def _entry(run, found: dict) -> dict:
    """A run as `train --json` and `runs --json` have it, with what `measure` found."""
    status = run.status
    return {
        "run": run.id,
        "dir": str(run.path),
        "state": status.state,
        "epoch": status.epoch,
        "epochs": status.epochs,
        "accuracy": _accuracy(run),
        "seconds": status.seconds,
        "raw": found["raw"],
        "unit": found["unit"],
    }


def _accuracy(run) -> float | None:
    """Of the last epoch, on test; on train where there is no test split."""
    lines = run.epoch_lines()
    accuracy = lines[-1].get("accuracy", {}) if lines else {}
    held_out = accuracy.get("test")
    return accuracy.get("train") if held_out is None else held_out


def _print_result(result: dict) -> None:
    print(result["dir"])
    rows = [["accuracy", shown(result["accuracy"]), ""]]
    rows += [[name, shown(raw), shown(result["unit"][name])] for name, raw in result["raw"].items()]
    table(["", "raw", "unit"], rows)


def runs(values) -> int:
    """List the runs, newest first."""
    from centerviz.runs.store import list_runs

    found = list_runs(_root(values.runs))
    if values.json:
        document({"runs": [_listed(run) for run in found]})
        return DONE
    rows = []
    for run in found:
        status, problem = run.status, run.problem
        if problem:
            rows.append([run.id, "damaged", worded(problem), "", ""])
            continue
        epochs = f"{status.epoch}/{status.epochs}"
        rows.append([run.id, status.state, _caption(run.config), epochs, shown(_accuracy(run))])
    if rows:
        table(["run", "state", "settings", "epochs", "accuracy"], rows, left=3)
    else:
        say(_("There are no runs yet."))
    return DONE


def _caption(config) -> str:
    """What differs from the defaults, without what auto stood for."""
    asked = {"device": "auto", "precision": "auto", "threads": "auto"}
    if config.model != "lenets++":
        asked["model"] = "auto"
    return config.model_copy(update=asked).caption()


def _listed(run) -> dict:
    problem = run.problem
    if problem is None:
        told = {"config": run.config.model_dump(), "message": run.status.message}
        try:
            return {**_result(run), **told}
        except Problem as unreadable:
            return {**_entry(run, NOTHING), **told, "message": worded(unreadable)}
    empty = dict.fromkeys(("epoch", "epochs", "accuracy", "seconds", "raw", "unit", "config"))
    damaged = {"run": run.id, "dir": str(run.path), "state": "damaged"}
    return {**damaged, **empty, "message": worded(problem)}


def measure(values) -> int:
    """Judge an embedding."""
    embeddings = _embeddings(values, "measure", "runs/NAME")
    from centerviz.embedding.measure import measure as judged

    found = judged(embeddings, values.split)
    _say_dropped(embeddings.dropped)
    if embeddings.labels is None:
        say(
            _(
                "{source} has no labels, so what needs them is not measured; name them with "
                "--label-column NAME or --labels FILE.",
                source=embeddings.source,
            )
        )
    document(found) if values.json else measures(found)
    return DONE


def _embeddings(values, command: str, example: str):
    """What SOURCE holds: a run's embedding or a file's."""
    source = needed(values.source, command, _("a run directory or a file"), example)
    path = _path(source)
    if path.is_dir():
        from centerviz.runs.store import open_run

        if values.labels or values.label_column or values.array:
            raise Problem("A run knows its labels; leave --labels, --label-column, --array out.")
        embeddings = open_run(path).embeddings()
    else:
        from centerviz.data.tables import read_embeddings

        labels = None if values.labels is None else _file(values.labels)
        embeddings = read_embeddings(
            _file(source),
            path.name,
            labels=labels,
            label_column=values.label_column,
            array=values.array,
        )
    return embeddings


def _say_dropped(n: int) -> None:
    if n:
        say(
            ngettext(
                "{n} row with NaN or Inf was left out.",
                "{n} rows with NaN or Inf were left out.",
                n,
            )
        )


def _path(given: str) -> Path:
    """A path that the system can look at, there or not."""
    try:
        path = Path(given).expanduser()
        path.exists()
    except (OSError, ValueError, RuntimeError):  # too long, holding a NUL, of an unknown user
        path = None
    if not given or path is None:
        raise Problem("{path} is no name of a file; check it.", path=repr(given[:80]))
    return path


def _file(given: str) -> Path:
    path = _path(given)
    if not path.is_file():
        raise Problem("There is no file {path}; check the name.", path=given[:200])
    return path


def project(values) -> int:
    """Draw a map and write it as a table."""
    method = needed(values.method, "project", "--method", "SOURCE --method pca --out map.parquet")
    chosen("--method", method, ("pca", "tsne", "raw"))
    dims = int(chosen("--dims", values.dims, ("2", "3")))
    seed = number("--seed", values.seed, 0, 2**31 - 1)
    check_flags(values, method)
    perplexity = number("--perplexity", values.perplexity or "30", 1, 10_000, whole=False)
    out = _path(needed(values.out, "project", "--out", "SOURCE --method pca --out map.parquet"))
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise Problem("{out} cannot be written: name a file in a folder that exists.", out=out)
    for given in filter(None, (values.source, values.labels, values.start)):
        check_target(out, _path(given))
    embeddings = _embeddings(values, "project", "runs/NAME --method pca --out map.parquet")
    from centerviz.embedding.projection import project as projected
    from centerviz.runs.export import write_map

    rows = fitted_rows(values.fit_split, embeddings)
    start = None if values.start is None else started_map(_file(values.start), embeddings, dims)
    found = projected(embeddings.x, method, dims, seed, perplexity, rows, start)
    write_map(out, embeddings, found.points)
    _say_dropped(embeddings.dropped)
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
    out = _path(values.out)
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise Problem("{out} cannot be written: name a file in a folder that exists.", out=out)
    write_bytes(out, text.encode())
    return DONE


def serve(values) -> int:
    """Start the app."""
    import socket

    root = _root(values.runs)
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
    "train": train,
    "resume": resume,
    "runs": runs,
    "measure": measure,
    "project": project,
    "lesson": lesson,
    "serve": serve,
}
