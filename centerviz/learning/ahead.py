"""Import ahead whatever a training will need, so that the first run on a worker starts at once.

torch.optim imports torch._dynamo, 800 modules, only when it takes its first step.
"""

import torch._dynamo  # noqa: F401

import centerviz.learning.loop  # noqa: F401
