import platform
import subprocess
import sys

import pytest

FAULTS = """
import resource
import threading
from centerviz.learning.allocator import keep_freed_memory

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

size = 40_000_000

def steps():
    for _ in range(3):
        buffer = b"x" * size
    before = faults()
    for _ in range(10):
        buffer = b"x" * size
    print(faults() - before)

steps()
assert keep_freed_memory()
steps()
thread = threading.Thread(target=steps)  # where a worker trains
thread.start()
thread.join()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is told")
def test_freed_memory_is_used_again_instead_of_faulted_in_anew():
    ran = subprocess.run([sys.executable, "-c", FAULTS], capture_output=True, text=True, check=True)
    untold, told, in_a_thread = map(int, ran.stdout.split())
    assert untold > 100 and max(told, in_a_thread) < untold / 10


def test_another_c_library_is_left_alone(monkeypatch):
    from centerviz.learning.allocator import keep_freed_memory

    monkeypatch.setattr(platform, "libc_ver", lambda: ("musl", "1"))
    assert keep_freed_memory() is False
