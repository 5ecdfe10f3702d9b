"""Several runs at once: what `train --pair --seeds --sweep` plans, trains and tells."""

import os
import time

from centerviz.cli_arguments import PROGRAM, settings
from centerviz.cli_entries import result
from centerviz.cli_output import (
    DONE,
    FAILED,
    INTERRUPTED,
    document,
    experiment_bar,
    interruptible,
    say,
    shown,
    table,
)
from centerviz.language import N_, _, ngettext, worded
from centerviz.learning.plan import Plan, read_seeds, read_sweep
from centerviz.problem import Problem

TICK = 0.2  # seconds between two looks at the runs
LOST = 30.0  # seconds between two looks for runs that no worker will take
STOP_SECONDS = 15.0
IDLE = "60"  # seconds that workers wait for more after a command has ended
LIMITS = N_(
    "±: half of the 95 % t interval of the mean over N seeds. It covers the randomness of training "
    "(initial weights and batches) only: not other data, nor other test samples."
)
TOLD = ("accuracy", "raw.ratio", "unit.ratio", "unit.fisher")  # of all that is measured


def planned(values, config) -> Plan:
    """The plan that the flags describe. Raises Problem where they contradict each other."""
    sweep = {}
    for text in values.sweep or []:
        name, texts = read_sweep(text)
        if name in sweep or name in settings(values):
            raise Problem("{flag} is given twice; name it once.", flag=name.replace("_", "-"))
        sweep[name] = texts
    if values.seeds and "seed" in settings(values):
        raise Problem("--seed and --seeds are both given; leave one out.")
    seeds = read_seeds(values.seeds) if values.seeds else (config.seed,)
    return Plan(config, values.pair, seeds, sweep)


def train(plan: Plan, root, name: str | None, parent, as_json: bool) -> int:
    """Write the runs of a plan and train them, from the weights of `parent` if there is one."""
    from centerviz.runs import experiment
    from centerviz.runs.work import check

    check(plan, parent and parent.weights())
    runs = experiment.start(plan, root, name, parent)
    return finish(experiment.experiment_of(runs[0]), runs, root, as_json)


def finish(name: str, runs: list, root, as_json: bool) -> int:
    """Train whatever is not done side by side, and print what the runs say together."""
    from centerviz.runs import queue

    words = ngettext("{name}: {n} run.", "{name}: {n} runs.", len(runs), name=name)
    say(words)
    os.environ.setdefault("CENTERVIZ_IDLE", IDLE)
    code = FAILED  # unless all is done, or somebody here ended it
    try:
        with interruptible():
            _train(runs, root)
    except KeyboardInterrupt:
        code = INTERRUPTED
        _stop(runs)
    finally:
        queue.disconnect(root)
    states = [run.status.state for run in runs]
    for run, state in zip(runs, states, strict=True):
        if state == "failed":
            say(_("{run}: {message}", run=run.id, message=run.status.message))
    if set(states) - {"done", "failed"}:
        say(
            _(
                "{n} of {all} runs are done; to go on: {program} resume {name} --runs {root}",
                n=states.count("done"),
                all=len(runs),
                program=PROGRAM,
                name=name,
                root=root,
            )
        )
        return code
    _tell(name, runs, as_json)
    return FAILED if "failed" in states else DONE


def _stop(runs: list) -> None:
    from centerviz.runs import queue

    try:
        queue.stop_all(runs, STOP_SECONDS)
    except Problem as problem:
        say(worded(problem))


def _train(runs: list, root) -> None:
    """Hand the runs to the cluster and wait until nothing happens any more by itself."""
    from centerviz.runs import queue

    try:
        queue.submit_all([run for run in runs if run.status.state != "done"])
    except Problem as problem:
        say(worded(problem))  # what was taken trains; the rest is told at the end
    draw, looked = experiment_bar(), time.monotonic()
    while True:
        if time.monotonic() > looked + LOST:
            queue.recover(root)  # those that the cluster has lost wait no longer
            looked = time.monotonic()
        found = [run.status for run in runs]
        draw(found)
        if not any(status.active for status in found):
            return
        time.sleep(TICK)


def _tell(name: str, runs: list, as_json: bool) -> None:
    """The runs and their summary as one document, or the summary to read."""
    from centerviz.runs.experiment import numbers, summary

    entries = [result(run) for run in runs]
    done = [(run.config, entry) for run, entry in zip(runs, entries, strict=True) if entry["raw"]]
    found = summary([(config, numbers(entry["accuracy"], entry)) for config, entry in done])
    if as_json:
        told = [setting.to_json() for setting in found]
        document({"experiment": name, "runs": entries, "summary": told})
    elif found:
        _print(found)


def _print(found: list) -> None:
    """A line for each setting and number: mean ± half width, N, difference to λ = 0."""
    from centerviz.runs.store import in_words

    rows = []
    for setting in found:
        said = in_words(setting.differs) or setting.config.caption()
        for key in TOLD:
            if setting.numbers[key] is None:
                continue
            difference = setting.differences.get(key)
            rows.append([said, key, *_spread(setting.numbers[key]), *_spread(difference, "+")])
    head = ["setting", "number", "mean", "", "N", "to λ=0", "", "N"]
    table(head, rows, left=2)
    say(_(LIMITS))


def _spread(found, sign: str = "") -> list[str]:
    """Mean, ± half width, N."""
    if found is None:
        return ["", "", ""]
    half = "" if found.half is None else f"± {shown(found.half)}"
    return [f"{'+' if sign and found.mean > 0 else ''}{shown(found.mean)}", half, str(found.n)]
