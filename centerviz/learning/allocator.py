"""Memory that a step frees is kept for the next one.

A training step allocates the same large buffers again and again. glibc hands them back to the
system and faults them in anew, page by page: thousands of faults a step, up to half the time of a
small net. The peak stays the same, and so does every number.
"""

import ctypes
import platform

TRIM_THRESHOLD, TOP_PAD, MMAP_THRESHOLD = -1, -2, -3  # malloc.h
KEPT, AHEAD = 1 << 30, 1 << 26  # bytes kept when free; bytes asked for beyond what is needed


def keep_freed_memory() -> bool:
    """Tell glibc to keep what is freed, for the rest of the process.

    False where the C library is another one; then nothing changes.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    mallopt = ctypes.CDLL(None).mallopt
    sizes = {TRIM_THRESHOLD: KEPT, MMAP_THRESHOLD: KEPT, TOP_PAD: AHEAD}
    done = [mallopt(name, size) for name, size in sizes.items()]
    return all(done)
