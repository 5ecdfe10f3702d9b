"""What the commands print: results on standard output, everything else on standard error."""

import contextlib
import signal
import sys
import time
from collections.abc import Callable, Sequence

from centerviz.embedding.metrics import METRICS
from centerviz.language import _
from centerviz.learning.epoch import Epoch, Progress
from centerviz.runs.files import dumped
from centerviz.runs.status import Status

DONE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130  # exit codes
BAR = 24  # characters


@contextlib.contextmanager
def interruptible():
    """Ctrl-C and a polite kill end the training in good order, in a shell's background too."""
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, signal.default_int_handler) for number in signals]
    try:
        yield
    finally:
        for name, handler in zip(signals, before, strict=True):
            signal.signal(name, handler)


def say(text: str) -> None:
    """Tell the person something that is no result."""
    print(text, file=sys.stderr, flush=True)


def document(value: object) -> None:
    """The one JSON document: full precision, null for what is undefined."""
    print(dumped(value, indent=2))


def table(head: list[str], rows: list[list[str]], left: int = 1) -> None:
    """Columns under a head; the first `left` ones begin at the left, numbers end at the right."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in [head, *rows]:
        cells = [
            cell.ljust(width) if place < left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())


def shown(value: float | None, digits: int = 4) -> str:
    """A number with fixed digits; a dash where there is none.

    >>> shown(0.25), shown(None), shown(123456.7)
    ('0.2500', '–', '1.235e+05')
    """
    if value is None or value != value:
        return "–"
    return f"{value:.{digits}f}" if 1e-3 <= abs(value) < 1e5 or value == 0 else f"{value:.3e}"


def measures(found: dict) -> None:
    """The document of `measure`, to read; an arrow points to the good end of each number."""
    split = found["split"] or _("all rows")
    print(
        _(
            "{n} rows, {dim} features, {classes} classes, {split}",
            n=found["n"],
            dim=found["dim"],
            classes="–" if found["classes"] is None else found["classes"],
            split=split,
        )
    )
    arrows = {1: "↑", -1: "↓", 0: ""}
    rows = [
        [name, shown(raw), shown(found["unit"][name]), arrows[METRICS[name].direction]]
        for name, raw in found["raw"].items()
    ]
    table(["", "raw", "unit", ""], rows)


def progress_bar(epochs: int):
    """A listener for `work` that draws one line on a terminal, and nothing anywhere else."""
    if not sys.stderr.isatty():
        return lambda event: None
    began, first, losses = time.monotonic(), [], [""]

    def draw(event: Progress | Epoch) -> None:
        if isinstance(event, Epoch):
            done = event.epoch
            losses[0] = f"L_S {shown(event.base_loss)}  L_C {shown(event.center_loss)}"
        else:
            done = event.epoch - 1 + event.step / event.steps
        first.append(done) if not first else None
        gone = done - min(first[0], done)
        left = (time.monotonic() - began) / gone * (epochs - done) if gone else None
        _draw(done / epochs, f"{int(done)}/{epochs}  {losses[0]}", left)

    return draw


def experiment_bar() -> Callable[[Sequence[Status]], None]:
    """As `progress_bar`, for all runs of an experiment: draws what their statuses say."""
    if not sys.stderr.isatty():
        return lambda found: None
    began, first = time.monotonic(), []

    def draw(found: Sequence[Status]) -> None:
        share = sum(s.share if s.active else 1.0 for s in found) / len(found)
        first.append(share) if not first else None
        gone = share - first[0]
        left = (time.monotonic() - began) / gone * (1 - share) if gone > 0 else None
        states = [status.state for status in found]
        said = _(
            "{done} of {all} runs done, {running} training",
            done=states.count("done"),
            all=len(found),
            running=states.count("running"),
        )
        _draw(share, said, left)

    return draw


def _draw(share: float, said: str, left: float | None) -> None:
    """Draw the bar anew; it ends with its line at a share of 1."""
    filled = round(BAR * share)
    wait = "" if left is None else "  " + _("{seconds:.0f} s left", seconds=left)
    line = f"{'█' * filled}{'░' * (BAR - filled)} {said}{wait}"
    sys.stderr.write(f"\r{line}\x1b[K" + ("\n" if share >= 1 else ""))
    sys.stderr.flush()
