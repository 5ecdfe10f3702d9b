"""No network but this machine's own: every other address answers like one that is not there."""

import ipaddress
import os
import sys


def is_loopback(host: object) -> bool:
    """True for this machine's own addresses, and for no host at all.

    >>> [is_loopback(h) for h in ("127.0.0.1", "::1", b"localhost", None, "10.0.0.1", "a.org")]
    [True, True, True, True, False, False]
    """
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost", "0.0.0.0", "::"):
        return True
    try:
        return ipaddress.ip_address(str(name).split("%")[0]).is_loopback
    except ValueError:
        return False


def only_loopback(event: str, arguments: tuple) -> None:
    """An audit hook: refuses other addresses, and writes them into the file OFFLINE_LOG names."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if is_loopback(host):
        return
    log = os.environ.get("OFFLINE_LOG")
    if log:
        with open(log, "a") as file:  # noqa: PTH123 - this early, pathlib may not be importable
            file.write(f"{host}\n")
    raise OSError(f"Tests have no network, and {host!r} was asked for.")


def stay_inside() -> None:
    """Hold this process, from now on and for good, to the loopback."""
    sys.addaudithook(only_loopback)
