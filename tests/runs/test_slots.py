"""One user for each slot; who comes later waits, and may give up."""

import threading

from centerviz.runs.slots import hold_one

TWO = ["gpu-0", "gpu-1"]


def never() -> bool:
    return False


def test_each_takes_another_slot_and_a_third_gives_up(tmp_path):
    asked = []
    with (
        hold_one(tmp_path, TWO, never) as first,
        hold_one(tmp_path, TWO, never) as second,
        hold_one(tmp_path, TWO, lambda: asked.append(1) or True) as third,
    ):
        assert (first, second, third) == (0, 1, -1)
    assert asked == [1]
    with hold_one(tmp_path, TWO, never) as again:
        assert again == 0


def test_who_waits_gets_the_slot_that_becomes_free(tmp_path):
    asked, got = threading.Event(), []

    def wait_for_one() -> None:
        with hold_one(tmp_path, TWO[:1], asked.set) as place:  # `set` returns None: go on waiting
            got.append(place)

    with hold_one(tmp_path, TWO[:1], never):
        waiting = threading.Thread(target=wait_for_one)
        waiting.start()
        assert asked.wait(30)
        assert got == []
    waiting.join(30)
    assert got == [0]


def test_nobody_waits_where_there_are_no_slots(tmp_path):
    with hold_one(tmp_path, [], never) as place:
        assert place == -1
    assert list(tmp_path.iterdir()) == []
