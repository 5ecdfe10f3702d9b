"""A class of thirty at once: Explore over the websocket, without browsers.

Each session opens the page and then chooses another map of the run again and again, thinking about
ten seconds in between; figures are cached by then. The clients run on the same cores. Nothing is
lost where every choice was answered, without an exception, by the map and its numbers.
"""

import asyncio
import statistics
import time

import numpy as np
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.rows import tell
from benchmarks.serving import served

SESSIONS, CHOICES = 30, 6
THINK = (5.0, 15.0)  # seconds
PAGE, QUERY, PICKER = "explore", "run=digits-2d-with", "explore_map"
MAP, NUMBER = "bidi_component", "metric"
PATIENCE = 60
TARGET = 1.0


class Session:
    """One page that is open."""

    def __init__(self, socket):
        self.socket = socket
        self.picker = None  # the element that chooses the map
        self.answers = []  # seconds, and whether all came

    async def run(self, choice: int | None = None) -> None:
        """Run the page, with another map chosen; note how long that took and what came."""
        message = BackMsg()
        request = message.rerun_script
        request.query_string, request.page_name = QUERY, PAGE
        if choice is not None:
            state = request.widget_states.widgets.add()
            state.id, state.string_value = self.picker.id, self.picker.options[choice]
        began = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        kinds, ended = await self.reply()
        whole = {MAP, NUMBER} <= kinds and "exception" not in kinds
        self.answers.append((time.perf_counter() - began, whole and ended))

    async def reply(self) -> tuple[set[str], bool]:
        """What the page is made of, and whether its script came to its end."""
        kinds = set()
        while True:
            part = ForwardMsg()
            part.ParseFromString(await asyncio.wait_for(self.socket.recv(), PATIENCE))
            if part.WhichOneof("type") == "script_finished":
                return kinds, part.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
            if part.WhichOneof("type") == "delta":
                element = part.delta.new_element
                kinds.add(element.WhichOneof("type"))
                if element.WhichOneof("type") == "selectbox" and PICKER in element.selectbox.id:
                    self.picker = element.selectbox


async def visit(port: int, seed: int, choices: int, think: tuple[float, float]) -> list:
    """A session from its opening to its last choice: (seconds, whether all came) of each run."""
    rng = np.random.default_rng(seed)
    url = f"ws://127.0.0.1:{port}/_stcore/stream"
    async with websockets.connect(url, subprotocols=["streamlit"], max_size=None) as socket:
        session = Session(socket)
        await session.run()
        for turn in range(choices):
            await asyncio.sleep(rng.uniform(*think))
            await session.run((turn + 1) % 2)
        return session.answers


async def crowd(port: int) -> list:
    """All sessions, after one that has filled the caches."""
    await visit(port, 0, 2, (0.0, 0.0))
    return await asyncio.gather(*(visit(port, i, CHOICES, THINK) for i in range(SESSIONS)))


def main() -> None:
    """One row."""
    with served("app.py") as port:
        visits = asyncio.run(crowd(port))
    openings = [answers[0][0] for answers in visits]
    choices = sorted(seconds for answers in visits for seconds, _whole in answers[1:])
    p95 = choices[int(0.95 * len(choices))]
    lost = sum(not whole for answers in visits for _seconds, whole in answers)
    tell(
        [
            {
                "what": f"{SESSIONS} sessions at once, {len(choices)} choices of another map",
                "against": "–",
                "ours": f"median {statistics.median(choices):.2f} s, p95 {p95:.2f} s; "
                f"all opened within {max(openings):.1f} s",
                "usual": "–",
                "ratio": "–",
                "target": f"p95 < {TARGET:g} s, nothing lost",
                "met": bool(p95 < TARGET and not lost),
                "agreement": f"{lost} answers lost",
            }
        ]
    )


if __name__ == "__main__":
    main()
