"""Hand runs to the cluster, ask them to stop, say where they stand in the queue.

The queue is Dask's own; nothing is kept here but the connection. CENTERVIZ_CLUSTER=tls://host:port
(or tcp://) names a cluster to use instead of one's own: its workers see the same run directories,
have this version of CenterViz and one thread each.
"""

import itertools
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from centerviz.problem import Problem
from centerviz.runs import cluster, lock, status
from centerviz.runs.store import GRACE, LOCK, STOP, Run, cluster_folder, list_runs, runs_root

HAND_OVER_SECONDS = 10.0
START_DIAL, LOOK_DIAL = 10.0, 1.0  # seconds for a given cluster to answer: to train, to look
SILENCE_SECONDS = 30.0  # for which a cluster that did not answer is not asked by a look
PREFIX = "train:"
GIVEN = "CENTERVIZ_CLUSTER"

_clients: dict[Path, object] = {}
_silent: dict[Path, float] = {}  # until when
_connecting = threading.Lock()


def submit(run: Run) -> None:
    """Queue a run: a new one, or one to take up again. One that is known already stays as it is.

    Raises Problem when no cluster can be reached or started, and when a given one has no worker
    for it.
    """
    client = _client(run.path.parent)
    _wait_for_workers(client)
    deadline = time.monotonic() + HAND_OVER_SECONDS
    lined_up = False
    while (busy := _known(client).get(run.id)) is not None:
        state = run.status.state
        if state == "running" or time.monotonic() > deadline:
            return
        if state == "queued" and not (lined_up and busy):
            return
        if not busy:  # stopped while it waited: its task still does, unless its turn comes now
            _line_up(run)
            lined_up = True
            continue
        time.sleep(0.02)  # it has stopped or died; its task is about to end
    if run.status.state == "done":
        return
    _line_up(run)
    _hand_over(client, run)


def _line_up(run: Run) -> None:
    try:
        (run.path / STOP).unlink(missing_ok=True)
        said = status.read(run.path)
        status.write(run.path, replace(said, state="queued", template="", values={}))
    except OSError as error:
        said = {"run": run.id, "reason": error.strerror}
        raise Problem("{run} cannot be written: {reason}.", **said) from None


def _wait_for_workers(client) -> None:
    """Wait for a worker of a given cluster that takes runs; ours come by themselves.

    Raises Problem when there is none.
    """
    deadline = time.monotonic() + HAND_OVER_SECONDS
    while os.environ.get(GIVEN) and not _asked(client, client.run, _takes_runs, on_error="ignore"):
        if time.monotonic() > deadline:
            raise Problem(
                "The cluster {address} has no worker that takes runs; start one with this version "
                "of CenterViz and try again.",
                address=os.environ[GIVEN],
            )
        time.sleep(0.1)


def _takes_runs() -> bool:
    """What a worker says that has this version; no other one finds the question."""
    return True


def submit_all(runs: Sequence[Run]) -> None:
    """Queue several. Where one is not taken, those after it are left for another time.

    They and it are written down as interrupted, so that they can be taken up at once. Raises
    Problem then; those before it train.
    """
    for place, run in enumerate(runs):
        try:
            submit(run)
        except Problem:
            for left in runs[place:]:
                _give_up(left)
            raise


def _give_up(run: Run) -> None:
    said = run.status
    if said.state == "queued":
        status.write(run.path, replace(said, state="interrupted"))


def _hand_over(client, run: Run) -> None:
    """Submit the task and wait until the scheduler keeps it without us: we may be killed next."""
    from distributed import fire_and_forget

    fire_and_forget(
        client.submit(
            train,
            str(run.path),
            key=f"{PREFIX}{run.id}:{time.time_ns()}",
            pure=False,
            _data_producer=True,  # waits in the scheduler for a free worker (see cluster.settings)
        )
    )
    deadline = time.monotonic() + HAND_OVER_SECONDS
    while run.id not in _known(client) and status.read(run.path).state == "queued":
        if time.monotonic() > deadline:
            raise Problem("The queue does not take {run}; try again.", run=run.id)
        time.sleep(0.01)


def train(path: str) -> str:
    """What a worker does with a run; returns the state in which it ended."""
    from centerviz.runs.work import work

    run = Run(Path(path))
    if run.problem:  # deleted while it was waiting
        return "damaged"
    try:
        return work(run).state
    except lock.Busy:
        return "running"


def request_stop(run: Run) -> None:
    """Ask a run to stop: within a second while it trains, at once while it waits.

    Raises Problem where nothing can be written, as for a run that is gone.
    """
    try:
        (run.path / STOP).touch()
        with lock.hold(run.path / LOCK, patience=0.0):
            said = status.read(run.path)
            if said.state in ("queued", "running"):
                status.write(run.path, replace(said, state="stopped", step=0, steps=0))
    except lock.Busy:
        pass  # the worker reads the file
    except OSError as error:
        raise Problem("{run} cannot be stopped: {reason}.", run=run.id, reason=error) from None


def stop_all(runs: Sequence[Run], patience: float) -> list[Run]:
    """Ask runs to stop and wait until they have; returns those that have not within `patience`.

    Raises Problem at the end where one could not be asked; the others have been.
    """
    refused: dict[Run, Problem] = {}
    for run in reversed(runs):  # those that wait first: none begins in the meantime
        try:
            if run.status.active:
                request_stop(run)
        except Problem as problem:
            refused[run] = problem
    deadline = time.monotonic() + patience
    while rest := [run for run in runs if run not in refused and run.status.active]:
        if time.monotonic() >= deadline:
            break
        time.sleep(0.1)
    for problem in refused.values():
        raise problem
    return rest


def queue_position(run: Run) -> int | None:
    """0 while it is worked on, 1 when it is next, …; None when no cluster knows it.

    Starts no cluster.
    """
    return queue_places(run.path.parent).get(run.id)


def queue_places(root: Path) -> dict[str, int]:
    """`queue_position` of every run that the cluster of `root` knows. Starts no cluster."""
    return _numbered(_seen(root) or {})


def _numbered(known: dict[str, bool]) -> dict[str, int]:
    """0 for those that are worked on, 1, 2, … for those that wait.

    >>> _numbered({"a": True, "b": False, "c": True, "d": False})
    {'a': 0, 'b': 1, 'c': 0, 'd': 2}
    """
    numbers = itertools.count(1)
    return {name: 0 if busy else next(numbers) for name, busy in known.items()}


def recover(root: Path | None = None) -> list[Run]:
    """The runs that can be taken up again: interrupted ones, and queued ones whose queue is gone.

    Those are written down as interrupted, unless their cluster only does not answer. Starts none.
    """
    root = root or runs_root()
    runs = list_runs(root)
    waiting = [run for run in runs if run.status.state == "queued"]
    known = _seen(root) if waiting else None
    for run in waiting if known is not None else []:
        said = run.status
        age = abs(time.time() - said.heartbeat)  # the clock may have been set back
        if said.state == "queued" and run.id not in known and age > GRACE:
            status.write(run.path, replace(said, state="interrupted"))
    return [run for run in runs if run.status.state == "interrupted"]


def _seen(root: Path) -> dict[str, bool] | None:
    """What the cluster of `root` knows: nothing where there is none, None while it is silent."""
    client = _client(root, start=False)
    if client is None:
        there = os.environ.get(GIVEN) or lock.is_held(cluster_folder(root) / cluster.LOCK)
        return None if there else {}
    try:
        return _known(client)
    except Problem:
        return None


def warm(root: Path | None = None) -> None:
    """Start the cluster in the background, so that the next run begins at once."""
    root = root or runs_root()
    threading.Thread(target=_try_client, args=(root,), daemon=True).start()


def _try_client(root: Path) -> None:
    try:
        _client(root)
    except Problem:
        return  # `submit` will say it


def _known(client) -> dict[str, bool]:
    """Run ids that the cluster knows, in the order of the queue; True: given to a worker."""
    found = _asked(client, client.run_on_scheduler, _tasks)
    return {key.split(":")[1]: busy for key, busy in found}


def _asked(client, ask: Callable, question: Callable, **options):
    """What a function of ours says over there. Raises Problem when no answer can come."""
    try:
        return ask(question, **options)
    except OSError as error:
        raise Problem("The connection to the queue was lost: {error}.", error=error) from None
    except (ImportError, AttributeError):  # the function is not found there
        raise Problem(
            "The cluster {address} does not have this version of CenterViz; start its scheduler "
            "and its workers where it is installed.",
            address=client.scheduler.address,
        ) from None


def _tasks(dask_scheduler) -> list[tuple[str, bool]]:
    """Runs among the scheduler's tasks, in the order in which they were submitted."""
    tasks = [
        task
        for task in dask_scheduler.tasks.values()
        if str(task.key).startswith(PREFIX)
        and task.state in ("queued", "no-worker", "waiting", "processing")
        and any(client.client_key == "fire-and-forget" for client in task.who_wants)
    ]
    tasks.sort(key=lambda task: task.priority or (0,))
    return [(task.key, task.state == "processing") for task in tasks]


def _client(root: Path, start: bool = True):
    """A connection to the cluster of `root`; without `start`, None when there is no cluster."""
    root = root.absolute()
    with _connecting:
        client = _clients.get(root)
        if client is not None and _answers(client):
            return client
        if client is not None:
            _clients.pop(root).close(timeout=1)
        if not start and time.monotonic() < _silent.get(root, 0.0):
            return None
        try:
            client = _connected(root, start)
        except Problem:
            if start:
                raise
            _silent[root] = time.monotonic() + SILENCE_SECONDS
            return None
        if client is not None:
            _clients[root] = client
        return client


def _answers(client) -> bool:
    """Is its cluster there? A cluster that was killed a moment ago is not noticed by itself."""
    if client.status != "running":
        return False
    try:
        _known(client)
    except Problem:
        return False
    return True


def disconnect(root: Path) -> None:
    """Close the connection to the cluster of `root`; the cluster goes on."""
    with _connecting:
        client = _clients.pop(root.absolute(), None)
    if client is not None:
        client.close(timeout=1)


def _connected(root: Path, start: bool):
    given = os.environ.get(GIVEN)
    if given:
        client = cluster.dial(given, None, START_DIAL if start else LOOK_DIAL)
        try:
            _known(client)
        except Problem:
            client.close(timeout=1)
            raise
        return client
    folder = cluster_folder(root)
    client = cluster.living(folder)
    if client is not None or not start:
        return client
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with lock.hold(
            folder / "starting", patience=cluster.START_SECONDS
        ):  # two apps, one cluster
            return cluster.living(folder) or cluster.started(folder)
    except OSError as error:
        raise Problem(
            "No training can start under {root}: {reason}.", root=root, reason=error.strerror
        ) from None
