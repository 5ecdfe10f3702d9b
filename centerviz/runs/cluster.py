"""The one-machine Dask cluster, a process of its own: `python -m centerviz.runs.cluster FOLDER`.

It outlives the app that started it, fails a run at once when its worker dies, and ends by itself
when idle. It listens on the loopback only, with TLS: whoever reaches a scheduler runs code. Address
and temporary credentials lie in FOLDER/address.json, which nobody else may read.
"""

import contextlib
import json
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

from centerviz.problem import Problem
from centerviz.runs import lock
from centerviz.runs.files import dumped

ADDRESS = "address.json"
LOCK = "lock"
LOG = "log"
START_SECONDS = 60.0  # for it to answer
IDLE = 900  # seconds without work after which it ends; CENTERVIZ_IDLE says otherwise
PRELOAD = "centerviz.runs.worker"


def settings() -> dict:
    """How Dask is set up here, and why."""
    return {
        "distributed.scheduler.idle-timeout": f"{os.environ.get('CENTERVIZ_IDLE', IDLE)}s",
        "distributed.scheduler.allowed-failures": 0,  # taking a run up again is for people to say
        # A worker is given one run at a time, the others wait in the scheduler: first in, first
        # out, and a worker that dies takes no waiting run with it (tasks with `resources` are
        # dealt out to workers at once, and would be lost with them).
        "distributed.scheduler.worker-saturation": 1.0,
        "distributed.worker.preload": [PRELOAD],
        "distributed.scheduler.http.routes": [],  # no page tells about the cluster
        "distributed.worker.http.routes": [],
        "distributed.worker.profile.enabled": False,
        "distributed.admin.system-monitor.interval": "5s",
        "distributed.nanny.pre-spawn-environ": {
            "OMP_NUM_THREADS": "1",  # torch sets its own by the config
            "MKL_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        },
    }


def workers() -> int:
    """How many runs train at once: one per core, at most four; CENTERVIZ_WORKERS says otherwise."""
    given = os.environ.get("CENTERVIZ_WORKERS", "")
    return int(given) if given.isdigit() and int(given) > 0 else min(os.cpu_count() or 1, 4)


def serve(folder: Path) -> None:
    """Be the cluster of `folder` until idle. Raises Busy when there is one already.

    Dask's threads are left behind: the caller ends the process.
    """
    import dask

    dask.config.set(settings())
    from distributed import LocalCluster  # after the settings
    from distributed.security import Security

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with lock.hold(folder / LOCK):
        security = Security.temporary()
        cluster = LocalCluster(
            n_workers=0,  # they come while the first run is already waiting
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            worker_dashboard_address="127.0.0.1:0",
            security=security,
            memory_limit=0,  # no worker is paused or ended for the memory that a network needs
        )
        cluster.scale(workers())
        _publish(folder / ADDRESS, cluster.scheduler_address, security)
        while cluster.scheduler.status.name == "running":
            time.sleep(0.5)
            cluster.sync(_replace_lost, cluster)
        (folder / ADDRESS).unlink(missing_ok=True)


async def _replace_lost(cluster) -> None:
    """Put new workers in the place of those that died while they started: Dask gives those up."""
    for name, nanny in list(cluster.workers.items()):
        if nanny.status.name in ("failed", "closed"):
            del cluster.workers[name]
    cluster.scale(workers())


def _publish(path: Path, address: str, security) -> None:
    """Address and credentials, readable by this user alone from the first byte on."""
    said = {
        "address": address,
        "ca": security.tls_ca_file,
        "cert": security.tls_client_cert,
        "key": security.tls_client_key,
    }
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(dumped(said))
    temporary.replace(path)


def living(folder: Path):
    """A connection to the cluster of `folder` if it lives."""
    if not lock.is_held(folder / LOCK):
        return None
    try:
        said = json.loads((folder / ADDRESS).read_text())
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


def started(folder: Path):
    """Start the cluster of `folder`; a connection as soon as it answers. Raises Problem."""
    (folder / ADDRESS).unlink(missing_ok=True)
    with (folder / LOG).open("a") as log:
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
        client = living(folder)
        if client is not None:
            return client
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise Problem("The training process did not start; see {log}.", log=folder / LOG)


if __name__ == "__main__":
    try:
        serve(Path(sys.argv[1]))
    except lock.Busy:
        sys.exit(0)
    os._exit(0)  # Dask's threads would keep the process
