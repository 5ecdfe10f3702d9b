"""CenterViz: see, try and prove what center loss does to an embedding.

problem, language -> data -> embedding -> learning -> runs -> figures, lessons -> web -> pages;
`cli` (with `cli_arguments`, `cli_drawing`, `cli_lesson`, `cli_map` and `cli_output`) stands beside
the pages. A module imports only from its left; `tests/test_house.py` holds that.
"""

__version__ = "0.1.0"
