"""A run as the command line tells it: in JSON, in a table, in one line."""

from centerviz.cli_output import shown, table
from centerviz.language import worded
from centerviz.problem import Problem

NOTHING = {"raw": None, "unit": None}  # measured


def result(run) -> dict:
    """What `train --json` says; null where there is nothing yet."""
    from centerviz.embedding.measure import measure

    return _entry(run, measure(run.embeddings()) if run.status.state == "done" else NOTHING)


def listed(run) -> dict:
    """What `runs --json` says of a run, whatever state its directory is in."""
    problem = run.problem
    if problem is None:
        told = {"config": run.config.model_dump(), "message": run.status.message}
        try:
            return {**result(run), **told}
        except Problem as unreadable:
            return {**_entry(run, NOTHING), **told, "message": worded(unreadable)}
    empty = dict.fromkeys(("epoch", "epochs", "accuracy", "seconds", "raw", "unit", "config"))
    damaged = {"run": run.id, "dir": str(run.path), "experiment": "", "state": "damaged"}
    return {**damaged, **empty, "message": worded(problem)}


def _entry(run, found: dict) -> dict:
    """A run with what `measure` found."""
    from centerviz.runs.experiment import experiment_of

    status = run.status
    return {
        "run": run.id,
        "dir": str(run.path),
        "experiment": experiment_of(run),
        "state": status.state,
        "epoch": status.epoch,
        "epochs": status.epochs,
        "accuracy": run.accuracy(),
        "seconds": status.seconds,
        "raw": found["raw"],
        "unit": found["unit"],
    }


def row(run) -> list[str]:
    """A run as a line of the table: name, state, settings, epochs, accuracy, experiment."""
    from centerviz.runs.experiment import experiment_of
    from centerviz.runs.glance import glance
    from centerviz.runs.record import accuracy_of

    found = glance(run)
    status = found.status
    if found.config is None:
        return [run.id, "damaged", status.message, "", "", ""]
    epochs = f"{status.epoch}/{status.epochs}"
    accuracy = shown(accuracy_of(found.last))
    return [run.id, status.state, caption(found.config), epochs, accuracy, experiment_of(run)]


def print_result(found: dict) -> None:
    """A finished run, to read."""
    print(found["dir"])
    rows = [["accuracy", shown(found["accuracy"]), ""]]
    rows += [[name, shown(raw), shown(found["unit"][name])] for name, raw in found["raw"].items()]
    table(["", "raw", "unit"], rows)


def caption(config) -> str:
    """What differs from the defaults, without what auto stood for."""
    asked = {"device": "auto", "precision": "auto", "threads": "auto"}
    if config.model != "lenets++":
        asked["model"] = "auto"
    return config.model_copy(update=asked).caption()
