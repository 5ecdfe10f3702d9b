"""The commands about runs: train, resume, stop, runs, export."""

from centerviz.cli_arguments import PROGRAM, chosen, needed, settings
from centerviz.cli_drawing import draw
from centerviz.cli_entries import caption, listed, print_result, result, row
from centerviz.cli_output import (
    DONE,
    FAILED,
    INTERRUPTED,
    document,
    interruptible,
    progress_bar,
    say,
    table,
)
from centerviz.cli_paths import named_path, named_run, named_runs, runs_folder
from centerviz.language import _
from centerviz.problem import Problem

STOP_SECONDS = 15.0


def train(values) -> int:
    """A new run, from flags and preset, trained here; or the runs of an experiment."""
    from centerviz.learning.config import checked
    from centerviz.learning.presets import PRESETS
    from centerviz.runs.store import create_run

    start, given = {}, settings(values)
    if values.preset is not None:
        start = PRESETS[chosen("--preset", values.preset, tuple(PRESETS))].config.model_dump()
    config = checked(start | given)
    root, name = runs_folder(values.runs), _name(values.preset, given)
    parent = None if values.parent is None else _parent(values.parent, root)
    draw(config.dataset)
    if values.pair or values.seeds or values.sweep:
        from centerviz import cli_experiment

        plan = cli_experiment.planned(values, config)
        return cli_experiment.train(plan, root, name, parent, values.json)
    from centerviz.runs.work import prepared

    prepared(config, parent and parent.weights())
    return _work(create_run(config, root, name=name, parent=parent), values.json)


def _parent(which: str, root):
    """The run whose weights a new one begins with. Raises Problem where there are none."""
    run = named_run(which, root)
    if run.problem:
        raise run.problem
    if run.status.state != "done":
        raise Problem("{run} has no finished weights to go on from.", run=run.id)
    return run


def _name(preset: str | None, given: dict[str, str]) -> str | None:
    """A preset with what was changed in it; None leaves the name to the settings."""
    if preset is None:
        return None
    return " ".join([preset, *(f"{name} {value}" for name, value in given.items())])


def resume(values) -> int:
    """Take up a run, or all of an experiment; what is done stays as it is and is told again."""
    root = runs_folder(values.runs)
    experiment, runs = named_runs(needed(values.run, "resume", _("a run"), "NAME"), root)
    if experiment:
        from centerviz import cli_experiment

        return cli_experiment.finish(experiment, runs, root, values.json)
    (run,) = runs
    if run.status.state != "done":
        from centerviz.runs.store import STOP
        from centerviz.runs.work import prepared

        draw(run.config.dataset)
        prepared(run.config)
        (run.path / STOP).unlink(missing_ok=True)
    return _work(run, values.json)


def _work(run, as_json: bool) -> int:
    """Train to the end, with a bar on a terminal, and print what came out."""
    from centerviz.runs.work import UNEXPECTED, work

    say(_("{run}: {caption}", run=run.id, caption=caption(run.config)))
    try:
        with interruptible():
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
    found = result(run)
    if as_json:
        document(found)
    elif status.state == "done":
        print_result(found)
    return DONE if status.state == "done" else FAILED


def stop(values) -> int:
    """Ask a run, or all of an experiment, to stop, whoever trains it; its epochs are kept."""
    from centerviz.runs import queue

    root = runs_folder(values.runs)
    experiment, runs = named_runs(needed(values.run, "stop", _("a run"), "NAME"), root)
    if not any(run.status.active for run in runs):
        raise Problem("{run} is not in training; there is nothing to stop.", run=values.run[:120])
    rest = queue.stop_all(runs, STOP_SECONDS)
    if values.json:
        found = [result(run) for run in runs]
        document({"experiment": experiment, "runs": found} if experiment else found[0])
    else:
        table(["run", "state"], [[run.id, run.status.state] for run in runs], left=2)
    for run in rest:
        say(_("{run} has been asked to stop and has not yet.", run=run.id))
    return FAILED if rest else DONE


def runs(values) -> int:
    """List the runs, newest first."""
    from centerviz.runs.store import list_runs

    found = list_runs(runs_folder(values.runs))
    if values.json:
        document({"runs": [listed(run) for run in found]})
    elif found:
        head = ["run", "state", "settings", "epochs", "accuracy", "experiment"]
        rows = [row(run) for run in found]
        width = len(head) if any(entry[-1] for entry in rows) else len(head) - 1
        table(head[:width], [entry[:width] for entry in rows], left=3)
    else:
        say(_("There are no runs yet."))
    return DONE


def export(values) -> int:
    """Write a run's embedding or weights for other tools."""
    from centerviz.runs.export import KINDS, export_run

    example = "NAME --to csv FOLDER"
    which = needed(values.run, "export", _("a run"), example)
    kind = chosen("--to", needed(values.to, "export", "--to", example), tuple(KINDS))
    folder = named_path(needed(values.folder, "export", _("a folder"), example))
    run = named_run(which, runs_folder(values.runs))
    if run.path.resolve() in (folder.resolve(), *folder.resolve().parents):
        raise Problem(
            "{path} lies in the run {run}; name a folder outside.", path=folder, run=run.id
        )
    if folder.exists() and not folder.is_dir():
        raise Problem("{path} is a file; name a folder.", path=folder)
    files = export_run(run, kind, folder)
    if values.json:
        document({"files": [str(file) for file in files]})
    else:
        print("\n".join(map(str, files)))
    return DONE
