"""Where a test of tensors runs: on the CPU, and, marked gpu, on CUDA where there is one."""

import pytest

DEVICES = ("cpu", pytest.param("cuda", marks=pytest.mark.gpu))
on_each_device = pytest.mark.parametrize("device", DEVICES)
