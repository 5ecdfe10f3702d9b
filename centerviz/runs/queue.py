"""Hand runs to the cluster, ask them to stop, say where they stand in the queue.

The queue is Dask's own; nothing is kept here but the connection. CENTERVIZ_CLUSTER=tls://host:port
(or tcp://) names a cluster to use instead of one's own: its workers see the same run directories,
have this version of CenterViz and one thread each.
"""

import contextlib
import itertools
import json
import os
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from centerviz.problem import Problem
from centerviz.runs import cluster, lock, slots, status
from centerviz.runs.store import LOCK, STOP, Run, cluster_folder, list_runs, runs_root

START_SECONDS = 60.0
HAND_OVER_SECONDS = 10.0
START_DIAL, LOOK_DIAL = 10.0, 1.0  # seconds for a given cluster to answer: to train, to look
SILENCE_SECONDS = 30.0  # for which a cluster that did not answer is not asked by a look
PREFIX = "train:"

_clients: dict[Path, object] = {}
_silent: dict[Path, float] = {}  # until when
_connecting = threading.Lock()


def submit(run: Run) -> None:
    """Queue a run: a new one, or one to take up again. One that is known already stays as it is.

    Raises Problem when no cluster can be reached or started.
    """
    client = _client(run.path.parent)
    deadline = time.monotonic() + HAND_OVER_SECONDS
    while (busy := _known(client).get(run.id)) is not None:
        if run.status.state in ("queued", "running") or time.monotonic() > deadline:
            return
        if not busy:  # stopped while it waited: its task still does
            return _line_up(run)
        time.sleep(0.02)  # it has stopped or died; its task is about to end
    if run.status.state == "done":
        return
    _line_up(run)
    _hand_over(client, run)


def _line_up(run: Run) -> None:
    (run.path / STOP).unlink(missing_ok=True)
    said = status.read(run.path)
    status.write(run.path, replace(said, state="queued", template="", values={}))


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
        with _gpu(run):
            return work(run).state
    except lock.Busy:
        return "running"


@contextlib.contextmanager
def _gpu(run: Run) -> Iterator[None]:
    """A GPU of this machine that no other run of the queue uses, where the run wants one."""
    from centerviz.learning.learner import cuda_devices, use_cuda_device

    devices = cuda_devices(run.config.device)
    names = [f"gpu-{platform.node()}-{number}" for number in devices]
    with slots.hold_one(cluster_folder(run.path.parent), names, (run.path / STOP).exists) as place:
        if place >= 0:
            use_cuda_device(devices[place])
        yield


def request_stop(run: Run) -> None:
    """Ask a run to stop: within a second while it trains, at once while it waits.

    Raises Problem where nothing can be written, as for a run that is gone.
    """
    try:
        (run.path / STOP).touch()
    except OSError as error:
        raise Problem("{run} cannot be stopped: {reason}.", run=run.id, reason=error) from None
    try:
        with lock.hold(run.path / LOCK, patience=0.0):
            said = status.read(run.path)
            if said.state in ("queued", "running"):
                status.write(run.path, replace(said, state="stopped", step=0, steps=0))
    except lock.Busy:
        pass  # the worker reads the file


def stop_all(runs: Sequence[Run], patience: float) -> list[Run]:
    """Ask runs to stop and wait until they have; returns those that have not within `patience`."""
    for run in reversed(runs):  # those that wait first: none begins in the meantime
        if run.status.active:
            request_stop(run)
    deadline = time.monotonic() + patience
    while True:
        rest = [run for run in runs if run.status.active]
        if not rest or time.monotonic() > deadline:
            return rest
        time.sleep(0.1)


def queue_position(run: Run) -> int | None:
    """0 while it is worked on, 1 when it is next, …; None when no cluster knows it.

    Starts no cluster.
    """
    return queue_places(run.path.parent).get(run.id)


def queue_places(root: Path) -> dict[str, int]:
    """`queue_position` of every run that the cluster of `root` knows. Starts no cluster."""
    client = _client(root, start=False)
    return _numbered(_known(client)) if client else {}


def _numbered(known: dict[str, bool]) -> dict[str, int]:
    """0 for those that are worked on, 1, 2, … for those that wait.

    >>> _numbered({"a": True, "b": False, "c": True, "d": False})
    {'a': 0, 'b': 1, 'c': 0, 'd': 2}
    """
    numbers = itertools.count(1)
    return {name: 0 if busy else next(numbers) for name, busy in known.items()}


def recover(root: Path | None = None) -> list[Run]:
    """The runs that can be taken up again: interrupted ones, and queued ones whose queue is gone.

    Those are written down as interrupted. Starts no cluster.
    """
    root = root or runs_root()
    runs = list_runs(root)
    if any(run.status.state == "queued" for run in runs):
        client = _client(root, start=False)
        known = _known(client) if client else {}
        for run in runs:
            said = run.status
            age = abs(time.time() - said.heartbeat)  # the clock may have been set back
            if said.state == "queued" and run.id not in known and age > START_SECONDS:
                status.write(run.path, replace(said, state="interrupted"))
    return [run for run in runs if run.status.state == "interrupted"]


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
    found = client.run_on_scheduler(_tasks)
    return {key.split(":")[1]: busy for key, busy in found}


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
    except OSError:
        return False
    return True


def disconnect(root: Path) -> None:
    """Close the connection to the cluster of `root`; the cluster goes on."""
    with _connecting:
        client = _clients.pop(root.absolute(), None)
    if client is not None:
        client.close(timeout=1)


def _connected(root: Path, start: bool):
    given = os.environ.get("CENTERVIZ_CLUSTER")
    if given:
        return dial(given, None, START_DIAL if start else LOOK_DIAL)
    folder = cluster_folder(root)
    client = _own(folder)
    if client is not None or not start:
        return client
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with lock.hold(folder / "starting", patience=START_SECONDS):  # two apps, one cluster
            return _own(folder) or _started(folder)
    except OSError as error:
        raise Problem(
            "No training can start under {root}: {reason}.", root=root, reason=error.strerror
        ) from None


def _own(folder: Path):
    """A connection to our own cluster if it lives."""
    if not lock.is_held(folder / cluster.LOCK):
        return None
    try:
        said = json.loads((folder / cluster.ADDRESS).read_text())
    except (OSError, ValueError):
        return None
    try:
        return dial(said["address"], said)
    except Problem:
        return None


def dial(address: str, credentials: dict | None, timeout: float = 10.0):
    """A Dask client of the scheduler at `address`. Raises Problem when it does not answer."""
    from distributed import Client
    from distributed.security import Security

    security = None
    if credentials:
        security = Security(
            require_encryption=True,
            tls_ca_file=credentials["ca"],
            tls_client_cert=credentials["cert"],
            tls_client_key=credentials["key"],
        )
    client = object.__new__(Client)  # at hand for closing if it does not connect: Dask would close
    try:  # it whenever it is collected, in any thread, and block that one
        client.__init__(address, security=security, timeout=timeout, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        with contextlib.suppress(Exception):
            client.close(timeout=1)
        raise Problem(
            "The cluster {address} does not answer: {error}.", address=address, error=error
        ) from None
    return client


def _started(folder: Path):
    """Start our own cluster and wait until it answers."""
    (folder / cluster.ADDRESS).unlink(missing_ok=True)
    with (folder / cluster.LOG).open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "centerviz.runs.cluster", str(folder)],
            cwd=Path(__file__).parents[2],
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        client = _own(folder)
        if client is not None:
            return client
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise Problem("The training process did not start; see {log}.", log=folder / cluster.LOG)
