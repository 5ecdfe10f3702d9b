"""CenterViz: see, try and prove what center loss does to an embedding.

problem, language -> data -> embedding -> learning -> runs -> figures, lessons -> web -> pages;
`cli` stands beside the pages. A module imports only from its left; `tests/test_house.py` holds
that.

cli             the commands; its parts:
cli_arguments   what is typed, into values
cli_paths       folders, files and runs that are named
cli_source      what `measure` and `project` read
cli_output      results on standard output, all else on standard error; bars on a terminal
cli_runs        train, resume, stop, runs, export
cli_entries     a run in JSON, in a table, in one line
cli_experiment  several runs at once
cli_drawing     faces that are drawn before a training
cli_map         what `project` is told
cli_lesson      what `lesson` is told
"""

__version__ = "0.1.0"
